//! Gaps between ballots that are more alike than those of people. The longest tenth is left out: everybody pauses.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::chance::{binary_logarithm, narrow_points};
use crate::fraud::thresholds::*;

fn weigh_rhythm(view: &GroupView) -> SignalWeight {
    let of = view.members.len();
    if of < LEAST_FOR_SPREAD || view.lens.is_pool() {
        return SignalWeight::default();
    }
    let pairs = view.members.windows(2);
    let gaps = pairs.map(|pair| pair[1].cast_at.abs_diff(pair[0].cast_at));
    let mut gaps: Vec<u64> = gaps.collect();
    gaps.sort_unstable();
    gaps.truncate(gaps.len() - gaps.len() / 10);
    // A burst has no rhythm: the clock's ticks would look like one.
    if gaps[gaps.len() / 2] < RHYTHM_LEAST_GAP {
        return SignalWeight::default();
    }
    let logarithms: Vec<i64> =
        gaps.iter().map(|gap| binary_logarithm(gap.saturating_add(1))).collect();
    SignalWeight { points: narrow_points(&logarithms, RHYTHM_VARIANCE), count: of, of }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::CodeTiming,
    code: "steady-rhythm",
    weigh_group: |view| weigh_rhythm(view),
    marks_ballot: super::marks_everyone,
};

//! Times until the codes came back that lie closer together than those of people.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::chance::narrow_points;
use crate::fraud::thresholds::*;

fn weigh_spread(view: &GroupView) -> SignalWeight {
    // The ballots of a pool share nothing: the spread would not tell whose it is.
    if view.lens.is_pool() {
        return SignalWeight::default();
    }
    let (logarithms, count) = view.second_logarithms(|trace| trace.code_seconds);
    let enough = count >= LEAST_FOR_SPREAD;
    let points = if enough { narrow_points(&logarithms, CODE_VARIANCE) } else { 0 };
    SignalWeight { points, count, of: view.members.len() }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::CodeTiming,
    code: "alike-codes",
    weigh_group: |view| weigh_spread(view),
    marks_ballot: |_, trace| trace.code_seconds.is_some(),
};

//! Codes that came back faster than people type.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::thresholds::*;
use crate::fraud::trace::BallotTrace;

pub(in crate::fraud) fn is_fast(trace: &BallotTrace) -> Option<bool> {
    trace.code_seconds.map(|seconds| seconds <= FAST_SECONDS)
}

fn weigh_fast(view: &GroupView) -> SignalWeight {
    view.weigh_share(FAST_PER_MILLE, is_fast)
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::CodeTiming,
    code: "fast-codes",
    weigh_group: |view| weigh_fast(view),
    marks_ballot: |_, trace| is_fast(trace) == Some(true),
};

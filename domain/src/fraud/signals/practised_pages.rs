//! Seconds from the first page to the request for a code of somebody who does it all day.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::thresholds::*;
use crate::fraud::trace::BallotTrace;

pub(in crate::fraud) fn is_practised(trace: &BallotTrace) -> Option<bool> {
    trace.page_seconds.map(|seconds| seconds <= PRACTISED_SECONDS)
}

fn weigh_practised(view: &GroupView) -> SignalWeight {
    // In a pool of disposable mail it would be the second family of people in a hurry.
    if view.lens.is_disposable() {
        return SignalWeight::default();
    }
    view.weigh_share(PRACTISED_PER_MILLE, is_practised)
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Interaction,
    code: "practised-pages",
    weigh_group: |view| weigh_practised(view),
    marks_ballot: |_, trace| is_practised(trace) == Some(true),
};

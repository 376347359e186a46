//! Seconds from the first page to the request for a code that are too few to read a page.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::thresholds::*;
use crate::fraud::trace::BallotTrace;

pub(in crate::fraud) fn is_rushed(trace: &BallotTrace) -> Option<bool> {
    trace.page_seconds.map(|seconds| seconds <= RUSHED_SECONDS)
}

fn weigh_rushed(view: &GroupView) -> SignalWeight {
    view.weigh_share(RUSHED_PER_MILLE, is_rushed)
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Interaction,
    code: "rushed-pages",
    weigh_group: |view| weigh_rushed(view),
    marks_ballot: |_, trace| is_rushed(trace) == Some(true),
};

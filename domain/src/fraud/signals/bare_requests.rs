//! Browsers that neither ran the script nor fetched a file.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::thresholds::*;
use crate::fraud::trace::BallotTrace;

pub(in crate::fraud) fn is_bare(trace: &BallotTrace) -> bool {
    !trace.script_ran && !trace.assets_fetched
}

fn weigh_bare(view: &GroupView) -> SignalWeight {
    view.weigh_share(BARE_PER_MILLE, |trace| Some(is_bare(trace)))
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Interaction,
    code: "bare-requests",
    weigh_group: |view| weigh_bare(view),
    marks_ballot: |_, trace| is_bare(trace),
};

//! Ballots to which no code came back. The trace of such a ballot may claim seconds; without a verification they are not believed.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_missing_codes(view: &GroupView) -> SignalWeight {
    let count = view.members.iter().filter(|trace| !trace.verified).count();
    let points = if view.lens == Lens::Unverified && count > 0 { NO_CODE_POINTS } else { 0 };
    SignalWeight { points, count, of: view.members.len() }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::CodeTiming,
    code: "no-code",
    weigh_group: |view| weigh_missing_codes(view),
    marks_ballot: |_, trace| !trace.verified,
};

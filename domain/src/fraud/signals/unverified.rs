//! Ballots without a noted verification: somebody wrote past the program.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_flat(view: &GroupView) -> SignalWeight {
    let count = view.members.iter().filter(|trace| !trace.verified).count();
    // In other groups such a ballot would colour its honest neighbours.
    let points = if view.lens == Lens::Unverified && count > 0 { UNVERIFIED_POINTS } else { 0 };
    SignalWeight { points, count, of: view.members.len() }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Identity,
    code: "unverified",
    weigh_group: |view| weigh_flat(view),
    marks_ballot: |_, trace| !trace.verified,
};

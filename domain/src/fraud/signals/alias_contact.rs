//! Several ballots on one contact that was written in several ways.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_aliases(view: &GroupView) -> SignalWeight {
    let of = view.members.len();
    let more = u32::try_from(of.saturating_sub(1)).unwrap_or(u32::MAX);
    let points =
        if view.lens == Lens::FoldedContact { more.saturating_mul(ALIAS_POINTS) } else { 0 };
    SignalWeight { points, count: of, of }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Identity,
    code: "alias-contact",
    weigh_group: |view| weigh_aliases(view),
    marks_ballot: super::marks_everyone,
};

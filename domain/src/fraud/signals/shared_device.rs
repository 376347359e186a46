//! Distinct voters on one device cookie.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_voters(view: &GroupView) -> SignalWeight {
    let count = view.members.len();
    let number = u32::try_from(count).unwrap_or(u32::MAX);
    let note = number.min(REVIEW_DEVICE).saturating_sub(FAMILY_TABLET) * TABLET_POINTS;
    let points = match number.checked_sub(REVIEW_DEVICE + 1) {
        _ if view.lens != Lens::Device => 0,
        None => note,
        Some(more) => FAMILY_MARK.saturating_add(more.saturating_mul(DEVICE_POINTS)),
    };
    SignalWeight { points, count, of: count }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Device,
    code: "shared-device",
    weigh_group: |view| weigh_voters(view),
    marks_ballot: super::marks_everyone,
};

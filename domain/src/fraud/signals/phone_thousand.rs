//! Density of voters within a thousand of phone numbers, against the poll's mean.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::chance::density_points;
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_density(view: &GroupView) -> SignalWeight {
    let count = view.members.len();
    let expected = view.phone_ballots.saturating_mul(1_000_000) / PHONE_THOUSANDS;
    let raw = if view.lens == Lens::PhoneThousand { density_points(count, expected) } else { 0 };
    SignalWeight { points: raw.saturating_sub(BLOCK_CHARGE), count, of: count }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Identity,
    code: "phone-thousand",
    weigh_group: |view| weigh_density(view),
    marks_ballot: super::marks_everyone,
};

//! Cookies that several ballots of a group share. Behind one address it is weighed only in a small
//! group: a school's machines share cookie and address.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;

fn weigh_reuse(view: &GroupView) -> SignalWeight {
    let school = view.lens == Lens::Network && view.members.len() > LARGEST_HOUSE;
    if school || matches!(view.lens, Lens::Device | Lens::NetworkHour | Lens::Unverified) {
        return SignalWeight::default();
    }
    view.weigh_share(REUSE_PER_MILLE, |trace| Some(view.reuses_device(trace)))
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Device,
    code: "device-reuse",
    weigh_group: |view| weigh_reuse(view),
    marks_ballot: |view, trace| view.reuses_device(trace),
};

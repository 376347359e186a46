//! Share of ballots from networks abroad. Not weighed in groups that were gathered by the class or the network.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;
use crate::fraud::trace::NetworkClass;

fn weigh_class(view: &GroupView) -> SignalWeight {
    if view.lens.is_network() || matches!(view.lens, Lens::ClassHour | Lens::ClassDay) {
        return SignalWeight::default();
    }
    view.weigh_share(FOREIGN_PER_MILLE, |trace| match trace.network_class {
        NetworkClass::Unknown => None,
        class => Some(class == NetworkClass::Foreign),
    })
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Network,
    code: "foreign-network",
    weigh_group: |view| weigh_class(view),
    marks_ballot: |_, trace| trace.network_class == NetworkClass::Foreign,
};

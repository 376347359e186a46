//! One network for all aliases of one contact. Carriers, relays and unknown networks weigh nothing.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;
use crate::fraud::trace::{NetworkClass, TraceKey};

fn weigh_largest(view: &GroupView) -> SignalWeight {
    if view.lens != Lens::FoldedContact {
        return SignalWeight::default();
    }
    let tells = |class| {
        matches!(class, NetworkClass::Broadband | NetworkClass::Hosting | NetworkClass::Foreign)
    };
    let of_people = view.members.iter().filter(|trace| tells(trace.network_class));
    let mut networks: Vec<TraceKey> = of_people.filter_map(|trace| trace.network).collect();
    networks.sort_unstable();
    let count = networks.chunk_by(PartialEq::eq).map(<[_]>::len).max().unwrap_or(0);
    let of = view.members.len();
    let points = crate::fraud::chance::share_points(count, of, ONE_NETWORK_PER_MILLE);
    SignalWeight { points, count, of }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Network,
    code: "one-network",
    weigh_group: |view| weigh_largest(view),
    marks_ballot: super::marks_everyone,
};

//! Codes by text message that one device entered late, as if they had been read out over a telephone.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;
use crate::fraud::trace::TraceChannel;

fn weigh_relayed(view: &GroupView) -> SignalWeight {
    if view.lens != Lens::Device {
        return SignalWeight::default();
    }
    view.weigh_share(RELAYED_PER_MILLE, |trace| {
        let by_text = trace.channel == TraceChannel::Sms;
        trace.code_seconds.filter(|_| by_text).map(|seconds| seconds >= RELAYED_SECONDS)
    })
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::CodeTiming,
    code: "relayed-codes",
    weigh_group: |view| weigh_relayed(view),
    marks_ballot: |_, trace| trace.channel == TraceChannel::Sms,
};

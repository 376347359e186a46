//! Requests without the headers of a browser.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::thresholds::*;
use crate::fraud::trace::BallotTrace;

fn lacks_headers(trace: &BallotTrace) -> bool {
    !trace.fetch_headers || !trace.language_header
}

fn weigh_missing(view: &GroupView) -> SignalWeight {
    let weight = view.weigh_share(HEADERS_PER_MILLE, |trace| Some(lacks_headers(trace)));
    SignalWeight { points: weight.points.min(HEADERS_CAP), ..weight }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Interaction,
    code: "missing-headers",
    weigh_group: |view| weigh_missing(view),
    marks_ballot: |_, trace| lacks_headers(trace),
};

//! Disposable mail addresses in a group that was gathered by them.

use super::{EvidenceFamily, GroupView, SignalRule, SignalWeight};
use crate::fraud::lens::Lens;
use crate::fraud::thresholds::*;
use crate::fraud::trace::{BallotTrace, MailDomainKind};

fn is_disposable(trace: &BallotTrace) -> bool {
    trace.mail_domain_kind == Some(MailDomainKind::Disposable)
}

fn weigh_addresses(view: &GroupView) -> SignalWeight {
    let count = view.members.iter().filter(|trace| is_disposable(trace)).count();
    let number = u32::try_from(count).unwrap_or(u32::MAX);
    let gathered = view.lens == Lens::MailDomain || view.lens.is_pool();
    let points = if gathered { number.saturating_mul(DISPOSABLE_POINTS) } else { 0 };
    SignalWeight { points, count, of: view.members.len() }
}

pub(super) const RULE: SignalRule = SignalRule {
    family: EvidenceFamily::Identity,
    code: "disposable-mail",
    weigh_group: |view| weigh_addresses(view),
    marks_ballot: |_, trace| is_disposable(trace),
};

//! Traces for tests.

use uuid::Uuid;

use crate::fraud::{
    BallotTrace, MailDomainKind, NetworkClass, PollAnalysis, TraceChannel, TraceKey, analyse_poll,
};
use crate::ids::BallotId;

pub(super) const START: i64 = 1_790_553_600_000;

/// A number that looks random: each `number` has its own.
pub(super) fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

pub(super) fn ballot(number: u64) -> BallotId {
    BallotId(Uuid::from_u128(u128::from(number) + 1))
}

/// A voter who shares nothing with others and shows nothing. No seconds are known.
pub(super) fn plain(number: u64) -> BallotTrace {
    let key = |kind: u64| Some(TraceKey(scatter(number * 8 + kind)));
    BallotTrace {
        ballot: ballot(number),
        cast_at: START + i64::try_from(scatter(number) % 300_000_000).unwrap(),
        channel: TraceChannel::Sms,
        verified: true,
        device: key(0),
        network: key(1),
        network_class: NetworkClass::Broadband,
        phone_hundred: key(2),
        phone_thousand: key(3),
        mail_domain: None,
        mail_domain_kind: None,
        folded_contact: key(4),
        page_seconds: None,
        code_seconds: None,
        check_seconds: None,
        script_ran: true,
        assets_fetched: true,
        fetch_headers: true,
        language_header: true,
    }
}

/// A voter as people are: the times differ from 30 to 240 and from 6 to 48 seconds.
pub(super) fn person(number: u64) -> BallotTrace {
    let among = |kind: u64, low: u64, high: u64| {
        let span = high / low;
        let step = scatter(number * 8 + kind) % 16;
        u32::try_from(low + low * (span - 1) * step * step / 225).ok()
    };
    BallotTrace {
        page_seconds: among(5, 30, 240),
        code_seconds: among(6, 6, 48),
        check_seconds: among(7, 3, 24),
        ..plain(number)
    }
}

/// A program without a browser that asks at once and enters its codes within two seconds.
pub(super) fn machine(number: u64) -> BallotTrace {
    BallotTrace {
        page_seconds: Some(1),
        code_seconds: Some(2),
        check_seconds: Some(0),
        script_ran: false,
        assets_fetched: false,
        fetch_headers: false,
        language_header: false,
        ..plain(number)
    }
}

pub(super) fn by_mail(mut trace: BallotTrace, domain: u64, kind: MailDomainKind) -> BallotTrace {
    trace.channel = TraceChannel::Email;
    (trace.phone_hundred, trace.phone_thousand) = (None, None);
    (trace.mail_domain, trace.mail_domain_kind) = (Some(TraceKey(domain)), Some(kind));
    trace
}

/// A poll with some of everything: people, a farm of phones, one device with many voters, disposable
/// mail through data centres, and ballots without a verification.
pub(super) fn mixed_poll() -> Vec<BallotTrace> {
    let mut poll: Vec<BallotTrace> = (0..120).map(person).collect();
    poll.extend((200..240).map(|number| BallotTrace {
        phone_hundred: Some(TraceKey(1)),
        phone_thousand: Some(TraceKey(2)),
        ..machine(number)
    }));
    poll.extend((300..340).map(|number| BallotTrace {
        device: Some(TraceKey(3)),
        network: Some(TraceKey(4)),
        code_seconds: Some(45),
        ..person(number)
    }));
    poll.extend((400..430).map(|number| {
        let trace = BallotTrace { network_class: NetworkClass::Hosting, ..machine(number) };
        by_mail(trace, 5, MailDomainKind::Disposable)
    }));
    poll.extend((500..503).map(|number| BallotTrace { verified: false, ..plain(number) }));
    poll
}

/// The numbers of the held ballots.
pub(super) fn held_numbers(analysis: &PollAnalysis) -> Vec<u128> {
    analysis.held.keys().map(|ballot| ballot.0.as_u128() - 1).collect()
}

pub(super) fn held_of(poll: &[BallotTrace]) -> Vec<u128> {
    held_numbers(&analyse_poll(poll))
}

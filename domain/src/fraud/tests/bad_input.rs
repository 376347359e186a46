//! Traces that lie, and polls that are odd.

use super::sample::{START, held_of, machine, person, plain};
use crate::fraud::{
    BallotTrace, MailDomainKind, NetworkClass, PollAnalysis, PollDetector, TraceChannel, TraceKey,
    analyse_poll,
};

#[test]
fn an_empty_poll_has_no_groups() {
    assert_eq!(analyse_poll(&[]), PollAnalysis::default());
    assert!(PollDetector::default().changed_groups().is_empty());
}

#[test]
fn three_ballots_are_never_held_if_they_are_verified() {
    // They share everything that can be shared, and look like a machine's.
    let key = Some(TraceKey(1));
    let poll: Vec<BallotTrace> = (0..3)
        .map(|number| BallotTrace {
            device: key,
            network: key,
            network_class: NetworkClass::Hosting,
            phone_hundred: key,
            phone_thousand: key,
            ..machine(number)
        })
        .collect();
    assert!(analyse_poll(&poll).groups.is_empty());
}

#[test]
fn times_in_the_future_or_before_1970_change_nothing() {
    let at = |cast_at: i64, number| BallotTrace { cast_at, ..person(number) };
    let odd = [i64::MIN, -1, 0, START * 100, i64::MAX];
    let poll: Vec<BallotTrace> =
        (0..100_u64).map(|number| at(odd[usize::try_from(number % 5).unwrap()], number)).collect();
    assert!(held_of(&poll).is_empty());
    let shared: Vec<BallotTrace> = poll
        .iter()
        .map(|trace| BallotTrace { network: Some(TraceKey(1)), ..trace.clone() })
        .collect();
    assert!(held_of(&shared).is_empty());
    // A machine's ballots are held whatever their clock says.
    let machines: Vec<BallotTrace> = (0..40_u64)
        .map(|number| BallotTrace {
            cast_at: odd[usize::try_from(number % 5).unwrap()],
            network: Some(TraceKey(1)),
            ..machine(number)
        })
        .collect();
    assert_eq!(held_of(&machines).len(), 40);
}

#[test]
fn ten_thousand_cookies_from_one_network_are_people_or_machines() {
    let network = Some(TraceKey(1));
    for network_class in [NetworkClass::Carrier, NetworkClass::Unknown, NetworkClass::Hosting] {
        let poll: Vec<BallotTrace> = (0..10_000)
            .map(|number| BallotTrace { network, network_class, ..person(number) })
            .collect();
        assert!(held_of(&poll).is_empty(), "{network_class:?}");
    }
    let machines: Vec<BallotTrace> =
        (0..10_000).map(|number| BallotTrace { network, ..machine(number) }).collect();
    assert_eq!(held_of(&machines).len(), 10_000);
}

#[test]
fn a_poll_without_any_honest_voter_is_held() {
    let farm: Vec<BallotTrace> = (0..500)
        .map(|number| BallotTrace {
            phone_hundred: Some(TraceKey(number / 80)),
            phone_thousand: Some(TraceKey(number / 800)),
            network: Some(TraceKey(number % 3)),
            network_class: NetworkClass::Unknown,
            ..machine(number)
        })
        .collect();
    assert_eq!(held_of(&farm).len(), 500);
}

#[test]
fn headers_of_a_browser_without_one_do_not_help() {
    let poll: Vec<BallotTrace> = (0..40)
        .map(|number| BallotTrace {
            network: Some(TraceKey(1)),
            fetch_headers: true,
            language_header: true,
            ..machine(number)
        })
        .collect();
    assert_eq!(held_of(&poll).len(), 40);
}

#[test]
fn absurd_seconds_are_no_evidence_against_others() {
    let absurd = |trace: BallotTrace, number: u64| BallotTrace {
        page_seconds: if number.is_multiple_of(20) { Some(u32::MAX) } else { trace.page_seconds },
        code_seconds: if number.is_multiple_of(30) { Some(u32::MAX) } else { trace.code_seconds },
        network: Some(TraceKey(1)),
        ..trace
    };
    let poll: Vec<BallotTrace> = (0..200).map(|number| absurd(person(number), number)).collect();
    assert!(held_of(&poll).is_empty());
}

#[test]
fn a_ballot_that_is_fed_twice_is_one() {
    let device = Some(TraceKey(1));
    let once: Vec<BallotTrace> = (0..9)
        .map(|number| BallotTrace { device, code_seconds: Some(60), ..person(number) })
        .collect();
    let twice: Vec<BallotTrace> = once.iter().chain(&once).cloned().collect();
    assert_eq!(analyse_poll(&twice), analyse_poll(&once));
}

#[test]
fn a_kind_without_a_domain_and_a_domain_without_a_kind_are_read() {
    let poll: Vec<BallotTrace> = (0..40)
        .map(|number| BallotTrace {
            channel: TraceChannel::Email,
            mail_domain: (number % 2 == 0).then_some(TraceKey(1)),
            mail_domain_kind: (number % 2 == 1).then_some(MailDomainKind::Disposable),
            ..plain(number)
        })
        .collect();
    assert!(held_of(&poll).is_empty());
}

#[test]
fn a_trace_is_read_strictly() {
    let line = serde_json::to_string(&person(1)).unwrap();
    assert_eq!(serde_json::from_str::<BallotTrace>(&line).unwrap(), person(1));
    let least = r#"{"ballot":"00000000-0000-0000-0000-000000000001","cast_at":-5,"channel":"roll","verified":true}"#;
    let trace: BallotTrace = serde_json::from_str(least).unwrap();
    assert_eq!(trace.network_class, NetworkClass::Unknown);
    for (from, to) in [
        ("\"cast_at\"", "\"picks\":[],\"cast_at\""),
        ("\"sms\"", "\"SMS\""),
        ("\"device\":\"", "\"device\":\"g"),
        ("\"device\":\"", "\"device\":\"0"),
        ("\"verified\":true", "\"verified\":1"),
    ] {
        let bad = line.replace(from, to);
        assert_ne!(bad, line);
        assert!(serde_json::from_str::<BallotTrace>(&bad).is_err(), "{bad}");
    }
}

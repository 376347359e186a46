//! What a hold needs.

use super::sample::{
    START, ballot, by_mail, held_numbers, held_of, machine, mixed_poll, person, plain,
};
use crate::fraud::{
    BallotTrace, GroupVerdict, MailDomainKind, NetworkClass, PollDetector, Signal, TraceChannel,
    TraceKey, analyse_poll,
};

/// People on one cookie.
fn one_device(count: u64, alter: impl Fn(BallotTrace) -> BallotTrace) -> Vec<BallotTrace> {
    let device = Some(TraceKey(9));
    (0..count).map(|number| alter(BallotTrace { device, ..person(number) })).collect()
}

#[test]
fn one_family_is_listed_and_left_alone() {
    let analysis = analyse_poll(&one_device(60, |trace| trace));
    assert!(analysis.held.is_empty());
    let [group] = &analysis.groups[..] else { panic!("{:?}", analysis.groups) };
    assert_eq!(group.key.to_string(), "device:0000000000000009");
    assert_eq!(group.verdict, GroupVerdict::Cleared);
    assert_eq!(group.terms[0].signal, Signal::SharedDevice);
    assert_eq!(group.ballots.len(), 60);
}

#[test]
fn two_families_hold_a_group() {
    let late = |trace| BallotTrace { code_seconds: Some(50), ..trace };
    let analysis = analyse_poll(&one_device(60, late));
    assert_eq!(analysis.held.len(), 60);
    let signals: Vec<Signal> = analysis.groups[0].terms.iter().map(|term| term.signal).collect();
    assert!(signals.contains(&Signal::SharedDevice), "{signals:?}");
    assert!(signals.contains(&Signal::RelayedCodes), "{signals:?}");
}

#[test]
fn a_kiosk_holds_nobody() {
    let kiosk =
        |trace| BallotTrace { code_seconds: Some(50), channel: TraceChannel::Kiosk, ..trace };
    let analysis = analyse_poll(&one_device(600, kiosk));
    assert!(analysis.groups.is_empty(), "{:?}", analysis.groups);
}

#[test]
fn people_beside_machines_are_left_alone() {
    let network = Some(TraceKey(7));
    let network_class = NetworkClass::Carrier;
    let people = (0..400).map(person);
    let machines = (1_000..1_040).map(machine);
    let poll: Vec<BallotTrace> = people
        .chain(machines)
        .map(|trace| BallotTrace { network, network_class, ..trace })
        .collect();
    assert_eq!(held_of(&poll), (1_000..1_040).collect::<Vec<u128>>());
}

#[test]
fn a_part_of_the_mixed_poll_is_held() {
    let analysis = analyse_poll(&mixed_poll());
    let held = held_numbers(&analysis);
    for (numbers, what) in
        [(200..240, "farm"), (300..340, "device"), (400..430, "mail"), (500..503, "database")]
    {
        assert!(numbers.clone().all(|number| held.contains(&number)), "{what}: {held:?}");
    }
    assert_eq!(held.len(), 40 + 40 + 30 + 3);
    for (ballot, &at) in &analysis.held {
        assert!(analysis.groups[at].ballots.contains(ballot));
        assert_eq!(analysis.groups[at].verdict, GroupVerdict::Hold);
    }
}

#[test]
fn one_ballot_without_verification_is_held() {
    let mut poll: Vec<BallotTrace> = (0..50).map(person).collect();
    poll.push(BallotTrace { verified: false, ..person(77) });
    assert_eq!(held_of(&poll), [77]);
}

#[test]
fn one_contact_in_many_spellings_is_held_with_a_second_fact() {
    let alias = |number: u64, network: u64| BallotTrace {
        folded_contact: Some(TraceKey(1)),
        network: Some(TraceKey(network)),
        ..by_mail(person(number), 2, MailDomainKind::Large)
    };
    let home: Vec<BallotTrace> = (0..8).map(|number| alias(number, 3)).collect();
    assert_eq!(held_of(&home).len(), 8);
    let everywhere: Vec<BallotTrace> = (0..8).map(|number| alias(number, number)).collect();
    assert!(held_of(&everywhere).is_empty());
    let couple: Vec<BallotTrace> = (0..2).map(|number| alias(number, 3)).collect();
    assert!(analyse_poll(&couple).groups.is_empty());
}

#[test]
fn a_group_that_dissolves_is_reported_once_more() {
    // Ten fast codes at one address; then 300 people come there.
    let at_home = |trace| BallotTrace { network: Some(TraceKey(1)), ..trace };
    let mut detector = PollDetector::default();
    (0..10).for_each(|number| detector.add_ballot(&at_home(machine(number))));
    let first = detector.changed_groups();
    assert!(first.iter().any(|group| group.verdict == GroupVerdict::Hold), "{first:?}");
    assert!(detector.changed_groups().is_empty());
    let fast = |number| BallotTrace { code_seconds: Some(3), ..plain(number) };
    let mut other = PollDetector::default();
    (0..8).for_each(|number| other.add_ballot(&at_home(fast(number))));
    assert_eq!(other.changed_groups().len(), 1);
    (100..1_000).for_each(|number| other.add_ballot(&at_home(person(number))));
    let last = other.changed_groups();
    let [gone] = &last[..] else { panic!("{last:?}") };
    assert!(gone.terms.is_empty() && gone.ballots.is_empty());
    assert_eq!(gone.verdict, GroupVerdict::Cleared);
}

#[test]
fn a_script_is_seen_with_its_fourth_ballot() {
    let mut detector = PollDetector::default();
    (1_000..1_400).for_each(|number| detector.add_ballot(&person(number)));
    for number in 0..4_u64 {
        assert!(detector.changed_groups().iter().all(|group| group.verdict != GroupVerdict::Hold));
        let cast_at = START + i64::try_from(number).unwrap() * 60_000;
        let network = Some(TraceKey(1));
        detector.add_ballot(&BallotTrace { cast_at, network, ..machine(number) });
    }
    let held: Vec<_> = detector
        .changed_groups()
        .into_iter()
        .filter(|group| group.verdict == GroupVerdict::Hold)
        .flat_map(|group| group.ballots)
        .collect();
    assert_eq!(held, (0..4).map(ballot).collect::<Vec<_>>());
}

#[test]
fn a_house_that_shares_browsers_in_a_hurry_is_held_and_a_school_is_not() {
    let house = |number: u64, machines: u64, seconds: u32| BallotTrace {
        network: Some(TraceKey(1)),
        network_class: NetworkClass::Unknown,
        device: Some(TraceKey(10 + number % machines)),
        page_seconds: Some(seconds),
        ..person(number)
    };
    let held = |count, machines, seconds: fn(u64) -> u32| -> usize {
        let poll: Vec<BallotTrace> =
            (0..count).map(|number| house(number, machines, seconds(number))).collect();
        held_of(&poll).len()
    };
    assert_eq!(held(24, 4, |_| 9), 24);
    // With time to read, or eight classes in a hurry on thirty machines.
    assert_eq!(held(24, 4, |number| 30 + u32::try_from(number * 9).unwrap()), 0);
    assert_eq!(held(240, 30, |_| 9), 0);
}

#[test]
fn quick_colleagues_on_one_line_are_left_alone() {
    // Phones that fill the code in, and people who came to vote: one ballot each, one after the other.
    let colleague = |number| BallotTrace {
        network: Some(TraceKey(5)),
        cast_at: START + i64::try_from(number).unwrap() * 45_000,
        page_seconds: Some(8),
        code_seconds: Some(3),
        check_seconds: Some(6),
        ..plain(number)
    };
    let held = |count: u64| {
        let poll: Vec<BallotTrace> =
            (0..count).map(colleague).chain((1_000..1_200).map(person)).collect();
        analyse_poll(&poll).held.len()
    };
    assert_eq!(held(4), 0);
    // So many are no chance any more; people rule on them.
    assert_eq!(held(12), 12);
}

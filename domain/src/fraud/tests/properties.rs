//! Properties of every poll.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::sample::{START, mixed_poll, person, plain};
use crate::fraud::thresholds::{FAMILY_CAP, FAMILY_MARK, HOLD_POINTS};
use crate::fraud::{
    BallotTrace, EvidenceFamily, EvidenceTerm, GroupVerdict, MailDomainKind, NetworkClass,
    PollAnalysis, PollDetector, SuspectGroup, TraceChannel, TraceKey, analyse_poll,
};
use crate::ids::BallotId;
use crate::record::entry::MAX_REASONS;

fn class() -> impl Strategy<Value = NetworkClass> {
    prop::sample::select(vec![
        NetworkClass::Unknown,
        NetworkClass::Carrier,
        NetworkClass::Broadband,
        NetworkClass::Hosting,
        NetworkClass::Relay,
        NetworkClass::Foreign,
    ])
}

fn few_keys() -> impl Strategy<Value = Option<TraceKey>> {
    prop::option::of((0..4_u64).prop_map(TraceKey))
}

fn seconds() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(prop_oneof![0..4_u32, 0..100_u32, any::<u32>()])
}

fn instant() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        (0..1_000_i64).prop_map(|second| START + second * 1000)
    ]
}

/// Any trace at all; few keys, so that groups arise.
fn any_trace() -> impl Strategy<Value = BallotTrace> {
    let channel = prop::sample::select(vec![
        TraceChannel::Email,
        TraceChannel::Sms,
        TraceChannel::Oidc,
        TraceChannel::Roll,
        TraceChannel::Kiosk,
    ]);
    let kind = prop::option::of(prop::sample::select(vec![
        MailDomainKind::Large,
        MailDomainKind::Other,
        MailDomainKind::Disposable,
    ]));
    let head = (any::<u128>(), instant(), channel, prop::bool::weighted(0.95), class(), kind);
    let keys = [few_keys(), few_keys(), few_keys(), few_keys(), few_keys(), few_keys()];
    let times = (seconds(), seconds(), seconds());
    (head, keys, times, any::<[bool; 4]>()).prop_map(|(head, keys, times, claims)| BallotTrace {
        ballot: BallotId(Uuid::from_u128(head.0)),
        cast_at: head.1,
        channel: head.2,
        verified: head.3,
        network_class: head.4,
        mail_domain_kind: head.5,
        device: keys[0],
        network: keys[1],
        phone_hundred: keys[2],
        phone_thousand: keys[3],
        mail_domain: keys[4],
        folded_contact: keys[5],
        page_seconds: times.0,
        code_seconds: times.1,
        check_seconds: times.2,
        script_ran: claims[0],
        assets_fetched: claims[1],
        fetch_headers: claims[2],
        language_header: claims[3],
    })
}

fn any_poll() -> impl Strategy<Value = Vec<BallotTrace>> {
    prop::collection::vec(any_trace(), 0..120)
}

/// What every analysis keeps.
fn check_analysis(poll: &[BallotTrace], analysis: &PollAnalysis) {
    let known: BTreeSet<BallotId> = poll.iter().map(|trace| trace.ballot).collect();
    let mut held = BTreeSet::new();
    for group in &analysis.groups {
        assert!(group.ballots.is_sorted() && group.ballots.iter().all(|id| known.contains(id)));
        assert!(!group.ballots.is_empty() && (1..=MAX_REASONS).contains(&group.terms.len()));
        if group.verdict == GroupVerdict::Hold {
            held.extend(group.ballots.iter().copied());
            check_hold(group);
        }
    }
    assert_eq!(held, analysis.held.keys().copied().collect());
    for (ballot, &at) in &analysis.held {
        assert!(analysis.groups[at].ballots.contains(ballot));
    }
}

/// Two families that reach their mark, without the network's; or one contact in many spellings from
/// one network.
fn check_hold(group: &SuspectGroup) {
    assert!(group.points >= HOLD_POINTS, "{group:?}");
    let sum = |family: EvidenceFamily| -> u32 {
        let own = |term: &&EvidenceTerm| term.signal.family() == family;
        group.terms.iter().filter(own).fold(0, |sum, term| sum.saturating_add(term.points))
    };
    let marked = EvidenceFamily::ALL
        .into_iter()
        .filter(|&family| family != EvidenceFamily::Network && sum(family) >= FAMILY_MARK)
        .count();
    let aliases = group.key.key_text().starts_with("contact:")
        && sum(EvidenceFamily::Identity) >= FAMILY_CAP
        && sum(EvidenceFamily::Network) >= FAMILY_MARK;
    assert!(marked >= 2 || (marked == 1 && aliases), "{group:?}");
}

/// The groups without their names, and who is held.
fn without_keys(analysis: &PollAnalysis) -> (Vec<String>, BTreeSet<BallotId>) {
    let bare = |group: &SuspectGroup| {
        let lens = group.key.key_text().split(':').next().unwrap_or_default().to_owned();
        format!("{lens} {:?}", (&group.ballots, &group.terms, group.points, group.verdict))
    };
    let mut groups: Vec<String> = analysis.groups.iter().map(bare).collect();
    groups.sort();
    (groups, analysis.held.keys().copied().collect())
}

/// Every key as a bijection makes it.
fn rename_keys(trace: &BallotTrace, odd: u64, salt: u64) -> BallotTrace {
    let rename = |key: Option<TraceKey>| {
        key.map(|key| TraceKey(key.0.wrapping_mul(odd | 1).rotate_left(17) ^ salt))
    };
    BallotTrace {
        device: rename(trace.device),
        network: rename(trace.network),
        phone_hundred: rename(trace.phone_hundred),
        phone_thousand: rename(trace.phone_thousand),
        mail_domain: rename(trace.mail_domain),
        folded_contact: rename(trace.folded_contact),
        ..trace.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_input_panics_and_every_analysis_is_consistent(poll in any_poll()) {
        check_analysis(&poll, &analyse_poll(&poll));
    }

    #[test]
    fn the_order_of_feeding_changes_nothing(
        poll in prop_oneof![any_poll(), Just(mixed_poll())].prop_shuffle(),
        turn in 0..300_usize,
    ) {
        let analysis = analyse_poll(&poll);
        let mut other = poll;
        other.reverse();
        let turn = turn % other.len().max(1);
        other.rotate_left(turn);
        prop_assert_eq!(&analyse_poll(&other), &analysis);
    }

    #[test]
    fn asking_in_between_changes_nothing(
        poll in prop_oneof![any_poll(), Just(mixed_poll())].prop_shuffle(),
        every in 1..40_usize,
    ) {
        let mut detector = PollDetector::default();
        for (at, trace) in poll.iter().enumerate() {
            detector.add_ballot(trace);
            if at % every == 0 {
                detector.changed_groups();
                let _ = detector.analyse();
            }
        }
        prop_assert_eq!(detector.analyse(), analyse_poll(&poll));
    }

    #[test]
    fn small_groups_are_reported_as_the_whole_analysis_sees_them(
        poll in prop::collection::vec(any_trace(), 0..60),
        every in 1..9_usize,
    ) {
        let (mut detector, mut last) = (PollDetector::default(), std::collections::BTreeMap::new());
        for (at, trace) in poll.iter().enumerate() {
            detector.add_ballot(trace);
            if at % every == 0 || at + 1 == poll.len() {
                last.extend(detector.changed_groups().into_iter().map(|group| (group.key.clone(), group)));
            }
        }
        last.retain(|_, group| !group.terms.is_empty());
        let whole = analyse_poll(&poll).groups.into_iter().map(|group| (group.key.clone(), group));
        prop_assert_eq!(last, whole.collect());
    }

    #[test]
    fn other_keys_change_only_the_names(poll in any_poll(), odd: u64, salt: u64) {
        let renamed: Vec<BallotTrace> =
            poll.iter().map(|trace| rename_keys(trace, odd, salt)).collect();
        prop_assert_eq!(
            without_keys(&analyse_poll(&renamed)),
            without_keys(&analyse_poll(&poll))
        );
    }

    #[test]
    fn networks_and_moments_alone_never_hold(
        places in prop::collection::vec((few_keys(), class(), instant()), 0..300),
    ) {
        let poll: Vec<BallotTrace> = (0..).zip(places).map(|(number, (network, class, cast_at))| {
            BallotTrace { network, network_class: class, cast_at, ..plain(number) }
        }).collect();
        prop_assert!(analyse_poll(&poll).held.is_empty());
    }

    #[test]
    fn a_burst_is_no_evidence(count in 0..600_u64, within in 1..2_000_u64, network in few_keys()) {
        let poll: Vec<BallotTrace> = (0..count).map(|number| BallotTrace {
            cast_at: START + i64::try_from(super::sample::scatter(number) % within).unwrap(),
            network,
            ..person(number)
        }).collect();
        prop_assert_eq!(analyse_poll(&poll), PollAnalysis::default());
    }

    #[test]
    fn a_kiosks_cookie_weighs_nothing(poll in any_poll()) {
        let kiosk = |trace: &BallotTrace, device: Option<TraceKey>| {
            BallotTrace { channel: TraceChannel::Kiosk, device, ..trace.clone() }
        };
        let with: Vec<BallotTrace> = poll.iter().map(|trace| kiosk(trace, trace.device)).collect();
        let without: Vec<BallotTrace> = poll.iter().map(|trace| kiosk(trace, None)).collect();
        prop_assert_eq!(analyse_poll(&with), analyse_poll(&without));
    }
}

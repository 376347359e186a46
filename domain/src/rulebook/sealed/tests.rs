//! A sealed rulebook is read back as it was written, and weighs every case.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::rulebook::tests::{rules, three_polls};

fn case(number: u128) -> CaseId {
    CaseId(Uuid::from_u128(number))
}

fn window(opens: i64, hours: i64) -> Window {
    let opens = Instant::UNIX_EPOCH + TimeDelta::hours(opens);
    Window { opens, closes: opens + TimeDelta::hours(hours) }
}

fn edition() -> ResultEdition {
    ResultEdition {
        slug: "daejeon-2024".to_owned(),
        title: Bilingual::new("2024 대전을 바꾸는 시간", "Time to Change Daejeon 2024"),
        host: Bilingual::new("대전광역시", "Daejeon City"),
    }
}

/// Puts cases 1 and 2 on one track's paper and case 3 on the other's; all three are on the paper of
/// the seats.
fn sealed() -> SealedRulebook {
    let rules = three_polls();
    let papers = [vec![case(2), case(1)], vec![case(3)], vec![case(3), case(1), case(2)]];
    let polls = rules.polls.iter().zip(papers);
    let polls =
        polls.map(|(poll, paper)| SealedPoll::from_poll_rules(poll, window(1, 9), paper)).collect();
    SealedRulebook::from_sealed_polls(edition(), polls, &rules, RecordRules::default())
}

#[test]
fn the_bytes_of_a_rulebook_are_known_to_every_program() {
    let rules = rules();
    let poll =
        SealedPoll::from_poll_rules(&rules.polls[0], window(1, 9), vec![case(2), case(1), case(2)]);
    let bytes =
        SealedRulebook::from_sealed_polls(edition(), vec![poll], &rules, RecordRules::default())
            .canonical_bytes()
            .unwrap();
    let expected = concat!(
        r#"{"format":"hanpyo-rulebook/v1","edition":{"slug":"daejeon-2024","title":{"ko":"#,
        r#""2024 대전을 바꾸는 시간","en":"Time to Change Daejeon 2024"},"host":{"ko":"대전광역시","#,
        r#""en":"Daejeon City"}},"polls":[{"slug":"citizens","cases":"all","picks":{"at_most":3},"#,
        r#""identity":"email","fold_aliases":false,"channels":["email_code"],"#,
        r#""eligibility":{"min_age":14,"#,
        r#""district":false},"opens":"1970-01-01T01:00:00Z","closes":"1970-01-01T10:00:00Z","#,
        r#""weight":"3/10","basis":"share_of_top","may_change":false,"openings":"observers","#,
        r#""paper":["00000000-0000-0000-0000-000000000001","#,
        r#""00000000-0000-0000-0000-000000000002"]}],"panel":{"weight":"7/10","#,
        r#""method":"trimmed_mean","rubric":[{"name":{"ko":"필요성","en":"Need"},"max":100}],"#,
        r#""judges":7,"quorum":1},"awards":[{"tier":{"ko":"대상","en":"Grand prize"},"count":2}],"#,
        r#""record":{"ballots":50,"minutes":60,"fewest":20}}"#,
    );
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn rules_that_were_sealed_without_a_quorum_are_still_read() {
    let text = String::from_utf8(sealed().canonical_bytes().unwrap()).unwrap();
    let old = text.replacen(",\"quorum\":1", "", 1);
    assert_ne!(old, text);
    assert_eq!(SealedRulebook::parse_sealed_rulebook(old.as_bytes()).unwrap(), sealed());
}

#[test]
fn a_paper_that_leaves_one_possible_ballot_is_noticed() {
    let check = |picks: PicksRule, cases: u128, expected: bool| {
        let rules = PollRules { picks, ..rules().polls.remove(0) };
        let paper = (0..cases).map(case).collect();
        let poll = SealedPoll::from_poll_rules(&rules, window(1, 9), paper);
        assert_eq!(poll.leaves_one_ballot(), expected, "{picks:?} of {cases}");
    };
    check(PicksRule::Exactly(1), 1, true);
    check(PicksRule::Exactly(1), 2, false);
    check(PicksRule::Exactly(3), 3, true);
    check(PicksRule::Exactly(3), 4, false);
    // An empty ballot is no ballot.
    check(PicksRule::AtMost(1), 1, true);
    check(PicksRule::AtMost(3), 1, true);
    check(PicksRule::AtMost(1), 2, false);
    // Either of the two, or both.
    check(PicksRule::AtMost(3), 2, false);
}

#[test]
fn a_case_whose_weights_do_not_sum_to_one_is_named() {
    let cases = [case(3), case(2), case(1)];
    assert_eq!(sealed().unbalanced_cases(cases), []);
    let mut missing = sealed();
    missing.polls[0].paper.retain(|other| *other != case(2));
    assert_eq!(missing.unbalanced_cases(cases), [case(2)]);
    assert_eq!(missing.unbalanced_cases([case(9)]), [case(9)], "on no paper at all");
    let mut twice = sealed();
    twice.polls[0].paper.push(case(3));
    assert_eq!(twice.unbalanced_cases(cases), [case(3)]);
}

#[test]
fn another_document_is_refused() {
    let text = String::from_utf8(sealed().canonical_bytes().unwrap()).unwrap();
    assert!(SealedRulebook::parse_sealed_rulebook(text.as_bytes()).is_ok());
    for (from, to) in [
        ("rulebook/v1", "rulebook/v2"),
        ("\"may_change\":false,", ""),
        ("\"may_change\"", "\"may_chance\""),
    ] {
        assert!(
            SealedRulebook::parse_sealed_rulebook(text.replacen(from, to, 1).as_bytes()).is_err(),
            "{to}"
        );
    }
}

#[test]
fn a_rulebook_from_before_the_folding_of_addresses_is_read_and_folds_none() {
    let text = String::from_utf8(sealed().canonical_bytes().unwrap()).unwrap();
    let old = text.replace("\"fold_aliases\":false,", "");
    assert_ne!(old, text);
    let read = SealedRulebook::parse_sealed_rulebook(old.as_bytes()).unwrap();
    assert_eq!(read, sealed());
    assert!(read.polls.iter().all(|poll| !poll.fold_aliases));
}

#[test]
fn the_rules_come_out_as_they_went_in() {
    let mut expected = three_polls();
    for poll in &mut expected.polls {
        poll.window = Some(window(1, 9));
        poll.channels = vec![Channel::EmailCode];
    }
    expected.record = Some(RecordRules::default());
    assert_eq!(sealed().to_rulebook(), expected);
}

fn poll() -> impl Strategy<Value = SealedPoll> {
    let picks =
        prop_oneof![(1u8..20).prop_map(PicksRule::AtMost), (1u8..9).prop_map(PicksRule::Exactly)];
    let cases = prop_oneof![
        Just(BallotPaper::All),
        Just(BallotPaper::List),
        "[a-z-]{2,9}".prop_map(BallotPaper::Track),
    ];
    let who = prop::sample::select(vec![
        VoterIdentity::Email,
        VoterIdentity::Mobile,
        VoterIdentity::Roll,
        VoterIdentity::Oidc,
    ]);
    let times = (0i64..500_000, 1i64..5_000);
    let paper = prop::collection::vec(any::<u128>().prop_map(case), 0..6);
    let text = (".{1,12}", "[a-z0-9-]{2,12}", any::<bool>(), 0u8..100);
    (picks, cases, who, times, paper, text, 0u64..10_000).prop_map(
        |(picks, cases, identity, (opens, hours), paper, (name, slug, flag, age), weight)| {
            let rules = PollRules {
                slug,
                title: flag.then(|| Bilingual::new(name.clone(), name)),
                cases,
                picks,
                identity,
                fold_aliases: flag && identity == VoterIdentity::Email,
                channels: if flag {
                    vec![Channel::Kiosk, identity.usual_channel()]
                } else {
                    vec![]
                },
                eligibility: Eligibility { min_age: age, district: flag },
                window: None,
                weight: Fraction::from_ratio(weight, 10_000).unwrap(),
                may_change: flag,
                openings: if flag { OpeningsAccess::Public } else { OpeningsAccess::Observers },
                ..rules().polls.remove(0)
            };
            SealedPoll::from_poll_rules(&rules, window(opens, hours), paper)
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_written_the_same(polls in prop::collection::vec(poll(), 0..5)) {
        let sealed = SealedRulebook::from_sealed_polls(edition(), polls, &rules(), RecordRules::default());
        let bytes = sealed.canonical_bytes().unwrap();
        let read = SealedRulebook::parse_sealed_rulebook(&bytes).unwrap();
        prop_assert_eq!(&read, &sealed);
        prop_assert_eq!(read.canonical_bytes().unwrap(), bytes);
    }
}

//! A published result can be computed again, and a changed one is noticed.

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::rulebook::tests::{rules, three_polls};

fn cast(ballots: u64) -> CountByPoll {
    CountByPoll::from([("citizens".to_owned(), ballots)])
}

fn input(number: u128, votes: u64, scores: &[u32]) -> ResultInput {
    ResultInput {
        entry: CaseTally {
            case: CaseId(Uuid::from_u128(number)),
            votes: cast(votes),
            sheets: scores.iter().map(|&score| vec![score]).collect(),
            submitted_at: Instant::UNIX_EPOCH + TimeDelta::hours(1),
        },
        title: Bilingual::new("골목 안부 우체통", "The alley letterbox"),
        organisation: "동구 표본종합사회복지관".to_owned(),
        sample: false,
    }
}

fn edition() -> ResultEdition {
    let title = Bilingual::new("2024 대전을 바꾸는 시간", "Time to Change Daejeon 2024");
    let host = Bilingual::new("대전광역시", "Daejeon City");
    ResultEdition { slug: "daejeon-2024".to_owned(), title, host }
}

fn document(inputs: Vec<ResultInput>) -> ResultDocument {
    ResultDocument::compute_result(edition(), rules(), &cast(10), inputs).unwrap()
}

fn sample() -> ResultDocument {
    document(vec![input(1, 4, &[90, 70, 85]), input(2, 10, &[60, 95, 88, 77])])
}

#[test]
fn a_published_result_computes_to_itself_after_a_journey_through_json() {
    let bytes = sample().canonical_bytes().unwrap();
    let read: ResultDocument = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read, sample());
    assert_eq!(read.check_by_recomputing(), Ok(()));
    assert_eq!(read.canonical_bytes().unwrap(), bytes);
}

#[test]
fn the_bytes_do_not_tell_the_order_of_cases_or_judges() {
    let other = document(vec![input(2, 10, &[88, 77, 95, 60]), input(1, 4, &[70, 85, 90])]);
    assert_eq!(other.canonical_bytes().unwrap(), sample().canonical_bytes().unwrap());
    assert_eq!(other.cases[0].sheets, [[60], [77], [88], [95]]);
    assert_eq!(other.cases[0].dropped, Some(DroppedSheets { lowest: 0, highest: 3 }));
}

#[test]
fn a_changed_result_is_caught() {
    let check = |change: fn(&mut ResultDocument)| {
        let mut document = sample();
        change(&mut document);
        assert!(document.check_by_recomputing().is_err(), "{document:?}");
    };
    check(|document| document.format = "hanpyo-result/v2".to_owned());
    check(|document| document.cases[0].polls[0].votes -= 1);
    check(|document| document.cases[1].rank = 1);
    check(|document| document.cases[1].tier = None);
    check(|document| document.cases[0].total = Fraction::from_whole(99));
    check(|document| document.cases[0].sheets[2][0] = 89);
    check(|document| document.cases[1].sheets[1][0] = 86);
    check(|document| document.cases.swap(0, 1));
    check(|document| document.cases[0].sheets.swap(0, 1));
    check(|document| document.polls[0].ballots = 4);
    check(|document| document.polls[0].slug = "seats".to_owned());
    check(|document| document.polls.push(document.polls[0].clone()));
    check(|document| document.polls.clear());
    check(|document| document.cases[0].polls.clear());
    check(|document| document.cases[1].polls[0].points = Fraction::from_whole(41));
    check(|document| document.rulebook.polls[0].weight = Fraction::one());
}

#[test]
fn an_invented_case_stays_marked_in_the_document_and_a_real_one_carries_no_mark() {
    let invented = ResultInput { sample: true, ..input(1, 7, &[5, 6, 7]) };
    let document = document(vec![invented, input(2, 4, &[4, 4, 4])]);
    let marks: Vec<bool> = document.cases.iter().map(|case| case.sample).collect();
    assert_eq!(marks, [true, false]);
    let text = String::from_utf8(document.canonical_bytes().unwrap()).unwrap();
    assert_eq!(text.matches("\"sample\":true").count(), 1);
    assert_eq!(text.matches("\"sample\"").count(), 1);
    let read: ResultDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(read.check_by_recomputing(), Ok(()));
}

#[test]
fn a_result_of_several_polls_proves_itself_too() {
    let ballots = [("service", 9), ("places", 5), ("seats", 7)];
    let ballots: CountByPoll = ballots.map(|(poll, ballots)| (poll.to_owned(), ballots)).into();
    let of = |number, track: &str, votes, seats| {
        let votes = [(track, votes), ("seats", seats)];
        let mut input = input(number, 0, &[70, 80, 90]);
        input.entry.votes = votes.map(|(poll, votes)| (poll.to_owned(), votes)).into();
        input
    };
    let inputs = vec![of(1, "service", 9, 3), of(2, "service", 3, 6), of(3, "places", 5, 0)];
    let document =
        ResultDocument::compute_result(edition(), three_polls(), &ballots, inputs).unwrap();
    assert_eq!(document.check_by_recomputing(), Ok(()));
    assert_eq!((document.count_ballots(), document.cases[0].count_votes()), (21, 9));
    // 100/3 × 1/10 and 100 × 2/10, over 3/10.
    let points = document.cases[0].combined_poll_points(&document.rulebook);
    assert_eq!(points, Fraction::from_ratio(700, 9).unwrap());
    let mut moved = document.clone();
    moved.polls.swap(0, 1);
    assert_eq!(moved.check_by_recomputing(), Err(ResultProblem::Polls));
    let mut given = document;
    given.cases[0].polls[0].votes = 4;
    assert!(given.check_by_recomputing().is_err());
}

#[test]
fn a_result_below_the_quorum_stands_only_with_the_reason_for_exactly_these_cases() {
    let mut document = sample();
    document.rulebook.panel.quorum = 4;
    let below = vec![SheetCount { case: CaseId(Uuid::from_u128(1)), sheets: 3 }];
    assert_eq!(document.cases_below_quorum(), below);
    assert_eq!(document.check_by_recomputing(), Err(ResultProblem::Quorum));
    document.quorum_exception = Some(QuorumException {
        reason: "Two judges fell ill on the last day.".to_owned(),
        given_by: "Kim".to_owned(),
        confirmed_by: "Lee".to_owned(),
        cases: below,
    });
    assert_eq!(document.check_by_recomputing(), Ok(()));
    let bytes = document.canonical_bytes().unwrap();
    assert_eq!(serde_json::from_slice::<ResultDocument>(&bytes).unwrap(), document);
    let mut fewer = document.clone();
    fewer.rulebook.panel.quorum = 3;
    assert_eq!(fewer.check_by_recomputing(), Err(ResultProblem::Quorum), "no need for a reason");
    let mut more = document;
    more.rulebook.panel.quorum = 5;
    assert_eq!(more.check_by_recomputing(), Err(ResultProblem::Quorum), "a case without a reason");
}

#[test]
fn a_result_that_keeps_the_quorum_has_the_bytes_it_always_had() {
    let text = String::from_utf8(sample().canonical_bytes().unwrap()).unwrap();
    assert!(!text.contains("quorum_exception"));
    let old = text.replacen(",\"quorum\":1", "", 1);
    assert_ne!(old, text);
    let read: ResultDocument = serde_json::from_str(&old).unwrap();
    assert_eq!(read.check_by_recomputing(), Ok(()));
}

#[test]
fn the_worked_example_of_the_documents_computes_to_itself() {
    let text = include_str!("../../../docs/tally-example.json");
    let document: ResultDocument = serde_json::from_str(text).unwrap();
    assert_eq!(document.check_by_recomputing(), Ok(()));
}

//! A published result proves itself, and a changed one is caught.

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::rulebook::tests::rules;

fn input(number: u128, votes: u64, scores: &[u32]) -> ResultInput {
    ResultInput {
        entry: Entry {
            case: CaseId(Uuid::from_u128(number)),
            votes,
            sheets: scores.iter().map(|&score| vec![score]).collect(),
            submitted_at: Instant::UNIX_EPOCH + TimeDelta::hours(1),
        },
        title: Bilingual::new("골목 안부 우체통", "The alley letterbox"),
        organisation: "동구 표본종합사회복지관".to_owned(),
        sample: false,
    }
}

fn document(inputs: Vec<ResultInput>) -> ResultDocument {
    let title = Bilingual::new("2024 대전을 바꾸는 시간", "Time to Change Daejeon 2024");
    let host = Bilingual::new("대전광역시", "Daejeon City");
    let edition = ResultEdition { slug: "daejeon-2024".to_owned(), title, host };
    ResultDocument::compute(edition, rules(), 10, inputs).unwrap()
}

fn sample() -> ResultDocument {
    document(vec![input(1, 4, &[90, 70, 85]), input(2, 10, &[60, 95, 88, 77])])
}

#[test]
fn a_published_result_computes_to_itself_after_a_journey_through_json() {
    let bytes = sample().canonical_bytes().unwrap();
    let read: ResultDocument = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read, sample());
    assert_eq!(read.recompute(), Ok(()));
    assert_eq!(read.canonical_bytes().unwrap(), bytes);
}

#[test]
fn the_bytes_do_not_tell_the_order_of_cases_or_judges() {
    let other = document(vec![input(2, 10, &[88, 77, 95, 60]), input(1, 4, &[70, 85, 90])]);
    assert_eq!(other.canonical_bytes().unwrap(), sample().canonical_bytes().unwrap());
    assert_eq!(other.cases[0].sheets, [[60], [77], [88], [95]]);
    assert_eq!(other.cases[0].dropped, Some(Dropped { lowest: 0, highest: 3 }));
}

#[test]
fn a_changed_result_is_caught() {
    let check = |change: fn(&mut ResultDocument)| {
        let mut document = sample();
        change(&mut document);
        assert!(document.recompute().is_err(), "{document:?}");
    };
    check(|document| document.format = "hanpyo-result/v2".to_owned());
    check(|document| document.cases[0].votes -= 1);
    check(|document| document.cases[1].rank = 1);
    check(|document| document.cases[1].tier = None);
    check(|document| document.cases[0].total = Fraction::whole(99));
    check(|document| document.cases[0].sheets[2][0] = 89);
    check(|document| document.cases[1].sheets[1][0] = 86);
    check(|document| document.cases.swap(0, 1));
    check(|document| document.cases[0].sheets.swap(0, 1));
    check(|document| document.ballots = 4);
    check(|document| document.rulebook.polls[0].weight = Fraction::one());
}

#[test]
fn an_invented_case_stays_marked_in_the_document_and_a_real_one_carries_no_mark() {
    let invented = ResultInput { sample: true, ..input(1, 2, &[5, 6, 7]) };
    let document = document(vec![invented, input(2, 1, &[4, 4, 4])]);
    let marks: Vec<bool> = document.cases.iter().map(|case| case.sample).collect();
    assert_eq!(marks, [true, false]);
    let text = String::from_utf8(document.canonical_bytes().unwrap()).unwrap();
    assert_eq!(text.matches("\"sample\":true").count(), 1);
    assert_eq!(text.matches("\"sample\"").count(), 1);
    let read: ResultDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(read.recompute(), Ok(()));
}

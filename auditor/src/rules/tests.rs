//! Tests of how the auditor reads rulebooks and results.

use serde_json::{Value, json};

use super::*;

const CASE: &str = "0190b0c0-0000-7000-8000-00000000002a";

fn rulebook(poll: &Value) -> Result<Rules, String> {
    Rules::parse_rulebook(
        json!({ "edition": "daejeon-2024", "polls": [poll] }).to_string().as_bytes(),
    )
}

#[test]
fn a_poll_is_read_in_each_of_its_forms() {
    let poll = json!({
        "slug": "public", "picks": { "at_most": 3 }, "may_change": true, "openings": "public",
        "opens": "2024-11-28T00:00:00+09:00", "closes": "2024-12-01T15:00:00Z", "paper": [CASE],
        "what comes later": 1,
    });
    let rules = rulebook(&poll).unwrap();
    let poll = rules.find_poll("public").unwrap();
    assert_eq!((poll.least, poll.most), (1, 3));
    assert!(poll.may_change && poll.openings_public);
    assert_eq!((poll.opens, poll.closes), (Some(1_732_719_600), Some(1_733_065_200)));
    assert_eq!(poll.paper.as_ref().map(Vec::len), Some(1));
    let window = ["2024-11-28T00:00:00+09:00", "2024-12-01T15:00:00Z"];
    let rules = rulebook(&json!({ "picks": { "exactly": 2 }, "window": window })).unwrap();
    let poll = rules.find_poll("citizens").unwrap();
    assert_eq!((poll.least, poll.most), (2, 2));
    assert!(!poll.may_change && !poll.openings_public && poll.paper.is_none());
    assert_eq!(poll.opens, Some(1_732_719_600));
}

#[test]
fn a_rulebook_that_cannot_decide_is_refused() {
    let picks = json!({ "at_most": 3 });
    for poll in [
        json!({ "slug": "../../etc", "picks": picks }),
        json!({ "slug": "", "picks": picks }),
        json!({ "slug": "public" }),
        json!({ "slug": "public", "picks": { "at_most": 0 } }),
        json!({ "slug": "public", "picks": { "at_least": 1 } }),
        json!({ "slug": "public", "picks": picks, "paper": [CASE, CASE] }),
        json!({ "slug": "public", "picks": picks, "paper": ["42"] }),
        json!({ "slug": "public", "picks": picks, "opens": "tomorrow" }),
    ] {
        assert!(rulebook(&poll).is_err(), "{poll}");
    }
    let twice = json!({ "slug": "public", "picks": picks });
    let json = json!({ "edition": "daejeon-2024", "polls": [twice, twice] });
    assert!(Rules::parse_rulebook(json.to_string().as_bytes()).is_err());
}

#[test]
fn what_the_documents_say_about_the_quorum_is_no_obstacle() {
    let poll = json!({ "slug": "public", "picks": { "at_most": 3 } });
    let panel = json!({ "weight": "7/10", "method": "mean", "judges": 7, "quorum": 4 });
    let json = json!({ "edition": "daejeon-2024", "polls": [poll], "panel": panel });
    let rules = Rules::parse_rulebook(json.to_string().as_bytes()).unwrap();
    let given = json!({ "reason": "-", "given_by": "-", "confirmed_by": "-", "cases": [] });
    let result = json!({
        "edition": { "slug": "daejeon-2024" }, "polls": [], "cases": [], "quorum_exception": given,
    });
    assert!(parse_result(result.to_string().as_bytes(), &rules).is_ok());
}

#[test]
fn a_result_is_read_poll_by_poll() {
    let rules = rulebook(&json!({ "slug": "public", "picks": { "at_most": 3 } })).unwrap();
    let result = |edition: &str, polls: Value, cases: Value| {
        let json = json!({ "edition": { "slug": edition }, "polls": polls, "cases": cases });
        parse_result(json.to_string().as_bytes(), &rules)
    };
    let poll = |slug: &str| json!({ "slug": slug, "ballots": 9 });
    let case = |slug: &str| json!({ "id": CASE, "polls": [{ "slug": slug, "votes": 7 }] });
    let right =
        AnnouncedPoll { ballots: 9, votes: [(parse_case_id(CASE.as_bytes()).unwrap(), 7)].into() };
    let read = result("daejeon-2024", json!([poll("public")]), json!([case("public")])).unwrap();
    assert_eq!(read, [("public".to_owned(), right)].into());
    for (edition, polls, cases) in [
        ("busan-2024", json!([poll("public")]), json!([case("public")])),
        ("daejeon-2024", json!([poll("public"), poll("public")]), json!([case("public")])),
        ("daejeon-2024", json!([poll("other")]), json!([])),
        ("daejeon-2024", json!([poll("public")]), json!([case("other")])),
        ("daejeon-2024", json!([poll("public")]), json!([case("public"), case("public")])),
        ("daejeon-2024", json!([{ "slug": "public", "ballots": -9 }]), json!([])),
    ] {
        assert!(result(edition, polls.clone(), cases).is_err(), "{edition} {polls}");
    }
}

//! Results that are signed and follow from their own numbers, but are not those of the record.

use auditor::bytes::format_case_id;
use auditor::sample::{Plan, Sample, build_sample_record};
use auditor::verify::{TrustedKeys, verify_record};
use chrono::{DateTime, TimeDelta};
use domain::ids::CaseId;
use domain::record::tree::Hash;
use domain::result::{ResultCase, ResultDocument, ResultInput};
use domain::rulebook::{Fraction, SealedRulebook};
use domain::standings::{CaseTally, CountByPoll};
use domain::text::Bilingual;
use serde_json::{Value, json};

use crate::support::{Folder, report, small, write};

/// Returns a record of nine cases and two ballots of at most three picks: some case has no vote.
fn quiet() -> Sample {
    build_sample_record(&Plan { cases: 9, ..Plan::one_poll(2) })
}

fn published(sample: &Sample) -> ResultDocument {
    serde_json::from_str(&sample.result).unwrap()
}

fn input(case: &ResultCase) -> ResultInput {
    ResultInput {
        entry: CaseTally {
            case: case.id,
            votes: case.polls.iter().map(|poll| (poll.slug.clone(), poll.votes)).collect(),
            sheets: case.sheets.clone(),
            submitted_at: case.submitted_at,
        },
        title: case.title.clone(),
        organisation: case.organisation.clone(),
        sample: case.sample,
    }
}

/// Makes the input of a case that is not in the record.
fn another(votes: CountByPoll) -> ResultInput {
    let submitted_at = DateTime::UNIX_EPOCH + TimeDelta::days(19_000);
    ResultInput {
        entry: CaseTally {
            case: CaseId(uuid::Uuid::from_u128(1)),
            votes,
            sheets: vec![vec![50]],
            submitted_at,
        },
        title: Bilingual::new("-", "-"),
        organisation: "-".to_owned(),
        sample: true,
    }
}

/// Publishes the result that follows from these inputs.
fn publish(sample: &mut Sample, document: &ResultDocument, inputs: Vec<ResultInput>) {
    let ballots = document.polls.iter().map(|poll| (poll.slug.clone(), poll.ballots)).collect();
    let (edition, rules) = (document.edition.clone(), document.rulebook.clone());
    let document = ResultDocument::compute_result(edition, rules, &ballots, inputs).unwrap();
    assert_eq!(document.check_by_recomputing(), Ok(()), "the ranks follow from the numbers");
    sample.result = String::from_utf8(document.canonical_bytes().unwrap()).unwrap();
    seal_documents(sample);
}

/// Puts the hashes of rulebook and result into their lines.
fn seal_documents(sample: &mut Sample) {
    for (kind, document) in [("rulebook/v1 ", &sample.rulebook), ("result/v1 ", &sample.result)] {
        let line = sample.entries.iter_mut().find(|line| line.starts_with(kind)).unwrap();
        let before = line.rsplit_once(' ').unwrap().0.to_owned();
        *line = format!("{before} {}", Hash::sha256_of(document.as_bytes()));
    }
}

/// Returns rule and sentence of the first finding.
fn finding(sample: &Sample) -> (&'static str, String) {
    let folder = Folder::new();
    write(sample, &folder);
    let report = report(&folder);
    let finding = report.findings.first().unwrap_or_else(|| panic!("nothing found: {report}"));
    (finding.rule, finding.what.clone())
}

#[test]
fn a_case_without_votes_that_is_missing_in_the_result_is_named() {
    let mut sample = quiet();
    let document = published(&sample);
    let gone = document.cases.iter().position(|case| case.polls[0].votes == 0).unwrap();
    let mut inputs: Vec<ResultInput> = document.cases.iter().map(input).collect();
    let gone = inputs.remove(gone);
    publish(&mut sample, &document, inputs);
    let (rule, what) = finding(&sample);
    assert_eq!(rule, "result-cases");
    assert!(what.contains(&format_case_id(gone.entry.case.0.as_u128())), "{what}");
    assert!(what.contains("paper of poll public"), "{what}");
}

#[test]
fn a_case_of_the_result_that_is_on_no_paper_is_named() {
    let mut sample = quiet();
    let document = published(&sample);
    let inputs = document.cases.iter().map(input);
    let added = another(CountByPoll::from([("public".to_owned(), 0)]));
    let inputs = inputs.chain([added]).collect();
    publish(&mut sample, &document, inputs);
    let (rule, what) = finding(&sample);
    assert_eq!(rule, "result-cases");
    assert!(what.contains("00000000-0000-0000-0000-000000000001"), "{what}");
    assert!(what.contains("on no ballot paper"), "{what}");
}

#[test]
fn where_the_panel_alone_decides_a_case_may_be_on_no_paper() {
    let mut sample = quiet();
    let mut rules = SealedRulebook::parse_sealed_rulebook(sample.rulebook.as_bytes()).unwrap();
    rules.polls[0].weight = Fraction::zero();
    rules.panel.weight = Fraction::one();
    sample.rulebook = String::from_utf8(rules.canonical_bytes().unwrap()).unwrap();
    let document = ResultDocument { rulebook: rules.to_rulebook(), ..published(&sample) };
    let inputs = document.cases.iter().map(input).chain([another(CountByPoll::new())]).collect();
    publish(&mut sample, &document, inputs);
    let folder = Folder::new();
    write(&sample, &folder);
    let report = report(&folder);
    assert!(report.is_clean(), "{report}");
    assert!(report.not_checked.iter().any(|what| what.contains("no ballot paper")), "{report}");
}

/// Changes the first case of a result and publishes it.
fn change_first_case(change: impl FnOnce(&mut Value)) -> (&'static str, String) {
    let mut sample = small();
    let mut result: Value = serde_json::from_str(&sample.result).unwrap();
    change(&mut result["cases"]);
    sample.result = result.to_string();
    seal_documents(&mut sample);
    finding(&sample)
}

#[test]
fn every_number_of_the_result_is_compared_and_the_wrong_one_is_named() {
    for (pointer, value, name) in [
        ("/0/polls/0/points", json!("1/7"), "points of poll public"),
        ("/0/judge_points", json!("1/7"), "judge points"),
        ("/0/dropped/lowest", json!(1), "dropped sheets"),
        ("/0/dropped", json!(null), "dropped sheets"),
        ("/0/total", json!("1/7"), "total"),
        ("/0/rank", json!(2), "rank"),
        ("/0/tie_rule", json!("shared"), "tie rule"),
        ("/0/tier", json!(null), "award"),
    ] {
        let (rule, what) = change_first_case(|cases| *cases.pointer_mut(pointer).unwrap() = value);
        assert_eq!(rule, "result-ranks", "{pointer}: {what}");
        assert!(what.starts_with(name) && what.contains("the tally gives"), "{pointer}: {what}");
    }
    let (rule, what) = change_first_case(|cases| cases.as_array_mut().unwrap().swap(0, 1));
    assert_eq!(rule, "result-ranks", "{what}");
    assert!(what.contains("where the tally has case"), "{what}");
    let (rule, what) = change_first_case(|cases| cases[0]["sheets"] = json!([]));
    assert_eq!(rule, "result-input", "{what}");
    let (rule, what) = change_first_case(|cases| cases[0]["sheets"][0] = json!([101]));
    assert_eq!(rule, "result-input", "{what}");
    let (rule, what) =
        change_first_case(|cases| cases[0]["sheets"].as_array_mut().unwrap().reverse());
    assert_eq!(rule, "result-ranks", "{what}");
    let (rule, what) = change_first_case(|cases| cases[0]["rank"] = json!("first"));
    assert_eq!(rule, "result-form", "{what}");
}

#[test]
fn what_a_later_version_writes_is_not_called_wrong() {
    let changes: [fn(&mut Value); 3] = [
        |result| result["cases"][0]["bonus"] = json!(1),
        |result| result["rulebook"]["panel"]["method"] = json!("t_score"),
        |result| result["format"] = json!("hanpyo-result/v2"),
    ];
    for change in changes {
        let mut sample = small();
        let mut result: Value = serde_json::from_str(&sample.result).unwrap();
        change(&mut result);
        sample.result = result.to_string();
        seal_documents(&mut sample);
        let folder = Folder::new();
        write(&sample, &folder);
        let stopped = verify_record(folder.path(), &TrustedKeys::default()).err();
        let stopped = stopped.unwrap_or_else(|| panic!("{result} was read"));
        assert_eq!(stopped.exit_code(), 2, "{stopped}");
        assert!(stopped.to_string().contains("newer hanpyo-audit"), "{stopped}");
    }
}

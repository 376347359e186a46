//! Checks `result.json`: that it is the document of the log, decided by the sealed rules, about the
//! cases of the sealed ballot papers, and that each of its numbers is the one that the tally of this
//! program gives.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use domain::record::tree::Hash;

use crate::announced::{AnnouncedCase, AnnouncedResult, LeftOut};
use crate::bytes::format_case_id;
use crate::exact::Exact;
use crate::finding::{AuditError, Finding};
use crate::folder::{DOCUMENT_BYTES, Folder};
use crate::rules::Rules;
use crate::rules::deciding::DecidingRules;
use crate::tally::{CaseInput, CasePlace, compute_places};

/// The votes of each case in each poll that was counted, by the poll's short name. A case that
/// nobody picked is missing.
pub type CountedVotes = BTreeMap<String, BTreeMap<u128, u64>>;

fn wrong_result(rule: &'static str, what: impl Into<String>) -> Finding {
    Finding::about_whole_file(rule, "result.json", what)
}

/// Reads the result document; `None` if it is missing.
///
/// # Errors
/// [`AuditError::Wrong`] if it is not the document in the log, [`AuditError::Input`] if it cannot
/// be read.
pub fn read_sealed_result(
    folder: &Folder,
    sealed: [u8; 32],
) -> Result<Option<Vec<u8>>, AuditError> {
    let Some(bytes) = folder.read_file_if_present("result.json", DOCUMENT_BYTES)? else {
        return Ok(None);
    };
    if *Hash::sha256_of(&bytes).as_bytes() != sealed {
        return Err(wrong_result("result-hash", "not the document that the log names").into());
    }
    Ok(Some(bytes))
}

/// Checks that a result was decided by the sealed rules and counts their polls, in their order.
///
/// # Errors
/// The first difference.
pub fn check_sealed_rules(
    sealed: &DecidingRules,
    announced: &AnnouncedResult,
) -> Result<(), Finding> {
    if announced.rules != *sealed {
        let what = "decided by other rules than those that were sealed";
        return Err(wrong_result("result-rules", what));
    }
    let slugs = announced.polls.iter().map(|(slug, _)| slug);
    if slugs.eq(sealed.polls.iter().map(|poll| &poll.slug)) {
        Ok(())
    } else {
        Err(wrong_result("result-polls", "its polls are not those of the rulebook, in their order"))
    }
}

/// Checks that every case of the sealed papers is in the result, also one without votes, and that
/// the result has no other. Only if the panel alone decides may it have cases on no paper.
///
/// # Errors
/// The first case that is missing, too many, or has other polls than its papers.
pub fn check_result_cases(
    rules: &Rules,
    sealed: &DecidingRules,
    announced: &AnnouncedResult,
) -> Result<(), Finding> {
    let here: BTreeSet<u128> = announced.cases.iter().map(|case| case.id).collect();
    for poll in &rules.polls {
        let Some(paper) = &poll.paper else {
            let what = format!("poll {} has no list of its cases", poll.slug);
            return Err(Finding::about_whole_file("rulebook-form", "rulebook.json", what));
        };
        if let Some(case) = paper.iter().find(|case| !here.contains(case)) {
            let (case, slug) = (format_case_id(*case), &poll.slug);
            let what = format!("does not have case {case}, which is on the paper of poll {slug}");
            return Err(wrong_result("result-cases", what));
        }
    }
    for case in &announced.cases {
        let papers: Vec<&str> = polls_about_case(rules, case.id).collect();
        let id = format_case_id(case.id);
        if papers.is_empty() && !panel_decides_alone(sealed) {
            let what = format!("has case {id}, which is on no ballot paper");
            return Err(wrong_result("result-cases", what));
        }
        if !case.polls.iter().map(|poll| poll.slug.as_str()).eq(papers.iter().copied()) {
            let papers = papers.join(", ");
            let what = format!("case {id} is on the papers of {papers}, but has other polls");
            return Err(wrong_result("result-cases", what));
        }
    }
    Ok(())
}

/// Returns whether the votes weigh nothing. Then a case may be on no ballot paper.
pub fn panel_decides_alone(sealed: &DecidingRules) -> bool {
    sealed.panel.weight == Exact::from_number(1)
}

/// Returns the polls that have a case on their paper, in the order of the rulebook.
fn polls_about_case(rules: &Rules, case: u128) -> impl Iterator<Item = &str> {
    let polls = rules.polls.iter().filter(move |poll| {
        poll.paper.as_ref().is_some_and(|paper| paper.binary_search(&case).is_ok())
    });
    polls.map(|poll| poll.slug.as_str())
}

/// Computes the tally from the votes that were counted and the sheets of the result, and compares
/// every number. The votes of a poll that could not be counted are those of the result.
///
/// # Errors
/// The first number that is not the one of the result.
pub fn check_result_places(
    sealed: &DecidingRules,
    announced: &AnnouncedResult,
    counted: &CountedVotes,
) -> Result<(), Finding> {
    let ballots: BTreeMap<String, u64> = announced.polls.iter().cloned().collect();
    let inputs: Vec<CaseInput> =
        announced.cases.iter().map(|case| make_case_input(case, counted)).collect();
    let places = compute_places(sealed, &ballots, &inputs)
        .map_err(|what| wrong_result("result-input", what))?;
    check_quorum(sealed, announced)?;
    for (said, place) in announced.cases.iter().zip(&places) {
        check_sheet_order(said)?;
        compare_place(said, place)?;
    }
    Ok(())
}

/// Checks that the cases with fewer sheets than the quorum are those for which a reason is given.
fn check_quorum(sealed: &DecidingRules, announced: &AnnouncedResult) -> Result<(), Finding> {
    let quorum = sealed.panel.quorum;
    let sheets = |case: &AnnouncedCase| u32::try_from(case.sheets.len()).unwrap_or(u32::MAX);
    let counted = announced.cases.iter().map(|case| (case.id, sheets(case)));
    let mut below: Vec<(u128, u32)> = counted.filter(|(_, sheets)| *sheets < quorum).collect();
    below.sort_unstable();
    if below == announced.excepted {
        return Ok(());
    }
    let what = "the cases below the quorum of sheets are not those for which a reason is given";
    Err(wrong_result("result-quorum", what))
}

fn make_case_input(case: &AnnouncedCase, counted: &CountedVotes) -> CaseInput {
    let votes = case.polls.iter().map(|poll| {
        let known = counted.get(&poll.slug);
        let votes = known.map_or(poll.votes, |votes| votes.get(&case.id).copied().unwrap_or(0));
        (poll.slug.clone(), votes)
    });
    CaseInput {
        id: case.id,
        votes: votes.collect(),
        sheets: case.sheets.clone(),
        submitted_at: case.submitted_at,
    }
}

/// Checks that the sheets are sorted by their sums, then by their scores, so that their order does
/// not tell who wrote them.
fn check_sheet_order(case: &AnnouncedCase) -> Result<(), Finding> {
    let sum = |sheet: &[u32]| sheet.iter().map(|score| u64::from(*score)).sum::<u64>();
    if case.sheets.is_sorted_by(|one, next| (sum(one), one) <= (sum(next), next)) {
        return Ok(());
    }
    let what = format!("the sheets of case {} are not sorted", format_case_id(case.id));
    Err(wrong_result("result-ranks", what))
}

/// Compares everything that the result says about a case with what the tally gives at its place.
fn compare_place(said: &AnnouncedCase, place: &CasePlace) -> Result<(), Finding> {
    if said.id != place.id {
        let (said, place) = (format_case_id(said.id), format_case_id(place.id));
        let what = format!("has case {said} where the tally has case {place}");
        return Err(wrong_result("result-ranks", what));
    }
    for (poll, share) in said.polls.iter().zip(&place.polls) {
        let slug = &share.slug;
        compare_number(place.id, &format!("votes in poll {slug}"), poll.votes, share.votes)?;
        compare_number(place.id, &format!("points of poll {slug}"), &poll.points, &share.points)?;
    }
    compare_number(place.id, "judge points", &said.judge_points, &place.judge_points)?;
    let left_out = |sheets: Option<LeftOut>| match sheets {
        Some(sheets) => format!("{} and {}", sheets.lowest, sheets.highest),
        None => "none".to_owned(),
    };
    compare_number(place.id, "dropped sheets", left_out(said.dropped), left_out(place.dropped))?;
    compare_number(place.id, "total", &said.total, &place.total)?;
    compare_number(place.id, "rank", said.rank, place.rank)?;
    let rules = [said.tie_rule.as_deref(), place.tie_rule].map(|rule| rule.unwrap_or("none"));
    compare_number(place.id, "tie rule", rules[0], rules[1])?;
    let tier = |tier: Option<usize>| tier.map_or("none".to_owned(), |tier| tier.to_string());
    compare_number(place.id, "award", tier(said.tier), tier(place.tier))
}

/// Compares two numbers letter by letter.
fn compare_number(
    case: u128,
    name: &str,
    said: impl Display,
    computed: impl Display,
) -> Result<(), Finding> {
    let (said, computed) = (said.to_string(), computed.to_string());
    if said == computed {
        return Ok(());
    }
    let case = format_case_id(case);
    let what = format!("{name} of case {case}: it says {said}, the tally gives {computed}");
    Err(wrong_result("result-ranks", what))
}

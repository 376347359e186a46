//! The tally by docs/tally.md: from votes and sheets to points, ranks and awards. It is written a
//! second time here and shares no line with the server's, so that a mistake there is found.

mod order;
mod points;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::announced::LeftOut;
use crate::bytes::format_case_id;
use crate::exact::Exact;
use crate::rules::deciding::{DecidingPoll, DecidingRules, PicksBound};

/// The votes and sheets of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseInput {
    /// The case.
    pub id: u128,
    /// Its votes in each poll whose paper has it, by the poll's short name.
    pub votes: BTreeMap<String, u64>,
    /// The scores of each sheet.
    pub sheets: Vec<Vec<u32>>,
    /// When it was sent in.
    pub submitted_at: DateTime<Utc>,
}

/// The place of one case, and the numbers that put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePlace {
    /// The case.
    pub id: u128,
    /// What each poll gave it, in the order of the rulebook.
    pub polls: Vec<PollShare>,
    /// From 0 to 100.
    pub judge_points: Exact,
    /// The sheets that were left out.
    pub dropped: Option<LeftOut>,
    /// From 0 to 100.
    pub total: Exact,
    /// From 1.
    pub rank: u64,
    /// The rule that placed it among equal totals, in the words of the result document.
    pub tie_rule: Option<&'static str>,
    /// The place of its award in the rulebook, from 0.
    pub tier: Option<usize>,
}

/// What a poll gave a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollShare {
    /// The poll's short name.
    pub slug: String,
    /// The votes.
    pub votes: u64,
    /// From 0 to 100.
    pub points: Exact,
}

/// A case with its points, before it has a place.
struct Scored<'a> {
    input: &'a CaseInput,
    polls: Vec<PollShare>,
    /// The votes of all polls together.
    votes: u128,
    judge_points: Exact,
    dropped: Option<LeftOut>,
    total: Exact,
}

/// Computes the places of all cases, the best first. `ballots` has the number of ballots counted in
/// each poll. Cases of the same rank are in the order of their ids.
///
/// # Errors
/// A sentence that says which input no contest can have.
pub fn compute_places(
    rules: &DecidingRules,
    ballots: &BTreeMap<String, u64>,
    cases: &[CaseInput],
) -> Result<Vec<CasePlace>, String> {
    if let Some(fault) = rules.find_rule_fault() {
        return Err(fault.to_owned());
    }
    let mut measured = Vec::with_capacity(rules.polls.len());
    for poll in &rules.polls {
        let slug = &poll.slug;
        let ballots = ballots.get(slug).ok_or_else(|| format!("no ballots of poll {slug}"))?;
        check_poll_votes(poll, *ballots, cases)?;
        measured.push((poll, points::measure_poll(poll, *ballots, cases)));
    }
    for case in cases {
        check_case_input(rules, case)?;
    }
    let scored = cases.iter().map(|case| score_case(rules, &measured, case)).collect();
    Ok(order::place_cases(scored, &rules.awards))
}

/// Computes the points and the total of one case.
fn score_case<'a>(
    rules: &DecidingRules,
    measured: &[(&DecidingPoll, u128)],
    input: &'a CaseInput,
) -> Scored<'a> {
    let (judge_points, dropped) = points::compute_panel_points(rules, &input.sheets);
    let mut total = judge_points.clone() * rules.panel.weight.clone();
    let (mut polls, mut sum) = (Vec::new(), 0_u128);
    for (poll, measure) in measured {
        let Some(&votes) = input.votes.get(&poll.slug) else { continue };
        let points = points::compute_vote_points(votes, *measure);
        total = total + points.clone() * poll.weight.clone();
        sum += u128::from(votes);
        polls.push(PollShare { slug: poll.slug.clone(), votes, points });
    }
    Scored { input, polls, votes: sum, judge_points, dropped, total }
}

/// Checks that the ballots of a poll can hold its votes.
fn check_poll_votes(poll: &DecidingPoll, ballots: u64, cases: &[CaseInput]) -> Result<(), String> {
    let mut all = 0_u128;
    for case in cases {
        let votes = case.votes.get(&poll.slug).copied().unwrap_or(0);
        if votes > ballots {
            let case = format_case_id(case.id);
            return Err(format!("{votes} votes for case {case} in {ballots} ballots"));
        }
        all += u128::from(votes);
    }
    let held = |picks: u8| u128::from(ballots) * u128::from(picks);
    let slug = &poll.slug;
    match poll.picks {
        PicksBound::AtMost(picks) if all > held(picks) => {
            Err(format!("{all} votes in poll {slug}, but its ballots hold {} at most", held(picks)))
        }
        // A ballot without a pick is none.
        PicksBound::AtMost(_) if all < u128::from(ballots) => Err(format!(
            "{all} votes in poll {slug}, but its {ballots} ballots hold one each at least"
        )),
        PicksBound::Exactly(picks) if all != held(picks) => {
            Err(format!("{all} votes in poll {slug}, but its ballots hold {}", held(picks)))
        }
        PicksBound::AtMost(_) | PicksBound::Exactly(_) => Ok(()),
    }
}

/// Checks the sheets of one case, and that its polls and the panel weigh exactly 1.
fn check_case_input(rules: &DecidingRules, case: &CaseInput) -> Result<(), String> {
    let id = || format_case_id(case.id);
    if case.sheets.is_empty() {
        return Err(format!("case {} has no signed sheet", id()));
    }
    let rubric = &rules.panel.rubric;
    for sheet in &case.sheets {
        let fits = sheet.len() == rubric.len()
            && sheet.iter().zip(rubric).all(|(score, line)| *score <= line.max);
        if !fits {
            return Err(format!("a sheet of case {} does not follow the rubric", id()));
        }
    }
    let has_poll = |slug: &str| rules.polls.iter().any(|poll| poll.slug == slug);
    if let Some(slug) = case.votes.keys().find(|slug| !has_poll(slug)) {
        return Err(format!("case {} has votes in {slug}, which is not in the rulebook", id()));
    }
    let about = rules.polls.iter().filter(|poll| case.votes.contains_key(&poll.slug));
    let weight = about.fold(rules.panel.weight.clone(), |sum, poll| sum + poll.weight.clone());
    if weight == Exact::from_number(1) {
        Ok(())
    } else {
        Err(format!("the polls of case {} and the panel weigh {weight} together, not 1", id()))
    }
}

#[cfg(test)]
mod tests;

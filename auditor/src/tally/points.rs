//! Points from 0 to 100: those of a poll for its votes, those of the panel for its sheets.

use crate::announced::LeftOut;
use crate::exact::Exact;
use crate::rules::deciding::{Basis, DecidingPoll, DecidingRules, SheetMethod};

use super::CaseInput;

/// Returns the number that the votes of each case in this poll are divided by.
pub(super) fn measure_poll(poll: &DecidingPoll, ballots: u64, cases: &[CaseInput]) -> u128 {
    let votes =
        cases.iter().filter_map(|case| case.votes.get(&poll.slug)).map(|votes| u128::from(*votes));
    match poll.basis {
        Basis::ShareOfTop => votes.max().unwrap_or(0),
        Basis::ShareOfBallots => ballots.into(),
        Basis::ShareOfPicks => votes.sum(),
    }
}

/// Computes votes × 100 ÷ measure; 0 if nobody voted.
pub(super) fn compute_vote_points(votes: u64, measure: u128) -> Exact {
    Exact::divide_numbers(u128::from(votes) * 100, measure).unwrap_or_else(|| Exact::from_number(0))
}

/// Computes the panel's number × 100 ÷ the rubric's greatest sum, and the sheets that were left
/// out. There is at least one sheet.
pub(super) fn compute_panel_points(
    rules: &DecidingRules,
    sheets: &[Vec<u32>],
) -> (Exact, Option<LeftOut>) {
    let sums: Vec<u128> =
        sheets.iter().map(|sheet| sheet.iter().map(|score| u128::from(*score)).sum()).collect();
    let mut sorted = sums.clone();
    sorted.sort_unstable();
    let (kept, dropped) = match rules.panel.method {
        SheetMethod::Mean => (sorted.as_slice(), None),
        SheetMethod::Median => (keep_middle_sums(&sorted), None),
        SheetMethod::TrimmedMean => match sorted.as_slice() {
            [lowest, kept @ .., highest] if !kept.is_empty() => {
                (kept, find_left_out(&sums, *lowest, *highest))
            }
            few => (few, None),
        },
    };
    let whole = kept.len() as u128 * u128::from(rules.highest_sheet_sum());
    let points = Exact::divide_numbers(kept.iter().sum::<u128>() * 100, whole);
    (points.unwrap_or_else(|| Exact::from_number(0)), dropped)
}

/// Returns the middle one of sorted sums, or the middle two.
fn keep_middle_sums(mut sorted: &[u128]) -> &[u128] {
    while let [_, middle @ .., _] = sorted
        && !middle.is_empty()
    {
        sorted = middle;
    }
    sorted
}

/// Finds the first sheet of the lowest sum and the last sheet of the highest.
fn find_left_out(sums: &[u128], lowest: u128, highest: u128) -> Option<LeftOut> {
    Some(LeftOut {
        lowest: sums.iter().position(|sum| *sum == lowest)?,
        highest: sums.iter().rposition(|sum| *sum == highest)?,
    })
}

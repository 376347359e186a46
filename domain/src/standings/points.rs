//! Poll points and judge points of one case, each from 0 to 100.

use serde::{Deserialize, Serialize};

use crate::rulebook::{Criterion, Fraction, PanelMethod, PointsBasis, Rulebook};

/// The two sheets that a trimmed mean leaves out, by their place in the list of sheets. Among equal
/// sheets the first counts as the lowest and the last as the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DroppedSheets {
    /// The lowest.
    pub lowest: usize,
    /// The highest.
    pub highest: usize,
}

/// The number that the votes of a case are divided by.
pub(super) struct PollScale(u64);

impl PollScale {
    /// Makes the scale of a poll; `votes` has the votes of each case on its paper.
    pub(super) fn from_basis(
        basis: PointsBasis,
        ballots: u64,
        votes: impl Iterator<Item = u64>,
    ) -> Self {
        Self(match basis {
            PointsBasis::ShareOfTop => votes.max().unwrap_or(0),
            PointsBasis::ShareOfBallots => ballots,
            // Saturates only above 2^64 votes; the check against the ballots has refused those
            // before.
            PointsBasis::ShareOfPicks => votes.fold(0, u64::saturating_add),
        })
    }

    /// Returns the points of a case with these votes; 0 if the scale is 0.
    pub(super) fn points_of_votes(&self, votes: u64) -> Fraction {
        let hundredfold = Fraction::from_whole(votes) * Fraction::from_whole(100);
        hundredfold.divide_by(self.0).unwrap_or_else(Fraction::zero)
    }
}

/// Checks that a sheet has one score for each criterion and that no score is above its maximum.
pub(super) fn sheet_follows_rubric(rubric: &[Criterion], sheet: &[u32]) -> bool {
    sheet.len() == rubric.len() && sheet.iter().zip(rubric).all(|(score, rule)| *score <= rule.max)
}

/// Returns the judge points of one case, 0 to 100, and the sheets that were left out.
pub(super) fn compute_judge_points(
    rules: &Rulebook,
    sheets: &[Vec<u32>],
) -> (Fraction, Option<DroppedSheets>) {
    let totals: Vec<u64> =
        sheets.iter().map(|sheet| sheet.iter().copied().map(u64::from).sum()).collect();
    let (sum, count, dropped) = match rules.panel.method {
        PanelMethod::Mean => (totals.iter().sum(), count_totals(&totals), None),
        PanelMethod::Median => {
            let (sum, count) = sum_middle_totals(&totals);
            (sum, count, None)
        }
        PanelMethod::TrimmedMean => sum_trimmed_totals(&totals),
    };
    let hundredfold = Fraction::from_whole(sum) * Fraction::from_whole(100);
    let points =
        hundredfold.divide_by(count).and_then(|mean| mean.divide_by(rules.max_sheet_points()));
    (points.unwrap_or_else(Fraction::zero), dropped)
}

/// Returns the sum and the count of the middle one or two totals.
fn sum_middle_totals(totals: &[u64]) -> (u64, u64) {
    let mut sorted = totals.to_vec();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    let middle = if sorted.len().is_multiple_of(2) {
        &sorted[half.saturating_sub(1)..(half + 1).min(sorted.len())]
    } else {
        &sorted[half..=half]
    };
    (middle.iter().sum(), count_totals(middle))
}

/// Returns the sum and the count without exactly one lowest and one highest total, if there are
/// three totals or more.
fn sum_trimmed_totals(totals: &[u64]) -> (u64, u64, Option<DroppedSheets>) {
    let places = || totals.iter().enumerate();
    // `min_by_key` finds the first and `max_by_key` the last, so equal totals never give the same
    // place twice.
    let lowest = places().min_by_key(|(_, total)| **total);
    let highest = places().max_by_key(|(_, total)| **total);
    match (lowest, highest) {
        (Some((lowest, least)), Some((highest, most))) if totals.len() >= 3 => {
            let sum = totals.iter().sum::<u64>() - least - most;
            (sum, count_totals(totals) - 2, Some(DroppedSheets { lowest, highest }))
        }
        _ => (totals.iter().sum(), count_totals(totals), None),
    }
}

fn count_totals(totals: &[u64]) -> u64 {
    u64::try_from(totals.len()).unwrap_or(u64::MAX)
}

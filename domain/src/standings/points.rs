//! Poll points and judge points of one case, each from 0 to 100.

use serde::{Deserialize, Serialize};

use crate::rulebook::{Basis, Criterion, Fraction, Method, Rulebook};

/// The two sheets that a trimmed mean leaves out, by their place in the list of sheets. Of equal
/// sheets the first counts as the lowest and the last as the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// The lowest.
    pub lowest: usize,
    /// The highest.
    pub highest: usize,
}

/// What one vote of a poll is measured by.
pub(super) struct PollScale(u64);

impl PollScale {
    /// `votes` are those of each case on the poll's paper.
    pub(super) fn new(basis: Basis, ballots: u64, votes: impl Iterator<Item = u64>) -> Self {
        Self(match basis {
            Basis::ShareOfTop => votes.max().unwrap_or(0),
            Basis::ShareOfBallots => ballots,
            // Saturates only above 2^64 votes, where the check of ballots has refused already.
            Basis::ShareOfPicks => votes.fold(0, u64::saturating_add),
        })
    }

    /// 0 where nobody voted at all.
    pub(super) fn points(&self, votes: u64) -> Fraction {
        let hundredfold = Fraction::whole(votes) * Fraction::whole(100);
        hundredfold.over(self.0).unwrap_or_else(Fraction::zero)
    }
}

/// Whether a sheet has one score for each criterion, none above its greatest.
pub(super) fn keeps_to(rubric: &[Criterion], sheet: &[u32]) -> bool {
    sheet.len() == rubric.len() && sheet.iter().zip(rubric).all(|(score, rule)| *score <= rule.max)
}

/// The panel's number for one case, scaled to 100, and the sheets it left out.
pub(super) fn judge_points(rules: &Rulebook, sheets: &[Vec<u32>]) -> (Fraction, Option<Dropped>) {
    let totals: Vec<u64> =
        sheets.iter().map(|sheet| sheet.iter().copied().map(u64::from).sum()).collect();
    let (sum, count, dropped) = match rules.panel.method {
        Method::Mean => (totals.iter().sum(), count(&totals), None),
        Method::Median => {
            let (sum, count) = middle(&totals);
            (sum, count, None)
        }
        Method::TrimmedMean => trimmed(&totals),
    };
    let hundredfold = Fraction::whole(sum) * Fraction::whole(100);
    let points = hundredfold.over(count).and_then(|mean| mean.over(rules.rubric_total()));
    (points.unwrap_or_else(Fraction::zero), dropped)
}

/// The middle one or two totals as sum and count.
fn middle(totals: &[u64]) -> (u64, u64) {
    let mut sorted = totals.to_vec();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    let middle = if sorted.len().is_multiple_of(2) {
        &sorted[half.saturating_sub(1)..(half + 1).min(sorted.len())]
    } else {
        &sorted[half..=half]
    };
    (middle.iter().sum(), count(middle))
}

/// Sum and count without exactly one lowest and one highest, from three totals on.
fn trimmed(totals: &[u64]) -> (u64, u64, Option<Dropped>) {
    let places = || totals.iter().enumerate();
    // `min_by_key` finds the first, `max_by_key` the last: never the same among equals.
    let lowest = places().min_by_key(|(_, total)| **total);
    let highest = places().max_by_key(|(_, total)| **total);
    match (lowest, highest) {
        (Some((lowest, least)), Some((highest, most))) if totals.len() >= 3 => {
            let sum = totals.iter().sum::<u64>() - least - most;
            (sum, count(totals) - 2, Some(Dropped { lowest, highest }))
        }
        _ => (totals.iter().sum(), count(totals), None),
    }
}

fn count(totals: &[u64]) -> u64 {
    u64::try_from(totals.len()).unwrap_or(u64::MAX)
}

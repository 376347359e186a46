//! From votes and signed sheets to ranks and awards, in exact fractions from end to end.
//!
//! Points of both kinds run from 0 to 100; the total is their weighted sum. A rank counts how many
//! cases stand strictly above, plus one (1, 2, 2, 4). The order of the input changes nothing.

mod points;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::CaseId;
use crate::rulebook::{Fraction, Rulebook, RulebookProblem, Tier};
use crate::schedule::Instant;

pub use points::Dropped;

/// What is known of one case when the counting starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The case.
    pub case: CaseId,
    /// The ballots that name it.
    pub votes: u64,
    /// The scores of each signed sheet, in the order of the rubric.
    pub sheets: Vec<Vec<u32>>,
    /// When it was sent in; the last rule between equal cases.
    pub submitted_at: Instant,
}

/// Where one case stands, and everything that put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The case.
    pub case: CaseId,
    /// From 1; cases that nothing tells apart share a rank.
    pub rank: u32,
    /// The ballots that name it.
    pub votes: u64,
    /// 0 to 100.
    pub poll_points: Fraction,
    /// 0 to 100.
    pub judge_points: Fraction,
    /// The sheets that a trimmed mean left out, by their place in [`Entry::sheets`].
    pub dropped: Option<Dropped>,
    /// 0 to 100.
    pub total: Fraction,
    /// For a case whose total another case has too: the last rule it took to place it.
    pub tie_rule: Option<TieRule>,
    /// The tier it is awarded, as a place in the rulebook's awards.
    pub tier: Option<usize>,
}

/// The chain that tells cases of the same total apart, in its order. Lots are not drawn yet: cases
/// equal in all of this share their rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieRule {
    /// More judge points.
    JudgePoints,
    /// More votes.
    Votes,
    /// Sent in earlier.
    EarlierSubmission,
    /// Nothing tells them apart; the rank is shared.
    Shared,
}

/// Why there are no standings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum StandingsProblem {
    /// The rules cannot decide a contest.
    #[error("the rulebook cannot decide a contest")]
    Rulebook(Vec<RulebookProblem>),
    /// These cases have no signed sheet.
    #[error("cases without a signed sheet")]
    NotScored(Vec<CaseId>),
    /// A sheet of this case does not keep to the rubric.
    #[error("a sheet does not keep to the rubric")]
    BadSheet(CaseId),
    /// This case stands in the list twice.
    #[error("a case stands in the list twice")]
    Twice(CaseId),
    /// A case has more votes than there are ballots.
    #[error("a case has more votes than there are ballots")]
    MoreVotesThanBallots(CaseId),
    /// More votes than the ballots can hold (1,274 ballots of three picks hold 3,822).
    #[error("{votes} votes, but the ballots hold at most {most}")]
    TooManyVotes {
        /// All votes together.
        votes: u128,
        /// Ballots times picks.
        most: u128,
    },
}

/// Ranks all cases of an edition and hands the tiers down. `ballots` is the number of ballots
/// counted.
///
/// Tiers go down in the order of rank. A rank that is shared at a tier's edge enlarges that tier;
/// the tiers below keep their own counts, so nobody loses an award to somebody else's tie.
///
/// # Errors
/// [`StandingsProblem`]: the input is checked whole, because it may come from a published file.
pub fn standings(
    rules: &Rulebook,
    ballots: u64,
    entries: &[Entry],
) -> Result<Vec<Standing>, StandingsProblem> {
    check(rules, ballots, entries)?;
    let scale = points::PollScale::new(rules.polls[0].basis, ballots, entries);
    let mut rows: Vec<Row> = entries
        .iter()
        .map(|entry| {
            let (judge_points, dropped) = points::judge_points(rules, &entry.sheets);
            let poll_points = scale.points(entry.votes);
            let total = poll_points.clone() * rules.polls[0].weight.clone()
                + judge_points.clone() * rules.panel.weight.clone();
            Row { entry, poll_points, judge_points, dropped, total }
        })
        .collect();
    // The id only settles the order in which equals are listed.
    rows.sort_by(|a, b| a.order(b).then_with(|| a.entry.case.cmp(&b.entry.case)));
    let ranks = ranks(&rows);
    let tiers = tiers(&rules.awards, &ranks);
    let ties = (0..rows.len()).map(|place| tie_rule(&rows, place)).collect::<Vec<_>>();
    let placed = rows.into_iter().zip(ranks).zip(tiers).zip(ties);
    Ok(placed.map(|(((row, rank), tier), tie_rule)| row.placed(rank, tier, tie_rule)).collect())
}

struct Row<'a> {
    entry: &'a Entry,
    poll_points: Fraction,
    judge_points: Fraction,
    dropped: Option<Dropped>,
    total: Fraction,
}

impl Row<'_> {
    /// `Less` is the better place.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        (other.total.cmp(&self.total))
            .then_with(|| other.judge_points.cmp(&self.judge_points))
            .then_with(|| other.entry.votes.cmp(&self.entry.votes))
            .then_with(|| self.entry.submitted_at.cmp(&other.entry.submitted_at))
    }

    /// The rule that tells two cases of the same total apart; `None` for different totals.
    fn rule_between(&self, other: &Self) -> Option<TieRule> {
        if self.total != other.total {
            None
        } else if self.judge_points != other.judge_points {
            Some(TieRule::JudgePoints)
        } else if self.entry.votes != other.entry.votes {
            Some(TieRule::Votes)
        } else if self.entry.submitted_at != other.entry.submitted_at {
            Some(TieRule::EarlierSubmission)
        } else {
            Some(TieRule::Shared)
        }
    }

    fn placed(self, rank: u32, tier: Option<usize>, tie_rule: Option<TieRule>) -> Standing {
        Standing {
            case: self.entry.case,
            rank,
            votes: self.entry.votes,
            poll_points: self.poll_points,
            judge_points: self.judge_points,
            dropped: self.dropped,
            total: self.total,
            tie_rule,
            tier,
        }
    }
}

fn ranks(rows: &[Row<'_>]) -> Vec<u32> {
    let mut ranks: Vec<u32> = Vec::with_capacity(rows.len());
    let mut rank = 0;
    for (place, next) in (1..).zip(rows) {
        let shared = ranks.len().checked_sub(1).is_some_and(|last| rows[last].order(next).is_eq());
        if !shared {
            rank = place;
        }
        ranks.push(rank);
    }
    ranks
}

/// The last rule needed against the neighbours above and below.
fn tie_rule(rows: &[Row<'_>], place: usize) -> Option<TieRule> {
    let above = place.checked_sub(1).and_then(|above| rows[above].rule_between(&rows[place]));
    let below = rows.get(place + 1).and_then(|below| below.rule_between(&rows[place]));
    above.max(below)
}

/// The tier of each place, for ranks in their order.
fn tiers(awards: &[Tier], ranks: &[u32]) -> Vec<Option<usize>> {
    let mut tiers = Vec::with_capacity(ranks.len());
    let (mut tier, mut given) = (0, 0);
    for (place, rank) in ranks.iter().enumerate() {
        let shared = place > 0 && ranks[place - 1] == *rank;
        if !shared && awards.get(tier).is_some_and(|award| given >= award.count) {
            (tier, given) = (tier + 1, 0);
        }
        given += 1;
        tiers.push((tier < awards.len()).then_some(tier));
    }
    tiers
}

fn check(rules: &Rulebook, ballots: u64, entries: &[Entry]) -> Result<(), StandingsProblem> {
    rules.check().map_err(StandingsProblem::Rulebook)?;
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(entry.case) {
            return Err(StandingsProblem::Twice(entry.case));
        }
        if entry.votes > ballots {
            return Err(StandingsProblem::MoreVotesThanBallots(entry.case));
        }
        if !entry.sheets.iter().all(|sheet| points::keeps_to(&rules.panel.rubric, sheet)) {
            return Err(StandingsProblem::BadSheet(entry.case));
        }
    }
    let votes: u128 = entries.iter().map(|entry| u128::from(entry.votes)).sum();
    let most = u128::from(ballots) * u128::from(rules.polls[0].picks.most());
    if votes > most {
        return Err(StandingsProblem::TooManyVotes { votes, most });
    }
    let not_scored: Vec<CaseId> =
        entries.iter().filter(|entry| entry.sheets.is_empty()).map(|entry| entry.case).collect();
    if not_scored.is_empty() { Ok(()) } else { Err(StandingsProblem::NotScored(not_scored)) }
}

#[cfg(test)]
mod tests;

//! From votes and signed sheets to ranks and awards, in exact fractions throughout.
//!
//! Points are from 0 to 100, for each poll and for the panel; the total is their weighted sum. A
//! rank is one more than the number of cases that are strictly better (1, 2, 2, 4). The order of
//! the input changes nothing.

mod points;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::CaseId;
use crate::rulebook::{Fraction, PicksRule, PollRules, Rulebook, RulebookProblem, Tier};
use crate::schedule::Instant;

pub use points::DroppedSheets;

/// A number for each poll, by its short name.
pub type CountByPoll = BTreeMap<String, u64>;

/// The votes and sheets of one case before the counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTally {
    /// The case.
    pub case: CaseId,
    /// The number of ballots that name the case, for each poll that has it on its ballot paper,
    /// even if it is 0.
    pub votes: CountByPoll,
    /// The scores of each signed sheet, in the order of the rubric.
    pub sheets: Vec<Vec<u32>>,
    /// When it was sent in. This is the last rule that separates equal cases.
    pub submitted_at: Instant,
}

/// The place of one case, and everything that decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The case.
    pub case: CaseId,
    /// The rank, from 1; cases that no rule separates share a rank.
    pub rank: u32,
    /// What each poll gave it, in the order of the rulebook; only the polls that have the case on
    /// their ballot paper.
    pub polls: Vec<PollPoints>,
    /// From 0 to 100.
    pub judge_points: Fraction,
    /// The sheets that a trimmed mean left out, by their place in [`CaseTally::sheets`].
    pub dropped: Option<DroppedSheets>,
    /// From 0 to 100.
    pub total: Fraction,
    /// The last rule that was needed to place it, if another case has the same total.
    pub tie_rule: Option<TieRule>,
    /// The tier that it is awarded, as an index into the rulebook's awards.
    pub tier: Option<usize>,
}

/// What a poll gave a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollPoints {
    /// The poll, by its short name.
    pub slug: String,
    /// The number of ballots of this poll that name the case.
    pub votes: u64,
    /// From 0 to 100.
    pub points: Fraction,
}

/// The rules that separate cases with the same total, in their order. Lots are not drawn yet: cases
/// that are equal under all rules share their rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieRule {
    /// More judge points.
    JudgePoints,
    /// More votes in all polls together, each vote counted as one.
    Votes,
    /// Sent in earlier.
    EarlierSubmission,
    /// No rule separates them; the rank is shared.
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
    /// A sheet of this case does not follow the rubric.
    #[error("a sheet does not keep to the rubric")]
    BadSheet(CaseId),
    /// This case is in the list twice.
    #[error("a case is in the list twice")]
    Twice(CaseId),
    /// Ballots or votes are given for a poll that is not in the rulebook, or a poll of the rulebook
    /// has no number of ballots.
    #[error("the polls are not those of the rulebook")]
    Polls,
    /// The weights of this case's polls and of the panel do not sum to exactly 1.
    #[error("the weights of a case do not sum to 1")]
    Weights(CaseId),
    /// A case has more votes than its poll has ballots.
    #[error("a case has more votes than there are ballots")]
    MoreVotesThanBallots(CaseId),
    /// More votes than the ballots of a poll can hold (1,274 ballots of three picks hold 3,822).
    #[error("poll {poll}: {votes} votes, but the ballots hold at most {most}")]
    TooManyVotes {
        /// The poll, by its short name.
        poll: String,
        /// All its votes together.
        votes: u128,
        /// Ballots times picks.
        most: u128,
    },
    /// Fewer votes than the ballots of a poll hold: each names at least one case, or an exact number.
    #[error("poll {poll}: {votes} votes, but the ballots hold at least {least}")]
    TooFewVotes {
        /// The poll, by its short name.
        poll: String,
        /// All its votes together.
        votes: u128,
        /// Ballots times the fewest picks of a ballot.
        least: u128,
    },
}

/// Ranks all cases of an edition and assigns the tiers. `ballots` is the number of ballots counted
/// in each poll.
///
/// A poll gives points only to the cases on its own paper, measured by its own ballots. The total
/// of a case is the weighted sum over its polls and the panel, whose weights sum to exactly 1.
///
/// Tiers are assigned in the order of rank. If several cases share the rank at the end of a tier,
/// that tier grows. The tiers below keep their own counts, so nobody loses an award because of
/// other people's tie.
///
/// # Errors
/// Returns [`StandingsProblem`]. The whole input is checked, because it may come from a published
/// file.
pub fn rank_cases(
    rules: &Rulebook,
    ballots: &CountByPoll,
    entries: &[CaseTally],
) -> Result<Vec<Standing>, StandingsProblem> {
    check_standings_input(rules, ballots, entries)?;
    let scales: Vec<ScaledPoll<'_>> = rules
        .polls
        .iter()
        .map(|poll| {
            let votes = entries.iter().filter_map(|entry| entry.votes.get(&poll.slug).copied());
            let ballots = ballots.get(&poll.slug).copied().unwrap_or_default();
            (poll, points::PollScale::from_basis(poll.basis, ballots, votes))
        })
        .collect();
    let mut rows: Vec<ScoredCase> =
        entries.iter().map(|entry| score_case(rules, &scales, entry)).collect();
    // The id decides only the order in which equal cases are listed.
    rows.sort_by(|a, b| a.compare_places(b).then_with(|| a.entry.case.cmp(&b.entry.case)));
    let ranks = assign_ranks(&rows);
    let tiers = assign_tiers(&rules.awards, &ranks);
    let ties = (0..rows.len()).map(|place| tie_rule_at(&rows, place)).collect::<Vec<_>>();
    let placed = rows.into_iter().zip(ranks).zip(tiers).zip(ties);
    Ok(placed
        .map(|(((row, rank), tier), tie_rule)| row.into_standing(rank, tier, tie_rule))
        .collect())
}

/// A poll with the scale of its votes.
type ScaledPoll<'a> = (&'a PollRules, points::PollScale);

fn score_case<'a>(
    rules: &Rulebook,
    scales: &[ScaledPoll<'_>],
    entry: &'a CaseTally,
) -> ScoredCase<'a> {
    let (judge_points, dropped) = points::compute_judge_points(rules, &entry.sheets);
    let mut total = judge_points.clone() * rules.panel.weight.clone();
    let mut polls = Vec::with_capacity(entry.votes.len());
    for (poll, scale) in scales {
        let Some(&votes) = entry.votes.get(&poll.slug) else { continue };
        let points = scale.points_of_votes(votes);
        total = total + points.clone() * poll.weight.clone();
        polls.push(PollPoints { slug: poll.slug.clone(), votes, points });
    }
    let votes = entry.votes.values().copied().map(u128::from).sum();
    ScoredCase { entry, votes, polls, judge_points, dropped, total }
}

struct ScoredCase<'a> {
    entry: &'a CaseTally,
    /// The votes of all polls together.
    votes: u128,
    polls: Vec<PollPoints>,
    judge_points: Fraction,
    dropped: Option<DroppedSheets>,
    total: Fraction,
}

impl ScoredCase<'_> {
    /// Compares two rows; `Less` is the better place.
    fn compare_places(&self, other: &Self) -> std::cmp::Ordering {
        (other.total.cmp(&self.total))
            .then_with(|| other.judge_points.cmp(&self.judge_points))
            .then_with(|| other.votes.cmp(&self.votes))
            .then_with(|| self.entry.submitted_at.cmp(&other.entry.submitted_at))
    }

    /// Returns the rule that separates two cases of the same total; `None` for different totals.
    fn tie_rule_between(&self, other: &Self) -> Option<TieRule> {
        if self.total != other.total {
            None
        } else if self.judge_points != other.judge_points {
            Some(TieRule::JudgePoints)
        } else if self.votes != other.votes {
            Some(TieRule::Votes)
        } else if self.entry.submitted_at != other.entry.submitted_at {
            Some(TieRule::EarlierSubmission)
        } else {
            Some(TieRule::Shared)
        }
    }

    fn into_standing(self, rank: u32, tier: Option<usize>, tie_rule: Option<TieRule>) -> Standing {
        Standing {
            case: self.entry.case,
            rank,
            polls: self.polls,
            judge_points: self.judge_points,
            dropped: self.dropped,
            total: self.total,
            tie_rule,
            tier,
        }
    }
}

fn assign_ranks(rows: &[ScoredCase<'_>]) -> Vec<u32> {
    let mut ranks: Vec<u32> = Vec::with_capacity(rows.len());
    let mut rank = 0;
    for (place, next) in (1..).zip(rows) {
        let shared =
            ranks.len().checked_sub(1).is_some_and(|last| rows[last].compare_places(next).is_eq());
        if !shared {
            rank = place;
        }
        ranks.push(rank);
    }
    ranks
}

/// Returns the last rule that was needed to separate a case from its neighbours above and below.
fn tie_rule_at(rows: &[ScoredCase<'_>], place: usize) -> Option<TieRule> {
    let above = place.checked_sub(1).and_then(|above| rows[above].tie_rule_between(&rows[place]));
    let below = rows.get(place + 1).and_then(|below| below.tie_rule_between(&rows[place]));
    above.max(below)
}

/// Returns the tier of each place; `assign_ranks` is in ascending order.
fn assign_tiers(awards: &[Tier], ranks: &[u32]) -> Vec<Option<usize>> {
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

fn check_standings_input(
    rules: &Rulebook,
    ballots: &CountByPoll,
    entries: &[CaseTally],
) -> Result<(), StandingsProblem> {
    rules.check_rules().map_err(StandingsProblem::Rulebook)?;
    if ballots.len() != rules.polls.len()
        || !rules.polls.iter().all(|poll| ballots.contains_key(&poll.slug))
    {
        return Err(StandingsProblem::Polls);
    }
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(entry.case) {
            return Err(StandingsProblem::Twice(entry.case));
        }
        if !entry
            .sheets
            .iter()
            .all(|sheet| points::sheet_follows_rubric(&rules.panel.rubric, sheet))
        {
            return Err(StandingsProblem::BadSheet(entry.case));
        }
        check_case_polls(rules, ballots, entry)?;
    }
    for poll in &rules.polls {
        check_poll_votes(poll, ballots.get(&poll.slug).copied().unwrap_or_default(), entries)?;
    }
    let not_scored: Vec<CaseId> =
        entries.iter().filter(|entry| entry.sheets.is_empty()).map(|entry| entry.case).collect();
    if not_scored.is_empty() { Ok(()) } else { Err(StandingsProblem::NotScored(not_scored)) }
}

/// Checks that the polls of one case are known and that their weights and the panel's sum to 1.
fn check_case_polls(
    rules: &Rulebook,
    ballots: &CountByPoll,
    entry: &CaseTally,
) -> Result<(), StandingsProblem> {
    for (poll, votes) in &entry.votes {
        match ballots.get(poll) {
            None => return Err(StandingsProblem::Polls),
            Some(ballots) if votes > ballots => {
                return Err(StandingsProblem::MoreVotesThanBallots(entry.case));
            }
            Some(_) => {}
        }
    }
    let about = rules.polls.iter().filter(|poll| entry.votes.contains_key(&poll.slug));
    if rules.sum_weights_with_panel(about) == Fraction::one() {
        Ok(())
    } else {
        Err(StandingsProblem::Weights(entry.case))
    }
}

/// Checks that the ballots of one poll can hold its votes.
fn check_poll_votes(
    poll: &PollRules,
    ballots: u64,
    entries: &[CaseTally],
) -> Result<(), StandingsProblem> {
    let votes = entries.iter().filter_map(|entry| entry.votes.get(&poll.slug));
    let votes: u128 = votes.copied().map(u128::from).sum();
    let bound = |picks: u8| u128::from(ballots) * u128::from(picks);
    let (least, most) = match poll.picks {
        // A ballot without a pick is none.
        PicksRule::AtMost(picks) => (u128::from(ballots), bound(picks)),
        PicksRule::Exactly(picks) => (bound(picks), bound(picks)),
    };
    let slug = || poll.slug.clone();
    if votes > most {
        return Err(StandingsProblem::TooManyVotes { poll: slug(), votes, most });
    }
    if votes < least {
        return Err(StandingsProblem::TooFewVotes { poll: slug(), votes, least });
    }
    Ok(())
}

#[cfg(test)]
mod tests;

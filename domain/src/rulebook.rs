//! The rules of one edition as data: how many picks, how the vote and the panel weigh, which
//! criteria, which awards. Its JSON is the form of the season file.

mod fraction;
mod poll;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::Bilingual;

pub use fraction::{BadFraction, Fraction};
pub use poll::{Basis, Channel, Eligibility, Identity, Openings, Paper, PicksRule, PollRules};

/// Everything that decides a result, apart from ballots and sheets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// The public votes, in the order in which they are shown; at least one.
    pub polls: Vec<PollRules>,
    /// The panel of judges.
    pub panel: PanelRules,
    /// The tiers of award, the highest first.
    pub awards: Vec<Tier>,
}

/// The rules of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelRules {
    /// The share of the judge points in the total.
    pub weight: Fraction,
    /// How many sheets become one number.
    pub method: Method,
    /// The criteria, in the order of the sheet.
    pub rubric: Vec<Criterion>,
    /// How many judges are to score each case.
    pub judges: u32,
}

/// How many sheets become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The mean of all sheets.
    Mean,
    /// The middle sheet; of an even number, the mean of the middle two.
    Median,
    /// The mean without one highest and one lowest sheet, from three sheets on: the usual
    /// practice of Korean panels (최고·최저점 각 1개 제외), only one each even if several are equal.
    TrimmedMean,
}

/// One line of a score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What is scored.
    pub name: Bilingual,
    /// The greatest score in points, 1 to [`limits::CRITERION_MAX`]; the least is 0.
    pub max: u32,
}

/// A kind of award (훈격).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name.
    pub tier: Bilingual,
    /// How many are given, at least 1.
    pub count: u32,
}

/// Why a rulebook cannot decide a contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RulebookProblem {
    /// The weights of poll and panel do not sum to exactly 1.
    #[error("the weights sum to {sum}, not to 1")]
    WeightsSum {
        /// Their sum as a fraction.
        sum: String,
    },
    /// The poll's weight is finer than 1/[`limits::WEIGHT_DENOMINATOR`].
    #[error("the poll's weight is too fine")]
    PollWeightTooFine,
    /// The panel's weight is finer than 1/[`limits::WEIGHT_DENOMINATOR`].
    #[error("the panel's weight is too fine")]
    PanelWeightTooFine,
    /// Not 1 to `max` picks.
    #[error("picks must be 1 to {max}")]
    Picks {
        /// The most that is possible.
        max: u8,
    },
    /// Not 1 to `max` criteria.
    #[error("a rubric needs 1 to {max} criteria")]
    Rubric {
        /// The most that is possible.
        max: usize,
    },
    /// A criterion does not have 1 to `max` points.
    #[error("criterion {criterion} needs 1 to {max} points")]
    Points {
        /// Which criterion, from 0.
        criterion: usize,
        /// The most that is possible.
        max: u32,
    },
    /// Not 1 to `max` judges.
    #[error("a panel needs 1 to {max} judges")]
    Judges {
        /// The most that is possible.
        max: u32,
    },
    /// More than `max` tiers, or none.
    #[error("there must be 1 to {max} tiers")]
    Tiers {
        /// The most that is possible.
        max: usize,
    },
    /// A tier is not given 1 to `max` times.
    #[error("tier {tier} must be given 1 to {max} times")]
    TierCount {
        /// Which tier, from 0.
        tier: usize,
        /// The most that is possible.
        max: u32,
    },
}

impl Rulebook {
    /// Whether these rules can decide a contest.
    ///
    /// # Errors
    /// Every [`RulebookProblem`] there is.
    pub fn check(&self) -> Result<(), Vec<RulebookProblem>> {
        let mut problems = self.poll_problems();
        problems.extend(self.panel_problems());
        problems.extend(self.award_problems());
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The greatest sum of one sheet, in points.
    pub fn rubric_total(&self) -> u64 {
        self.panel.rubric.iter().map(|criterion| u64::from(criterion.max)).sum()
    }

    fn poll_problems(&self) -> Vec<RulebookProblem> {
        let mut problems = Vec::new();
        let weights = self.polls.iter().map(|poll| poll.weight.clone());
        let sum = weights.fold(self.panel.weight.clone(), |sum, weight| sum + weight);
        if sum != Fraction::one() {
            problems.push(RulebookProblem::WeightsSum { sum: sum.to_string() });
        }
        for poll in &self.polls {
            if poll.weight.is_finer_than(limits::WEIGHT_DENOMINATOR) {
                problems.push(RulebookProblem::PollWeightTooFine);
            }
            if !poll.picks.is_possible() {
                problems.push(RulebookProblem::Picks { max: limits::MAX_PICKS });
            }
        }
        problems
    }

    fn panel_problems(&self) -> Vec<RulebookProblem> {
        let mut problems = Vec::new();
        let panel = &self.panel;
        if panel.weight.is_finer_than(limits::WEIGHT_DENOMINATOR) {
            problems.push(RulebookProblem::PanelWeightTooFine);
        }
        if !(1..=limits::CRITERIA).contains(&panel.rubric.len()) {
            problems.push(RulebookProblem::Rubric { max: limits::CRITERIA });
        }
        for (criterion, rule) in panel.rubric.iter().enumerate() {
            if !(1..=limits::CRITERION_MAX).contains(&rule.max) {
                let max = limits::CRITERION_MAX;
                problems.push(RulebookProblem::Points { criterion, max });
            }
        }
        if !(1..=limits::JUDGES).contains(&panel.judges) {
            problems.push(RulebookProblem::Judges { max: limits::JUDGES });
        }
        problems
    }

    fn award_problems(&self) -> Vec<RulebookProblem> {
        let mut problems = Vec::new();
        if !(1..=limits::TIERS).contains(&self.awards.len()) {
            problems.push(RulebookProblem::Tiers { max: limits::TIERS });
        }
        for (tier, award) in self.awards.iter().enumerate() {
            if !(1..=limits::TIER_COUNT).contains(&award.count) {
                problems.push(RulebookProblem::TierCount { tier, max: limits::TIER_COUNT });
            }
        }
        problems
    }
}

impl RulebookProblem {
    /// The values to mend, as JSON pointers into the rulebook (and, being the same form, into the
    /// season file).
    pub fn pointers(&self) -> Vec<String> {
        let one = |pointer: &str| vec![pointer.to_owned()];
        match self {
            // Which of the two is wrong only a person can say.
            Self::WeightsSum { .. } => {
                vec!["/polls/0/weight".to_owned(), "/panel/weight".to_owned()]
            }
            Self::PollWeightTooFine => one("/polls/0/weight"),
            Self::PanelWeightTooFine => one("/panel/weight"),
            Self::Picks { .. } => one("/polls/0/picks/at_most"),
            Self::Rubric { .. } => one("/panel/rubric"),
            Self::Points { criterion, .. } => vec![format!("/panel/rubric/{criterion}/max")],
            Self::Judges { .. } => one("/panel/judges"),
            Self::Tiers { .. } => one("/awards"),
            Self::TierCount { tier, .. } => vec![format!("/awards/{tier}/count")],
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;

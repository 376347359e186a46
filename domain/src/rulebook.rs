//! The rules of one edition as data: the number of picks, the weights of the polls and the panel,
//! the criteria and the awards. Its JSON has the same form as in the season file.

mod check;
mod fraction;
mod poll;
mod sealed;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::text::Bilingual;

pub use check::RulebookProblem;
pub use fraction::{Fraction, FractionError};
pub use poll::{
    BallotPaper, Channel, Eligibility, OpeningsAccess, PicksRule, PointsBasis, PollRules,
    VoterIdentity,
};
pub(crate) use poll::{fourteen, is_heavy_for_email, usual_slug};
pub use sealed::{SealedPoll, SealedRulebook};

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
    /// How the lines of ballots are let out into the record. `None`: as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRules>,
    /// Whose ranks the pages show.
    #[serde(default, skip_serializing_if = "RanksShown::is_usual")]
    pub ranks: RanksShown,
}

/// Whose ranks and points the pages show after the announcement. The result document has those of all
/// cases in any event: without them nobody could compute it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RanksShown {
    /// Those of all cases.
    #[default]
    All,
    /// Those of cases with an award. The others are listed by title.
    Awarded,
}

impl RanksShown {
    /// Both, the usual one first.
    pub const CHOICES: [Self; 2] = [Self::All, Self::Awarded];

    /// Whether it is left out of documents, as in those from before this rule.
    pub fn is_usual(&self) -> bool {
        *self == Self::All
    }
}

/// How the lines of a poll's ballots are let out into the public record.
///
/// In quiet times a line that appears a minute after a code was sent would name its voter to
/// everybody who sees when codes are sent. So lines wait for each other. The figures are those of
/// the simulation in `simulator/tests/naming`; `docs/privacy.md` has its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRules {
    /// The lines are let out at once when so many voters wait, 1 to
    /// [`crate::limits::RECORD_BALLOTS`].
    pub ballots: u32,
    /// Otherwise when the oldest line has waited so many minutes, 0 to
    /// [`crate::limits::RECORD_MINUTES`] …
    pub minutes: u32,
    /// … and so many voters wait, 1 to `ballots`. Fewer wait for more, or for the close of the poll.
    pub fewest: u32,
}

impl RecordRules {
    /// Every line is let out at once: for rehearsals, in which nobody votes in earnest.
    pub const AT_ONCE: Self = Self { ballots: 1, minutes: 0, fewest: 1 };

    /// Returns whether all waiting lines of a poll are let out now: so many voters wait, the oldest
    /// of their lines has waited so long, and the poll is closed or not. The view `releasable_poll`
    /// decides it in the database, and a test of the backend compares the two.
    pub fn lets_out(self, voters_waiting: u32, oldest_wait: TimeDelta, closed: bool) -> bool {
        let is_due = oldest_wait >= TimeDelta::minutes(i64::from(self.minutes));
        voters_waiting > 0
            && (closed
                || voters_waiting >= self.ballots
                || (voters_waiting >= self.fewest && is_due))
    }
}

impl Default for RecordRules {
    fn default() -> Self {
        Self { ballots: 50, minutes: 60, fewest: 20 }
    }
}

impl Rulebook {
    /// Returns the highest possible sum of one sheet, in points.
    pub fn max_sheet_points(&self) -> u64 {
        self.panel.rubric.iter().map(|criterion| u64::from(criterion.max)).sum()
    }

    /// Finds the poll with this short name.
    pub fn find_poll(&self, slug: &str) -> Option<&PollRules> {
        self.polls.iter().find(|poll| poll.slug == slug)
    }

    /// Returns the sum of the panel's weight and the weights of these polls. Pass the polls that
    /// have a case on their ballot paper: the sum must be exactly 1 for each case. If a poll has a
    /// list of cases, only the lists show which polls these are.
    pub fn sum_weights_with_panel<'a>(
        &self,
        polls: impl IntoIterator<Item = &'a PollRules>,
    ) -> Fraction {
        polls.into_iter().fold(self.panel.weight.clone(), |sum, poll| sum + poll.weight.clone())
    }
}

/// The rules of the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelRules {
    /// The share of the judge points in the total.
    pub weight: Fraction,
    /// How the sheets of one case become one number.
    pub method: PanelMethod,
    /// The criteria, in the order of the sheet.
    pub rubric: Vec<Criterion>,
    /// The number of judges who score each case.
    pub judges: u32,
    /// The number of signed sheets that each case needs before the result is announced, 1 to
    /// `judges`. Rules that were written before this rule existed asked for one sheet.
    #[serde(default = "one_sheet")]
    pub quorum: u32,
}

fn one_sheet() -> u32 {
    1
}

impl PanelRules {
    /// Returns the quorum of a season file that names none: more than half of the judges.
    pub const fn usual_quorum(judges: u32) -> u32 {
        judges / 2 + 1
    }
}

/// How the sheets of one case become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelMethod {
    /// The mean of all sheets.
    Mean,
    /// The middle sheet, or the mean of the middle two if their number is even.
    Median,
    /// The mean without one highest and one lowest sheet, for three sheets or more. This is the
    /// usual practice of Korean panels (최고·최저점 각 1개 제외): one of each is left out, even
    /// if several are equal.
    TrimmedMean,
}

/// One line of a score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What the judges score.
    pub name: Bilingual,
    /// What to look at when scoring it. Rules from before this setting have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Bilingual>,
    /// The highest score in points, 1 to [`crate::limits::CRITERION_MAX`]; the lowest is 0.
    pub max: u32,
}

/// A kind of award (훈격).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name.
    pub tier: Bilingual,
    /// The number of awards, at least 1.
    pub count: u32,
}

#[cfg(test)]
pub(crate) mod tests;

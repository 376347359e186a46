//! The rules that turn votes and scores into ranks, read from `rulebook.json`, and again from the
//! copy inside `result.json`. An unknown rule is refused: nobody can follow a rule that they cannot
//! read.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::exact::Exact;

/// The format of `rulebook.json`.
const FORMAT: &str = "hanpyo-rulebook/v1";

/// Everything that decides a result apart from ballots, scores and the cases on the papers. Two of
/// them are equal if they decide by the same rules and name them the same.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecidingRules {
    /// The polls in the order of the rulebook.
    pub polls: Vec<DecidingPoll>,
    /// The panel of judges.
    pub panel: Panel,
    /// The kinds of award, the highest first.
    pub awards: Vec<Award>,
    /// How lines are let out decides nothing.
    #[serde(default, rename = "record")]
    _record: IgnoredAny,
    /// Whose ranks the pages show decides nothing.
    #[serde(default, rename = "ranks")]
    _ranks: IgnoredAny,
}

/// One poll. Its window, channels and paper are not compared: the copy in the result may leave them
/// out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecidingPoll {
    /// Its short name.
    pub slug: String,
    /// How many cases a ballot names.
    pub picks: PicksBound,
    /// Its share of the total.
    pub weight: Exact,
    /// What the votes of a case are divided by.
    pub basis: Basis,
    title: Option<Value>,
    cases: Value,
    identity: Value,
    eligibility: Value,
    may_change: bool,
    #[serde(default)]
    fold_aliases: bool,
    openings: Value,
    #[serde(default, rename = "channels")]
    _channels: IgnoredAny,
    #[serde(default, rename = "window")]
    _window: IgnoredAny,
    #[serde(default, rename = "opens")]
    _opens: IgnoredAny,
    #[serde(default, rename = "closes")]
    _closes: IgnoredAny,
    #[serde(default, rename = "paper")]
    _paper: IgnoredAny,
}

/// How many cases a ballot names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PicksBound {
    /// At least one and at most this number.
    AtMost(u8),
    /// This number.
    Exactly(u8),
}

/// What the votes of a case are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The votes of the case that has most.
    ShareOfTop,
    /// The ballots.
    ShareOfBallots,
    /// The votes of all cases together.
    ShareOfPicks,
}

/// The panel of judges.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its share of the total.
    pub weight: Exact,
    /// How the sheets of a case become one number.
    pub method: SheetMethod,
    /// The criteria in the order of the sheet.
    pub rubric: Vec<RubricLine>,
    judges: u32,
    /// The signed sheets that each case needs.
    #[serde(default = "one_sheet")]
    pub quorum: u32,
}

/// Returns the quorum of rules from before there was one.
fn one_sheet() -> u32 {
    1
}

/// How the sheets of a case become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetMethod {
    /// The mean of all sheets.
    Mean,
    /// The middle sheet, or the mean of the middle two.
    Median,
    /// The mean without one lowest and one highest sheet, from three sheets on.
    TrimmedMean,
}

/// One line of the sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RubricLine {
    /// The highest score.
    pub max: u32,
    name: Value,
    #[serde(default)]
    description: Value,
}

/// A kind of award.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// How often it is given.
    pub count: u32,
    tier: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedRules {
    format: String,
    #[serde(rename = "edition")]
    _edition: IgnoredAny,
    polls: Vec<DecidingPoll>,
    panel: Panel,
    awards: Vec<Award>,
    #[serde(default, rename = "record")]
    _record: IgnoredAny,
    /// Whose ranks the pages show decides nothing.
    #[serde(default, rename = "ranks")]
    _ranks: IgnoredAny,
}

impl DecidingRules {
    /// Reads `rulebook.json`.
    ///
    /// # Errors
    /// A sentence that says what is missing, unknown or wrong.
    pub fn parse_sealed_rules(json: &[u8]) -> Result<Self, String> {
        let sealed: SealedRules =
            serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if sealed.format != FORMAT {
            return Err(format!("this program reads {FORMAT} only"));
        }
        let SealedRules { polls, panel, awards, .. } = sealed;
        let rules = Self { polls, panel, awards, _record: IgnoredAny, _ranks: IgnoredAny };
        match rules.find_rule_fault() {
            Some(fault) => Err(fault.to_owned()),
            None => Ok(rules),
        }
    }

    /// Returns the highest sum of one sheet.
    pub fn highest_sheet_sum(&self) -> u64 {
        self.panel.rubric.iter().map(|line| u64::from(line.max)).sum()
    }

    /// Returns why these rules can decide nothing.
    pub fn find_rule_fault(&self) -> Option<&'static str> {
        let mut slugs: Vec<&str> = self.polls.iter().map(|poll| poll.slug.as_str()).collect();
        slugs.sort_unstable();
        if slugs.windows(2).any(|pair| pair[0] == pair[1]) {
            Some("two polls have the same name")
        } else if self.polls.is_empty() {
            Some("there is no poll")
        } else if self.highest_sheet_sum() == 0 {
            Some("no sheet can have a point")
        } else if self.awards.is_empty() || self.awards.iter().any(|award| award.count == 0) {
            Some("there is no award, or one that is never given")
        } else {
            None
        }
    }
}

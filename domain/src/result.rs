//! The published result: one JSON document with everything that decides the ranks, so that anyone
//! can compute it again with this crate or without it.
//!
//! It names no judge and no voter. The sheets of a case are sorted by their scores, so that their
//! order does not reveal who wrote them.

use serde::{Deserialize, Serialize};

use crate::ids::CaseId;
use crate::rulebook::{Fraction, Rulebook};
use crate::schedule::Instant;
use crate::standings::{
    CaseTally, CountByPoll, DroppedSheets, PollPoints, Standing, StandingsProblem, TieRule,
    rank_cases,
};
use crate::text::Bilingual;

/// The format of the document. A new format gets a new name.
pub const FORMAT: &str = "hanpyo-result/v1";

/// The published result of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultDocument {
    /// [`FORMAT`].
    pub format: String,
    /// Which edition.
    pub edition: ResultEdition,
    /// The rules that decided.
    pub rulebook: Rulebook,
    /// The polls in the order of the rulebook.
    pub polls: Vec<ResultPoll>,
    /// The cases in the order of rank.
    pub cases: Vec<ResultCase>,
    /// Why the result was announced although cases have fewer signed sheets than the quorum; left
    /// out of the JSON if none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum_exception: Option<QuorumException>,
}

/// Why a result was announced below the quorum of signed sheets, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuorumException {
    /// The reason as it was typed.
    pub reason: String,
    /// The name of the administrator who gave the reason.
    pub given_by: String,
    /// The name of the other administrator, who confirmed it.
    pub confirmed_by: String,
    /// The cases below the quorum, sorted by id.
    pub cases: Vec<SheetCount>,
}

/// The number of signed sheets of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetCount {
    /// The case.
    pub case: CaseId,
    /// The signed sheets that count.
    pub sheets: u32,
}

/// What was counted in one poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultPoll {
    /// The poll, by its short name.
    pub slug: String,
    /// The ballots counted.
    pub ballots: u64,
}

/// Which edition a result belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultEdition {
    /// Its short name in addresses.
    pub slug: String,
    /// Its title.
    pub title: Bilingual,
    /// Who holds the contest.
    pub host: Bilingual,
}

/// The input for one case, before it is ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultInput {
    /// The votes and sheets.
    pub entry: CaseTally,
    /// The case's title; `en` repeats `ko` if there is no translation.
    pub title: Bilingual,
    /// The organisation's name.
    pub organisation: String,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
}

/// One case of the result: its input and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultCase {
    /// The case.
    pub id: CaseId,
    /// Its title.
    pub title: Bilingual,
    /// The organisation's name.
    pub organisation: String,
    /// Whether it was invented for a demonstration (표본); left out of the JSON if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sample: bool,
    /// When it was sent in.
    pub submitted_at: Instant,
    /// What each poll gave it, in the order of the rulebook; only the polls that have the case on
    /// their ballot paper.
    pub polls: Vec<PollPoints>,
    /// Each judge's scores in the order of the rubric; the sheets are sorted.
    pub sheets: Vec<Vec<u32>>,
    /// The sheets that a trimmed mean leaves out, by their place in `sheets`.
    pub dropped: Option<DroppedSheets>,
    /// From 0 to 100.
    pub judge_points: Fraction,
    /// From 0 to 100.
    pub total: Fraction,
    /// From 1.
    pub rank: u32,
    /// The rule that placed it among equal totals.
    pub tie_rule: Option<TieRule>,
    /// The tier that it is awarded, as an index into the rulebook's awards.
    pub tier: Option<usize>,
}

/// How a document differs from its own recomputation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ResultProblem {
    /// Not [`FORMAT`].
    #[error("this program reads {FORMAT} only")]
    Format,
    /// The contents of the document give no standings.
    #[error(transparent)]
    Standings(#[from] StandingsProblem),
    /// The polls are not those of the rulebook in its order.
    #[error("the polls are not those of the rulebook")]
    Polls,
    /// The cases below the quorum are not those for which a reason was given.
    #[error("the cases below the quorum are not those for which a reason was given")]
    Quorum,
    /// This case is not what the numbers give at its place in the list.
    #[error("case {0} is not where the numbers put it")]
    Case(CaseId),
}

impl ResultDocument {
    /// Computes the result of an edition; `ballots` has the number of ballots counted in each poll.
    ///
    /// # Errors
    /// Returns [`StandingsProblem`] if the input gives no standings.
    pub fn compute_result(
        edition: ResultEdition,
        rulebook: Rulebook,
        ballots: &CountByPoll,
        mut inputs: Vec<ResultInput>,
    ) -> Result<Self, StandingsProblem> {
        for input in &mut inputs {
            input.entry.sheets.sort_by_key(|sheet| (sum_sheet_scores(sheet), sheet.clone()));
        }
        let entries: Vec<CaseTally> = inputs.iter().map(|input| input.entry.clone()).collect();
        let placed = rank_cases(&rulebook, ballots, &entries)?;
        let mut inputs: std::collections::BTreeMap<CaseId, ResultInput> =
            inputs.into_iter().map(|input| (input.entry.case, input)).collect();
        let cases = placed
            .into_iter()
            .filter_map(|standing| {
                Some(build_result_case(inputs.remove(&standing.case)?, standing))
            })
            .collect();
        let counted = |slug: &String| ballots.get(slug).copied().unwrap_or_default();
        let poll = |slug: &String| ResultPoll { slug: slug.clone(), ballots: counted(slug) };
        let polls = rulebook.polls.iter().map(|rules| poll(&rules.slug)).collect();
        let format = FORMAT.to_owned();
        Ok(Self { format, edition, rulebook, polls, cases, quorum_exception: None })
    }

    /// Computes the result again from the document's own contents and compares. This proves that
    /// the ranks follow from the votes and sheets. It does not prove the votes and sheets: for
    /// example, a dropped sheet can be changed without any effect on the ranks.
    ///
    /// # Errors
    /// Returns the first difference, as a [`ResultProblem`].
    pub fn check_by_recomputing(&self) -> Result<(), ResultProblem> {
        if self.format != FORMAT {
            return Err(ResultProblem::Format);
        }
        let inputs = self.cases.iter().map(ResultCase::to_result_input).collect();
        let ballots = self.polls.iter().map(|poll| (poll.slug.clone(), poll.ballots)).collect();
        let again =
            Self::compute_result(self.edition.clone(), self.rulebook.clone(), &ballots, inputs)?;
        if self.polls != again.polls {
            return Err(ResultProblem::Polls);
        }
        if let Some((here, _)) =
            self.cases.iter().zip(&again.cases).find(|(here, there)| here != there)
        {
            return Err(ResultProblem::Case(here.id));
        }
        let exception = self.quorum_exception.as_ref();
        let excepted = exception.map(|given| given.cases.as_slice()).unwrap_or_default();
        if again.cases_below_quorum() == excepted { Ok(()) } else { Err(ResultProblem::Quorum) }
    }

    /// Returns the cases with fewer signed sheets than the quorum, sorted by id.
    pub fn cases_below_quorum(&self) -> Vec<SheetCount> {
        let quorum = self.rulebook.panel.quorum;
        let sheet_count = |case: &ResultCase| SheetCount {
            case: case.id,
            sheets: u32::try_from(case.sheets.len()).unwrap_or(u32::MAX),
        };
        let mut below: Vec<SheetCount> =
            self.cases.iter().map(sheet_count).filter(|count| count.sheets < quorum).collect();
        below.sort_unstable_by_key(|count| count.case);
        below
    }

    /// Returns the number of ballots counted in all polls together.
    pub fn count_ballots(&self) -> u64 {
        self.polls.iter().fold(0, |sum, poll| sum.saturating_add(poll.ballots))
    }

    /// Returns the only text of this document: JSON without blanks, keys in the order of this file,
    /// instants in UTC. This text is hashed and downloaded.
    ///
    /// # Errors
    /// Never fails with these types; the error type is that of `serde_json`.
    pub fn canonical_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

impl ResultCase {
    /// Returns the votes of all polls together.
    pub fn count_votes(&self) -> u64 {
        self.polls.iter().fold(0, |sum, poll| sum.saturating_add(poll.votes))
    }

    /// Returns the points of all polls together, 0 to 100: the mean of their points by their
    /// weights. With one poll these are the points of that poll. This number is for display only,
    /// because the total is made of the parts.
    pub fn combined_poll_points(&self, rules: &Rulebook) -> Fraction {
        if let [only] = self.polls.as_slice() {
            return only.points.clone();
        }
        let weight =
            |poll: &PollPoints| rules.find_poll(&poll.slug).map(|rules| rules.weight.clone());
        let (mut sum, mut weights) = (Fraction::zero(), Fraction::zero());
        for (poll, weight) in self.polls.iter().filter_map(|poll| Some((poll, weight(poll)?))) {
            sum = sum + poll.points.clone() * weight.clone();
            weights = weights + weight;
        }
        sum.divide_by_fraction(weights).unwrap_or_else(Fraction::zero)
    }

    fn to_result_input(&self) -> ResultInput {
        ResultInput {
            entry: CaseTally {
                case: self.id,
                votes: self.polls.iter().map(|poll| (poll.slug.clone(), poll.votes)).collect(),
                sheets: self.sheets.clone(),
                submitted_at: self.submitted_at,
            },
            title: self.title.clone(),
            organisation: self.organisation.clone(),
            sample: self.sample,
        }
    }
}

fn build_result_case(input: ResultInput, standing: Standing) -> ResultCase {
    let ResultInput { entry, title, organisation, sample } = input;
    ResultCase {
        id: entry.case,
        title,
        organisation,
        sample,
        submitted_at: entry.submitted_at,
        polls: standing.polls,
        sheets: entry.sheets,
        dropped: standing.dropped,
        judge_points: standing.judge_points,
        total: standing.total,
        rank: standing.rank,
        tie_rule: standing.tie_rule,
        tier: standing.tier,
    }
}

fn sum_sheet_scores(sheet: &[u32]) -> u64 {
    sheet.iter().copied().map(u64::from).sum()
}

#[cfg(test)]
mod tests;

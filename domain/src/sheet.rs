//! What a judge decides about one case: a score for each criterion, a comment for the organisation
//! and a note for the panel. An empty score means *not yet*, never zero.

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::rulebook::Criterion;
use crate::text::{Comment, FieldProblem, parse_draft_block};

/// A sheet as the judge types it, with scores in the order of the rubric. Empty texts are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreForm {
    /// Points by criterion; `None` if nothing is entered yet.
    pub scores: Vec<Option<u32>>,
    /// Comment for the organisation, shown after the announcement.
    pub comment: String,
    /// For the panel only.
    pub note: String,
}

/// A sheet that follows the rubric, complete or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    scores: Vec<Option<u32>>,
    comment: String,
    note: String,
}

/// A complete list of scores: this is what a judge may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedScores(Vec<u32>);

/// Why a form is not a valid sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SheetProblem {
    /// The number of scores is not the number of criteria: the form belongs to another rubric.
    #[error("the form does not belong to this rubric")]
    WrongLength,
    /// A score is above the maximum of its criterion.
    #[error("criterion {criterion} has at most {max} points")]
    Above {
        /// Which criterion, from 0.
        criterion: usize,
        /// Its highest score.
        max: u32,
    },
    /// The comment is not valid.
    #[error("comment: {0}")]
    Comment(FieldProblem),
    /// The note is not valid.
    #[error("note: {0}")]
    Note(FieldProblem),
}

impl Sheet {
    /// Checks a form against the rubric. Gaps and texts that are too long are allowed, because a
    /// sheet is saved before it is complete.
    ///
    /// # Errors
    /// Returns the first [`SheetProblem`].
    pub fn from_score_form(form: &ScoreForm, rubric: &[Criterion]) -> Result<Self, SheetProblem> {
        if form.scores.len() != rubric.len() {
            return Err(SheetProblem::WrongLength);
        }
        for (criterion, (score, rule)) in form.scores.iter().zip(rubric).enumerate() {
            if score.is_some_and(|score| score > rule.max) {
                return Err(SheetProblem::Above { criterion, max: rule.max });
            }
        }
        Ok(Self {
            scores: form.scores.clone(),
            comment: parse_draft_block(&form.comment, limits::COMMENT_CHARS)
                .map_err(SheetProblem::Comment)?,
            note: parse_draft_block(&form.note, limits::COMMENT_CHARS)
                .map_err(SheetProblem::Note)?,
        })
    }

    /// Returns the points by criterion, in the order of the rubric.
    pub fn scores(&self) -> &[Option<u32>] {
        &self.scores
    }

    /// Returns the comment for the organisation; empty if there is none.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// Returns the note for the panel only; empty if there is none.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Checks that the texts may be signed.
    ///
    /// # Errors
    /// [`SheetProblem::Comment`] or [`SheetProblem::Note`] for one that is too long.
    pub fn check_texts(&self) -> Result<(), SheetProblem> {
        check_optional_comment(&self.comment).map_err(SheetProblem::Comment)?;
        check_optional_comment(&self.note).map_err(SheetProblem::Note)
    }

    /// Returns the sum of the scores entered so far.
    pub fn points_so_far(&self) -> u32 {
        self.scores.iter().flatten().sum()
    }

    /// Returns the criteria (from 0) that have no score yet.
    pub fn missing_criteria(&self) -> Vec<usize> {
        let gap = |(index, score): (usize, &Option<u32>)| score.is_none().then_some(index);
        self.scores.iter().enumerate().filter_map(gap).collect()
    }

    /// Returns the scores if every criterion has one.
    pub fn complete_scores(&self) -> Option<SignedScores> {
        self.scores.iter().copied().collect::<Option<Vec<_>>>().map(SignedScores)
    }
}

impl SignedScores {
    /// Returns the points by criterion, in the order of the rubric.
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }

    /// Returns the sum of the points.
    pub fn total_points(&self) -> u32 {
        self.0.iter().sum()
    }
}

fn check_optional_comment(text: &str) -> Result<(), FieldProblem> {
    match Comment::parse_comment(text) {
        Ok(_) | Err(FieldProblem::Missing) => Ok(()),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests;

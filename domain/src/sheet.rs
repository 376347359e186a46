//! What a judge decides about one case: a score for each criterion, a comment for the
//! organisation, a note for the panel. An empty score is *not yet*, never zero.

use serde::{Deserialize, Serialize};

use crate::rulebook::Criterion;
use crate::text::{Comment, FieldProblem};

/// A sheet as it is typed, in the order of the rubric. Empty texts are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreForm {
    /// Points by criterion; `None` where nothing is entered yet.
    pub scores: Vec<Option<u32>>,
    /// For the organisation, shown after the announcement.
    pub comment: String,
    /// For the panel only.
    pub note: String,
}

/// A sheet that keeps to the rubric, finished or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    scores: Vec<Option<u32>>,
    comment: Option<Comment>,
    note: Option<Comment>,
}

/// The scores of a sheet without a gap: what a judge may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedScores(Vec<u32>);

/// Why a form is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SheetProblem {
    /// Not one field for each criterion: the form belongs to another rubric.
    #[error("the form does not belong to this rubric")]
    WrongLength,
    /// A score above its criterion's greatest.
    #[error("criterion {criterion} has at most {max} points")]
    Above {
        /// Which criterion, from 0.
        criterion: usize,
        /// Its greatest score.
        max: u32,
    },
    /// The comment cannot be taken.
    #[error("comment: {0}")]
    Comment(FieldProblem),
    /// The note cannot be taken.
    #[error("note: {0}")]
    Note(FieldProblem),
}

impl Sheet {
    /// Measures a form by the rubric. Gaps are allowed: a sheet is saved while it grows.
    ///
    /// # Errors
    /// The first [`SheetProblem`].
    pub fn parse(form: &ScoreForm, rubric: &[Criterion]) -> Result<Self, SheetProblem> {
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
            comment: optional(&form.comment).map_err(SheetProblem::Comment)?,
            note: optional(&form.note).map_err(SheetProblem::Note)?,
        })
    }

    /// Points by criterion, in the order of the rubric.
    pub fn scores(&self) -> &[Option<u32>] {
        &self.scores
    }

    /// For the organisation.
    pub fn comment(&self) -> Option<&Comment> {
        self.comment.as_ref()
    }

    /// For the panel only.
    pub fn note(&self) -> Option<&Comment> {
        self.note.as_ref()
    }

    /// The sum of what is entered so far.
    pub fn total(&self) -> u32 {
        self.scores.iter().flatten().sum()
    }

    /// The criteria (from 0) that have no score yet.
    pub fn missing(&self) -> Vec<usize> {
        let gap = |(index, score): (usize, &Option<u32>)| score.is_none().then_some(index);
        self.scores.iter().enumerate().filter_map(gap).collect()
    }

    /// The scores, where none is missing.
    pub fn complete(&self) -> Option<SignedScores> {
        self.scores.iter().copied().collect::<Option<Vec<_>>>().map(SignedScores)
    }
}

impl SignedScores {
    /// Points by criterion, in the order of the rubric.
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }

    /// The sum of the points.
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }
}

fn optional(text: &str) -> Result<Option<Comment>, FieldProblem> {
    match Comment::parse(text) {
        Ok(comment) => Ok(Some(comment)),
        Err(FieldProblem::Missing) => Ok(None),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests;

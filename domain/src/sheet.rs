//! What a judge decides about one case: a score for each criterion, a comment for the organisation
//! and a note for the panel. An empty score means *not yet*, never zero.

use serde::{Deserialize, Serialize};

use crate::rulebook::Criterion;
use crate::text::{Comment, FieldProblem, narrow_letter, tidy_line};

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

/// Reads a score as people type it: digits of any width, blanks around them, and zeros behind a point or a
/// comma. `None` for an empty text.
///
/// # Errors
/// [`FieldProblem::Malformed`] for everything else that is no whole number of points.
pub fn parse_score(text: &str) -> Result<Option<u32>, FieldProblem> {
    let text: String = tidy_line(text).chars().map(narrow_letter).collect();
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && !rest.is_empty() && rest.bytes().all(|byte| byte == b'0') {
        whole.parse().map(Some).map_err(|_| FieldProblem::Malformed)
    } else {
        Err(FieldProblem::Malformed)
    }
}

/// A sheet that follows the rubric, complete or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    scores: Vec<Option<u32>>,
    comment: Option<Comment>,
    note: Option<Comment>,
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
    /// Checks a form against the rubric. Gaps are allowed, because a sheet is saved before it is
    /// complete.
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
            comment: parse_optional_comment(&form.comment).map_err(SheetProblem::Comment)?,
            note: parse_optional_comment(&form.note).map_err(SheetProblem::Note)?,
        })
    }

    /// Returns the points by criterion, in the order of the rubric.
    pub fn scores(&self) -> &[Option<u32>] {
        &self.scores
    }

    /// Returns the comment for the organisation.
    pub fn comment(&self) -> Option<&Comment> {
        self.comment.as_ref()
    }

    /// Returns the note for the panel only.
    pub fn note(&self) -> Option<&Comment> {
        self.note.as_ref()
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

fn parse_optional_comment(text: &str) -> Result<Option<Comment>, FieldProblem> {
    match Comment::parse_comment(text) {
        Ok(comment) => Ok(Some(comment)),
        Err(FieldProblem::Missing) => Ok(None),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests;

//! A sheet as it was typed, valid or not, so that a form is shown again unchanged.

use backend::judging::StoredSheet;
use domain::sheet::ScoreForm;
use domain::text::FieldProblem;
use domain::text::parse_whole_number;

use crate::web::fields::FormFields;
use crate::{AppError, FieldFault};

/// The texts of the sheet's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypedSheet {
    /// The version it was made from.
    pub(crate) version: i32,
    /// The typed scores.
    pub(crate) scores: Vec<String>,
    /// The comment for the organisation.
    pub(crate) comment: String,
    /// The note for the panel.
    pub(crate) note: String,
}

impl TypedSheet {
    /// Fills the form from the stored sheet.
    pub(crate) fn from_stored(stored: &StoredSheet) -> Self {
        let score = |score: &Option<u32>| score.map(|score| score.to_string()).unwrap_or_default();
        Self {
            version: stored.version,
            scores: stored.form.scores.iter().map(score).collect(),
            comment: stored.form.comment.clone(),
            note: stored.form.note.clone(),
        }
    }

    /// Reads the sent form.
    ///
    /// # Errors
    /// [`AppError::BadRequest`] if the version is not a number.
    pub(crate) fn from_fields(fields: &FormFields, criteria: usize) -> Result<Self, AppError> {
        let score = |place| fields.field_text(&format!("score-{place}")).trim().to_owned();
        Ok(Self {
            version: fields.field_text("version").parse().map_err(|_| AppError::BadRequest)?,
            scores: (0..criteria).map(score).collect(),
            comment: fields.field_text("comment").to_owned(),
            note: fields.field_text("note").to_owned(),
        })
    }

    /// Parses the scores. An empty field means that there is no score yet; it is never zero.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every field that is not a whole number.
    pub(crate) fn to_score_form(&self) -> Result<ScoreForm, AppError> {
        let (mut scores, mut faults) = (Vec::new(), Vec::new());
        for (place, text) in self.scores.iter().enumerate() {
            match parse_whole_number(text) {
                Ok(score) => scores.push(score),
                Err(problem) => {
                    faults.push(FieldFault { field: format!("score-{place}"), problem });
                }
            }
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        Ok(ScoreForm { scores, comment: self.comment.clone(), note: self.note.clone() })
    }

    /// Adds up the scores that are whole numbers. Stops at `u32::MAX`.
    pub(crate) fn sum_readable_scores(&self) -> u32 {
        let scores = self.scores.iter().filter_map(|text| parse_whole_number(text).ok().flatten());
        scores.fold(0, u32::saturating_add)
    }
}

/// The fault of a box that was not ticked.
pub(super) fn missing_field(field: &str) -> AppError {
    let fault = FieldFault { field: field.to_owned(), problem: FieldProblem::Missing };
    AppError::Invalid(vec![fault])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(scores: &[&str]) -> TypedSheet {
        let scores = scores.iter().map(|score| (*score).to_owned()).collect();
        TypedSheet { version: 0, scores, comment: String::new(), note: String::new() }
    }

    #[test]
    fn empty_is_not_zero_and_zero_is_a_score() {
        let form = draft(&["", "0", "20"]).to_score_form().unwrap();
        assert_eq!(form.scores, [None, Some(0), Some(20)]);
    }

    #[test]
    fn what_is_no_whole_number_is_told_for_its_own_field() {
        match draft(&["3", "-1", "1.5", "열", "99999999999"]).to_score_form() {
            Err(AppError::Invalid(faults)) => {
                let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
                assert_eq!(fields, ["score-1", "score-2", "score-3", "score-4"]);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sum_of_nonsense_does_not_overflow() {
        assert_eq!(draft(&["4294967295", "4294967295", "x"]).sum_readable_scores(), u32::MAX);
    }
}

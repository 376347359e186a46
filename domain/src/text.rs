//! What people type, parsed once at the edge and trusted afterwards. The same `parse` runs in the
//! browser (for an instant hint) and in the server (for the decision).

mod film;
mod length;
mod mobile;
mod number;
mod people;
mod tidy;
mod writing;

use serde::{Deserialize, Serialize};

pub use film::FilmLink;
pub use length::{DRAFT_TIMES, count_letters, parse_draft_block, parse_draft_line};
pub use mobile::Mobile;
pub use number::{narrow_line, parse_whole_number};
pub use people::{Email, OrganisationName, Password, PersonName, Slug};
pub use tidy::{compose_letters, is_between_digits, is_dash, narrow_letter, tidy_block, tidy_line};
pub use writing::{
    CaseBody, CaseSummary, CaseTitle, Comment, JoinNote, Minutes, PictureAlt, QuorumReason, Reason,
    TranslatedTitle,
};

/// What is wrong with a text. Lengths are in letters ([`count_letters`]), except the upper limit of a
/// password: it is in bytes.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    /// The text is empty or has no visible character.
    #[error("nothing was written")]
    Missing,
    /// Shorter than `min`.
    #[error("shorter than {min}")]
    TooShort {
        /// The least length.
        min: usize,
    },
    /// Longer than `max`.
    #[error("longer than {max}, by {over}")]
    TooLong {
        /// The greatest length.
        max: usize,
        /// How many there are too many.
        over: usize,
    },
    /// The text does not have the required form.
    #[error("not in the form that is asked for")]
    Malformed,
    /// A character that is not allowed (control characters, hidden direction marks).
    #[error("a character that is not allowed")]
    NotAllowed,
    /// A name that nobody here has.
    #[error("nobody here has this name")]
    UnknownName,
    /// An instant outside the time that is asked for.
    #[error("outside the time that is asked for")]
    OutsideTime,
    /// A password that is guessed quickly.
    #[error("easy to guess")]
    Guessable,
    /// A telephone number of another country.
    #[error("a number of another country")]
    Abroad,
}

/// A text in both languages of the contest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Korean, the authoritative text.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Makes a text from both languages without any check.
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }
}

/// Parses one line of 1 to `max` letters, made plain by [`tidy_line`].
///
/// # Errors
/// Returns what is wrong with the text.
pub fn parse_text_line(text: &str, max: usize) -> Result<String, FieldProblem> {
    check_length(tidy_line(text), max)
}

/// Parses lines with 1 to `max` letters in all, made plain by [`tidy_block`].
fn parse_text_block(text: &str, max: usize) -> Result<String, FieldProblem> {
    check_length(tidy_block(text), max)
}

fn check_length(text: String, max: usize) -> Result<String, FieldProblem> {
    if text.is_empty() {
        return Err(FieldProblem::Missing);
    }
    match count_letters(&text).checked_sub(max) {
        None | Some(0) => Ok(text),
        Some(over) => Err(FieldProblem::TooLong { max, over }),
    }
}

#[cfg(test)]
mod tests;

//! What organisations, staff and judges write: titles, summary, body, picture, reason, comment,
//! minutes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldProblem, count_letters, parse_text_block, parse_text_line};
use crate::limits;

/// The title of a case, one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CaseTitle(String);

impl CaseTitle {
    /// Parses one line of 1 to [`limits::CASE_TITLE_CHARS`] letters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::CASE_TITLE_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CaseTitle {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

/// What a case is about in one or two sentences, one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CaseSummary(String);

impl CaseSummary {
    /// Parses one line of 1 to [`limits::CASE_SUMMARY_CHARS`] letters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_summary(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::CASE_SUMMARY_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CaseSummary {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_summary(&text)
    }
}

/// The story of a case. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CaseBody(String);

impl CaseBody {
    /// Parses 1 to [`limits::CASE_BODY_CHARS`] letters; line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_case_body(text: &str) -> Result<Self, FieldProblem> {
        parse_text_block(text, limits::CASE_BODY_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CaseBody {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_case_body(&text)
    }
}

/// Why something was decided: a return, a rejection, a moved window. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Reason(String);

impl Reason {
    /// Parses 1 to [`limits::REASON_CHARS`] letters; line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_reason(text: &str) -> Result<Self, FieldProblem> {
        parse_text_block(text, limits::REASON_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Reason {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_reason(&text)
    }
}

/// What an organisation writes beside its request for an account. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinNote(String);

impl JoinNote {
    /// Parses 1 to [`limits::JOIN_NOTE_CHARS`] letters; line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_join_note(text: &str) -> Result<Self, FieldProblem> {
        parse_text_block(text, limits::JOIN_NOTE_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Why a result is announced although cases have fewer sheets than the quorum. Everybody reads it
/// with the result. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct QuorumReason(String);

impl QuorumReason {
    /// Parses [`limits::QUORUM_REASON_MIN_CHARS`] to [`limits::QUORUM_REASON_CHARS`] letters;
    /// line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_quorum_reason(text: &str) -> Result<Self, FieldProblem> {
        let text = parse_text_block(text, limits::QUORUM_REASON_CHARS)?;
        if count_letters(&text) < limits::QUORUM_REASON_MIN_CHARS {
            return Err(FieldProblem::TooShort { min: limits::QUORUM_REASON_MIN_CHARS });
        }
        Ok(Self(text))
    }

    /// Returns the text as it is stored and shown.
    pub fn reason_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for QuorumReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for QuorumReason {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_quorum_reason(&text)
    }
}

/// What a judge writes beside the scores. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Comment(String);

impl Comment {
    /// Parses 1 to [`limits::COMMENT_CHARS`] letters; line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_comment(text: &str) -> Result<Self, FieldProblem> {
        parse_text_block(text, limits::COMMENT_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Comment {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_comment(&text)
    }
}

/// What was said and decided before the announcement. May have several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Minutes(String);

impl Minutes {
    /// Parses 1 to [`limits::MINUTES_CHARS`] letters; line ends become `\n`.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_minutes(text: &str) -> Result<Self, FieldProblem> {
        parse_text_block(text, limits::MINUTES_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Minutes {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_minutes(&text)
    }
}

/// The title of a case in English, one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TranslatedTitle(String);

impl TranslatedTitle {
    /// Parses one line of 1 to [`limits::TRANSLATED_CHARS`] letters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_translated_title(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::TRANSLATED_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TranslatedTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TranslatedTitle {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_translated_title(&text)
    }
}

/// The text alternative of a picture, for people who cannot see it; one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PictureAlt(String);

impl PictureAlt {
    /// Parses one line of 1 to [`limits::PICTURE_ALT_CHARS`] letters.
    ///
    /// # Errors
    /// What is wrong with the text, as a [`FieldProblem`].
    pub fn parse_picture_alt(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::PICTURE_ALT_CHARS).map(Self)
    }

    /// Returns the text as it is stored and shown.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PictureAlt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PictureAlt {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse_picture_alt(&text)
    }
}

//! The words in the lines of the record. Each word has one spelling, so that a line that is read
//! and written again is the same line.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _};
use uuid::Uuid;

use super::tree::decode_lower_hex;
use crate::schedule::Instant;

/// The longest slug, reason code or reviewer, in bytes.
pub const WORD_BYTES: usize = 64;

/// Why a text is not the expected word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    /// Not 1 to 64 of `a-z`, `0-9`, `-`.
    #[error("not 1 to 64 of a-z, 0-9 and -")]
    Slug,
    /// Not 1 to 64 of `A-Z`, `a-z`, `0-9`, `-`.
    #[error("not 1 to 64 of A-Z, a-z, 0-9 and -")]
    Reviewer,
    /// Not an instant like `2024-11-28T01:02:03Z`.
    #[error("not an instant like 2024-11-28T01:02:03Z")]
    Second,
    /// Not a day like `2024-11-28`.
    #[error("not a day like 2024-11-28")]
    Day,
}

/// The short name of an edition or a poll, or the code of a reason: 1 to 64 of `a-z`, `0-9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordSlug(String);

/// The name of a reviewer: 1 to 64 of `A-Z`, `a-z`, `0-9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reviewer(String);

fn is_record_word(text: &str, letter: impl Fn(u8) -> bool) -> bool {
    (1..=WORD_BYTES).contains(&text.len())
        && text.bytes().all(|byte| letter(byte) || byte.is_ascii_digit() || byte == b'-')
}

impl FromStr for RecordSlug {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let fits = is_record_word(text, |byte| byte.is_ascii_lowercase());
        fits.then(|| Self(text.to_owned())).ok_or(WordError::Slug)
    }
}

impl FromStr for Reviewer {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let fits = is_record_word(text, |byte| byte.is_ascii_alphabetic());
        fits.then(|| Self(text.to_owned())).ok_or(WordError::Reviewer)
    }
}

impl RecordSlug {
    /// Returns the text.
    pub fn slug_text(&self) -> &str {
        &self.0
    }
}

impl Reviewer {
    /// Returns the text.
    pub fn reviewer_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Reviewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An instant of UTC to the second, in a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcSecond(Instant);

/// A day of UTC, in a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcDay(NaiveDate);

impl UtcSecond {
    /// Returns the second that an instant is in.
    pub fn from_instant(at: Instant) -> Self {
        Self(DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at))
    }

    /// Returns its first instant.
    pub fn first_instant(self) -> Instant {
        self.0
    }
}

impl UtcDay {
    /// Returns the day that an instant is in.
    pub fn from_instant(at: Instant) -> Self {
        Self(at.date_naive())
    }
}

impl fmt::Display for UtcSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, at) = (UtcDay::from_instant(self.0), self.0);
        write!(f, "{day}T{:02}:{:02}:{:02}Z", at.hour(), at.minute(), at.second())
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// Reads a number of two digits by position.
fn parse_two_digits(text: &str, at: usize) -> Option<u32> {
    text.get(at..at + 2)?.parse().ok()
}

/// Reads a day by position and does not check the characters between the digits. The caller
/// therefore compares the text with the text that would be written. Only the year could have a
/// sign.
fn parse_utc_day(text: &str) -> Option<NaiveDate> {
    let year = text.get(..4).filter(|year| !year.contains(['+', '-']))?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, parse_two_digits(text, 5)?, parse_two_digits(text, 8)?)
}

/// Reads an instant as [`parse_utc_day`] reads a day.
fn parse_utc_instant(text: &str) -> Option<Instant> {
    let two = |at| parse_two_digits(text, at);
    Some(parse_utc_day(text)?.and_hms_opt(two(11)?, two(14)?, two(17)?)?.and_utc())
}

impl FromStr for UtcSecond {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        parse_utc_instant(text)
            .map(Self)
            .filter(|read| read.to_string() == text)
            .ok_or(WordError::Second)
    }
}

impl FromStr for UtcDay {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        parse_utc_day(text).map(Self).filter(|read| read.to_string() == text).ok_or(WordError::Day)
    }
}

/// Reads an id of 32 lower-case hexadecimal digits.
pub(super) fn parse_record_id(text: &str) -> Option<Uuid> {
    decode_lower_hex(text).map(Uuid::from_bytes)
}

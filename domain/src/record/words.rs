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
    /// Not a minute like `2024-11-28T01:02Z`.
    #[error("not a minute like 2024-11-28T01:02Z")]
    Minute,
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

/// An instant of UTC to the minute, in a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcMinute(Instant);

/// Returns the last instant at or before `at` that is a multiple of `seconds` seconds.
fn floor_to_seconds(at: Instant, seconds: i64) -> Instant {
    let since = at.timestamp();
    DateTime::from_timestamp(since - since.rem_euclid(seconds), 0).unwrap_or(at)
}

impl UtcSecond {
    /// Returns the second that an instant is in.
    pub fn from_instant(at: Instant) -> Self {
        Self(floor_to_seconds(at, 1))
    }

    /// Returns its first instant.
    pub fn first_instant(self) -> Instant {
        self.0
    }
}

impl UtcMinute {
    /// Returns the minute that an instant is in.
    pub fn from_instant(at: Instant) -> Self {
        Self(floor_to_seconds(at, 60))
    }

    /// Returns its first instant.
    pub fn first_instant(self) -> Instant {
        self.0
    }
}

impl fmt::Display for UtcSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_date_and_minute(f, self.0)?;
        write!(f, ":{:02}Z", self.0.second())
    }
}

impl fmt::Display for UtcMinute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_date_and_minute(f, self.0)?;
        f.write_str("Z")
    }
}

fn write_date_and_minute(f: &mut fmt::Formatter<'_>, at: Instant) -> fmt::Result {
    let (year, month, day) = (at.year(), at.month(), at.day());
    write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}", at.hour(), at.minute())
}

/// Reads an instant by position and does not check the characters between the digits. The caller
/// therefore compares the text with the text that would be written. Only the year could have a
/// sign.
fn parse_utc_instant(text: &str, second: &str) -> Option<Instant> {
    let year = text.get(..4).filter(|year| !year.contains(['+', '-']))?.parse().ok()?;
    let two = |at: usize| text.get(at..at + 2)?.parse().ok();
    let date = NaiveDate::from_ymd_opt(year, two(5)?, two(8)?)?;
    Some(date.and_hms_opt(two(11)?, two(14)?, second.parse().ok()?)?.and_utc())
}

impl FromStr for UtcSecond {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let instant = text.get(17..19).and_then(|second| parse_utc_instant(text, second));
        instant.map(Self).filter(|read| read.to_string() == text).ok_or(WordError::Second)
    }
}

impl FromStr for UtcMinute {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let instant = parse_utc_instant(text, "0").map(Self);
        instant.filter(|read| read.to_string() == text).ok_or(WordError::Minute)
    }
}

/// Reads an id of 32 lower-case hexadecimal digits.
pub(super) fn parse_record_id(text: &str) -> Option<Uuid> {
    decode_lower_hex(text).map(Uuid::from_bytes)
}

//! The lines of the log. Each kind of line has one spelling, and a line that differs by a byte is
//! refused. So a line that is read and printed again is the same line with the same hash.

use std::fmt;
use std::str::FromStr;

use super::tile::parse_decimal;
use super::tree::{Hash, leaf_hash};
use super::words::{RecordSlug, Reviewer, UtcDay, UtcSecond, WordError, parse_record_id};
use crate::ids::{BallotId, SheetId};

/// Longest line, in bytes.
pub const LINE_BYTES: usize = 2048;
/// Most reasons for which one ballot is held.
pub const MAX_REASONS: usize = 16;

/// Why a ballot is held: 1 to [`MAX_REASONS`] codes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HoldReasons(Vec<RecordSlug>);

impl HoldReasons {
    /// Makes reasons from these codes; `None` if there are no codes or too many.
    pub fn from_codes(codes: Vec<RecordSlug>) -> Option<Self> {
        (1..=MAX_REASONS).contains(&codes.len()).then_some(Self(codes))
    }

    /// Returns the codes in their order.
    pub fn reason_codes(&self) -> &[RecordSlug] {
        &self.0
    }
}

/// What two reviewers say about a ballot that was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It counts.
    Count,
    /// It does not count.
    Exclude,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LogEntry {
    /// `rulebook/v1`: the rules are sealed.
    Rulebook {
        /// The edition.
        edition: RecordSlug,
        /// Hash of the canonical rulebook document.
        sha256: Hash,
    },
    /// `open/v1`: a poll has opened.
    Open {
        /// The poll.
        poll: RecordSlug,
        /// The instant.
        at: UtcSecond,
    },
    /// `ballot/v1`: a ballot was cast.
    Ballot {
        /// The poll.
        poll: RecordSlug,
        /// The ballot's id: 128 random bits.
        ballot: BallotId,
        /// The voter's pseudonym: the same for all ballots of one voter in this poll, and different
        /// in other polls.
        voter: Hash,
        /// The commitment to its picks, see [`super::receipt::commit_to_picks`].
        commitment: Hash,
        /// When it was cast, to the day.
        day: UtcDay,
    },
    /// `hold/v1`: a ballot waits for a ruling.
    Hold {
        /// The poll.
        poll: RecordSlug,
        /// The ballot.
        ballot: BallotId,
        /// The reasons.
        reasons: HoldReasons,
        /// SHA-256 of the evidence for the reasons.
        evidence: Hash,
    },
    /// `ruling/v1`: two reviewers have decided about a ballot that was held.
    Ruling {
        /// The poll.
        poll: RecordSlug,
        /// The ballot.
        ballot: BallotId,
        /// What they decided.
        verdict: Verdict,
        /// The reason: one code.
        reason: RecordSlug,
        /// The reviewers.
        reviewers: [Reviewer; 2],
    },
    /// `close/v1`: a poll has closed, and no ballot is still on its way.
    Close {
        /// The poll.
        poll: RecordSlug,
        /// The instant.
        at: UtcSecond,
        /// The number of ballots received.
        received: u64,
    },
    /// `sheet/v1`: a judge has scored.
    Sheet {
        /// The edition.
        edition: RecordSlug,
        /// The sheet.
        sheet: SheetId,
        /// The commitment to its scores.
        commitment: Hash,
    },
    /// `result/v1`: the result is published.
    Result {
        /// The edition.
        edition: RecordSlug,
        /// Hash of the published result document.
        sha256: Hash,
    },
    /// `erase/v1`: keys and contacts are destroyed.
    Erase {
        /// The edition.
        edition: RecordSlug,
        /// The instant.
        at: UtcSecond,
    },
}

impl LogEntry {
    /// Returns the leaf hash of this line.
    pub fn entry_leaf_hash(&self) -> Hash {
        leaf_hash(self.to_string().as_bytes())
    }
}

impl fmt::Display for HoldReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.0.iter().map(RecordSlug::slug_text).collect();
        f.write_str(&codes.join(","))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Count => "count",
            Self::Exclude => "exclude",
        })
    }
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rulebook { edition, sha256 } => write!(f, "rulebook/v1 {edition} {sha256}"),
            Self::Open { poll, at } => write!(f, "open/v1 {poll} {at}"),
            Self::Ballot { poll, ballot, voter, commitment, day } => {
                let ballot = ballot.0.simple();
                write!(f, "ballot/v1 {poll} {ballot} {voter} {commitment} {day}")
            }
            Self::Hold { poll, ballot, reasons, evidence } => {
                write!(f, "hold/v1 {poll} {} {reasons} {evidence}", ballot.0.simple())
            }
            Self::Ruling { poll, ballot, verdict, reason, reviewers: [one, other] } => {
                let ballot = ballot.0.simple();
                write!(f, "ruling/v1 {poll} {ballot} {verdict} {reason} {one} {other}")
            }
            Self::Close { poll, at, received } => write!(f, "close/v1 {poll} {at} {received}"),
            Self::Sheet { edition, sheet, commitment } => {
                write!(f, "sheet/v1 {edition} {} {commitment}", sheet.0.simple())
            }
            Self::Result { edition, sha256 } => write!(f, "result/v1 {edition} {sha256}"),
            Self::Erase { edition, at } => write!(f, "erase/v1 {edition} {at}"),
        }
    }
}

/// Why a text is not a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogEntryError {
    /// The first word is not a kind of line, or the line does not have the number of words of its
    /// kind.
    #[error("not a kind of line, or not its number of words, one space apart")]
    Kind,
    /// A word has a wrong form.
    #[error(transparent)]
    Word(#[from] WordError),
    /// An id is not 32 lower-case hexadecimal digits.
    #[error("an id is not 32 lower-case hexadecimal digits")]
    Id,
    /// A hash is not 64 lower-case hexadecimal digits.
    #[error("a hash is not 64 lower-case hexadecimal digits")]
    Hash,
    /// Not 1 to 16 reasons.
    #[error("not 1 to 16 reasons, joined by commas")]
    Reasons,
    /// Neither `count` nor `exclude`.
    #[error("neither count nor exclude")]
    Verdict,
    /// Not a number, or a number with leading zeros.
    #[error("not a number without leading zeros")]
    Number,
}

fn parse_entry_hash(text: &str) -> Result<Hash, LogEntryError> {
    text.parse().map_err(|_| LogEntryError::Hash)
}

fn parse_ballot_id(text: &str) -> Result<BallotId, LogEntryError> {
    parse_record_id(text).map(BallotId).ok_or(LogEntryError::Id)
}

fn parse_hold_reasons(text: &str) -> Result<HoldReasons, LogEntryError> {
    let codes = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
    HoldReasons::from_codes(codes).ok_or(LogEntryError::Reasons)
}

fn parse_verdict(text: &str) -> Result<Verdict, LogEntryError> {
    match text {
        "count" => Ok(Verdict::Count),
        "exclude" => Ok(Verdict::Exclude),
        _ => Err(LogEntryError::Verdict),
    }
}

impl FromStr for LogEntry {
    type Err = LogEntryError;

    fn from_str(line: &str) -> Result<Self, LogEntryError> {
        if line.len() > LINE_BYTES {
            return Err(LogEntryError::Kind);
        }
        let words: Vec<&str> = line.split(' ').collect();
        Ok(match words.as_slice() {
            ["rulebook/v1", edition, sha256] => {
                Self::Rulebook { edition: edition.parse()?, sha256: parse_entry_hash(sha256)? }
            }
            ["open/v1", poll, at] => Self::Open { poll: poll.parse()?, at: at.parse()? },
            ["ballot/v1", poll, ballot, voter, commitment, day] => Self::Ballot {
                poll: poll.parse()?,
                ballot: parse_ballot_id(ballot)?,
                voter: parse_entry_hash(voter)?,
                commitment: parse_entry_hash(commitment)?,
                day: day.parse()?,
            },
            ["hold/v1", poll, ballot, codes, evidence] => Self::Hold {
                poll: poll.parse()?,
                ballot: parse_ballot_id(ballot)?,
                reasons: parse_hold_reasons(codes)?,
                evidence: parse_entry_hash(evidence)?,
            },
            ["ruling/v1", poll, ballot, ruling, reason, one, other] => Self::Ruling {
                poll: poll.parse()?,
                ballot: parse_ballot_id(ballot)?,
                verdict: parse_verdict(ruling)?,
                reason: reason.parse()?,
                reviewers: [one.parse()?, other.parse()?],
            },
            ["close/v1", poll, at, received] => Self::Close {
                poll: poll.parse()?,
                at: at.parse()?,
                received: parse_decimal(received).ok_or(LogEntryError::Number)?,
            },
            ["sheet/v1", edition, sheet, commitment] => Self::Sheet {
                edition: edition.parse()?,
                sheet: parse_record_id(sheet).map(SheetId).ok_or(LogEntryError::Id)?,
                commitment: parse_entry_hash(commitment)?,
            },
            ["result/v1", edition, sha256] => {
                Self::Result { edition: edition.parse()?, sha256: parse_entry_hash(sha256)? }
            }
            ["erase/v1", edition, at] => Self::Erase { edition: edition.parse()?, at: at.parse()? },
            _ => return Err(LogEntryError::Kind),
        })
    }
}

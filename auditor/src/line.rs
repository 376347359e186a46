//! Reads the lines of the log without the sequencer's code. Takes bytes and returns borrowed parts.

use crate::bytes::{
    parse_day, parse_hex, parse_instant, parse_number, parse_record_id, parse_reviewer, parse_slug,
};

/// One entry of the log. Hashes and ids are values, names are borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLine<'a> {
    /// The rules, fixed before anything else.
    Rulebook {
        /// The edition's short name.
        edition: &'a str,
        /// SHA-256 of the rulebook document.
        hash: [u8; 32],
    },
    /// A poll opens.
    Open {
        /// The poll's short name.
        poll: &'a str,
        /// Seconds since 1970.
        at: i64,
    },
    /// A ballot was received.
    Ballot {
        /// The poll's short name.
        poll: &'a str,
        /// The ballot.
        id: u128,
        /// The voter's pseudonym in this poll.
        voter: [u8; 32],
        /// The commitment to the picks.
        commitment: [u8; 32],
        /// Days since 1970.
        day: i64,
    },
    /// A ballot waits for people to decide.
    Hold {
        /// The poll's short name.
        poll: &'a str,
        /// The ballot.
        id: u128,
        /// Reason codes, separated by commas.
        reasons: &'a str,
    },
    /// Two people decided about a held ballot.
    Ruling {
        /// The poll's short name.
        poll: &'a str,
        /// The ballot.
        id: u128,
        /// Whether it counts.
        count: bool,
        /// One reason code.
        reason: &'a str,
        /// Who decided.
        reviewers: [&'a str; 2],
    },
    /// A poll closes.
    Close {
        /// The poll's short name.
        poll: &'a str,
        /// Seconds since 1970.
        at: i64,
        /// Ballots received.
        received: u64,
    },
    /// A judge's sheet was signed.
    Sheet {
        /// The edition's short name.
        edition: &'a str,
        /// The sheet.
        id: u128,
    },
    /// The result was published.
    Result {
        /// The edition's short name.
        edition: &'a str,
        /// SHA-256 of the result document.
        hash: [u8; 32],
    },
    /// Keys and contacts were destroyed.
    Erase {
        /// The edition's short name.
        edition: &'a str,
        /// Seconds since 1970.
        at: i64,
    },
}

/// The most parts of a line, plus one.
const PARTS: usize = 8;
/// The most reason codes of one hold.
const REASONS: usize = 16;

impl<'a> LogLine<'a> {
    /// Reads one line without its newline; `None` if it is not exactly in the form of its kind.
    pub fn parse_log_line(line: &'a [u8]) -> Option<Self> {
        let mut parts = [&[][..]; PARTS];
        let mut count = 0;
        for part in line.split(|&byte| byte == b' ') {
            *parts.get_mut(count)? = part;
            count += 1;
        }
        match *parts.get(..count)? {
            [b"rulebook/v1", edition, hash] => {
                Some(Self::Rulebook { edition: parse_slug(edition)?, hash: parse_hex(hash)? })
            }
            [b"open/v1", poll, at] => {
                Some(Self::Open { poll: parse_slug(poll)?, at: parse_instant(at)? })
            }
            [b"ballot/v1", poll, ballot, voter, commitment, at] => Some(Self::Ballot {
                poll: parse_slug(poll)?,
                id: parse_record_id(ballot)?,
                voter: parse_hex(voter)?,
                commitment: parse_hex(commitment)?,
                day: parse_day(at)?,
            }),
            [b"hold/v1", poll, ballot, reasons, evidence] => {
                parse_hex::<32>(evidence)?;
                let (poll, ballot) = (parse_slug(poll)?, parse_record_id(ballot)?);
                Some(Self::Hold { poll, id: ballot, reasons: parse_reasons(reasons)? })
            }
            [b"ruling/v1", poll, ballot, verdict, reason, first, second] => Some(Self::Ruling {
                poll: parse_slug(poll)?,
                id: parse_record_id(ballot)?,
                count: parse_verdict(verdict)?,
                reason: parse_slug(reason)?,
                reviewers: [parse_reviewer(first)?, parse_reviewer(second)?],
            }),
            [b"close/v1", poll, at, received] => Some(Self::Close {
                poll: parse_slug(poll)?,
                at: parse_instant(at)?,
                received: parse_number(received)?,
            }),
            [b"sheet/v1", edition, sheet, commitment] => {
                parse_hex::<32>(commitment)?;
                Some(Self::Sheet { edition: parse_slug(edition)?, id: parse_record_id(sheet)? })
            }
            [b"result/v1", edition, hash] => {
                Some(Self::Result { edition: parse_slug(edition)?, hash: parse_hex(hash)? })
            }
            [b"erase/v1", edition, at] => {
                Some(Self::Erase { edition: parse_slug(edition)?, at: parse_instant(at)? })
            }
            _ => None,
        }
    }
}

fn parse_verdict(word: &[u8]) -> Option<bool> {
    match word {
        b"count" => Some(true),
        b"exclude" => Some(false),
        _ => None,
    }
}

/// Reads 1 to [`REASONS`] reason codes, separated by commas.
fn parse_reasons(text: &[u8]) -> Option<&str> {
    let mut count = 0;
    let fine = text.split(|&byte| byte == b',').all(|code| {
        count += 1;
        parse_slug(code).is_some()
    });
    if fine && count <= REASONS { str::from_utf8(text).ok() } else { None }
}

#[cfg(test)]
mod tests;

//! Reads the lines of the log without the sequencer's code. Takes bytes and returns borrowed parts.

use crate::bytes::{hex, id, instant, minute, number, reviewer, slug};

/// One entry of the log. Hashes and ids are values, names are borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
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
        /// Minutes since 1970.
        minute: i64,
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

impl<'a> Line<'a> {
    /// Reads one line without its newline; `None` if it is not exactly in the form of its kind.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let mut parts = [&[][..]; PARTS];
        let mut count = 0;
        for part in line.split(|&byte| byte == b' ') {
            *parts.get_mut(count)? = part;
            count += 1;
        }
        match *parts.get(..count)? {
            [b"rulebook/v1", edition, hash] => {
                Some(Self::Rulebook { edition: slug(edition)?, hash: hex(hash)? })
            }
            [b"open/v1", poll, at] => Some(Self::Open { poll: slug(poll)?, at: instant(at)? }),
            [b"ballot/v1", poll, ballot, voter, commitment, at] => Some(Self::Ballot {
                poll: slug(poll)?,
                id: id(ballot)?,
                voter: hex(voter)?,
                commitment: hex(commitment)?,
                minute: minute(at)?,
            }),
            [b"hold/v1", poll, ballot, reasons, evidence] => {
                hex::<32>(evidence)?;
                let (poll, ballot) = (slug(poll)?, id(ballot)?);
                Some(Self::Hold { poll, id: ballot, reasons: codes(reasons)? })
            }
            [b"ruling/v1", poll, ballot, verdict, reason, first, second] => Some(Self::Ruling {
                poll: slug(poll)?,
                id: id(ballot)?,
                count: verdict_counts(verdict)?,
                reason: slug(reason)?,
                reviewers: [reviewer(first)?, reviewer(second)?],
            }),
            [b"close/v1", poll, at, received] => Some(Self::Close {
                poll: slug(poll)?,
                at: instant(at)?,
                received: number(received)?,
            }),
            [b"sheet/v1", edition, sheet, commitment] => {
                hex::<32>(commitment)?;
                Some(Self::Sheet { edition: slug(edition)?, id: id(sheet)? })
            }
            [b"result/v1", edition, hash] => {
                Some(Self::Result { edition: slug(edition)?, hash: hex(hash)? })
            }
            [b"erase/v1", edition, at] => {
                Some(Self::Erase { edition: slug(edition)?, at: instant(at)? })
            }
            _ => None,
        }
    }
}

fn verdict_counts(word: &[u8]) -> Option<bool> {
    match word {
        b"count" => Some(true),
        b"exclude" => Some(false),
        _ => None,
    }
}

/// Reads 1 to [`REASONS`] reason codes, separated by commas.
fn codes(text: &[u8]) -> Option<&str> {
    let mut count = 0;
    let fine = text.split(|&byte| byte == b',').all(|code| {
        count += 1;
        slug(code).is_some()
    });
    if fine && count <= REASONS { str::from_utf8(text).ok() } else { None }
}

#[cfg(test)]
mod tests;

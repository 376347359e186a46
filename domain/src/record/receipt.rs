//! What a voter takes home: a receipt, in which the log signs that it accepted a ballot, and later
//! the proof that the ballot is in the record. The opening never leaves the voter's browser.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::entry::{LogEntry, LogEntryError};
use super::key::Signer;
use super::note::{NOTE_BYTES, Note, NoteError};
use super::proof::{RecordProof, RecordProofError};
use super::tree::{Hash, decode_lower_hex};
use super::words::{RecordSlug, UtcSecond, parse_record_id};
use crate::ballot::Picks;
use crate::ids::BallotId;

/// Undoes what editors and mail programs do to the text of a receipt: a byte order mark, line ends of any
/// machine, blanks around it and at the ends of lines. It ends with one newline. A receipt has no line that ends in a blank.
#[must_use]
pub fn tidy_receipt_text(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

/// The line between the parts of a receipt file.
const RULER: &str = "-----\n";

/// The key of one ballot. Only with this key does a commitment show the picks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BallotKey([u8; 32]);

impl BallotKey {
    /// Makes a key of these bytes, which must be random.
    pub const fn from_random_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 64 lower-case hexadecimal digits of the key.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`BallotKey::to_hex`] writes, and nothing else.
    pub fn from_hex(text: &str) -> Option<Self> {
        decode_lower_hex(text).map(Self)
    }
}

impl fmt::Debug for BallotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BallotKey")
    }
}

/// Returns the commitment to a choice: HMAC-SHA256 of the canonical picks under the ballot's key.
pub fn commit_to_picks(key: &BallotKey, picks: &Picks) -> Hash {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes any key");
    mac.update(canonical_picks(picks).as_bytes());
    Hash::from_bytes(mac.finalize().into_bytes().into())
}

/// Returns the only text of a choice: the cases' ids in ascending order, joined by `;`.
pub fn canonical_picks(picks: &Picks) -> String {
    picks.canonical_text()
}

/// The receipt for an accepted ballot: the text of a note that the log signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The edition.
    pub edition: RecordSlug,
    /// The poll.
    pub poll: RecordSlug,
    /// The ballot.
    pub ballot: BallotId,
    /// The commitment to its picks.
    pub commitment: Hash,
    /// When it was accepted.
    pub accepted: UtcSecond,
    /// By when its line is in the record. From then on a receipt without a proof is evidence
    /// against the log.
    pub recorded_by: UtcSecond,
}

/// Why something is not a receipt, a receipt file or an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the lines of a receipt.
    #[error(
        "not a receipt: hanpyo.receipt/v1, edition, poll, ballot, commitment, accepted, \
             recorded-by"
    )]
    Format,
    /// Not the parts of a file, or too long.
    #[error("not a receipt, ----- and a line of the record, ----- and a proof")]
    File,
    /// The receipt is not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The line is not a line of the record.
    #[error(transparent)]
    Entry(#[from] LogEntryError),
    /// The proof is not valid.
    #[error(transparent)]
    Proof(#[from] RecordProofError),
    /// Not an opening.
    #[error("not an opening: opening/v1, ballot, key, picks")]
    Opening,
}

impl Receipt {
    /// Signs it with the key of the edition's log.
    ///
    /// # Errors
    /// Never fails in practice, because every receipt is short and has only plain characters.
    pub fn sign(&self, signer: &Signer) -> Result<Note, NoteError> {
        let text = self.to_string();
        Note::with_signature(&text, signer.sign_note_text(&text))
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { edition, poll, ballot, commitment, accepted, recorded_by } = self;
        let ballot = ballot.0.simple();
        write!(f, "hanpyo.receipt/v1\nedition {edition}\npoll {poll}\nballot {ballot}\n")?;
        write!(f, "commitment {commitment}\naccepted {accepted}\nrecorded-by {recorded_by}\n")
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        parse_receipt_lines(text).ok_or(ReceiptError::Format)
    }
}

fn parse_receipt_lines(text: &str) -> Option<Receipt> {
    let mut lines = text.split('\n');
    let mut value = |name: &str| lines.next()?.strip_prefix(name);
    let head = value("hanpyo.receipt/v1")?;
    let receipt = Receipt {
        edition: value("edition ")?.parse().ok()?,
        poll: value("poll ")?.parse().ok()?,
        ballot: value("ballot ").and_then(parse_record_id).map(BallotId)?,
        commitment: value("commitment ")?.parse().ok()?,
        accepted: value("accepted ")?.parse().ok()?,
        recorded_by: value("recorded-by ")?.parse().ok()?,
    };
    let end = value("")?;
    (head.is_empty() && end.is_empty() && lines.next().is_none()).then_some(receipt)
}

/// A line of the record with its proof, as `/record/{edition}/proof/{ballot}` returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryWithProof {
    /// The line.
    pub entry: LogEntry,
    /// Its proof.
    pub proof: RecordProof,
}

impl fmt::Display for EntryWithProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{RULER}{}", self.entry, self.proof)
    }
}

impl FromStr for EntryWithProof {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let (entry, proof) = text.split_once("\n-----\n").ok_or(ReceiptError::File)?;
        Ok(Self { entry: entry.parse()?, proof: proof.parse()? })
    }
}

/// What a voter downloads: the receipt, and the proof as soon as there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// The receipt's note. Do not trust it before it is verified.
    pub note: Note,
    /// The line and its proof; `None` while the ballot waits for its entry in the record.
    pub included: Option<EntryWithProof>,
}

impl fmt::Display for ReceiptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)?;
        self.included.iter().try_for_each(|included| write!(f, "{RULER}{included}"))
    }
}

impl FromStr for ReceiptFile {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        if text.len() > 2 * NOTE_BYTES {
            return Err(ReceiptError::File);
        }
        let Some(at) = text.find("\n-----\n") else {
            return Ok(Self { note: text.parse()?, included: None });
        };
        // The newline before the ruler ends the note's last line.
        let (note, rest) = text.split_at(at + 1);
        let included = rest.strip_prefix(RULER).unwrap_or_default().parse()?;
        Ok(Self { note: note.parse()?, included: Some(included) })
    }
}

/// The key and the picks that a ballot's commitment was made of. A person who has it can show the
/// choice to others, so it stays with the voter until the openings are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The ballot.
    pub ballot: BallotId,
    /// Its key.
    pub key: BallotKey,
    /// Its picks.
    pub picks: Picks,
}

impl Opening {
    /// Returns the commitment that the record must have for this ballot.
    pub fn compute_commitment(&self) -> Hash {
        commit_to_picks(&self.key, &self.picks)
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ballot, picks) = (self.ballot.0.simple(), canonical_picks(&self.picks));
        write!(f, "opening/v1 {ballot} {} {picks}", self.key.to_hex())
    }
}

impl FromStr for Opening {
    type Err = ReceiptError;

    fn from_str(line: &str) -> Result<Self, ReceiptError> {
        let words: Vec<&str> = line.split(' ').take(5).collect();
        let ["opening/v1", ballot, key, picks] = words.as_slice() else {
            return Err(ReceiptError::Opening);
        };
        parse_opening_words(ballot, key, picks).ok_or(ReceiptError::Opening)
    }
}

/// Reads an opening from its three words; in a table they are joined by commas.
pub(super) fn parse_opening_words(ballot: &str, key: &str, picks: &str) -> Option<Opening> {
    let ballot = parse_record_id(ballot).map(BallotId)?;
    Some(Opening {
        ballot,
        key: BallotKey::from_hex(key)?,
        picks: Picks::from_canonical_text(picks)?,
    })
}

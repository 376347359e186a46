//! What an observer signs: that the ballots of the record open to the votes of the result in it.

use std::fmt;
use std::str::FromStr;

use super::key::{KeyError, KeyKind, Signer, VerifierKey, is_name};
use super::note::{Note, NoteError};
use super::tile::decimal;
use super::tree::Hash;

/// The first line of a statement.
const HEAD: &str = "hanpyo-observed/v1";
/// Stands between the words of two observers.
const RULER: &str = "-----\n";

/// The key of an observer is no longer, in bytes: a name of 200.
pub const KEY_BYTES: usize = 256;
/// The note of an observer is no longer, in bytes: long names of log and key.
pub const SIGNED_BYTES: usize = 2_048;

/// Why something is no statement of an observer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ObservedError {
    /// Not the lines of a statement.
    #[error("not four lines: hanpyo-observed/v1, name of the log, index and SHA-256 of the result")]
    Format,
    /// Not a key and a note.
    #[error("not a key, an empty line and a signed note")]
    Parts,
    /// Key or note are too long.
    #[error("the key or the note is too long")]
    TooLong,
    /// A witness's key, or one whose name can look like another.
    #[error("not a key for notes with a name of visible ASCII characters")]
    Unfit,
    /// Signatures of others below it.
    #[error("the note has other signatures than that of the key")]
    Others,
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// That the openings were checked against a result. The text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Which log: the name of its key.
    pub origin: String,
    /// The index of the result's line in it, from 0.
    pub index: u64,
    /// SHA-256 of the result document.
    pub result: Hash,
}

impl Observed {
    /// Signs it with the key of an observer.
    ///
    /// # Errors
    /// [`ObservedError::Unfit`] or [`ObservedError::TooLong`] for a key that cannot be taken.
    pub fn sign(&self, signer: &Signer) -> Result<Signed, ObservedError> {
        let text = self.to_string();
        let note = Note::new(&text, signer.sign(&text))?;
        Signed::new(signer.verifier().clone(), note)
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEAD}\n{}\n{}\n{}\n", self.origin, self.index, self.result)
    }
}

impl FromStr for Observed {
    type Err = ObservedError;

    fn from_str(text: &str) -> Result<Self, ObservedError> {
        let lines: Vec<&str> = text.split('\n').take(6).collect();
        let [HEAD, origin, index, result, ""] = lines.as_slice() else {
            return Err(ObservedError::Format);
        };
        match (decimal(index), result.parse::<Hash>()) {
            (Some(index), Ok(result)) if is_name(origin) => {
                Ok(Self { origin: (*origin).to_owned(), index, result })
            }
            _ => Err(ObservedError::Format),
        }
    }
}

/// A statement with its one signature and the key of whoever signed it. Whose the key is, somebody
/// else must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    key: VerifierKey,
    note: Note,
    observed: Observed,
}

impl Signed {
    /// A note, where this key and nobody else has signed a statement in it.
    ///
    /// # Errors
    /// [`ObservedError`].
    pub fn new(key: VerifierKey, note: Note) -> Result<Self, ObservedError> {
        fits(&key)?;
        if note.to_string().len() > SIGNED_BYTES {
            return Err(ObservedError::TooLong);
        }
        note.verify(&key)?;
        if note.signatures().len() != 1 {
            return Err(ObservedError::Others);
        }
        let observed: Observed = note.text().parse()?;
        Ok(Self { key, note, observed })
    }

    /// The key that has signed.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The note.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// What was signed.
    pub fn observed(&self) -> &Observed {
        &self.observed
    }
}

/// Whether an observer may sign with this key.
///
/// # Errors
/// [`ObservedError::Unfit`] or [`ObservedError::TooLong`].
pub fn fits(key: &VerifierKey) -> Result<(), ObservedError> {
    let plain = key.name().bytes().all(|byte| byte.is_ascii_graphic());
    if key.kind() != KeyKind::Log || !plain {
        return Err(ObservedError::Unfit);
    }
    if key.to_string().len() > KEY_BYTES { Err(ObservedError::TooLong) } else { Ok(()) }
}

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.key, self.note)
    }
}

impl FromStr for Signed {
    type Err = ObservedError;

    fn from_str(text: &str) -> Result<Self, ObservedError> {
        let (key, note) = text.split_once("\n\n").ok_or(ObservedError::Parts)?;
        if key.len() > KEY_BYTES || note.len() > SIGNED_BYTES {
            return Err(ObservedError::TooLong);
        }
        Self::new(key.parse()?, note.parse()?)
    }
}

/// The words of several observers in one file; of none, nothing.
pub fn write_observed<'a>(all: impl IntoIterator<Item = &'a Signed>) -> String {
    let blocks: Vec<String> = all.into_iter().map(ToString::to_string).collect();
    blocks.join(RULER)
}

/// Reads what [`write_observed`] has written of at least one observer.
pub fn read_observed(text: &str) -> impl Iterator<Item = Result<Signed, ObservedError>> {
    // Each block ends with a newline; an end without one leaves nothing that could be a block.
    let blocks = text.strip_suffix('\n').unwrap_or_default();
    blocks.split("\n-----\n").map(|block| format!("{block}\n").parse())
}

//! What an observer signs: the ballots of the record open to the votes of the published result.

use std::fmt;
use std::str::FromStr;

use super::key::{KeyError, KeyKind, Signer, VerifierKey, is_key_name};
use super::note::{Note, NoteError};
use super::tile::parse_decimal;
use super::tree::Hash;

/// The first line of a statement.
const HEAD: &str = "hanpyo-observed/v1";
/// The line between the statements of two observers.
const RULER: &str = "-----\n";

/// Longest key of an observer, in bytes: enough for a name of 200 bytes.
pub const OBSERVER_KEY_BYTES: usize = 256;
/// Longest note of an observer, in bytes: enough for long names of log and key.
pub const STATEMENT_NOTE_BYTES: usize = 2_048;

/// Why something is not a statement of an observer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not the lines of a statement.
    #[error("not four lines: hanpyo-observed/v1, name of the log, index and SHA-256 of the result")]
    Format,
    /// Not a key and a note.
    #[error("not a key, an empty line and a signed note")]
    Parts,
    /// The key or the note is too long.
    #[error("the key or the note is too long")]
    TooLong,
    /// The key is a witness's, or its name can look like another name.
    #[error("not a key for notes with a name of visible ASCII characters")]
    Unfit,
    /// The note has signatures of other keys too.
    #[error("the note has other signatures than that of the key")]
    Others,
    /// The key is not valid.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The note is not valid.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// The statement that the openings were checked against a result. It is the text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultStatement {
    /// Which log: the name of its key.
    pub origin: String,
    /// The index of the result's line in it, from 0.
    pub index: u64,
    /// SHA-256 of the result document.
    pub result: Hash,
}

impl ResultStatement {
    /// Signs it with the key of an observer.
    ///
    /// # Errors
    /// Returns [`StatementError::Unfit`] or [`StatementError::TooLong`] for a key that is not
    /// accepted.
    pub fn sign(&self, signer: &Signer) -> Result<SignedStatement, StatementError> {
        let text = self.to_string();
        let note = Note::with_signature(&text, signer.sign_note_text(&text))?;
        SignedStatement::from_key_and_note(signer.verifier_key().clone(), note)
    }
}

impl fmt::Display for ResultStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEAD}\n{}\n{}\n{}\n", self.origin, self.index, self.result)
    }
}

impl FromStr for ResultStatement {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        let lines: Vec<&str> = text.split('\n').take(6).collect();
        let [HEAD, origin, index, result, ""] = lines.as_slice() else {
            return Err(StatementError::Format);
        };
        match (parse_decimal(index), result.parse::<Hash>()) {
            (Some(index), Ok(result)) if is_key_name(origin) => {
                Ok(Self { origin: (*origin).to_owned(), index, result })
            }
            _ => Err(StatementError::Format),
        }
    }
}

/// A statement with its one signature and the key that signed it. This does not prove who owns the
/// key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    key: VerifierKey,
    note: Note,
    observed: ResultStatement,
}

impl SignedStatement {
    /// Accepts a note if this key, and no other, has signed a statement in it.
    ///
    /// # Errors
    /// Returns why the note is not accepted, as an [`StatementError`].
    pub fn from_key_and_note(key: VerifierKey, note: Note) -> Result<Self, StatementError> {
        check_observer_key(&key)?;
        if note.to_string().len() > STATEMENT_NOTE_BYTES {
            return Err(StatementError::TooLong);
        }
        note.verify_signature(&key)?;
        if note.signatures().len() != 1 {
            return Err(StatementError::Others);
        }
        let observed: ResultStatement = note.signed_text().parse()?;
        Ok(Self { key, note, observed })
    }

    /// Returns the key that has signed.
    pub fn observer_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Returns the note.
    pub fn signed_note(&self) -> &Note {
        &self.note
    }

    /// Returns the signed statement.
    pub fn result_statement(&self) -> &ResultStatement {
        &self.observed
    }
}

/// Checks whether an observer may sign with this key.
///
/// # Errors
/// Returns [`StatementError::Unfit`] or [`StatementError::TooLong`].
pub fn check_observer_key(key: &VerifierKey) -> Result<(), StatementError> {
    let plain = key.key_name().bytes().all(|byte| byte.is_ascii_graphic());
    if key.kind() != KeyKind::Log || !plain {
        return Err(StatementError::Unfit);
    }
    if key.to_string().len() > OBSERVER_KEY_BYTES { Err(StatementError::TooLong) } else { Ok(()) }
}

impl fmt::Display for SignedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.key, self.note)
    }
}

impl FromStr for SignedStatement {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        let (key, note) = text.split_once("\n\n").ok_or(StatementError::Parts)?;
        if key.len() > OBSERVER_KEY_BYTES || note.len() > STATEMENT_NOTE_BYTES {
            return Err(StatementError::TooLong);
        }
        Self::from_key_and_note(key.parse()?, note.parse()?)
    }
}

/// Writes the statements of several observers into one file; empty if there are no observers.
pub fn write_statements<'a>(all: impl IntoIterator<Item = &'a SignedStatement>) -> String {
    let blocks: Vec<String> = all.into_iter().map(ToString::to_string).collect();
    blocks.join(RULER)
}

/// Reads what [`write_statements`] writes for at least one observer.
pub fn read_statements(
    text: &str,
) -> impl Iterator<Item = Result<SignedStatement, StatementError>> {
    // Each block ends with a newline. If the last newline is missing, nothing is left to read as a
    // block.
    let blocks = text.strip_suffix('\n').unwrap_or_default();
    blocks.split("\n-----\n").map(|block| format!("{block}\n").parse())
}

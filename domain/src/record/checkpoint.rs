//! Checkpoints (C2SP tlog-checkpoint): the log signs its size and root.

use std::fmt;
use std::str::FromStr;

use super::key::{Signer, VerifierKey};
use super::note::{Note, NoteError};
use super::tile::parse_decimal;
use super::tree::{Hash, MAX_TREE_SIZE};

/// The state of a log, written as the text of a note: `origin`, size and root, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name of its key.
    pub origin: String,
    /// The number of entries, at most [`MAX_TREE_SIZE`].
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why something is not a checkpoint, or not one of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not origin, size and root, one a line.
    #[error("not three lines: origin, size, root")]
    Format,
    /// The origin is not the name of the key.
    #[error("a checkpoint of another log")]
    Origin,
    /// The note around the checkpoint is not valid.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// Signs it with the key of its log.
    ///
    /// # Errors
    /// Returns [`CheckpointError::Origin`] if the key has another name.
    pub fn sign(&self, signer: &Signer) -> Result<Note, CheckpointError> {
        if self.origin != signer.verifier_key().key_name() {
            return Err(CheckpointError::Origin);
        }
        let text = self.to_string();
        Ok(Note::with_signature(&text, signer.sign_note_text(&text))?)
    }

    /// Returns the checkpoint in a note if the log of this key has signed it.
    ///
    /// # Errors
    /// Returns why the note is not a checkpoint of this log, as a [`CheckpointError`].
    pub fn from_signed_note(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        note.verify_signature(key)?;
        let checkpoint: Self = note.signed_text().parse()?;
        if checkpoint.origin == key.key_name() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Origin)
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Refuses lines below the root, because this log writes no such lines.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split('\n').take(5).collect();
        let [origin, size, root, ""] = lines.as_slice() else {
            return Err(CheckpointError::Format);
        };
        let size = parse_decimal(size).filter(|&size| size <= MAX_TREE_SIZE);
        match (size, Hash::from_base64(root)) {
            (Some(size), Some(root)) if !origin.is_empty() => {
                Ok(Self { origin: (*origin).to_owned(), size, root })
            }
            _ => Err(CheckpointError::Format),
        }
    }
}

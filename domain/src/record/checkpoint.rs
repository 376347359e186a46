//! Checkpoints (C2SP tlog-checkpoint): the log's signed word on its size and root.

use std::fmt;
use std::str::FromStr;

use super::key::{Signer, VerifierKey};
use super::note::{Note, NoteError};
use super::tile::decimal;
use super::tree::{Hash, MAX_SIZE};

/// The state of a log that a note's text tells: `origin`, size and root, a line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name of its key.
    pub origin: String,
    /// Entries in it, at most [`MAX_SIZE`].
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why something is no checkpoint, or not one of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not origin, size and root, a line each.
    #[error("not three lines: origin, size, root")]
    Format,
    /// The origin is not the name of the key.
    #[error("a checkpoint of another log")]
    Origin,
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// Signs it with the key of its log.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] where the key is of another name.
    pub fn sign(&self, signer: &Signer) -> Result<Note, CheckpointError> {
        if self.origin != signer.verifier().name() {
            return Err(CheckpointError::Origin);
        }
        let text = self.to_string();
        Ok(Note::new(&text, signer.sign(&text))?)
    }

    /// The checkpoint in a note, if the log of this key has signed it.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn verify(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        note.verify(key)?;
        let checkpoint: Self = note.text().parse()?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Lines below the root are refused: this log writes none.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.split('\n').take(5).collect();
        let [origin, size, root, ""] = lines.as_slice() else {
            return Err(CheckpointError::Format);
        };
        let size = decimal(size).filter(|&size| size <= MAX_SIZE);
        match (size, Hash::from_base64(root)) {
            (Some(size), Some(root)) if !origin.is_empty() => {
                Ok(Self { origin: (*origin).to_owned(), size, root })
            }
            _ => Err(CheckpointError::Format),
        }
    }
}

//! Proofs that a voter takes home (C2SP tlog-proof): a checkpoint and the inclusion proof of an
//! entry.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::key::VerifierKey;
use super::note::{NOTE_BYTES, Note, NoteError};
use super::tile::parse_decimal;
use super::tree::{Hash, verify_inclusion};

const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1\n";
/// The longest path in a tree of at most [`super::tree::MAX_TREE_SIZE`] leaves.
const MAX_PATH_HASHES: usize = 63;

/// The proof that an entry is in a log. It can be checked without the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordProof {
    /// Extra data of the program that wrote the proof; it proves nothing. Hanpyo writes none.
    pub extra: Option<Vec<u8>>,
    /// Place of the entry in the log, from 0.
    pub index: u64,
    /// The inclusion proof: hashes from the leaf's neighbour up to the root's child.
    pub path: Vec<Hash>,
    /// A checkpoint, with the signatures of the log and of witnesses.
    pub checkpoint: Note,
}

/// Why something is not a proof, or proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordProofError {
    /// Not the lines of a proof above a note, or too long.
    #[error("not a proof: c2sp.org/tlog-proof@v1, index, hashes, blank line, checkpoint")]
    Format,
    /// The checkpoint is not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The log has not signed the checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the checkpoint's root.
    #[error("the hashes do not lead from the entry to the root")]
    Path,
}

impl RecordProof {
    /// Returns the checkpoint if it proves that the entry is in the log of this key.
    ///
    /// # Errors
    /// Returns [`RecordProofError::Checkpoint`] or [`RecordProofError::Path`].
    pub fn verify_entry(
        &self,
        entry: &[u8],
        key: &VerifierKey,
    ) -> Result<Checkpoint, RecordProofError> {
        let checkpoint = Checkpoint::from_signed_note(&self.checkpoint, key)?;
        let (leaf, size) = (super::tree::leaf_hash(entry), checkpoint.size);
        let proven = verify_inclusion(self.index, size, &leaf, &self.path, &checkpoint.root);
        if proven { Ok(checkpoint) } else { Err(RecordProofError::Path) }
    }
}

impl fmt::Display for RecordProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PROOF_HEADER)?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for RecordProof {
    type Err = RecordProofError;

    fn from_str(text: &str) -> Result<Self, RecordProofError> {
        if text.len() > NOTE_BYTES {
            return Err(RecordProofError::Format);
        }
        let rest = text.strip_prefix(PROOF_HEADER).ok_or(RecordProofError::Format)?;
        let (lines, checkpoint) = rest.split_once("\n\n").ok_or(RecordProofError::Format)?;
        let mut lines = lines.split('\n').peekable();
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            None => None,
            Some(line) => {
                let bytes = line.strip_prefix("extra ").map(|text| STANDARD.decode(text));
                Some(bytes.and_then(Result::ok).ok_or(RecordProofError::Format)?)
            }
        };
        let index =
            lines.next().and_then(|line| line.strip_prefix("index ")).and_then(parse_decimal);
        let path: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let path =
            path.filter(|path| path.len() <= MAX_PATH_HASHES).ok_or(RecordProofError::Format)?;
        let index = index.ok_or(RecordProofError::Format)?;
        Ok(Self { extra, index, path, checkpoint: checkpoint.parse()? })
    }
}

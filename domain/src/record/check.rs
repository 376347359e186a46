//! Checks what a receipt file proves. Only the log's public key is needed.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::entry::Entry;
use super::key::VerifierKey;
use super::note::NoteError;
use super::proof::ProofError;
use super::receipt::{Included, Opening, Receipt, ReceiptError, ReceiptFile};
use super::tree::Hash;
use super::words::Minute;

/// What is proved by a receipt file without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// The log has signed that it accepted this ballot.
    pub accepted: Receipt,
    /// The place of the ballot in the record; `None` if the file has no proof yet.
    pub recorded: Option<Recorded>,
    /// Whether an opening was given, and so the commitment was proved to be to the voter's picks.
    pub picks_match: bool,
}

/// The place of a ballot in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Place of its line in the log, from 0.
    pub index: u64,
    /// The number of entries in the log at the checkpoint of the proof.
    pub size: u64,
    /// The root at that checkpoint. If two people see different roots for one size, the log has
    /// forked.
    pub root: Hash,
    /// When the ballot was cast, by its line.
    pub minute: Minute,
}

/// What is wrong with a receipt file. If there are several faults, the first in this order is
/// reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be read.
    #[error("not a receipt file: {0}")]
    Unreadable(ReceiptError),
    /// The log's key has not signed the receipt, or has signed a different text.
    #[error("the receipt is not signed by the log: {0}")]
    Receipt(NoteError),
    /// The log of this key belongs to another edition than the receipt.
    #[error("a receipt of another edition")]
    Edition,
    /// The line is not the one of the receipt's ballot, poll and commitment.
    #[error("the line of the record is not that of this ballot")]
    Line,
    /// The log's key has not signed the checkpoint, or has signed a different one.
    #[error("the checkpoint is not signed by the log: {0}")]
    Checkpoint(CheckpointError),
    /// The proof does not lead from the line to the checkpoint's root.
    #[error("the line is not in the record that the checkpoint speaks of")]
    Absent,
    /// The opening is of another ballot.
    #[error("the opening is of another ballot")]
    Opening,
    /// The ballot's commitment is not to these picks.
    #[error("the commitment is not to these picks")]
    Picks,
}

/// Checks the text of a receipt file, and the voter's opening if there is one.
///
/// # Errors
/// Returns the first [`Fault`]. From [`Fault::Edition`] on, the log's signature on the receipt is
/// valid, so the file is evidence even if something else is wrong.
pub fn check(file: &str, key: &VerifierKey, opening: Option<&Opening>) -> Result<Findings, Fault> {
    let file: ReceiptFile = file.parse().map_err(Fault::Unreadable)?;
    file.note.verify(key).map_err(Fault::Receipt)?;
    let accepted: Receipt = file.note.text().parse().map_err(Fault::Unreadable)?;
    let edition = key.name().rsplit_once("/record/").map(|(_, edition)| edition);
    if edition != Some(accepted.edition.as_str()) {
        return Err(Fault::Edition);
    }
    let recorded = file.included.map(|included| locate(&included, &accepted, key)).transpose()?;
    if let Some(opening) = opening {
        compare(opening, &accepted)?;
    }
    Ok(Findings { accepted, recorded, picks_match: opening.is_some() })
}

/// Checks that this line is the receipt's ballot and is in the record.
fn locate(included: &Included, receipt: &Receipt, key: &VerifierKey) -> Result<Recorded, Fault> {
    let Included { entry, proof } = included;
    let Entry::Ballot { poll, ballot, commitment, minute, .. } = entry else {
        return Err(Fault::Line);
    };
    if (poll, ballot, commitment) != (&receipt.poll, &receipt.ballot, &receipt.commitment) {
        return Err(Fault::Line);
    }
    match proof.verify(entry.to_string().as_bytes(), key) {
        Ok(Checkpoint { size, root, .. }) => {
            Ok(Recorded { index: proof.index, size, root, minute: *minute })
        }
        Err(ProofError::Checkpoint(error)) => Err(Fault::Checkpoint(error)),
        Err(_) => Err(Fault::Absent),
    }
}

fn compare(opening: &Opening, receipt: &Receipt) -> Result<(), Fault> {
    if opening.ballot != receipt.ballot {
        return Err(Fault::Opening);
    }
    if opening.commitment() == receipt.commitment { Ok(()) } else { Err(Fault::Picks) }
}

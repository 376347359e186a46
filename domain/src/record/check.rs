//! Checks what a receipt file proves. Only the log's public key is needed.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::entry::LogEntry;
use super::key::VerifierKey;
use super::note::NoteError;
use super::proof::RecordProofError;
use super::receipt::{EntryWithProof, Opening, Receipt, ReceiptError, ReceiptFile};
use super::tree::Hash;
use super::words::UtcDay;

/// What is proved by a receipt file without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFindings {
    /// The log has signed that it accepted this ballot.
    pub accepted: Receipt,
    /// The place of the ballot in the record; `None` if the file has no proof yet.
    pub recorded: Option<RecordedBallot>,
    /// Whether an opening was given, and so the commitment was proved to be to the voter's picks.
    pub picks_match: bool,
}

/// The place of a ballot in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedBallot {
    /// Place of its line in the log, from 0.
    pub index: u64,
    /// The number of entries in the log at the checkpoint of the proof.
    pub size: u64,
    /// The root at that checkpoint. If two people see different roots for one size, the log has
    /// forked.
    pub root: Hash,
    /// When the ballot was cast, by its line.
    pub day: UtcDay,
}

/// What is wrong with a receipt file. If there are several faults, the first in this order is
/// reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
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
/// Returns the first [`ReceiptFault`]. From [`ReceiptFault::Edition`] on, the log's signature on the receipt is
/// valid, so the file is evidence even if something else is wrong.
pub fn verify_receipt_file(
    file: &str,
    key: &VerifierKey,
    opening: Option<&Opening>,
) -> Result<ReceiptFindings, ReceiptFault> {
    let file: ReceiptFile = file.parse().map_err(ReceiptFault::Unreadable)?;
    file.note.verify_signature(key).map_err(ReceiptFault::Receipt)?;
    let accepted: Receipt = file.note.signed_text().parse().map_err(ReceiptFault::Unreadable)?;
    let edition = key.key_name().rsplit_once("/record/").map(|(_, edition)| edition);
    if edition != Some(accepted.edition.slug_text()) {
        return Err(ReceiptFault::Edition);
    }
    let recorded = file
        .included
        .map(|included| check_included_entry(&included, &accepted, key))
        .transpose()?;
    if let Some(opening) = opening {
        check_opening(opening, &accepted)?;
    }
    Ok(ReceiptFindings { accepted, recorded, picks_match: opening.is_some() })
}

/// Checks that this line is the receipt's ballot and is in the record.
fn check_included_entry(
    included: &EntryWithProof,
    receipt: &Receipt,
    key: &VerifierKey,
) -> Result<RecordedBallot, ReceiptFault> {
    let EntryWithProof { entry, proof } = included;
    let LogEntry::Ballot { poll, ballot, commitment, day, .. } = entry else {
        return Err(ReceiptFault::Line);
    };
    if (poll, ballot, commitment) != (&receipt.poll, &receipt.ballot, &receipt.commitment) {
        return Err(ReceiptFault::Line);
    }
    match proof.verify_entry(entry.to_string().as_bytes(), key) {
        Ok(Checkpoint { size, root, .. }) => {
            Ok(RecordedBallot { index: proof.index, size, root, day: *day })
        }
        Err(RecordProofError::Checkpoint(error)) => Err(ReceiptFault::Checkpoint(error)),
        Err(_) => Err(ReceiptFault::Absent),
    }
}

fn check_opening(opening: &Opening, receipt: &Receipt) -> Result<(), ReceiptFault> {
    if opening.ballot != receipt.ballot {
        return Err(ReceiptFault::Opening);
    }
    if opening.compute_commitment() == receipt.commitment {
        Ok(())
    } else {
        Err(ReceiptFault::Picks)
    }
}

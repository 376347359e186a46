//! Answers a log that asks for a cosignature (C2SP tlog-witness v1.0.0).

use domain::record::checkpoint::{Checkpoint, CheckpointError};
use domain::record::key::{Cosigner, VerifierKey};
use domain::record::note::Note;
use domain::record::tree::{Hash, empty_root, verify_consistency};

use crate::bytes::parse_number;
use crate::finding::AuditError;
use crate::output;

use super::cosign_checkpoint;
use super::state::WitnessState;

/// The longest proof in a request.
const PROOF_LINES: usize = 63;

/// A running witness.
pub struct Witness {
    /// Its key.
    pub cosigner: Cosigner,
    /// The logs that the witness knows.
    pub logs: Vec<VerifierKey>,
    /// What the witness has cosigned.
    pub state: WitnessState,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CosignRefusal {
    /// The request has another form, or its old size is above the new one: 400.
    Malformed,
    /// The log did not sign the checkpoint: 403.
    Unsigned,
    /// The witness does not know the log: 404.
    UnknownLog,
    /// The last cosigned size is this one and not the request's old size: 409.
    Conflict(u64),
    /// The new tree does not extend the old one: 422.
    Inconsistent,
    /// The witness's own disk fails: 500.
    Broken,
}

impl CosignRefusal {
    /// Returns the HTTP status.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unsigned => 403,
            Self::UnknownLog => 404,
            Self::Conflict(_) => 409,
            Self::Inconsistent => 422,
            Self::Broken => 500,
        }
    }
}

/// The parts of a request.
struct AddCheckpointRequest<'a> {
    old: u64,
    proof: Vec<Hash>,
    note: &'a str,
}

fn parse_cosign_request(body: &str) -> Option<AddCheckpointRequest<'_>> {
    let (head, note) = body.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = parse_number(lines.next()?.strip_prefix("old ")?.as_bytes())?;
    let proof: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
    (proof.len() <= PROOF_LINES).then_some(AddCheckpointRequest { old, proof, note })
}

impl Witness {
    /// Answers one request with the cosignature as a line.
    ///
    /// # Errors
    /// [`CosignRefusal`] with the reason.
    pub fn add_checkpoint(&mut self, body: &str) -> Result<String, CosignRefusal> {
        let request = parse_cosign_request(body).ok_or(CosignRefusal::Malformed)?;
        let note: Note = request.note.parse().map_err(|_| CosignRefusal::Malformed)?;
        let origin = note.signed_text().split('\n').next().unwrap_or_default();
        let mut known = self.logs.iter().filter(|key| key.key_name() == origin).peekable();
        known.peek().ok_or(CosignRefusal::UnknownLog)?;
        // An origin may have several keys; one of them must have signed.
        let mut refusal = CosignRefusal::Unsigned;
        let signed = known.find_map(|key| match Checkpoint::from_signed_note(&note, key) {
            Ok(checkpoint) => Some((key.clone(), checkpoint)),
            Err(CheckpointError::Format) => {
                refusal = CosignRefusal::Malformed;
                None
            }
            Err(_) => None,
        });
        let (key, checkpoint) = signed.ok_or(refusal)?;
        self.check_consistency(&request, &checkpoint)?;
        let broken = |stop: AuditError| {
            output::print_notice(stop);
            CosignRefusal::Broken
        };
        self.state.store_checkpoint(&key, &checkpoint, request.note).map_err(broken)?;
        Ok(format!("{}\n", cosign_checkpoint(&self.cosigner, &checkpoint)))
    }

    fn check_consistency(
        &self,
        request: &AddCheckpointRequest<'_>,
        new: &Checkpoint,
    ) -> Result<(), CosignRefusal> {
        if request.old > new.size {
            return Err(CosignRefusal::Malformed);
        }
        let last = self.state.last_checkpoint(&new.origin).map_err(|stop| {
            output::print_notice(stop);
            CosignRefusal::Broken
        })?;
        let (size, root) = last.map_or((0, empty_root()), |last| (last.size, last.root));
        if request.old != size {
            return Err(CosignRefusal::Conflict(size));
        }
        if verify_consistency(size, new.size, &root, &new.root, &request.proof) {
            return Ok(());
        }
        // Two roots of one size are a fork, and anybody may report it. A wrong proof alone is not
        // one.
        if new.size == size && new.root != root {
            self.state.keep_evidence(new, request.note);
        }
        Err(CosignRefusal::Inconsistent)
    }
}

//! Signs the stored state of a log. Each checkpoint extends the one before, or is not signed.

mod queries;

use domain::ids::EditionId;
use domain::record::checkpoint::Checkpoint;
use domain::record::note::{Note, Signature};
use domain::record::tree::{self, Hash};

use super::tiles::{LoadedTiles, root_nodes};
use super::witnesses::{Witness, WitnessAnswer};
use super::{count_to_i64, last_signed, sequencer};
use crate::{Backend, Error, Result};

/// A log as it was read after the appending transaction had ended.
struct LogState {
    origin: String,
    size: u64,
    frontier: Vec<u8>,
    signed_size: u64,
    signed_root: Option<Hash>,
    /// The newest checkpoint, if witnesses must be asked for it once more.
    incomplete: Option<String>,
}

impl Backend {
    /// Signs the log if it has grown since the last checkpoint, and asks the witnesses whose
    /// cosignature is missing. The caller holds the lease, and the transaction that appended has
    /// ended.
    ///
    /// # Errors
    /// [`Error::Internal`], and nothing is published, in four cases. The stored tiles no longer
    /// give the root that was signed. They do not give the frontier's root. A witness saw another
    /// history. This machine signed another history before the database was restored.
    pub(super) async fn sign_checkpoint(&self, edition: EditionId) -> Result<()> {
        let mut connection = self.acquire_connection().await?;
        let state =
            queries::read_log_state(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        let grown = state.size > state.signed_size;
        if !grown && state.incomplete.is_none() {
            return Ok(());
        }
        let file = self.keys.edition_file_path(edition, "signed");
        let last = last_signed::read_last_signed(file.clone()).await?;
        let mut nodes = root_nodes(state.size);
        nodes.extend(root_nodes(state.signed_size));
        nodes.extend(last.iter().flat_map(|last| root_nodes(last.size.min(state.size))));
        let shelf =
            LoadedTiles::load_for_nodes(&mut connection, edition, &nodes, state.size).await?;
        drop(connection);
        let checkpoint = Checkpoint {
            root: compute_checked_root(&state, last.as_ref(), &shelf)?,
            origin: state.origin.clone(),
            size: state.size,
        };
        let note = match &state.incomplete {
            Some(note) if !grown => note.parse().ok(),
            _ => {
                let signer = self.record_signer(edition, &state.origin)?;
                last_signed::store_last_signed(file, &checkpoint).await?;
                checkpoint.sign(&signer).ok()
            }
        };
        let mut note = note.ok_or(Error::Internal("a checkpoint that cannot be signed"))?;
        // Ask all at once: the slowest one takes less time than the lease lasts.
        let missing = self.witnesses.missing_cosigners(&note);
        let asked =
            missing.iter().map(|witness| self.request_cosignature(edition, &state, witness, &note));
        for cosigned in futures_util::future::join_all(asked).await {
            if let Some(signature) = cosigned? {
                note.add_signature(signature)
                    .map_err(|_| Error::Internal("a note that is full"))?;
            }
        }
        let signed = queries::SignedCheckpoint {
            edition,
            holder: self.instance,
            size: count_to_i64(state.size)?,
            root: checkpoint.root,
            note: note.to_string(),
            complete: self.witnesses.missing_cosigners(&note).is_empty(),
        };
        queries::store_checkpoint(&mut *self.acquire_connection().await?, &signed).await
    }

    /// Asks one witness for its cosignature. A witness that does not answer is asked again later.
    async fn request_cosignature(
        &self,
        edition: EditionId,
        state: &LogState,
        witness: &Witness,
        note: &Note,
    ) -> Result<Option<Signature>> {
        // It has probably seen the last signed size. If not, it answers with the size that it saw.
        let mut old = state.signed_size;
        for _ in 0..2 {
            let proof = self.prove_consistency(edition, old, state.size).await?;
            match self.witnesses.ask_for_cosignature(witness, old, &proof, note).await {
                WitnessAnswer::Cosigned(signature) => return Ok(Some(signature)),
                WitnessAnswer::Saw(seen) if seen > state.size => {
                    return Err(Error::Internal(
                        "a witness has seen more of the log than there is",
                    ));
                }
                WitnessAnswer::Saw(seen) => old = seen,
                WitnessAnswer::Fork => {
                    return Err(Error::Internal("a witness has seen another history of the log"));
                }
                WitnessAnswer::Away => break,
            }
        }
        tracing::warn!(
            witness = witness.verifier_key().key_name(),
            "a witness did not cosign; asked again soon"
        );
        Ok(None)
    }

    /// Returns the proof that the log of `size` lines extends the one of `old` lines.
    async fn prove_consistency(
        &self,
        edition: EditionId,
        old: u64,
        size: u64,
    ) -> Result<Vec<Hash>> {
        let broken = || Error::Internal("no proof from a size to a smaller one");
        let nodes = tree::consistency_proof_nodes(old, size).ok_or_else(broken)?;
        let mut connection = self.acquire_connection().await?;
        let shelf = LoadedTiles::load_for_nodes(&mut connection, edition, &nodes, size).await?;
        tree::make_consistency_proof(old, size, |node| shelf.subtree_hash(node, size))?
            .ok_or_else(broken)
    }
}

/// Returns the root to sign, after checking that the log extends everything signed before.
fn compute_checked_root(
    state: &LogState,
    last: Option<&Checkpoint>,
    shelf: &LoadedTiles,
) -> Result<Hash> {
    let root = shelf.tree_root(state.size)?;
    if root != sequencer::parse_frontier(state.size, &state.frontier)?.tree_root() {
        return Err(Error::Internal("the tiles and the frontier of the log disagree"));
    }
    let before = (state.signed_size > 0).then(|| shelf.tree_root(state.signed_size)).transpose()?;
    if before != state.signed_root {
        return Err(Error::Internal("the log is not what was signed before"));
    }
    if let Some(last) = last {
        if last.size > state.size {
            return Err(Error::Internal("the log is shorter than what was signed here before"));
        }
        if last.size > 0 && shelf.tree_root(last.size)? != last.root {
            return Err(Error::Internal("the log is not what was signed here before"));
        }
    }
    Ok(root)
}

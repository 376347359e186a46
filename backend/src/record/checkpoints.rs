//! Signing what is stored: a checkpoint for the log as it stands, and never one that does not
//! extend the last.

mod queries;

use domain::ids::EditionId;
use domain::record::checkpoint::Checkpoint;
use domain::record::tree::Hash;

use super::tiles::{Shelf, root_nodes};
use super::{sequencer, stored};
use crate::{Backend, Error, Result};

/// A log as it was read after its transaction had ended.
pub(super) struct State {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) frontier: Vec<u8>,
    pub(super) signed_size: u64,
    pub(super) signed_root: Option<Hash>,
}

impl Backend {
    /// Signs the log as it stands, where it has grown since the last checkpoint. The caller has the
    /// lease, and the transaction that has appended is over.
    ///
    /// # Errors
    /// [`Error::Internal`] where the stored tiles no longer have the root that was signed, or not
    /// the one of the frontier: then nothing is signed.
    pub(super) async fn sign_checkpoint(&self, edition: EditionId) -> Result<()> {
        let mut connection = self.connection().await?;
        let state = queries::state(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        if state.signed_size >= state.size {
            return Ok(());
        }
        let mut nodes = root_nodes(state.size);
        nodes.extend(root_nodes(state.signed_size));
        let shelf = Shelf::load(&mut connection, edition, &nodes, state.size).await?;
        let root = extended(&state, &shelf)?;
        let signer = self.signer(edition, &state.origin)?;
        let checkpoint = Checkpoint { origin: state.origin, size: state.size, root };
        let note = checkpoint
            .sign(&signer)
            .map_err(|_| Error::Internal("a checkpoint that cannot be signed"))?;
        let signed = queries::Signed {
            edition,
            holder: self.instance,
            size: stored(state.size)?,
            root,
            note: note.to_string(),
        };
        queries::store(&mut connection, &signed).await
    }
}

/// The root to sign, where the tree goes on from what was signed before.
fn extended(state: &State, shelf: &Shelf) -> Result<Hash> {
    let root = shelf.root(state.size)?;
    if root != sequencer::frontier(state.size, &state.frontier)?.root() {
        return Err(Error::Internal("the tiles and the frontier of the log disagree"));
    }
    let before = (state.signed_size > 0).then(|| shelf.root(state.signed_size)).transpose()?;
    if before != state.signed_root {
        return Err(Error::Internal("the log is not what was signed before"));
    }
    Ok(root)
}

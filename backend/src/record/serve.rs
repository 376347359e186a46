//! Reading a record: its tiles, its bundles of lines, and the proof of one ballot. Only what a
//! checkpoint covers is shown.

pub(super) mod queries;

use domain::ids::{BallotId, EditionId};
use domain::record::proof::RecordProof;
use domain::record::tile::{EntryBundle, TILE_HEIGHT, TILE_WIDTH, Tile};
use domain::record::tree;

use super::tiles::{self, LoadedTiles};
use super::{EntryWithProof, count_to_i64};
use crate::{Backend, Error, Result};

const HASH_BYTES: usize = 32;

impl Backend {
    /// Returns the published edition with this short name that has a record.
    ///
    /// # Errors
    /// [`Error::NotFound`], also if its rules are not sealed yet.
    pub async fn sealed_edition(&self, slug: &str) -> Result<EditionId> {
        let found =
            queries::find_sealed_edition(&mut *self.acquire_connection().await?, slug).await?;
        found.ok_or(Error::NotFound)
    }

    /// Returns a tile of a record, with the width that `tile` asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the newest checkpoint does not cover the whole tile.
    pub async fn record_tile(&self, edition: EditionId, tile: Tile) -> Result<Vec<u8>> {
        let mut connection = self.acquire_connection().await?;
        let size =
            queries::read_signed_size(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        check_tile_exists(size, tile.level, tile.index, tile.width)?;
        let (level, index) = (i16::from(tile.level), count_to_i64(tile.index)?);
        let rows = tiles::queries::read_tiles(&mut connection, edition, &[level], &[index]).await?;
        let hashes = rows.into_iter().next().map(|row| row.hashes).unwrap_or_default();
        let wanted = hashes.get(..usize::from(tile.width) * HASH_BYTES);
        Ok(wanted.ok_or(Error::Internal("a signed tile is not there"))?.to_vec())
    }

    /// Returns the lines of a bundle, in the order of the log.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the newest checkpoint does not cover all of them.
    pub async fn record_lines(
        &self,
        edition: EditionId,
        bundle: EntryBundle,
    ) -> Result<Vec<String>> {
        let mut connection = self.acquire_connection().await?;
        let size =
            queries::read_signed_size(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        check_tile_exists(size, 0, bundle.index, bundle.width)?;
        let first = count_to_i64(bundle.index.saturating_mul(TILE_WIDTH.into()))?;
        let lines =
            queries::read_lines(&mut connection, edition, first, bundle.width.into()).await?;
        if lines.len() == usize::from(bundle.width) {
            Ok(lines)
        } else {
            Err(Error::Internal("signed lines are not there"))
        }
    }

    /// Returns the line of a ballot and the proof that it is in the record. `None` while it waits
    /// for the next checkpoint, and for a ballot that does not exist.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Internal`] if the log is inconsistent.
    pub async fn ballot_proof(
        &self,
        edition: EditionId,
        ballot: BallotId,
    ) -> Result<Option<EntryWithProof>> {
        let mut connection = self.acquire_connection().await?;
        let found = queries::find_ballot_line(&mut connection, edition, ballot).await?;
        let Some(queries::SignedLine { index, line, size, checkpoint }) = found else {
            return Ok(None);
        };
        let nodes = tree::inclusion_proof_nodes(index, size);
        let nodes = nodes.ok_or(Error::Internal("a line behind the end of the log"))?;
        let shelf = LoadedTiles::load_for_nodes(&mut connection, edition, &nodes, size).await?;
        let path = tree::make_inclusion_proof(index, size, |node| shelf.subtree_hash(node, size))?;
        let broken = Error::Internal("a record that cannot be read");
        let (Some(path), Ok(checkpoint), Ok(entry)) = (path, checkpoint.parse(), line.parse())
        else {
            return Err(broken);
        };
        Ok(Some(EntryWithProof {
            entry,
            proof: RecordProof { extra: None, index, path, checkpoint },
        }))
    }
}

/// Checks that a tree of `size` leaves has at least `width` hashes in this tile.
fn check_tile_exists(size: u64, level: u8, index: u64, width: u16) -> Result<()> {
    let count = size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or(0);
    let end =
        index.checked_mul(TILE_WIDTH.into()).and_then(|start| start.checked_add(width.into()));
    if end.is_some_and(|end| end <= count) { Ok(()) } else { Err(Error::NotFound) }
}

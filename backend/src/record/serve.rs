//! What is read from a record: tiles, bundles of lines, and the proof of one ballot. Nothing is
//! shown that no checkpoint speaks of yet.

mod queries;

use domain::ids::{BallotId, EditionId};
use domain::record::proof::Proof;
use domain::record::tile::{Bundle, HEIGHT, Tile, WIDTH};
use domain::record::tree;

use super::tiles::{self, Shelf};
use super::{Included, stored};
use crate::{Backend, Error, Result};

const HASH_BYTES: usize = 32;

impl Backend {
    /// The published edition of this short name that has a record.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one whose rules are not sealed yet.
    pub async fn sealed_edition(&self, slug: &str) -> Result<EditionId> {
        let found = queries::sealed_edition(&mut *self.connection().await?, slug).await?;
        found.ok_or(Error::NotFound)
    }

    /// A tile of a record, as wide as it is asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the newest checkpoint does not speak of all of it.
    pub async fn record_tile(&self, edition: EditionId, tile: Tile) -> Result<Vec<u8>> {
        let mut connection = self.connection().await?;
        let size = queries::signed_size(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        has(size, tile.level, tile.index, tile.width)?;
        let (level, index) = (i16::from(tile.level), stored(tile.index)?);
        let rows = tiles::queries::tiles(&mut connection, edition, &[level], &[index]).await?;
        let hashes = rows.into_iter().next().map(|row| row.hashes).unwrap_or_default();
        let wanted = hashes.get(..usize::from(tile.width) * HASH_BYTES);
        Ok(wanted.ok_or(Error::Internal("a signed tile is not there"))?.to_vec())
    }

    /// The lines of a bundle, in their order.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the newest checkpoint does not speak of all of them.
    pub async fn record_lines(&self, edition: EditionId, bundle: Bundle) -> Result<Vec<String>> {
        let mut connection = self.connection().await?;
        let size = queries::signed_size(&mut connection, edition).await?.ok_or(Error::NotFound)?;
        has(size, 0, bundle.index, bundle.width)?;
        let first = stored(bundle.index.saturating_mul(WIDTH.into()))?;
        let lines = queries::lines(&mut connection, edition, first, bundle.width.into()).await?;
        if lines.len() == usize::from(bundle.width) {
            Ok(lines)
        } else {
            Err(Error::Internal("signed lines are not there"))
        }
    }

    /// The line of a ballot and the proof that it is in the record; none while it waits for the
    /// next checkpoint, and for a ballot that nobody has cast.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Internal`] for a log that does not hold together.
    pub async fn proof(&self, edition: EditionId, ballot: BallotId) -> Result<Option<Included>> {
        let mut connection = self.connection().await?;
        let found = queries::ballot(&mut connection, edition, ballot).await?;
        let Some(queries::Signed { index, line, size, checkpoint }) = found else {
            return Ok(None);
        };
        let nodes = tree::inclusion_nodes(index, size);
        let nodes = nodes.ok_or(Error::Internal("a line behind the end of the log"))?;
        let shelf = Shelf::load(&mut connection, edition, &nodes, size).await?;
        let path = tree::inclusion(index, size, |node| shelf.hash(node, size))?;
        let broken = Error::Internal("a record that cannot be read");
        let (Some(path), Ok(checkpoint), Ok(entry)) = (path, checkpoint.parse(), line.parse())
        else {
            return Err(broken);
        };
        Ok(Some(Included { entry, proof: Proof { extra: None, index, path, checkpoint } }))
    }
}

/// Whether a tree of `size` leaves has so many hashes in this tile.
fn has(size: u64, level: u8, index: u64, width: u16) -> Result<()> {
    let count = size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0);
    let end = index.checked_mul(WIDTH.into()).and_then(|start| start.checked_add(width.into()));
    if end.is_some_and(|end| end <= count) { Ok(()) } else { Err(Error::NotFound) }
}

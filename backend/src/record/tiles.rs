//! The tiles in which the hash tree is stored and served: how they grow, and how hashes are read.

pub(super) mod queries;

use std::collections::{BTreeSet, HashMap};

use domain::ids::EditionId;
use domain::record::tile::{TILE_HEIGHT, TILE_WIDTH, Tile};
use domain::record::tree::{self, Frontier, Hash, Node};
use sqlx::PgConnection;

use super::count_to_i64;
use crate::{Error, Result};

const HASH_BYTES: usize = 32;
/// The highest level of tiles. No log grows beyond it.
const TOP_LEVEL: u8 = 7;

/// A row of the table `tile`.
pub(super) struct TileRow {
    pub(super) level: i16,
    pub(super) index: i64,
    pub(super) hashes: Vec<u8>,
}

/// Tiles that were read from the database.
pub(super) struct LoadedTiles(HashMap<(i16, i64), Vec<u8>>);

impl LoadedTiles {
    /// Reads the tiles that hold these subtrees of a tree of `size` leaves.
    pub(super) async fn load_for_nodes(
        connection: &mut PgConnection,
        edition: EditionId,
        nodes: &[Node],
        size: u64,
    ) -> Result<Self> {
        let mut wanted = BTreeSet::new();
        for node in nodes {
            let tile = node
                .containing_tile(size)
                .ok_or(Error::Internal("a subtree outside of the log"))?;
            wanted.insert((i16::from(tile.level), count_to_i64(tile.index)?));
        }
        let (levels, indexes): (Vec<i16>, Vec<i64>) = wanted.into_iter().unzip();
        let rows = queries::read_tiles(connection, edition, &levels, &indexes).await?;
        Ok(Self(rows.into_iter().map(|row| ((row.level, row.index), row.hashes)).collect()))
    }

    /// Returns the hash of a subtree of a tree of `size` leaves.
    pub(super) fn subtree_hash(&self, node: Node, size: u64) -> Result<Hash> {
        let missing = Error::Internal("a tile of the log is missing or too short");
        let Some(tile) = node.containing_tile(size) else { return Err(missing) };
        let hashes = self.0.get(&(i16::from(tile.level), count_to_i64(tile.index)?));
        hashes.and_then(|hashes| node.read_hash_from_tile(hashes)).ok_or(missing)
    }

    /// Returns the root of the tree of the first `size` leaves.
    pub(super) fn tree_root(&self, size: u64) -> Result<Hash> {
        Ok(Frontier::from_subtree_hashes(size, |node| self.subtree_hash(node, size))?.tree_root())
    }
}

/// Lists the subtrees from which the root of a tree of `size` leaves is computed.
pub(super) fn root_nodes(size: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    // The hash has no meaning here: only the subtrees are collected.
    let read = |node| {
        nodes.push(node);
        Ok::<_, std::convert::Infallible>(tree::empty_root())
    };
    let _ = Frontier::from_subtree_hashes(size, read);
    nodes
}

/// The last tile of each level, and the tiles that were filled since.
pub(super) struct GrowingTiles {
    levels: Vec<LastTile>,
    full: Vec<TileRow>,
}

/// The last tile of a level.
#[derive(Default)]
struct LastTile {
    index: i64,
    hashes: Vec<Hash>,
    has_grown: bool,
}

impl GrowingTiles {
    /// Reads the last tile of each level, for a log of `size` leaves.
    pub(super) async fn load_last_tiles(
        connection: &mut PgConnection,
        edition: EditionId,
        size: u64,
    ) -> Result<Self> {
        let width = u64::from(TILE_WIDTH);
        let held = |level: u8| {
            let count = size >> (u32::from(level) * u32::from(TILE_HEIGHT));
            Ok((count_to_i64(count / width)?, usize::try_from(count % width).unwrap_or_default()))
        };
        let held: Vec<(i64, usize)> = (0..=TOP_LEVEL).map(held).collect::<Result<_>>()?;
        let (of_levels, indexes): (Vec<i16>, Vec<i64>) =
            (0..).zip(&held).map(|(level, (index, _))| (level, *index)).unzip();
        let rows = queries::read_tiles(connection, edition, &of_levels, &indexes).await?;
        let rows: HashMap<_, _> =
            rows.into_iter().map(|row| ((row.level, row.index), row.hashes)).collect();
        let mut levels = Vec::with_capacity(held.len());
        for (level, (index, number)) in (0..).zip(held) {
            let hashes = rows.get(&(level, index)).map(Vec::as_slice).unwrap_or_default();
            // The number of hashes does not match the record's size: another writer was here.
            if hashes.len() != number * HASH_BYTES {
                return Err(Error::Internal("a tile does not fit the size of the log"));
            }
            let hashes = hashes.chunks_exact(HASH_BYTES).filter_map(Hash::from_slice).collect();
            levels.push(LastTile { index, hashes, has_grown: false });
        }
        Ok(Self { levels, full: Vec::new() })
    }

    /// Appends one leaf.
    pub(super) fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for (level, last) in (0..).zip(&mut self.levels) {
            last.hashes.push(hash);
            last.has_grown = true;
            if last.hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            hash = tree::compute_tree_root(&last.hashes);
            let hashes = Tile::encode_hashes(&last.hashes);
            self.full.push(TileRow { level, index: last.index, hashes });
            *last = LastTile { index: last.index + 1, ..LastTile::default() };
        }
    }

    /// Returns the tiles that have grown since the last call.
    fn take_grown_rows(&mut self) -> Vec<TileRow> {
        let mut rows = std::mem::take(&mut self.full);
        for (level, last) in (0..).zip(&mut self.levels) {
            if std::mem::take(&mut last.has_grown) {
                let hashes = Tile::encode_hashes(&last.hashes);
                rows.push(TileRow { level, index: last.index, hashes });
            }
        }
        rows
    }

    /// Stores the tiles that have grown.
    pub(super) async fn store_grown_tiles(
        mut self,
        connection: &mut PgConnection,
        edition: EditionId,
    ) -> Result<()> {
        let rows = self.take_grown_rows();
        let written = queries::write_tiles(connection, edition, &rows).await?;
        // A stored tile that is not the beginning of the new one is not updated. Then the number is
        // too small.
        if usize::try_from(written) == Ok(rows.len()) {
            Ok(())
        } else {
            Err(Error::Internal("a tile of the log would change what it says"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::record::tile::new_tiles;

    use super::*;

    fn leaf(number: u64) -> Hash {
        tree::leaf_hash(number.to_string().as_bytes())
    }

    /// Returns the rows of the table after these leaves were appended in batches.
    fn grown(batches: &[u64]) -> BTreeMap<(i16, i64), Vec<u8>> {
        let (mut table, mut size) = (BTreeMap::new(), 0);
        let levels = (0..=TOP_LEVEL).map(|_| LastTile::default()).collect();
        let mut growth = GrowingTiles { levels, full: Vec::new() };
        for batch in batches {
            for number in size..size + batch {
                growth.push(leaf(number));
            }
            size += batch;
            for row in growth.take_grown_rows() {
                table.insert((row.level, row.index), row.hashes);
            }
        }
        table
    }

    #[test]
    fn the_tiles_do_not_depend_on_the_batches_and_are_those_of_the_specification() {
        let table = grown(&[70_000]);
        let expected: Vec<_> = new_tiles(0, 70_000)
            .map(|tile| (i16::from(tile.level), count_to_i64(tile.index).unwrap(), tile.width))
            .collect();
        let found: Vec<_> = table
            .iter()
            .map(|((level, index), hashes)| {
                (*level, *index, u16::try_from(hashes.len() / 32).unwrap())
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(grown(&[1, 254, 1, 1, 65_279, 4_464]), table);
    }

    #[test]
    fn the_root_that_is_read_from_tiles_is_that_of_the_leaves() {
        let shelf = LoadedTiles(grown(&[66_000]).into_iter().collect());
        let mut frontier = Frontier::default();
        for number in 0..66_000 {
            frontier.append_leaf(leaf(number));
            if [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 66_000].contains(&(number + 1)) {
                assert_eq!(shelf.tree_root(number + 1).unwrap(), frontier.tree_root(), "{number}");
            }
        }
        assert!(shelf.tree_root(66_001).is_err());
    }
}

//! Grows the whole tree from the entries, tile by tile, and passes on every tile it makes. Holds
//! only the right edge: at most 256 hashes of each level.

use domain::record::tile::{TILE_HEIGHT, TILE_WIDTH, Tile};
use domain::record::tree::{Hash, compute_tree_root, empty_root};

/// The right edge of a growing tree, by levels of tiles.
#[derive(Debug, Default)]
pub struct GrowingTree {
    leaves: u64,
    /// `above[0]` is level 1: the hashes of its last, unfinished tile.
    above: Vec<Vec<Hash>>,
}

impl GrowingTree {
    /// Returns the number of leaves in finished tiles.
    pub fn finished_leaves(&self) -> u64 {
        self.leaves
    }

    /// Returns the root of the tree with these leaves, fewer than 257, after the finished tiles.
    pub fn root_with_leaves(&self, leaves: &[Hash]) -> Hash {
        let mut below = root_if_any(leaves);
        for level in &self.above {
            let mut hashes = level.clone();
            hashes.extend(below);
            below = root_if_any(&hashes);
        }
        below.unwrap_or_else(empty_root)
    }

    /// Appends a full tile of leaves, and passes every tile that is finished above it to `made`.
    ///
    /// # Errors
    /// The first error of `made`.
    pub fn push_full_tile<E>(
        &mut self,
        leaves: &[Hash],
        mut made: impl FnMut(Tile, &[Hash]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.leaves += u64::from(TILE_WIDTH);
        let mut hash = compute_tree_root(leaves);
        for place in 0.. {
            if place == self.above.len() {
                self.above.push(Vec::new());
            }
            self.above[place].push(hash);
            if self.above[place].len() < usize::from(TILE_WIDTH) {
                break;
            }
            let hashes = std::mem::take(&mut self.above[place]);
            made(self.last_tile_of_level(place, TILE_WIDTH), &hashes)?;
            hash = compute_tree_root(&hashes);
        }
        Ok(())
    }

    /// Returns the unfinished tiles above the leaves. A record contains them too.
    pub fn unfinished_tiles(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        let levels = self.above.iter().enumerate().filter(|(_, hashes)| !hashes.is_empty());
        levels.map(|(place, hashes)| {
            (
                self.last_tile_of_level(place, u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH)),
                hashes.as_slice(),
            )
        })
    }

    /// Returns the last tile at a place of `above`. A finished tile ends where the leaves end.
    fn last_tile_of_level(&self, place: usize, width: u16) -> Tile {
        let level = u8::try_from(place + 1).unwrap_or(u8::MAX);
        let hashes = self.leaves >> (level * TILE_HEIGHT);
        let index = (hashes - u64::from(width)) / u64::from(TILE_WIDTH);
        Tile { level, index, width }
    }
}

fn root_if_any(hashes: &[Hash]) -> Option<Hash> {
    if hashes.is_empty() { None } else { Some(compute_tree_root(hashes)) }
}

//! The tiles of the tree and the bundles of its entries (C2SP tlog-tiles): their paths, their
//! contents, and which ones a growing log adds.

use std::fmt;
use std::str::FromStr;

use super::tree::{Hash, MAX_TREE_SIZE, Node, compute_tree_root};

/// Levels of the tree in one tile.
pub const TILE_HEIGHT: u8 = 8;
/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// The highest level of tiles in a tree of [`MAX_TREE_SIZE`] leaves.
const TOP_TILE_LEVEL: u8 = 7;

/// One tile of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Level 0 has leaf hashes. On each higher level, a hash is the root of a full tile below.
    pub level: u8,
    /// Place among the tiles of its level, from 0.
    pub index: u64,
    /// Hashes in it, 1 to [`TILE_WIDTH`].
    pub width: u16,
}

/// One bundle of entries: those whose hashes are in the tile of level 0 with the same index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryBundle {
    /// Place among the bundles, from 0.
    pub index: u64,
    /// Entries in it, 1 to [`TILE_WIDTH`].
    pub width: u16,
}

/// What follows `/tile/` in an address: `0/x001/234.p/7` or `entries/x001/234.p/7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// A tile of hashes.
    Tile(Tile),
    /// A bundle of entries.
    Bundle(EntryBundle),
}

/// Why something is not a tile, a bundle or a path of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not a path as C2SP tlog-tiles writes it.
    #[error("not the path of a tile or bundle")]
    Path,
    /// The number of bytes does not match the width, or a length in them is wrong.
    #[error("the tile or bundle does not have the length that its path says")]
    Length,
    /// An entry is too long for the two bytes of its length.
    #[error("an entry has more than 65535 bytes")]
    Entry,
    /// A line of a bundle is empty or does not end in a newline.
    #[error("not lines that each end in a newline")]
    Lines,
}

fn write_index_path(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    write_thousands_folders(f, index / 1_000)?;
    write!(f, "{:03}", index % 1_000)?;
    if width == TILE_WIDTH { Ok(()) } else { write!(f, ".p/{width}") }
}

/// Writes the thousands of an index, with a folder for each three digits.
fn write_thousands_folders(f: &mut fmt::Formatter<'_>, thousands: u64) -> fmt::Result {
    if thousands == 0 {
        return Ok(());
    }
    write_thousands_folders(f, thousands / 1_000)?;
    write!(f, "x{:03}/", thousands % 1_000)
}

/// Reads digits without a sign or leading zeros.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let short = text == "0" || !text.starts_with('0');
    (plain && short).then(|| text.parse().ok()).flatten()
}

fn parse_index_and_width(path: &str) -> Result<(u64, u16), TileError> {
    let (number, width) = match path.split_once(".p/") {
        None => (path, TILE_WIDTH),
        Some((number, width)) => {
            let width = parse_decimal(width).and_then(|width| u16::try_from(width).ok());
            (number, width.filter(|width| (1..TILE_WIDTH).contains(width)).ok_or(TileError::Path)?)
        }
    };
    let digits = number.replace(['x', '/'], "");
    let index = digits.parse().map_err(|_| TileError::Path)?;
    // One number has one path, so the path must be the one that would be written.
    let bundle = EntryBundle { index, width };
    if bundle.to_string() == path { Ok((index, width)) } else { Err(TileError::Path) }
}

impl fmt::Display for EntryBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_index_path(f, self.index, self.width)
    }
}

impl FromStr for EntryBundle {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (index, width) = parse_index_and_width(path)?;
        Ok(Self { index, width })
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.level)?;
        write_index_path(f, self.index, self.width)
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (level, path) = path.split_once('/').ok_or(TileError::Path)?;
        let level = parse_decimal(level).and_then(|level| u8::try_from(level).ok());
        let level = level.filter(|&level| level <= TOP_TILE_LEVEL).ok_or(TileError::Path)?;
        let (index, width) = parse_index_and_width(path)?;
        Ok(Self { level, index, width })
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(tile) => tile.fmt(f),
            Self::Bundle(bundle) => write!(f, "entries/{bundle}"),
        }
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        match path.strip_prefix("entries/") {
            Some(path) => path.parse().map(Self::Bundle),
            None => path.parse().map(Self::Tile),
        }
    }
}

/// Returns the number of entries in the tile `index` of a level with `count` hashes.
fn count_tile_hashes(index: u64, count: u64) -> u16 {
    let rest = count.saturating_sub(index.saturating_mul(u64::from(TILE_WIDTH)));
    u16::try_from(rest).unwrap_or(TILE_WIDTH).min(TILE_WIDTH)
}

/// Returns the tiles that a log must write when it grows from `old` to `new` leaves, level 0 first.
pub fn new_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    (0..=TOP_TILE_LEVEL).flat_map(move |level| {
        let (old, new) = (old >> (level * TILE_HEIGHT), new >> (level * TILE_HEIGHT));
        let indexes = old / u64::from(TILE_WIDTH)..new.div_ceil(u64::from(TILE_WIDTH));
        let indexes = if old < new { indexes } else { 0..0 };
        indexes.map(move |index| Tile { level, index, width: count_tile_hashes(index, new) })
    })
}

/// Returns the bundles that a log must write when it grows from `old` to `new` leaves.
pub fn new_bundles(old: u64, new: u64) -> impl Iterator<Item = EntryBundle> {
    let tiles = new_tiles(old, new).take_while(|tile| tile.level == 0);
    tiles.map(|tile| EntryBundle { index: tile.index, width: tile.width })
}

impl Node {
    /// Returns the tile that has this subtree's hash in a tree of `size` leaves; `None` if the
    /// subtree is not in that tree.
    pub fn containing_tile(self, size: u64) -> Option<Tile> {
        let end = self.index.checked_add(1)?.checked_mul(1_u64.checked_shl(self.level.into())?)?;
        if end > size.min(MAX_TREE_SIZE) {
            return None;
        }
        let level = self.level / TILE_HEIGHT;
        let index = self.first_hash_index() / u64::from(TILE_WIDTH);
        Some(Tile { level, index, width: count_tile_hashes(index, size >> (level * TILE_HEIGHT)) })
    }

    /// Returns the hash of this subtree from the bytes of [`Node::containing_tile`]; `None` if there are too
    /// few bytes.
    pub fn read_hash_from_tile(self, tile: &[u8]) -> Option<Hash> {
        let start = usize::try_from(self.first_hash_index() % u64::from(TILE_WIDTH)).ok()?;
        let (hashes, _) = tile.as_chunks::<32>();
        let hashes = hashes.get(start..start + (1 << (self.level % TILE_HEIGHT)))?;
        Some(compute_tree_root(&hashes.iter().copied().map(Hash::from_bytes).collect::<Vec<_>>()))
    }

    /// Returns the index of the first hash below this subtree at the level of its tile. The shift
    /// loses bits only for subtrees outside every tree.
    fn first_hash_index(self) -> u64 {
        self.index << (self.level % TILE_HEIGHT)
    }
}

impl Tile {
    /// Returns the bytes of a tile.
    pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
        hashes.iter().flat_map(Hash::as_bytes).copied().collect()
    }

    /// Reads the hashes of this tile.
    ///
    /// # Errors
    /// Returns [`TileError::Length`] if their number does not match the width.
    pub fn decode_hashes(self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let exact = rest.is_empty() && hashes.len() == usize::from(self.width);
        let hashes = exact.then_some(hashes).ok_or(TileError::Length)?;
        Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
    }
}

impl EntryBundle {
    /// Returns the entries as `/tile/entries/` serves them, each after its length in two bytes.
    ///
    /// # Errors
    /// Returns [`TileError::Entry`] if an entry is too long.
    pub fn encode_entries<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, TileError> {
        let mut bytes = Vec::new();
        for entry in entries.iter().map(AsRef::as_ref) {
            let length = u16::try_from(entry.len()).map_err(|_| TileError::Entry)?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(entry);
        }
        Ok(bytes)
    }

    /// Reads the entries of this bundle.
    ///
    /// # Errors
    /// Returns [`TileError::Length`] if a length is wrong or the number of entries does not match
    /// the width.
    pub fn decode_entries(self, mut bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
        let mut entries = Vec::with_capacity(self.width.into());
        for _ in 0..self.width {
            let (length, rest) = bytes.split_first_chunk::<2>().ok_or(TileError::Length)?;
            let length = u16::from_be_bytes(*length).into();
            let (entry, rest) = rest.split_at_checked(length).ok_or(TileError::Length)?;
            entries.push(entry);
            bytes = rest;
        }
        if bytes.is_empty() { Ok(entries) } else { Err(TileError::Length) }
    }

    /// Returns the entries as `/entries/` serves them: plain lines, each with a newline at its end.
    pub fn join_entry_lines<T: AsRef<str>>(entries: &[T]) -> String {
        entries.iter().flat_map(|entry| [entry.as_ref(), "\n"]).collect()
    }

    /// Reads the lines of this bundle.
    ///
    /// # Errors
    /// Returns [`TileError::Lines`] if a line is empty or the last does not end in a newline, and
    /// [`TileError::Length`] if their number does not match the width.
    pub fn split_entry_lines(self, text: &str) -> Result<Vec<&str>, TileError> {
        let lines: Vec<&str> =
            text.strip_suffix('\n').ok_or(TileError::Lines)?.split('\n').collect();
        if lines.iter().any(|line| line.is_empty()) {
            return Err(TileError::Lines);
        }
        if lines.len() == usize::from(self.width) { Ok(lines) } else { Err(TileError::Length) }
    }
}

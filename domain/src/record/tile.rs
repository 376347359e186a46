//! The tiles that the tree is served in and the bundles of its entries (C2SP tlog-tiles): where
//! they are, what is in them, which ones a growing log adds.

use std::fmt;
use std::str::FromStr;

use super::tree::{Hash, MAX_SIZE, Node, root};

/// Levels of the tree in one tile.
pub const HEIGHT: u8 = 8;
/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u16 = 256;
/// No tree of [`MAX_SIZE`] leaves has tiles above this level.
const TOP: u8 = 7;

/// One tile of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// 0 holds leaf hashes; each hash above stands for a full tile below.
    pub level: u8,
    /// Place among the tiles of its level, from 0.
    pub index: u64,
    /// Hashes in it, 1 to [`WIDTH`].
    pub width: u16,
}

/// One bundle of entries: those whose hashes are in the tile of level 0 with the same index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bundle {
    /// Place among the bundles, from 0.
    pub index: u64,
    /// Entries in it, 1 to [`WIDTH`].
    pub width: u16,
}

/// What stands behind `/tile/`: `0/x001/234.p/7` or `entries/x001/234.p/7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// A tile of hashes.
    Tile(Tile),
    /// A bundle of entries.
    Bundle(Bundle),
}

/// Why something is no tile, no bundle or no path of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not a path as C2SP tlog-tiles writes it.
    #[error("not the path of a tile or bundle")]
    Path,
    /// The bytes are not as many as the width says, or a length in them is wrong.
    #[error("the tile or bundle does not have the length that its path says")]
    Length,
    /// An entry is longer than its two bytes of length can say.
    #[error("an entry has more than 65535 bytes")]
    Entry,
    /// A line of a bundle is empty or not ended.
    #[error("not lines that each end in a newline")]
    Lines,
}

fn print(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    folders(f, index / 1_000)?;
    write!(f, "{:03}", index % 1_000)?;
    if width == WIDTH { Ok(()) } else { write!(f, ".p/{width}") }
}

/// The thousands of an index, a folder for each three digits.
fn folders(f: &mut fmt::Formatter<'_>, thousands: u64) -> fmt::Result {
    if thousands == 0 {
        return Ok(());
    }
    folders(f, thousands / 1_000)?;
    write!(f, "x{:03}/", thousands % 1_000)
}

/// Digits without a sign or leading zeros.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let short = text == "0" || !text.starts_with('0');
    (plain && short).then(|| text.parse().ok()).flatten()
}

fn parse(path: &str) -> Result<(u64, u16), TileError> {
    let (number, width) = match path.split_once(".p/") {
        None => (path, WIDTH),
        Some((number, width)) => {
            let width = decimal(width).and_then(|width| u16::try_from(width).ok());
            (number, width.filter(|width| (1..WIDTH).contains(width)).ok_or(TileError::Path)?)
        }
    };
    let digits = number.replace(['x', '/'], "");
    let index = digits.parse().map_err(|_| TileError::Path)?;
    // One number has one path: what was read must be what would be written.
    let bundle = Bundle { index, width };
    if bundle.to_string() == path { Ok((index, width)) } else { Err(TileError::Path) }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.index, self.width)
    }
}

impl FromStr for Bundle {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (index, width) = parse(path)?;
        Ok(Self { index, width })
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.level)?;
        print(f, self.index, self.width)
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let (level, path) = path.split_once('/').ok_or(TileError::Path)?;
        let level = decimal(level).and_then(|level| u8::try_from(level).ok());
        let level = level.filter(|&level| level <= TOP).ok_or(TileError::Path)?;
        let (index, width) = parse(path)?;
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

/// Entries in the tile `index` of a level that holds `count` hashes.
fn width(index: u64, count: u64) -> u16 {
    let rest = count.saturating_sub(index.saturating_mul(u64::from(WIDTH)));
    u16::try_from(rest).unwrap_or(WIDTH).min(WIDTH)
}

/// The tiles that a log has to write when it grows from `old` to `new` leaves, level 0 first.
pub fn new_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    (0..=TOP).flat_map(move |level| {
        let (old, new) = (old >> (level * HEIGHT), new >> (level * HEIGHT));
        let indexes = old / u64::from(WIDTH)..new.div_ceil(u64::from(WIDTH));
        let indexes = if old < new { indexes } else { 0..0 };
        indexes.map(move |index| Tile { level, index, width: width(index, new) })
    })
}

/// The bundles that a log has to write when it grows from `old` to `new` leaves.
pub fn new_bundles(old: u64, new: u64) -> impl Iterator<Item = Bundle> {
    let tiles = new_tiles(old, new).take_while(|tile| tile.level == 0);
    tiles.map(|tile| Bundle { index: tile.index, width: tile.width })
}

impl Node {
    /// The tile from which this subtree's hash is read in a tree of `size` leaves; none where the
    /// subtree is not in that tree.
    pub fn tile(self, size: u64) -> Option<Tile> {
        let end = self.index.checked_add(1)?.checked_mul(1_u64.checked_shl(self.level.into())?)?;
        if end > size.min(MAX_SIZE) {
            return None;
        }
        let level = self.level / HEIGHT;
        let index = self.first() / u64::from(WIDTH);
        Some(Tile { level, index, width: width(index, size >> (level * HEIGHT)) })
    }

    /// The hash of this subtree, from the bytes of [`Node::tile`]; none where they are too few.
    pub fn read(self, tile: &[u8]) -> Option<Hash> {
        let start = usize::try_from(self.first() % u64::from(WIDTH)).ok()?;
        let (hashes, _) = tile.as_chunks::<32>();
        let hashes = hashes.get(start..start + (1 << (self.level % HEIGHT)))?;
        Some(root(&hashes.iter().copied().map(Hash::new).collect::<Vec<_>>()))
    }

    /// The first hash below this subtree at the level of its tile. What shifting loses lies
    /// outside of every tree.
    fn first(self) -> u64 {
        self.index << (self.level % HEIGHT)
    }
}

impl Tile {
    /// The bytes of a tile.
    pub fn encode(hashes: &[Hash]) -> Vec<u8> {
        hashes.iter().flat_map(Hash::as_bytes).copied().collect()
    }

    /// The hashes of this tile.
    ///
    /// # Errors
    /// [`TileError::Length`] where they are not as many as its width says.
    pub fn decode(self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let exact = rest.is_empty() && hashes.len() == usize::from(self.width);
        let hashes = exact.then_some(hashes).ok_or(TileError::Length)?;
        Ok(hashes.iter().copied().map(Hash::new).collect())
    }
}

impl Bundle {
    /// The entries as `/tile/entries/` serves them, each behind its length in two bytes.
    ///
    /// # Errors
    /// [`TileError::Entry`] where one is too long.
    pub fn encode<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, TileError> {
        let mut bytes = Vec::new();
        for entry in entries.iter().map(AsRef::as_ref) {
            let length = u16::try_from(entry.len()).map_err(|_| TileError::Entry)?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(entry);
        }
        Ok(bytes)
    }

    /// The entries of this bundle.
    ///
    /// # Errors
    /// [`TileError::Length`] where a length is wrong or their number is not the width.
    pub fn decode(self, mut bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
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

    /// The entries as `/entries/` serves them: plain lines, each ended by a newline.
    pub fn to_lines<T: AsRef<str>>(entries: &[T]) -> String {
        entries.iter().flat_map(|entry| [entry.as_ref(), "\n"]).collect()
    }

    /// The lines of this bundle.
    ///
    /// # Errors
    /// [`TileError::Lines`] where one is empty or the last is not ended, [`TileError::Length`]
    /// where their number is not the width.
    pub fn from_lines(self, text: &str) -> Result<Vec<&str>, TileError> {
        let lines: Vec<&str> =
            text.strip_suffix('\n').ok_or(TileError::Lines)?.split('\n').collect();
        if lines.iter().any(|line| line.is_empty()) {
            return Err(TileError::Lines);
        }
        if lines.len() == usize::from(self.width) { Ok(lines) } else { Err(TileError::Length) }
    }
}

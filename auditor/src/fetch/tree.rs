//! Mirrors the tree from its root down. Each tile is checked by the tile above it, and each bundle
//! by its tile. A file that is already in the folder is kept if it is still right.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::record::checkpoint::Checkpoint;
use domain::record::tile::{EntryBundle, TILE_HEIGHT, TILE_WIDTH, Tile};
use domain::record::tree::{Hash, compute_tree_root, empty_root, leaf_hash};

use crate::finding::{AuditError, Finding};
use crate::folder::{BUNDLE_BYTES, Folder, TILE_BYTES};
use crate::output;

use super::site::RecordSite;

/// Files that are fetched at the same time.
const AT_ONCE: u64 = 4;

/// One mirror run.
pub(super) struct TreeMirror<'a> {
    /// The site to read from.
    pub(super) site: &'a RecordSite,
    /// The folder to write to.
    pub(super) folder: &'a Folder,
    /// The signed checkpoint to mirror.
    pub(super) checkpoint: &'a Checkpoint,
    /// Whether to keep the plain lines too.
    pub(super) lines: bool,
}

impl TreeMirror<'_> {
    /// Fetches every tile and bundle.
    ///
    /// # Errors
    /// [`AuditError::Wrong`] if one is not what the checkpoint commits to; [`AuditError::Network`].
    pub(super) fn mirror_tree(&self) -> Result<(), AuditError> {
        let size = self.checkpoint.size;
        let edge = self.fetch_edge_tiles()?;
        let mut above: Vec<Hash> = Vec::new();
        for level in (0..edge.len()).rev() {
            let number = u8::try_from(level).unwrap_or(u8::MAX);
            let full = size >> (number * TILE_HEIGHT) >> TILE_HEIGHT;
            let tile = |index| Tile { level: number, index, width: TILE_WIDTH };
            let mut hashes = Vec::new();
            if level == 0 {
                self.fetch_leaves(full, &above, &edge[0])?;
            } else {
                for index in 0..full {
                    hashes.extend(self.fetch_full_tile(tile(index), subtree_hash(&above, index))?);
                }
            }
            hashes.extend(&edge[level]);
            above = hashes;
        }
        Ok(())
    }

    /// Fetches the unfinished tiles at the right edge. Together they lead to the root.
    fn fetch_edge_tiles(&self) -> Result<Vec<Vec<Hash>>, AuditError> {
        let (mut edge, mut below, mut found) = (Vec::new(), None, Vec::new());
        let mut count = self.checkpoint.size;
        for level in 0.. {
            if count == 0 {
                break;
            }
            let width = u16::try_from(count % u64::from(TILE_WIDTH)).unwrap_or(0);
            let tile = Tile { level, index: count / u64::from(TILE_WIDTH), width };
            let mut hashes = Vec::new();
            if width > 0 {
                let bytes = fetch_edge_tile(self.site, tile)?;
                hashes = decode_tile(tile, &bytes)?;
                found.push((tile, bytes));
            }
            let subtrees: Vec<Hash> = hashes.iter().copied().chain(below).collect();
            below = (!subtrees.is_empty()).then(|| compute_tree_root(&subtrees));
            edge.push(hashes);
            count /= u64::from(TILE_WIDTH);
        }
        if below.unwrap_or_else(empty_root) != self.checkpoint.root {
            let what = "the tiles at the right edge do not lead to the root it signs";
            return Err(Finding::about_whole_file("root", "checkpoint", what).into());
        }
        for (tile, bytes) in found {
            self.folder.write_file(&format!("tile/{tile}"), &bytes, false)?;
        }
        Ok(edge)
    }

    /// Reads a full tile with this hash from the folder or the site.
    fn fetch_full_tile(&self, tile: Tile, hash: Hash) -> Result<Vec<Hash>, AuditError> {
        let name = format!("tile/{tile}");
        self.reuse_or_fetch(&name, TILE_BYTES, |bytes| {
            let hashes = decode_tile(tile, bytes)?;
            if compute_tree_root(&hashes) == hash {
                return Ok(hashes);
            }
            let what = "not the tile that the checkpoint commits to";
            Err(Finding::about_whole_file("tile-hash", &name, what))
        })
    }

    /// Reads a bundle whose entries have these hashes, and the same entries as plain lines.
    fn fetch_bundle(&self, index: u64, hashes: &[Hash]) -> Result<(), AuditError> {
        let bundle =
            EntryBundle { index, width: u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH) };
        let name = format!("tile/entries/{bundle}");
        let right = |entries: Vec<&[u8]>, name: &str| {
            let same = entries.len() == hashes.len()
                && entries.iter().zip(hashes).all(|(entry, hash)| leaf_hash(entry) == *hash);
            let what = "not the entries that the checkpoint commits to";
            if same { Ok(()) } else { Err(Finding::about_whole_file("bundle-hash", name, what)) }
        };
        self.reuse_or_fetch(&name, BUNDLE_BYTES, |bytes| {
            let entries = bundle.decode_entries(bytes);
            right(
                entries.map_err(|why| {
                    Finding::about_whole_file("bundle-form", &name, why.to_string())
                })?,
                &name,
            )
        })?;
        if self.lines {
            let name = format!("entries/{bundle}");
            self.reuse_or_fetch(&name, BUNDLE_BYTES, |bytes| {
                let lines = bytes.strip_suffix(b"\n").unwrap_or_default();
                right(lines.split(|&byte| byte == b'\n').collect(), &name)
            })?;
        }
        Ok(())
    }

    /// Returns the folder's file if it is right. Otherwise fetches the site's file, which must be
    /// right.
    fn reuse_or_fetch<T>(
        &self,
        name: &str,
        most: u64,
        check: impl Fn(&[u8]) -> Result<T, Finding>,
    ) -> Result<T, AuditError> {
        if let Some(Ok(value)) =
            self.folder.read_file_if_present(name, most)?.map(|bytes| check(&bytes))
        {
            return Ok(value);
        }
        let bytes = match name.split_once(".p/") {
            None => self.site.fetch_file(name, most)?,
            Some((full, width)) => match self.site.fetch_if_present(name, most)? {
                Some(bytes) => bytes,
                None => take_first_entries(&self.site.fetch_file(full, most)?, name, width),
            },
        };
        let value = check(&bytes).or_else(|finding| {
            self.folder.write_file(&format!("evidence/{name}"), &bytes, false)?;
            Err(AuditError::from(finding))
        })?;
        self.folder.write_file(name, &bytes, false)?;
        if !name.contains(".p/") {
            // The unfinished tiles before this one are no longer needed.
            let _ = fs::remove_dir_all(self.folder.file_path(&format!("{name}.p")));
        }
        Ok(value)
    }

    /// Mirrors all tiles of leaves with their bundles, several at once.
    fn fetch_leaves(&self, full: u64, above: &[Hash], edge: &[Hash]) -> Result<(), AuditError> {
        let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
        let work = || -> Result<(), AuditError> {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= full {
                    return Ok(());
                }
                let tile = Tile { level: 0, index, width: TILE_WIDTH };
                let fetched = self
                    .fetch_full_tile(tile, subtree_hash(above, index))
                    .and_then(|hashes| self.fetch_bundle(index, &hashes));
                if fetched.is_err() {
                    next.store(full, Ordering::Relaxed);
                    return fetched;
                }
                output::show_progress("bundles", done.fetch_add(1, Ordering::Relaxed) + 1, full);
            }
        };
        let ended = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
            threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        for ended in ended {
            ended.map_err(|_| AuditError::Input("a thread has failed".to_owned()))??;
        }
        if edge.is_empty() { Ok(()) } else { self.fetch_bundle(full, edge) }
    }
}

/// Fetches a tile at the edge. A log that has grown since then may have only the full tile.
///
/// # Errors
/// [`AuditError::Network`] if the site has neither.
pub(crate) fn fetch_edge_tile(site: &RecordSite, tile: Tile) -> Result<Vec<u8>, AuditError> {
    if let Some(bytes) = site.fetch_if_present(&format!("tile/{tile}"), TILE_BYTES)? {
        return Ok(bytes);
    }
    let full = Tile { width: TILE_WIDTH, ..tile };
    let mut bytes = site.fetch_file(&format!("tile/{full}"), TILE_BYTES)?;
    bytes.truncate(usize::from(tile.width) * 32);
    Ok(bytes)
}

/// Returns the first entries of a full bundle, or its first lines. They are checked later.
fn take_first_entries(bytes: &[u8], name: &str, width: &str) -> Vec<u8> {
    let width = width.parse().unwrap_or(0);
    if name.starts_with("entries/") {
        return bytes
            .split_inclusive(|&byte| byte == b'\n')
            .take(width)
            .flatten()
            .copied()
            .collect();
    }
    let full = EntryBundle { index: 0, width: TILE_WIDTH };
    let entries = full.decode_entries(bytes).unwrap_or_default();
    EntryBundle::encode_entries(entries.get(..width).unwrap_or_default()).unwrap_or_default()
}

fn subtree_hash(above: &[Hash], index: u64) -> Hash {
    let place = usize::try_from(index).unwrap_or(usize::MAX);
    above.get(place).copied().unwrap_or_else(empty_root)
}

fn decode_tile(tile: Tile, bytes: &[u8]) -> Result<Vec<Hash>, Finding> {
    tile.decode_hashes(bytes).map_err(|why| {
        Finding::about_whole_file("tile-hash", format!("tile/{tile}"), why.to_string())
    })
}

//! One of the two threads of a check. Computes every hash of the tree from the entries. Compares
//! them with every tile, with the plain lines, and with the root at every size that was ever
//! signed.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use domain::record::tile::{EntryBundle, Tile};
use domain::record::tree::{Hash, leaf_hash};

use crate::finding::{AuditError, Finding};
use crate::folder::{BUNDLE_BYTES, Folder, TILE_BYTES};
use crate::tree::GrowingTree;

/// A signed root, and the file that contains it.
#[derive(Debug, Clone)]
pub struct SignedRoot {
    /// The number of entries below the root.
    pub size: u64,
    /// The root.
    pub root: Hash,
    /// The file.
    pub file: String,
}

/// A bundle on its way from the reading thread.
pub type BundleBytes = (EntryBundle, Arc<Vec<u8>>);

/// The number of the bundle where a thread stopped, and why it stopped.
pub type FailedBundle = (u64, AuditError);

/// Checks bundles in their order until there are no more. The signed roots must be sorted by size.
///
/// # Errors
/// The first hash that does not follow from the entries.
pub fn check_all_hashes(
    folder: &Folder,
    bundles: &Receiver<BundleBytes>,
    signed: &[SignedRoot],
) -> Result<(), FailedBundle> {
    let mut levels = GrowingTree::default();
    let mut signed = signed;
    let lines = folder.file_path("entries").is_dir();
    let empty = signed.partition_point(|signed| signed.size == 0);
    for signed in &signed[..empty] {
        compare_signed_root(signed, levels.root_with_leaves(&[])).map_err(|stop| (0, stop))?;
    }
    signed = &signed[empty..];
    while let Ok((bundle, bytes)) = bundles.recv() {
        let fail = |stop| (bundle.index, stop);
        let hashes = check_bundle_leaves(folder, bundle, &bytes, lines).map_err(fail)?;
        let end = levels.finished_leaves() + u64::from(bundle.width);
        while let Some((next, rest)) = signed.split_first().filter(|(next, _)| next.size <= end) {
            let more = usize::try_from(next.size - levels.finished_leaves()).unwrap_or(usize::MAX);
            compare_signed_root(
                next,
                levels.root_with_leaves(hashes.get(..more).unwrap_or_default()),
            )
            .map_err(fail)?;
            signed = rest;
        }
        if hashes.len() == 256 {
            let made = |tile: Tile, hashes: &[Hash]| compare_tile(folder, tile, hashes);
            levels.push_full_tile(&hashes, made).map_err(fail)?;
        }
    }
    let last = levels.finished_leaves() / 256;
    for (tile, hashes) in levels.unfinished_tiles() {
        compare_tile(folder, tile, hashes).map_err(|stop| (last, stop))?;
    }
    Ok(())
}

/// Computes the leaf hashes of a bundle, and compares them with its tile and its plain lines.
fn check_bundle_leaves(
    folder: &Folder,
    bundle: EntryBundle,
    bytes: &[u8],
    lines: bool,
) -> Result<Vec<Hash>, AuditError> {
    let file = format!("tile/entries/{bundle}");
    let entries = bundle
        .decode_entries(bytes)
        .map_err(|why| Finding::about_whole_file("bundle-form", file, why.to_string()))?;
    let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    compare_tile(folder, Tile { level: 0, index: bundle.index, width: bundle.width }, &hashes)?;
    if lines {
        compare_plain_lines(folder, bundle, &entries)?;
    }
    Ok(hashes)
}

fn compare_tile(folder: &Folder, tile: Tile, hashes: &[Hash]) -> Result<(), AuditError> {
    let file = format!("tile/{tile}");
    let bytes = folder.read_file(&file, TILE_BYTES)?;
    if bytes == Tile::encode_hashes(hashes) {
        return Ok(());
    }
    let found = tile.decode_hashes(&bytes);
    let what = match found {
        Err(why) => why.to_string(),
        Ok(found) => {
            let place = found.iter().zip(hashes).position(|(found, right)| found != right);
            format!("hash {} is not the one that the entries give", place.unwrap_or(0) + 1)
        }
    };
    Err(Finding::about_whole_file("tile-hash", file, what).into())
}

fn compare_plain_lines(
    folder: &Folder,
    bundle: EntryBundle,
    entries: &[&[u8]],
) -> Result<(), AuditError> {
    let file = format!("entries/{bundle}");
    let Some(bytes) = folder.read_file_if_present(&file, BUNDLE_BYTES)? else { return Ok(()) };
    let right: Vec<u8> = entries.iter().flat_map(|entry| [entry, &b"\n"[..]].concat()).collect();
    if bytes == right {
        return Ok(());
    }
    let mut pairs = bytes.split(|&byte| byte == b'\n').zip(entries);
    let line = pairs.position(|(here, entry)| here != *entry).unwrap_or(entries.len());
    let finding =
        Finding::about_whole_file("entry-lines", file, "not the entry that the tree is made of");
    Err(finding.at_line(line as u64 + 1).into())
}

fn compare_signed_root(signed: &SignedRoot, root: Hash) -> Result<(), AuditError> {
    if signed.root == root {
        return Ok(());
    }
    let what = format!(
        "signs the root {} over {} entries, but these entries give {}",
        signed.root.to_base64(),
        signed.size,
        root.to_base64()
    );
    Err(Finding::about_whole_file("root", &signed.file, what).into())
}

//! Writes a record to a folder: tiles, bundles, the signed checkpoint, the documents.

use std::fs;
use std::path::Path;

use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;
use domain::record::tile::{EntryBundle, Tile};
use domain::record::tree::{Hash, compute_tree_root, leaf_hash};

use crate::finding::AuditError;

use super::Sample;

/// Returns an evenly spread number that depends on all parts.
pub fn derive_number(parts: &[u64]) -> u64 {
    // splitmix64 over each part.
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mixed = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// Writes the record into a folder, signed by the key of its log. Removes nothing that is there.
///
/// # Errors
/// [`AuditError::Input`] if it cannot be written.
pub fn write_signed_record(
    sample: &Sample,
    signer: &Signer,
    folder: &Path,
) -> Result<Checkpoint, AuditError> {
    let leaves: Vec<Hash> = sample.entries.iter().map(|line| leaf_hash(line.as_bytes())).collect();
    write_tiles(&leaves, folder)?;
    for (index, entries) in (0..).zip(sample.entries.chunks(256)) {
        let bundle = EntryBundle { index, width: tile_width(entries.len()) };
        let bytes = EntryBundle::encode_entries(entries)
            .map_err(|why| AuditError::unreadable_input(format!("bundle {index}"), why))?;
        write_record_file(folder, &format!("tile/entries/{bundle}"), &bytes)?;
    }
    let origin = signer.verifier_key().key_name().to_owned();
    let checkpoint =
        Checkpoint { origin, size: leaves.len() as u64, root: compute_tree_root(&leaves) };
    let note =
        checkpoint.sign(signer).map_err(|why| AuditError::unreadable_input("checkpoint", why))?;
    write_record_file(folder, "checkpoint", note.to_string().as_bytes())?;
    write_record_file(folder, "key", format!("{}\n", signer.verifier_key()).as_bytes())?;
    write_record_file(folder, "rulebook.json", sample.rulebook.as_bytes())?;
    write_record_file(folder, "result.json", sample.result.as_bytes())?;
    for (kind, tables) in [("cvr", &sample.cvr), ("openings", &sample.openings)] {
        for (poll, table) in tables {
            write_record_file(folder, &format!("{kind}/{poll}.csv"), table.as_bytes())?;
        }
    }
    Ok(checkpoint)
}

/// Writes every tile of every level.
fn write_tiles(leaves: &[Hash], folder: &Path) -> Result<(), AuditError> {
    let mut hashes = leaves.to_vec();
    for level in 0.. {
        for (index, hashes) in (0..).zip(hashes.chunks(256)) {
            let tile = Tile { level, index, width: tile_width(hashes.len()) };
            write_record_file(folder, &format!("tile/{tile}"), &Tile::encode_hashes(hashes))?;
        }
        let (full, _) = hashes.as_chunks::<256>();
        if full.is_empty() {
            break;
        }
        hashes = full.iter().map(|hashes| compute_tree_root(hashes)).collect();
    }
    Ok(())
}

fn tile_width(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(256)
}

fn write_record_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
    let path = folder.join(name);
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, bytes)
    };
    write().map_err(|error: std::io::Error| AuditError::unreadable_input(path.display(), error))
}

//! Checks with a proof made from tiles that a newer checkpoint extends an older one. The tiles need
//! not be trusted, because a proof from wrong tiles does not lead to the two signed roots.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::record::checkpoint::Checkpoint;
use domain::record::tile::Tile;
use domain::record::tree::{Node, make_consistency_proof, verify_consistency};

use crate::finding::{AuditError, Finding};

/// Checks that `new` extends `old`; `read` returns the bytes of a tile.
///
/// # Errors
/// [`AuditError::Wrong`] if it does not; any error of `read`.
pub fn check_extension(
    old: &Checkpoint,
    new: &Checkpoint,
    mut read: impl FnMut(Tile) -> Result<Vec<u8>, AuditError>,
) -> Result<(), AuditError> {
    let wrong =
        |rule, what: String| AuditError::from(Finding::about_whole_file(rule, "checkpoint", what));
    if new.size < old.size {
        let what = format!("signs {} entries, but {} were signed before", new.size, old.size);
        return Err(wrong("rolled-back", what));
    }
    let mut tiles: HashMap<Tile, Vec<u8>> = HashMap::new();
    let node = |node: Node| {
        let outside = || AuditError::Input("a proof asks for what is not in the tree".to_owned());
        let tile = node.containing_tile(new.size).ok_or_else(outside)?;
        let bytes = match tiles.entry(tile) {
            Entry::Occupied(bytes) => bytes.into_mut(),
            Entry::Vacant(place) => place.insert(read(tile)?),
        };
        let short = || wrong("tile-hash", format!("tile/{tile} is too short"));
        node.read_hash_from_tile(bytes).ok_or_else(short)
    };
    let path = make_consistency_proof(old.size, new.size, node)?.unwrap_or_default();
    if verify_consistency(old.size, new.size, &old.root, &new.root, &path) {
        return Ok(());
    }
    let (sizes, roots) = ((old.size, new.size), (old.root.to_base64(), new.root.to_base64()));
    Err(wrong(
        "fork",
        format!(
            "the root {} over {} entries does not extend the root {} over {} that was signed before",
            roots.1, sizes.1, roots.0, sizes.0
        ),
    ))
}

//! Paths of tiles, and tiles, bundles and frontiers: each has one spelling, and lengths are
//! checked.

#![no_main]

use domain::record::tile::{EntryBundle, Tile, TilePath};
use domain::record::tree::Frontier;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
        let _ = frontier.tree_root();
    }
    let Some((width, rest)) = bytes.split_first() else { return };
    let bundle = EntryBundle { index: 0, width: u16::from(*width) + 1 };
    if let Ok(entries) = bundle.decode_entries(rest) {
        assert_eq!(EntryBundle::encode_entries(&entries).as_deref(), Ok(rest));
    }
    if let Ok(hashes) = (Tile { level: 0, index: 0, width: bundle.width }).decode_hashes(rest) {
        assert_eq!(Tile::encode_hashes(&hashes), rest);
    }
    let Ok(text) = std::str::from_utf8(rest) else { return };
    if let Ok(path) = text.parse::<TilePath>() {
        assert_eq!(path.to_string(), text);
    }
    if let Ok(lines) = bundle.split_entry_lines(text) {
        assert_eq!(EntryBundle::join_entry_lines(&lines), text);
    }
});

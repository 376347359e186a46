//! Properties of every tree, every line and every file.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::sample;
use crate::ballot::Picks;
use crate::ids::{BallotId, CaseId, SheetId};
use crate::record::check::verify_receipt_file;
use crate::record::cvr::{
    read_cvr_table, read_openings_table, write_cvr_table, write_openings_table,
};
use crate::record::entry::{HoldReasons, LogEntry, MAX_REASONS, Verdict};
use crate::record::note::Note;
use crate::record::proof::RecordProof;
use crate::record::receipt::{BallotKey, Opening, Receipt, ReceiptFile};
use crate::record::tile::{EntryBundle, Tile, TilePath, new_tiles};
use crate::record::tree::{
    Frontier, Hash, Node, compute_tree_root, consistency_proof_nodes, inclusion_proof_nodes,
    make_consistency_proof, make_inclusion_proof, node_hash, verify_consistency, verify_inclusion,
};
use crate::record::words::{RecordSlug, Reviewer, UtcDay, UtcSecond};
use crate::rulebook::PicksRule;

fn slug() -> impl Strategy<Value = RecordSlug> {
    "[a-z0-9-]{1,64}".prop_map(|text| text.parse().unwrap())
}

fn reviewer() -> impl Strategy<Value = Reviewer> {
    "[A-Za-z0-9-]{1,64}".prop_map(|text| text.parse().unwrap())
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash::from_bytes)
}

fn instant() -> impl Strategy<Value = crate::schedule::Instant> {
    // Every year of four digits, and thousandths of a second, which must not be written.
    let first: i64 = -62_167_219_200;
    (first..253_402_300_800, 0..1_000_i64).prop_map(|(second, thousandth)| {
        DateTime::from_timestamp(second, 0).unwrap() + TimeDelta::milliseconds(thousandth)
    })
}

fn second() -> impl Strategy<Value = UtcSecond> {
    instant().prop_map(UtcSecond::from_instant)
}

fn ballot() -> impl Strategy<Value = BallotId> {
    any::<u128>().prop_map(|id| BallotId(Uuid::from_u128(id)))
}

fn picks() -> impl Strategy<Value = Picks> {
    let ids = prop::collection::btree_set(any::<u128>(), 1..=20);
    ids.prop_map(|ids| {
        let ids: Vec<CaseId> = ids.into_iter().map(|id| CaseId(Uuid::from_u128(id))).collect();
        Picks::from_case_ids(&ids, PicksRule::AtMost(20)).unwrap()
    })
}

fn opening() -> impl Strategy<Value = Opening> {
    (ballot(), any::<[u8; 32]>(), picks()).prop_map(|(ballot, key, picks)| Opening {
        ballot,
        key: BallotKey::from_random_bytes(key),
        picks,
    })
}

fn entry() -> impl Strategy<Value = LogEntry> {
    let reasons = prop::collection::vec(slug(), 1..=MAX_REASONS).prop_map(HoldReasons::from_codes);
    let verdict = prop::bool::ANY.prop_map(|is| if is { Verdict::Count } else { Verdict::Exclude });
    prop_oneof![
        (slug(), hash()).prop_map(|(edition, sha256)| LogEntry::Rulebook { edition, sha256 }),
        (slug(), second()).prop_map(|(poll, at)| LogEntry::Open { poll, at }),
        (slug(), ballot(), hash(), hash(), instant()).prop_map(|(poll, ballot, voter, of, at)| {
            LogEntry::Ballot { poll, ballot, voter, commitment: of, day: UtcDay::from_instant(at) }
        }),
        (slug(), ballot(), reasons, hash()).prop_map(|(poll, ballot, reasons, evidence)| {
            LogEntry::Hold { poll, ballot, reasons: reasons.unwrap(), evidence }
        }),
        (slug(), ballot(), verdict, slug(), reviewer(), reviewer()).prop_map(
            |(poll, ballot, verdict, reason, one, other)| {
                LogEntry::Ruling { poll, ballot, verdict, reason, reviewers: [one, other] }
            }
        ),
        (slug(), second(), any::<u64>()).prop_map(|(poll, at, received)| LogEntry::Close {
            poll,
            at,
            received
        }),
        (slug(), any::<u128>(), hash()).prop_map(|(edition, sheet, commitment)| {
            LogEntry::Sheet { edition, sheet: SheetId(Uuid::from_u128(sheet)), commitment }
        }),
        (slug(), hash()).prop_map(|(edition, sha256)| LogEntry::Result { edition, sha256 }),
        (slug(), second()).prop_map(|(edition, at)| LogEntry::Erase { edition, at }),
    ]
}

/// Computes the hash over a range of leaves as RFC 6962 defines it, by halving; the tested code
/// folds.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::sha256_of(b""),
        [leaf] => *leaf,
        leaves => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&defined(left), &defined(right))
        }
    }
}

/// The tiles of a tree, and a reader that takes nodes from them.
fn tiled(leaves: &[Hash]) -> impl Fn(Node) -> Result<Hash, Node> {
    let size = leaves.len() as u64;
    let mut tiles: BTreeMap<Tile, Vec<u8>> = BTreeMap::new();
    for tile in new_tiles(0, size) {
        let width = 256_usize.pow(tile.level.into());
        let first = usize::try_from(tile.index).unwrap() * 256;
        let hashes = (first..first + usize::from(tile.width))
            .map(|at| defined(&leaves[at * width..(at + 1) * width]));
        tiles.insert(tile, Tile::encode_hashes(&hashes.collect::<Vec<_>>()));
    }
    move |node| {
        let tile = node.containing_tile(size).and_then(|tile| tiles.get(&tile)).ok_or(node)?;
        node.read_hash_from_tile(tile).ok_or(node)
    }
}

fn leaves(most: usize) -> impl Strategy<Value = Vec<Hash>> {
    // Repeated leaves must not matter, because a proof is about a position.
    (1..=most, 1_u64..400).prop_map(|(size, kinds)| {
        (0..size as u64).map(|at| Hash::sha256_of(&(at % kinds).to_be_bytes())).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_frontier_has_the_root_that_is_defined(leaves in leaves(700)) {
        prop_assert_eq!(compute_tree_root(&leaves), defined(&leaves));
        let middle = leaves.len() / 2;
        let mut frontier = Frontier::from_subtree_hashes(middle as u64, tiled(&leaves)).unwrap();
        frontier = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        prop_assert_eq!(frontier.tree_root(), defined(&leaves[..middle]));
        leaves[middle..].iter().for_each(|leaf| frontier.append_leaf(*leaf));
        prop_assert_eq!(frontier.tree_root(), defined(&leaves));
        prop_assert_eq!(frontier.tree_size(), leaves.len() as u64);
    }

    #[test]
    fn proofs_from_tiles_verify_and_ask_for_the_nodes_they_announce(
        (leaves, size, index, old) in leaves(700).prop_flat_map(|leaves| {
            let most = leaves.len();
            (Just(leaves), 1..=most)
        }).prop_flat_map(|(leaves, size)| (Just(leaves), Just(size), 0..size, 0..=size))
    ) {
        let (tiles, count) = (tiled(&leaves), size as u64);
        let (at, before) = (index as u64, old as u64);
        let mut asked = Vec::new();
        let path = make_inclusion_proof(at, count, |node| { asked.push(node); tiles(node) }).unwrap().unwrap();
        prop_assert_eq!(inclusion_proof_nodes(at, count), Some(asked));
        let (leaf, new_root) = (&leaves[index], defined(&leaves[..size]));
        prop_assert!(verify_inclusion(at, count, leaf, &path, &new_root));
        prop_assert!(!verify_inclusion(at, count, &Hash::sha256_of(b"x"), &path, &new_root));
        prop_assert!(!verify_inclusion(at, count, leaf, &path, &Hash::sha256_of(b"x")));

        let mut asked = Vec::new();
        let path =
            make_consistency_proof(before, count, |node| { asked.push(node); tiles(node) }).unwrap().unwrap();
        prop_assert_eq!(consistency_proof_nodes(before, count), Some(asked));
        let old_root = defined(&leaves[..old]);
        prop_assert!(verify_consistency(before, count, &old_root, &new_root, &path));
        prop_assert!(!verify_consistency(before, count, &Hash::sha256_of(b"x"), &new_root, &path));
        // Every tree extends the empty one, so such a proof does not depend on the root.
        let forged = verify_consistency(before, count, &old_root, &Hash::sha256_of(b"x"), &path);
        prop_assert_eq!(forged, old == 0);
    }

    #[test]
    fn a_proof_with_one_bit_or_hash_changed_is_refused(
        size in 2_u64..600, at in any::<prop::sample::Index>(), bit in 0_u8..=255,
    ) {
        let leaves: Vec<Hash> = (0..size).map(|leaf| Hash::sha256_of(&leaf.to_be_bytes())).collect();
        let index = at.index(leaves.len());
        let (leaf, place, tiles) = (leaves[index], index as u64, tiled(&leaves));
        let path = make_inclusion_proof(place, size, tiles).unwrap().unwrap();
        let root = defined(&leaves);
        let changed = at.index(path.len());
        let mut wrong = path.clone();
        let mut bytes = *wrong[changed].as_bytes();
        bytes[usize::from(bit / 8)] ^= 1 << (bit % 8);
        wrong[changed] = Hash::from_bytes(bytes);
        prop_assert!(!verify_inclusion(place, size, &leaf, &wrong, &root));
        wrong = path.clone();
        wrong.remove(changed);
        prop_assert!(!verify_inclusion(place, size, &leaf, &wrong, &root));
        wrong = path.clone();
        wrong.push(leaf);
        prop_assert!(!verify_inclusion(place, size, &leaf, &wrong, &root));
        prop_assert!(!verify_inclusion((place + 1) % size, size, &leaf, &path, &root));
        prop_assert!(!verify_inclusion(place, place, &leaf, &path, &root));
    }

    #[test]
    fn proofs_of_any_numbers_end_in_an_answer(
        old in any::<u64>(), new in any::<u64>(), path in prop::collection::vec(hash(), 0..70),
    ) {
        let read = |node: Node| Ok::<_, ()>(Hash::sha256_of(&node.index.to_be_bytes()));
        let (leaf, root) = (Hash::sha256_of(b"leaf"), Hash::sha256_of(b"root"));
        prop_assert!(!verify_inclusion(old, new, &leaf, &path, &root));
        prop_assert!(!verify_consistency(old, new, &leaf, &root, &path));
        let known = old < new && new <= i64::MAX as u64;
        prop_assert_eq!(make_inclusion_proof(old, new, read).unwrap().is_some(), known);
        prop_assert_eq!(make_consistency_proof(old, new, read).unwrap().is_some(), known);
        let node = Node { level: u8::try_from(old % 256).unwrap(), index: new };
        let tile = node.containing_tile(new);
        prop_assert_eq!(tile.is_some(), false);
        prop_assert_eq!(node.read_hash_from_tile(&[]), None);
        prop_assert!(new_tiles(old, new).take(3).count() <= 3);
        prop_assert_eq!(Frontier::from_subtree_hashes(new, read).unwrap().tree_size(), new.min(i64::MAX as u64));
    }

    #[test]
    fn a_line_reads_as_what_was_written(entry in entry()) {
        prop_assert_eq!(entry.to_string().parse(), Ok(entry));
    }

    #[test]
    fn a_receipt_and_an_opening_read_as_what_was_written(
        edition in slug(), poll in slug(), accepted in second(), recorded_by in second(),
        opening in opening(),
    ) {
        let (ballot, commitment) = (opening.ballot, opening.compute_commitment());
        let receipt = Receipt { edition, poll, ballot, commitment, accepted, recorded_by };
        prop_assert_eq!(receipt.to_string().parse(), Ok(receipt));
        prop_assert_eq!(opening.to_string().parse(), Ok(opening));
    }

    #[test]
    fn tables_read_as_what_was_written(openings in prop::collection::vec(opening(), 0..20)) {
        let table = write_openings_table(openings.clone());
        let read: Result<Vec<Opening>, _> = read_openings_table(&table).collect();
        prop_assert_eq!(write_openings_table(read.unwrap()), table);
        let table = write_cvr_table(openings.into_iter().map(|opening| opening.picks).collect());
        let read: Result<Vec<Picks>, _> = read_cvr_table(&table).collect();
        prop_assert_eq!(write_cvr_table(read.unwrap()), table);
    }

    #[test]
    fn bundles_read_as_what_was_written(entries in prop::collection::vec("[ -~]{1,300}", 1..=256)) {
        let bundle = EntryBundle { index: 0, width: u16::try_from(entries.len()).unwrap() };
        let bytes = EntryBundle::encode_entries(&entries).unwrap();
        let expected: Vec<&[u8]> = entries.iter().map(String::as_bytes).collect();
        prop_assert_eq!(bundle.decode_entries(&bytes).unwrap(), expected);
        let lines = EntryBundle::join_entry_lines(&entries);
        prop_assert_eq!(bundle.split_entry_lines(&lines).unwrap(), entries);
    }

    #[test]
    fn any_text_is_read_as_itself_or_refused(text in "\\PC{0,80}|[0-9x/.p]{0,30}|[ -~\n—]{0,200}") {
        let same = |read: Option<String>| read.is_none_or(|read| read == text);
        prop_assert!(same(text.parse::<LogEntry>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<Note>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<RecordProof>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<TilePath>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<ReceiptFile>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<UtcDay>().ok().map(|read| read.to_string())));
        prop_assert!(same(text.parse::<UtcSecond>().ok().map(|read| read.to_string())));
    }

    #[test]
    fn a_file_of_two_halves_of_others_is_refused(one in 0_u8..12, other in 0_u8..12) {
        let file = ReceiptFile { included: sample::file(other).included, ..sample::file(one) };
        let found = verify_receipt_file(&file.to_string(), sample::signer().verifier_key(), None);
        prop_assert_eq!(found.is_ok(), one == other);
    }
}

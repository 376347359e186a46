//! Compares proofs, tiles and notes with those of independent crates: ct-merkle, and Cloudflare's
//! tlog_tiles with signed_note.

use std::collections::BTreeMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use sha2::Sha256;
use signed_note::{Signer as _, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::tlog::{self, HashReader};

use super::random::Random;
use crate::record::key::Signer;
use crate::record::note::Note;
use crate::record::tile::{Tile, TilePath, new_tiles};
use crate::record::tree::{
    Frontier, Hash, Node, leaf_hash, make_consistency_proof, make_inclusion_proof,
    verify_consistency, verify_inclusion,
};

/// One tree in all three implementations.
#[derive(Default)]
struct Trees {
    leaves: Vec<Hash>,
    frontier: Frontier,
    roots: Vec<Hash>,
    /// Complete subtrees, as the first implementation reads them.
    nodes: BTreeMap<Node, Hash>,
    ct: MemoryBackedTree<Sha256, Vec<u8>>,
    stored: Stored,
}

#[derive(Default)]
struct Stored(Vec<tlog::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|&index| self.0[usize::try_from(index).unwrap()]).collect())
    }
}

impl Trees {
    fn size(&self) -> u64 {
        self.frontier.tree_size()
    }

    fn push(&mut self) {
        let (index, entry) = (self.size(), format!("entry {}", self.size()).into_bytes());
        let leaf = leaf_hash(&entry);
        self.leaves.push(leaf);
        self.frontier.append_leaf(leaf);
        self.roots.push(self.frontier.tree_root());
        let stored = tlog::stored_hashes(index, &entry, &self.stored).unwrap();
        for (level, hash) in (0..).zip(&stored) {
            self.nodes.insert(Node { level, index: index >> level }, Hash::from_bytes(hash.0));
        }
        self.stored.0.extend(stored);
        self.ct.push(entry);
    }

    fn read(&self, node: Node) -> Result<Hash, Node> {
        self.nodes.get(&node).copied().ok_or(node)
    }

    /// Returns the root of the first `size` leaves, for a size of at least 1.
    fn root(&self, size: u64) -> Hash {
        self.roots[usize::try_from(size).unwrap() - 1]
    }

    fn leaf(&self, index: u64) -> Hash {
        self.leaves[usize::try_from(index).unwrap()]
    }

    fn check_root(&self) {
        assert_eq!(self.ct.root().as_bytes().as_slice(), self.frontier.tree_root().as_bytes());
        let theirs = tlog::tree_hash(self.size(), &self.stored).unwrap();
        assert_eq!(theirs.0, *self.frontier.tree_root().as_bytes());
    }

    fn check_inclusion(&self, index: u64) -> Vec<Hash> {
        let size = self.size();
        let path = make_inclusion_proof(index, size, |node| self.read(node)).unwrap().unwrap();
        let ct = self.ct.prove_inclusion(usize::try_from(index).unwrap());
        assert_eq!(Tile::encode_hashes(&path), ct.as_bytes(), "{index} in {size}");
        let stored = tlog::prove_record(size, index, &self.stored).unwrap();
        assert!(path.iter().map(Hash::as_bytes).eq(stored.iter().map(|hash| &hash.0)));
        path
    }

    fn check_consistency(&self, old: u64) -> Vec<Hash> {
        let new = self.size();
        let path = make_consistency_proof(old, new, |node| self.read(node)).unwrap().unwrap();
        let ct = self.ct.prove_consistency(usize::try_from(new - old).unwrap());
        assert_eq!(Tile::encode_hashes(&path), ct.as_bytes(), "{old} to {new}");
        let stored = tlog::prove_tree(new, old, &self.stored).unwrap();
        assert!(path.iter().map(Hash::as_bytes).eq(stored.iter().map(|hash| &hash.0)));
        path
    }
}

#[test]
fn every_proof_in_every_tree_of_up_to_320_leaves_is_that_of_two_other_programs() {
    let (mut trees, mut proofs) = (Trees::default(), 0);
    for size in 1..=320 {
        trees.push();
        trees.check_root();
        for index in 0..size {
            trees.check_inclusion(index);
            trees.check_consistency(index + 1);
            proofs += 2;
        }
    }
    assert!(proofs >= 100_000, "{proofs}");
}

#[test]
fn a_hundred_thousand_random_proofs_in_larger_trees_are_those_of_two_other_programs() {
    let (mut trees, mut random, mut proofs) = (Trees::default(), Random(1), 0);
    while trees.size() < 5_000 {
        trees.push();
        let (size, root) = (trees.size(), trees.frontier.tree_root());
        for _ in 0..10 {
            let (index, old) = (random.below(size), 1 + random.below(size));
            let path = trees.check_inclusion(index);
            assert!(verify_inclusion(index, size, &trees.leaf(index), &path, &root));
            let path = trees.check_consistency(old);
            assert!(verify_consistency(old, size, &trees.root(old), &root, &path));
            proofs += 2;
        }
    }
    trees.check_root();
    assert!(proofs >= 100_000, "{proofs}");
}

/// Makes a tree of 70,000 leaves, which has three levels of tiles, and reads its nodes from them.
#[test]
fn random_proofs_from_tiles_are_those_of_another_program() {
    const SIZE: u64 = 70_000;
    let (mut stored, mut leaves) = (Stored::default(), Vec::new());
    for index in 0..SIZE {
        leaves.push(leaf_hash(&index.to_be_bytes()));
        let hashes = tlog::stored_hashes(index, &index.to_be_bytes(), &stored).unwrap();
        stored.0.extend(hashes);
    }
    let tiles = build_tiles(&leaves);
    let mut random = Random(2);
    for _ in 0..200 {
        let size = 1 + random.below(SIZE);
        let (index, old) = (random.below(size), 1 + random.below(size));
        let read = |node: Node| {
            let tile = node.containing_tile(SIZE).unwrap();
            node.read_hash_from_tile(&tiles[&tile]).ok_or(node)
        };
        let path = make_inclusion_proof(index, size, read).unwrap().unwrap();
        let theirs = tlog::prove_record(size, index, &stored).unwrap();
        assert!(path.iter().map(Hash::as_bytes).eq(theirs.iter().map(|hash| &hash.0)));
        let path = make_consistency_proof(old, size, read).unwrap().unwrap();
        let theirs = tlog::prove_tree(size, old, &stored).unwrap();
        assert!(path.iter().map(Hash::as_bytes).eq(theirs.iter().map(|hash| &hash.0)));
    }
}

/// Builds the bytes of all tiles of a tree as a log does: upwards from full tiles.
fn build_tiles(leaves: &[Hash]) -> BTreeMap<Tile, Vec<u8>> {
    let (mut tiles, mut level, mut hashes) = (BTreeMap::new(), 0, leaves.to_vec());
    while !hashes.is_empty() {
        for (index, chunk) in (0..).zip(hashes.chunks(256)) {
            let width = u16::try_from(chunk.len()).unwrap();
            tiles.insert(Tile { level, index, width }, Tile::encode_hashes(chunk));
        }
        let full = hashes.chunks_exact(256);
        hashes = full.map(crate::record::tree::compute_tree_root).collect();
        level += 1;
    }
    let size = leaves.len() as u64;
    assert!(new_tiles(0, size).eq(tiles.keys().copied()), "the tiles of the whole tree");
    tiles
}

#[test]
fn a_tampered_proof_is_judged_as_another_program_judges_it() {
    let (mut trees, mut random, mut refused) = (Trees::default(), Random(3), 0);
    for _ in 0..200 {
        trees.push();
    }
    let theirs = |hash: &Hash| tlog::Hash(*hash.as_bytes());
    for _ in 0..5_000 {
        let size = 1 + random.below(trees.size());
        let (index, old) = (random.below(size), 1 + random.below(size));
        let mut path = make_inclusion_proof(index, size, |node| trees.read(node)).unwrap().unwrap();
        let mut steps =
            make_consistency_proof(old, size, |node| trees.read(node)).unwrap().unwrap();
        random.spoil(&mut path, &trees.leaves);
        random.spoil(&mut steps, &trees.leaves);
        // Sometimes the numbers are wrong instead of the path.
        let index = if random.below(3) == 0 { random.below(size) } else { index };
        let (leaf, root) = (trees.leaf(index), trees.root(size));
        let ours = verify_inclusion(index, size, &leaf, &path, &root);
        let path = path.iter().map(theirs).collect();
        let other = tlog::check_record(&path, size, theirs(&root), index, theirs(&leaf));
        assert_eq!(ours, other.is_ok(), "{index} in {size}: {path:?}");
        let ours_too = verify_consistency(old, size, &trees.root(old), &root, &steps);
        let steps = steps.iter().map(theirs).collect();
        let other = tlog::check_tree(&steps, size, theirs(&root), old, theirs(&trees.root(old)));
        assert_eq!(ours_too, other.is_ok(), "{old} to {size}: {steps:?}");
        refused += u32::from(!ours) + u32::from(!ours_too);
    }
    assert!((2_500..9_750).contains(&refused), "{refused} refused");
}

#[test]
fn tiles_are_named_as_another_program_names_them() {
    let mut random = Random(4);
    for _ in 0..20_000 {
        let digits = random.below(15);
        let (level, width) = (random.below(8), 1 + random.below(256));
        let (level, width) = (u8::try_from(level).unwrap(), u16::try_from(width).unwrap());
        let tile =
            Tile { level, index: random.below(10_u64.pow(u32::try_from(digits).unwrap())), width };
        let theirs = tlog_tiles::Tile::new(8, level, tile.index, width.into(), false).path();
        // Their path has the height of the tiles, which C2SP leaves out.
        let expected = theirs.strip_prefix("tile/8/").unwrap();
        assert_eq!(TilePath::Tile(tile).to_string(), expected);
        assert_eq!(expected.parse(), Ok(TilePath::Tile(tile)));
    }
}

#[test]
fn the_tiles_of_growth_are_those_of_another_program() {
    let mut random = Random(5);
    for _ in 0..2_000 {
        let old = random.below(1_400_000);
        let new = old + random.below(2_000);
        let theirs = tlog_tiles::Tile::new_tiles(8, old, new);
        let theirs = theirs.iter().map(|tile| {
            let width = u16::try_from(tile.width()).unwrap();
            Tile { level: tile.level(), index: tile.level_index(), width }
        });
        assert!(new_tiles(old, new).eq(theirs), "{old} to {new}");
    }
}

#[test]
fn notes_cross_to_another_program_and_back() {
    let mut random = Random(6);
    for round in 0..200 {
        let seed: [u8; 32] = std::array::from_fn(|_| random.byte());
        let signer = Signer::from_seed("vote.example/record/x", &seed).unwrap();
        let text = format!("round {round}\n\nwith a blank line\n");
        let note = Note::with_signature(&text, signer.sign_note_text(&text)).unwrap();

        let verifier = StandardVerifier::new(&signer.verifier_key().to_string()).unwrap();
        let theirs = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
        let (good, unknown) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        assert_eq!((good.len(), unknown.len()), (1, 0));

        let private = [[1].as_slice(), &seed].concat();
        let private = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, private);
        let (name, id) = (signer.verifier_key().key_name(), signer.verifier_key().key_id());
        let other = StandardSigner::new(&format!("PRIVATE+KEY+{name}+{id:08x}+{private}")).unwrap();
        assert_eq!(other.key_id(), id);
        let mut theirs = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&other]).unwrap();
        assert_eq!(String::from_utf8(theirs.to_bytes()).unwrap(), note.to_string());
    }
}

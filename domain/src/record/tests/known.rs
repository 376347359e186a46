//! Known answers: the RFC 6962 trees of transparency-dev/merkle, and the two example notes of C2SP
//! and Go.

use std::convert::Infallible;

use crate::record::key::{KeyError, KeyKind, Signer, VerifierKey};
use crate::record::note::{Note, NoteError};
use crate::record::tree::{
    Frontier, Hash, Node, compute_tree_root, empty_root, leaf_hash, make_consistency_proof,
    make_inclusion_proof, node_hash, verify_consistency, verify_inclusion,
};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const H0: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const H1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const H4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const H6: &str = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f";
const H01: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const H23: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const H45: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const H67: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const H0_3: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const H4_7: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

fn hash(hex: &str) -> Hash {
    hex.parse().unwrap()
}

fn leaves() -> Vec<Hash> {
    LEAVES.map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())).to_vec()
}

fn read(node: Node) -> Result<Hash, Infallible> {
    let range = usize::try_from(node.index << node.level).unwrap();
    Ok(compute_tree_root(&leaves()[range..range + (1 << node.level)]))
}

#[test]
fn leaves_and_nodes_hash_as_rfc_6962_says() {
    let leaf = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56";
    let node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(leaf_hash(b"L123456"), hash(leaf));
    assert_eq!(leaf_hash(b""), hash(H0));
    assert_eq!(empty_root(), hash(empty));
    assert_eq!(compute_tree_root(&[]), hash(empty));
    // "N123" and "N456" are shorter than a hash, but the same rule applies to their bytes.
    assert_eq!(Hash::sha256_of(b"\x01N123N456"), hash(node));
    assert_eq!(node_hash(&hash(H01), &hash(H23)), hash(H0_3));
}

#[test]
fn eight_leaves_have_the_known_roots() {
    let mut frontier = Frontier::default();
    for (size, (leaf, expected)) in (1..).zip(leaves().into_iter().zip(ROOTS)) {
        frontier.append_leaf(leaf);
        assert_eq!(frontier.tree_root(), hash(expected), "{size}");
        assert_eq!(compute_tree_root(&leaves()[..size]), hash(expected), "{size}");
    }
    assert_eq!(hash(ROOTS[7]).to_base64(), "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=");
}

#[test]
fn inclusion_proofs_are_the_known_ones() {
    let check = |index: usize, size: usize, expected: &[&str]| {
        let path = make_inclusion_proof(index as u64, size as u64, read).unwrap().unwrap();
        assert_eq!(path, expected.iter().copied().map(hash).collect::<Vec<_>>());
        let (leaf, root) = (leaves()[index], hash(ROOTS[size - 1]));
        assert!(verify_inclusion(index as u64, size as u64, &leaf, &path, &root));
    };
    check(0, 1, &[]);
    check(0, 8, &[H1, H23, H4_7]);
    check(5, 8, &[H4, H67, H0_3]);
    check(2, 3, &[H01]);
    check(1, 5, &[H0, H23, H4]);
}

#[test]
fn consistency_proofs_are_the_known_ones() {
    let check = |old: usize, new: usize, expected: &[&str]| {
        let path = make_consistency_proof(old as u64, new as u64, read).unwrap().unwrap();
        assert_eq!(path, expected.iter().copied().map(hash).collect::<Vec<_>>());
        let (one, other) = (hash(ROOTS[old - 1]), hash(ROOTS[new - 1]));
        assert!(verify_consistency(old as u64, new as u64, &one, &other, &path));
    };
    check(1, 1, &[]);
    check(8, 8, &[]);
    check(1, 8, &[H1, H23, H4_7]);
    check(6, 8, &[H45, H67, H0_3]);
    check(2, 5, &[H23, H4]);
    check(6, 7, &[H45, H6, H0_3]);
}

const EXAMPLE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const PETER: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const PETER_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// The public test key of Go's `sumdb/note`, with its algorithm byte in front.
const PETER_SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

#[test]
fn the_two_known_notes_verify_and_print_as_they_came() {
    for (text, key) in [(EXAMPLE, EXAMPLE_KEY), (PETER, PETER_KEY)] {
        let (note, verifier): (Note, VerifierKey) = (text.parse().unwrap(), key.parse().unwrap());
        assert_eq!(
            note.verify_signature(&verifier).map(|signature| signature.key_id()),
            Ok(verifier.key_id())
        );
        assert_eq!(verifier.kind(), KeyKind::Log);
        assert_eq!((note.to_string().as_str(), verifier.to_string().as_str()), (text, key));
    }
    let (note, other): (Note, VerifierKey) = (EXAMPLE.parse().unwrap(), PETER_KEY.parse().unwrap());
    assert_eq!(note.verify_signature(&other), Err(NoteError::Unsigned));
}

#[test]
fn the_known_seed_signs_the_known_note() {
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PETER_SEED);
    let signer =
        Signer::from_seed("PeterNeumann", bytes.unwrap()[1..].try_into().unwrap()).unwrap();
    assert_eq!(signer.verifier_key().to_string(), PETER_KEY);
    let text = PETER.parse::<Note>().unwrap().signed_text().to_owned();
    assert_eq!(
        Note::with_signature(&text, signer.sign_note_text(&text)).unwrap().to_string(),
        PETER
    );
}

#[test]
fn a_bad_key_is_refused_for_what_is_bad_in_it() {
    let check = |key: &str, expected| {
        assert_eq!(key.parse::<VerifierKey>(), Err(expected), "{key}");
    };
    check("", KeyError::Format);
    check("PeterNeumann", KeyError::Format);
    check(&PETER_KEY.replace("+c74f20a3+", "+c74f20A3+"), KeyError::Format);
    check(&PETER_KEY.replace("+c74f20a3+", "+c74f20a4+"), KeyError::Id);
    check(&PETER_KEY.replace("PeterNeumann", "PeterNeuman"), KeyError::Id);
    check(&PETER_KEY.replace("PeterNeumann", "Peter Neumann"), KeyError::Name);
    check(&PETER_KEY.replace("PeterNeumann", ""), KeyError::Name);
    check(&PETER_KEY.replace("+ARpc", "+AhpC"), KeyError::Algorithm);
    check(&PETER_KEY.replace("10TW", ""), KeyError::Format);
    check("x+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", KeyError::Point);
}

//! The Merkle tree of RFC 6962: hashes, roots, and the frontier to which a log appends.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

mod proofs;

pub use proofs::{
    consistency_proof_nodes, inclusion_proof_nodes, make_consistency_proof, make_inclusion_proof,
    root_of_inclusion_proof, verify_consistency, verify_inclusion,
};

/// Most leaves of a tree: the largest number of a database's `bigint`.
pub const MAX_TREE_SIZE: u64 = i64::MAX as u64;

/// 32 bytes of SHA-256 or HMAC-SHA256: a node of the tree, a commitment, a voter key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Makes a hash of these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Hashes bytes with SHA-256, without the prefixes of a tree.
    pub fn sha256_of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Makes a hash of these bytes if there are 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns standard base64 with padding, as in checkpoints and proofs: 44 characters.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] writes, and nothing else.
    pub fn from_base64(text: &str) -> Option<Self> {
        // 44 characters decode to 31 to 33 bytes, and only 32 are a hash.
        let mut bytes = [0; 33];
        let length = (text.len() == 44).then(|| STANDARD.decode_slice(text, &mut bytes))?.ok()?;
        Self::from_slice(bytes.get(..length)?)
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 lower-case hexadecimal digits")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        decode_lower_hex(text).map(Self).ok_or(HashError)
    }
}

/// Reads exactly `N` bytes from lower-case hexadecimal digits.
pub(crate) fn decode_lower_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    (lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(bytes)
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Returns the leaf hash of one entry: SHA-256 over a zero byte and the entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// Returns the hash over two neighbouring subtrees: SHA-256 over a byte of value 1 and both hashes.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// Returns the root of a tree without leaves: SHA-256 of the empty text.
pub fn empty_root() -> Hash {
    Hash::sha256_of(b"")
}

/// Returns the root over these leaf hashes.
pub fn compute_tree_root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append_leaf(*leaf);
    }
    frontier.tree_root()
}

/// A complete subtree: the leaves from `index << level` (included) to `(index + 1) << level` (not
/// included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Height above the leaves, 0 to 62.
    pub level: u8,
    /// Place among the subtrees of this height, from 0.
    pub index: u64,
}

/// The right edge of a tree: one hash for each bit set in its size. It is enough to append leaves
/// and to compute the root, and has at most 63 hashes for any number of leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Hashes of the complete subtrees that the leaves form, the largest first.
    peaks: Vec<Hash>,
}

/// The bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a frontier: a size and one hash for each bit set in it")]
pub struct FrontierError;

impl Frontier {
    /// Makes the frontier of a tree of `size` leaves from the hashes of complete subtrees. A size
    /// over [`MAX_TREE_SIZE`] counts as [`MAX_TREE_SIZE`].
    ///
    /// # Errors
    /// Returns the error of `read`; nothing else can fail.
    pub fn from_subtree_hashes<E>(
        size: u64,
        read: impl FnMut(Node) -> Result<Hash, E>,
    ) -> Result<Self, E> {
        let size = size.min(MAX_TREE_SIZE);
        let peaks = proofs::complete_subtrees(0, size).map(read).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Returns the number of leaves so far.
    pub fn tree_size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf.
    pub fn append_leaf(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Returns the root over all leaves so far.
    pub fn tree_root(&self) -> Hash {
        fold_subtrees(&self.peaks).unwrap_or_else(empty_root)
    }

    /// Returns the size (8 bytes, big-endian) and the hashes, the one of the largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.peaks.iter().flat_map(Hash::as_bytes));
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] writes.
    ///
    /// # Errors
    /// Fails if the number of hashes is not the number of bits set in the size, or the size is over
    /// [`MAX_TREE_SIZE`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes.split_first_chunk::<8>().ok_or(FrontierError)?;
        let (hashes, rest) = hashes.as_chunks::<32>();
        let size = u64::from_be_bytes(*size);
        let fits = hashes.len() == size.count_ones() as usize && rest.is_empty();
        if size > MAX_TREE_SIZE || !fits {
            return Err(FrontierError);
        }
        Ok(Self { size, peaks: hashes.iter().copied().map(Hash).collect() })
    }
}

/// Returns the hash over neighbouring subtrees that get smaller to the right; `None` if there are
/// no subtrees.
fn fold_subtrees(subtrees: &[Hash]) -> Option<Hash> {
    subtrees.iter().copied().rev().reduce(|right, left| node_hash(&left, &right))
}

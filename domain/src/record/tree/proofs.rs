//! Inclusion proofs and consistency proofs: made as in RFC 6962, 2.1.1 and 2.1.2, and checked by
//! the algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2.

use std::ops::Range;

use super::{Hash, MAX_TREE_SIZE, Node, empty_root, fold_subtrees, node_hash};

/// Returns the complete subtrees that a range of leaves consists of, from left to right. The range
/// begins where RFC 6962 may split a tree, so the subtrees get smaller.
pub(super) fn complete_subtrees(start: u64, end: u64) -> impl Iterator<Item = Node> {
    let mut start = start;
    std::iter::from_fn(move || {
        let length = end.checked_sub(start).filter(|&length| length > 0)?;
        let level = length.ilog2().min(start.trailing_zeros());
        let node = Node { level: u8::try_from(level).ok()?, index: start >> level };
        start += 1 << level;
        Some(node)
    })
}

/// Returns the largest power of two below `length`, which is at least 2.
fn split_point(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// Returns the ranges whose hashes are the inclusion proof of a leaf, from the leaf to the root.
fn inclusion_ranges(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size || size > MAX_TREE_SIZE {
        return None;
    }
    let (mut start, mut end, mut ranges) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split_point(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// Returns the ranges whose hashes prove that a tree of `new` leaves extends one of `old` leaves.
fn consistency_ranges(old: u64, new: u64) -> Option<Vec<Range<u64>>> {
    if old > new || new > MAX_TREE_SIZE {
        return None;
    }
    let (mut start, mut end, mut ranges) = (0, new, Vec::new());
    if old == 0 {
        return Some(ranges);
    }
    while old != end {
        let middle = start + split_point(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    // If the old tree is a complete subtree of the new one, its root is known already.
    if start > 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    Some(ranges)
}

fn read_range_hashes<E>(
    ranges: Vec<Range<u64>>,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut path = Vec::with_capacity(ranges.len());
    for range in ranges {
        let subtrees = complete_subtrees(range.start, range.end).map(&mut read);
        path.extend(fold_subtrees(&subtrees.collect::<Result<Vec<_>, E>>()?));
    }
    Ok(path)
}

fn subtrees_of_ranges(ranges: Vec<Range<u64>>) -> Vec<Node> {
    ranges.into_iter().flat_map(|range| complete_subtrees(range.start, range.end)).collect()
}

/// Returns the complete subtrees that [`make_inclusion_proof`] reads; `None` if the leaf is not in the tree.
/// To fetch tiles asynchronously, first fetch the tile ([`Node::containing_tile`]) of each subtree and then
/// make the proof.
pub fn inclusion_proof_nodes(index: u64, size: u64) -> Option<Vec<Node>> {
    inclusion_ranges(index, size).map(subtrees_of_ranges)
}

/// Returns the complete subtrees that [`make_consistency_proof`] reads; `None` if `old` is greater than `new`.
pub fn consistency_proof_nodes(old: u64, new: u64) -> Option<Vec<Node>> {
    consistency_ranges(old, new).map(subtrees_of_ranges)
}

/// Makes the inclusion proof of leaf `index` in the tree of the first `size` leaves, from the
/// hashes of complete subtrees. Returns `None` if the leaf is not in the tree.
///
/// # Errors
/// Returns the error of `read`; nothing else can fail.
pub fn make_inclusion_proof<E>(
    index: u64,
    size: u64,
    read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Option<Vec<Hash>>, E> {
    inclusion_ranges(index, size).map(|ranges| read_range_hashes(ranges, read)).transpose()
}

/// Makes the consistency proof that the tree of `new` leaves extends the tree of `old` leaves;
/// `None` if `old` is greater than `new`. The proof is empty if `old` is 0 or equals `new`, because
/// there is nothing to prove.
///
/// # Errors
/// Returns the error of `read`; nothing else can fail.
pub fn make_consistency_proof<E>(
    old: u64,
    new: u64,
    read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Option<Vec<Hash>>, E> {
    consistency_ranges(old, new).map(|ranges| read_range_hashes(ranges, read)).transpose()
}

/// Returns the root that an inclusion proof leads to; `None` if its length does not fit this leaf
/// and this size.
pub fn root_of_inclusion_proof(index: u64, size: u64, leaf: &Hash, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for next in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(next, &hash);
            // Climb to the level at which the subtree at the right edge has a left neighbour.
            let up = at.trailing_zeros();
            (at, last) = (at >> up, last >> up);
        } else {
            hash = node_hash(&hash, next);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// Checks whether the path proves that a leaf is in the tree with this root.
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, path: &[Hash], root: &Hash) -> bool {
    root_of_inclusion_proof(index, size, leaf, path).as_ref() == Some(root)
}

/// Checks whether the path proves that the tree of `new` leaves with `new_root` begins with the
/// `old` leaves under `old_root`. Every tree extends the empty tree and itself, with an empty path.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    path: &[Hash],
) -> bool {
    if old > new || (old == 0 && *old_root != empty_root()) {
        return false;
    }
    if old == new || old == 0 {
        return path.is_empty() && (old < new || old_root == new_root);
    }
    roots_of_consistency_proof(old, new, old_root, path) == Some((*old_root, *new_root))
}

/// Returns the roots of both trees that a consistency proof leads to, for `0 < old < new`.
fn roots_of_consistency_proof(
    old: u64,
    new: u64,
    old_root: &Hash,
    path: &[Hash],
) -> Option<(Hash, Hash)> {
    let up = old.trailing_zeros();
    let (mut at, mut last) = ((old - 1) >> up, (new - 1) >> up);
    let (first, path) = match at {
        0 => (old_root, path),
        _ => path.split_first()?,
    };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for next in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(next, &old_hash);
            new_hash = node_hash(next, &new_hash);
            let up = at.trailing_zeros();
            (at, last) = (at >> up, last >> up);
        } else {
            new_hash = node_hash(&new_hash, next);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some((old_hash, new_hash))
}

//! Numbers that look random and are the same in every run.

use crate::record::tree::Hash;

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    /// Returns a path unchanged, or drops, adds, doubles, swaps or changes hashes in it.
    pub(super) fn spoil(&mut self, path: &mut Vec<Hash>, others: &[Hash]) {
        let mut at = |length: usize| usize::try_from(self.below(length as u64)).unwrap();
        match (at(7), path.len()) {
            (1, _) => path.push(others[at(others.len())]),
            (2, length @ 1..) => drop(path.remove(at(length))),
            (3, length @ 1..) => path.insert(at(length), path[at(length)]),
            (4, length @ 2..) => path.swap(at(length), at(length)),
            (5, length @ 1..) => path[at(length)] = others[at(others.len())],
            (6, length @ 1..) => {
                let place = at(length);
                let mut bytes = *path[place].as_bytes();
                bytes[at(32)] ^= 1 << at(8);
                path[place] = Hash::from_bytes(bytes);
            }
            _ => {}
        }
    }
}

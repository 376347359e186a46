//! The order of the gallery: different for each visitor, the same at each visit.
//!
//! One order for everybody would give its first card more votes. Sorting by a hash of the
//! visitor's seed and the case is fair to every case, and nothing has to be stored.

use domain::ids::CaseId;
use sha2::{Digest as _, Sha256};

use crate::keys;

/// The seed of a visitor's order: 16 random bytes that reveal nothing about the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSeed([u8; 16]);

impl OrderSeed {
    /// Makes a random seed for a new visitor.
    #[must_use]
    pub fn from_random_bytes() -> Self {
        Self(keys::random_bytes())
    }

    /// Reads a text of [`OrderSeed::to_hex_text`]; `None` for any other text.
    #[must_use]
    pub fn parse_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Writes the seed as 32 hex digits.
    #[must_use]
    pub fn to_hex_text(&self) -> String {
        hex::encode(self.0)
    }

    /// Sorts the cases into this visitor's order.
    pub fn sort_cases(&self, cases: &mut [CaseId]) {
        cases.sort_by_cached_key(|case| self.sort_key(*case));
    }

    pub(super) fn sort_key(&self, case: CaseId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"hanpyo gallery order");
        hash.update(self.0);
        hash.update(case.0.as_bytes());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::CaseId;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::OrderSeed;

    fn cases(count: u128) -> Vec<CaseId> {
        (0..count).map(|number| CaseId(Uuid::from_u128(number))).collect()
    }

    #[test]
    fn two_visitors_see_different_orders() {
        let (mut one, mut other) = (cases(24), cases(24));
        OrderSeed([1; 16]).sort_cases(&mut one);
        OrderSeed([2; 16]).sort_cases(&mut other);
        assert_ne!(one, other);
    }

    #[test]
    fn every_case_comes_first_for_somebody() {
        let mut first = [0_u32; 8];
        for visitor in 0..=255_u8 {
            let mut order = cases(8);
            OrderSeed([visitor; 16]).sort_cases(&mut order);
            let place = usize::try_from(order[0].0.as_u128()).unwrap();
            first[place] += 1;
        }
        assert!(first.iter().all(|times| (12..=60).contains(times)), "{first:?} of 32 each");
    }

    #[test]
    fn only_a_seed_that_was_written_here_is_read() {
        let seed = OrderSeed([0xab; 16]);
        assert_eq!(OrderSeed::parse_hex(&seed.to_hex_text()), Some(seed));
        assert_eq!(OrderSeed::parse_hex("ab"), None);
        assert_eq!(OrderSeed::parse_hex(&"한".repeat(32)), None);
    }

    proptest! {
        #[test]
        fn the_order_is_a_permutation_that_depends_on_the_seed_alone(
            seed: [u8; 16], count in 0_u128..60, turn in 0_usize..60,
        ) {
            let mut sorted = cases(count);
            let mut turned = sorted.clone();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            OrderSeed(seed).sort_cases(&mut sorted);
            OrderSeed(seed).sort_cases(&mut turned);
            prop_assert_eq!(&sorted, &turned);
            sorted.sort();
            prop_assert_eq!(sorted, cases(count));
        }
    }
}

//! Repeatable random numbers: the same seed makes the same run.

use uuid::Uuid;

/// `SplitMix64`: small, fast, and good enough to choose moments and picks with.
#[derive(Clone, Debug)]
pub struct SeededRandom(u64);

impl SeededRandom {
    /// Returns the generator of this seed.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns an independent generator for one of many streams, so that their order does not
    /// matter.
    #[must_use]
    pub fn for_stream(seed: u64, stream: u64) -> Self {
        let mut chance = Self(seed ^ stream.wrapping_mul(0xd134_2543_de82_ef95));
        Self(chance.draw_bits())
    }

    /// Returns 64 random bits.
    pub fn draw_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Returns a number below `end`, or 0 if `end` is 0. The bias of the remainder does not matter
    /// here.
    pub fn draw_below(&mut self, end: u64) -> u64 {
        self.draw_bits().checked_rem(end).unwrap_or(0)
    }

    /// Returns a number below `end` as an index.
    pub fn draw_index(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(self.draw_below(end)).unwrap_or(0)
    }

    /// Returns true with a probability of `share` in a thousand.
    pub fn draw_per_mille(&mut self, share: u64) -> bool {
        self.draw_below(1000) < share
    }

    /// Returns a random (version 4) UUID.
    pub fn draw_uuid(&mut self) -> Uuid {
        let bits = (u128::from(self.draw_bits()) << 64) | u128::from(self.draw_bits());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::SeededRandom;

    #[test]
    fn the_same_seed_is_the_same_run_and_another_is_another() {
        let run = |seed| {
            (0..8).map(move |at| SeededRandom::for_stream(seed, at).draw_bits()).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn every_number_below_the_end_comes_up() {
        let mut chance = SeededRandom::from_seed(7);
        let mut seen = [0_u32; 5];
        for _ in 0..5_000 {
            seen[chance.draw_index(5)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 800), "{seen:?}");
    }
}

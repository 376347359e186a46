//! How much two stories have in common, without reading both again.
//!
//! A sketch is the smallest hashes of all pieces of eight letters (a bottom-k sketch: Broder, *On the resemblance and containment
//! of documents*, 1997). What share of the smallest hashes of both is in both estimates what share of the pieces is.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

/// Letters of a piece. Korean words are short: a shorter piece is in many stories.
const PIECE_LETTERS: usize = 8;

/// How many hashes a sketch keeps. The estimate is then seldom wrong by more than a tenth.
const SKETCH_HASHES: usize = 96;

/// The sketch of a story: at most 96 numbers, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorySketch(Vec<i64>);

impl StorySketch {
    /// Makes the sketch of a story. Spaces, marks and capitals make no difference.
    #[must_use]
    pub fn from_story(story: &str) -> Self {
        let letters: Vec<char> = story
            .chars()
            .flat_map(char::to_lowercase)
            .filter(|sign| sign.is_alphanumeric())
            .collect();
        let mut hashes: BTreeSet<i64> = BTreeSet::new();
        for piece in letters.windows(PIECE_LETTERS) {
            hashes.insert(hash_piece(&piece.iter().collect::<String>()));
            if hashes.len() > SKETCH_HASHES {
                hashes.pop_last();
            }
        }
        Self(hashes.into_iter().collect())
    }

    /// Takes the numbers of a sketch that was stored.
    #[must_use]
    pub fn from_numbers(mut numbers: Vec<i64>) -> Self {
        numbers.sort_unstable();
        Self(numbers)
    }

    /// Returns the numbers, to be stored.
    #[must_use]
    pub fn as_numbers(&self) -> &[i64] {
        &self.0
    }

    /// Estimates what share of the pieces of two stories is in both, in percent. It is 0 for a story that is too short to
    /// have a piece.
    #[must_use]
    pub fn estimate_likeness(&self, other: &Self) -> usize {
        let (mine, theirs): (BTreeSet<_>, BTreeSet<_>) =
            (self.0.iter().collect(), other.0.iter().collect());
        let both: Vec<_> = mine.union(&theirs).take(SKETCH_HASHES).collect();
        let shared = both.iter().filter(|hash| mine.contains(**hash) && theirs.contains(**hash));
        (shared.count() * 100).checked_div(both.len()).unwrap_or(0)
    }
}

fn hash_piece(piece: &str) -> i64 {
    let digest: [u8; 32] = Sha256::digest(piece).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::StorySketch;

    fn story(from: u32, to: u32) -> String {
        (from..to).map(|word| format!("골목{} 반찬{} ", word * 7919, word * 104_729)).collect()
    }

    fn likeness(one: &str, other: &str) -> usize {
        StorySketch::from_story(one).estimate_likeness(&StorySketch::from_story(other))
    }

    #[test]
    fn the_same_story_in_other_spacing_is_the_same() {
        let one = story(0, 60);
        assert_eq!(likeness(&one, &one.replace(' ', "\n\n")), 100);
        assert_eq!(likeness(&one, &one.replace("골목", "골목-")), 100);
    }

    #[test]
    fn a_story_with_a_new_half_is_like_a_third_and_another_story_is_not() {
        let half = likeness(&story(0, 100), &story(50, 150));
        assert!((20..=46).contains(&half), "{half}");
        assert!(likeness(&story(0, 100), &story(1000, 1100)) <= 3);
        let longer = likeness(&story(0, 100), &story(0, 110));
        assert!((80..100).contains(&longer), "{longer}");
    }

    #[test]
    fn stories_without_a_piece_are_like_nothing() {
        assert_eq!(likeness("", ""), 0);
        assert_eq!(likeness("돌봄", "돌봄"), 0);
        assert_eq!(likeness("", &story(0, 10)), 0);
    }

    #[test]
    fn a_sketch_comes_back_from_its_numbers() {
        let sketch = StorySketch::from_story(&story(0, 200));
        assert_eq!(StorySketch::from_numbers(sketch.as_numbers().to_vec()), sketch);
        assert_eq!(sketch.as_numbers().len(), super::SKETCH_HASHES);
    }
}

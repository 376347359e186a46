//! A histogram of durations in whole microseconds. The width of a bucket is at most 1/64 of its
//! values.

use std::time::Duration;

/// Buckets per doubling.
const BUCKETS_PER_DOUBLING: u64 = 64;
/// Doublings above the first: up to 2^36 microseconds, about 19 hours.
const DOUBLINGS: u64 = 30;

/// Counts how often each duration occurred.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Vec<u64>,
    count: u64,
    longest: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        let buckets = usize::try_from(BUCKETS_PER_DOUBLING * (DOUBLINGS + 1)).unwrap_or(0);
        Self { counts: vec![0; buckets], count: 0, longest: 0 }
    }
}

impl Histogram {
    /// Counts one duration.
    pub fn count_duration(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let last = self.counts.len() - 1;
        self.counts[bucket_index(micros).min(last)] += 1;
        self.count += 1;
        self.longest = self.longest.max(micros);
    }

    /// Adds the counts of another histogram.
    pub fn merge_counts(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.count += other.count;
        self.longest = self.longest.max(other.longest);
    }

    /// Returns how many durations were counted.
    #[must_use]
    pub const fn total_count(&self) -> u64 {
        self.count
    }

    /// Returns the longest duration, in microseconds.
    #[must_use]
    pub const fn longest_micros(&self) -> u64 {
        self.longest
    }

    /// Returns the duration in microseconds that `share` of a thousand durations do not exceed. It
    /// is at most 1/64 too high. Returns 0 if nothing was counted.
    #[must_use]
    pub fn per_mille_micros(&self, share: u64) -> u64 {
        let wanted = (self.count * share).div_ceil(1000).max(1);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return bucket_upper_bound(at).min(self.longest);
            }
        }
        self.longest
    }
}

/// Returns the bucket of a number of microseconds: one bucket for each of the first 64, then 64
/// buckets per doubling.
fn bucket_index(micros: u64) -> usize {
    let doublings = u64::from(63 - (micros | 1).leading_zeros()).saturating_sub(5);
    let place = if doublings == 0 {
        micros
    } else {
        // The six bits below the leading bit give the position within the doubling.
        doublings * BUCKETS_PER_DOUBLING
            + ((micros >> (doublings - 1)) & (BUCKETS_PER_DOUBLING - 1))
    };
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Returns the largest number of microseconds in a bucket.
fn bucket_upper_bound(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or(0);
    let (doublings, place) = (bucket / BUCKETS_PER_DOUBLING, bucket % BUCKETS_PER_DOUBLING);
    if doublings == 0 {
        return place;
    }
    ((BUCKETS_PER_DOUBLING + place + 1) << (doublings - 1)) - 1
}

/// Formats microseconds for people, as in `4.2 ms`.
#[must_use]
pub fn format_micros(micros: u64) -> String {
    if micros < 100_000 {
        format!("{}.{} ms", micros / 1000, micros % 1000 / 100)
    } else {
        format!("{} ms", micros / 1000)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Histogram, bucket_index, bucket_upper_bound, format_micros};

    #[test]
    fn a_bucket_holds_what_is_put_into_it_and_is_narrow() {
        let mut last = 0;
        for micros in (0..5_000).chain((5_000..90_000_000).step_by(997)) {
            let at = bucket_index(micros);
            assert!(at >= last && micros <= bucket_upper_bound(at), "{micros}");
            assert!(at == 0 || micros > bucket_upper_bound(at - 1), "{micros}");
            assert!(bucket_upper_bound(at) - micros <= micros / 64 + 1, "{micros}");
            last = at;
        }
    }

    #[test]
    fn the_share_of_a_known_row_is_the_known_one() {
        let mut times = Histogram::default();
        for micros in 1..=10_000 {
            times.count_duration(Duration::from_micros(micros));
        }
        assert!((5_000..5_100).contains(&times.per_mille_micros(500)));
        assert!((9_900..=10_000).contains(&times.per_mille_micros(990)));
        assert_eq!(
            (times.per_mille_micros(1000), times.longest_micros(), times.total_count()),
            (10_000, 10_000, 10_000)
        );
        assert_eq!(Histogram::default().per_mille_micros(990), 0);
        assert_eq!(format_micros(4_250), "4.2 ms");
    }
}

//! Draws from the distributions of people and machines, in integers, so that a seed makes the same
//! season on every machine.

use crate::random::SeededRandom;

/// The binary logarithm of e, in 1/65536.
const LOG2_E: i64 = 94_548;

/// 2 to the power of `exponent` (in 1/65536), times `factor`.
fn scale_by_power(factor: u64, exponent: i64) -> u64 {
    let (whole, part) = (exponent >> 16, exponent & 0xffff);
    // 1 + 0.6951 x + 0.2276 x² + 0.0773 x³, within 0.02 %.
    let inner = 14_916 + ((5_066 * part) >> 16);
    let inner = 45_554 + ((inner * part) >> 16);
    let power = 65_536 + ((inner * part) >> 16);
    let value = u128::from(factor) * u128::from(power.unsigned_abs());
    let value = if whole >= 0 { value << whole.min(40) } else { value >> (-whole).min(100) };
    u64::try_from(value >> 16).unwrap_or(u64::MAX)
}

/// A standard normal number in 1/65536: the sum of twelve even ones.
fn draw_normal(chance: &mut SeededRandom) -> i64 {
    let sum: i64 = (0..12).map(|_| i64::try_from(chance.draw_bits() >> 48).unwrap_or(0)).sum();
    sum - 6 * 65_536
}

/// A log-normal number; `sigma` is in thousandths.
pub fn draw_lognormal(chance: &mut SeededRandom, median: u64, sigma: i64) -> u64 {
    let exponent = ((draw_normal(chance) * sigma / 1000) * LOG2_E) >> 16;
    scale_by_power(median, exponent)
}

/// Log-normal seconds. They are drawn in milliseconds and cut off, as a clock does.
pub fn draw_seconds(chance: &mut SeededRandom, median: u64, sigma: i64) -> u32 {
    u32::try_from(draw_lognormal(chance, median * 1000, sigma) / 1000).unwrap_or(u32::MAX)
}

/// An exponential number: the gaps of people who do not know of each other.
pub fn draw_exponential(chance: &mut SeededRandom, mean: u64) -> u64 {
    // −ln(u) for an even u of 32 bits, by the leading zeros and the logarithm of the rest.
    let bits = (chance.draw_bits() >> 32) | 1;
    let (mut mantissa, whole) = (bits << (31 - bits.ilog2().min(31)), bits.ilog2());
    let mut fraction: u64 = 0;
    for bit in (0..16).rev() {
        mantissa = (mantissa * mantissa) >> 31;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1 << bit;
        }
    }
    let missing = (32 << 16) - ((u64::from(whole) << 16) + fraction);
    mean.saturating_mul(missing) / LOG2_E.unsigned_abs()
}

/// A number from `low` to `high`.
pub fn draw_between(chance: &mut SeededRandom, low: u64, high: u64) -> u64 {
    low + chance.draw_below(high.saturating_sub(low) + 1)
}

/// An index below `count`; index `i` has the weight `1 / (i + 1)`.
pub fn draw_zipf(chance: &mut SeededRandom, count: u64) -> u64 {
    // The inverse of the logarithm: exact enough to make a few large and many small ones.
    let top = u64::from(count.max(1).ilog2()) * 65_536 + 65_536;
    let exponent = i64::try_from(chance.draw_below(top)).unwrap_or(0);
    (scale_by_power(65_536, exponent) >> 16).saturating_sub(1).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middle_of(mut draw: impl FnMut(&mut SeededRandom) -> u64) -> (u64, u64) {
        let mut chance = SeededRandom::from_seed(5);
        let mut all: Vec<u64> = (0..20_001).map(|_| draw(&mut chance)).collect();
        all.sort_unstable();
        (all[10_000], all.iter().sum::<u64>() / 20_001)
    }

    #[test]
    fn distributions_have_their_medians_and_means() {
        let (median, mean) = middle_of(|chance| draw_lognormal(chance, 12_000, 600));
        assert!((11_700..12_300).contains(&median), "{median}");
        assert!((14_000..14_700).contains(&mean), "{mean}");
        let (median, mean) = middle_of(|chance| draw_exponential(chance, 10_000));
        assert!((6_700..7_150).contains(&median), "{median}");
        assert!((9_750..10_250).contains(&mean), "{mean}");
    }
}

//! How unlikely a group is if its ballots come from honest people: bounds of tail probabilities, as
//! points. One point is a tenth of a decibel of log-likelihood.
//!
//! Everything is fixed point: logarithms are binary, in 1/65536, and exact to two of these units.

/// The binary logarithm of e, in 1/65536.
const LOG2_E: i128 = 94_548;
/// Points of one bit, in thousandths: 100 · log10(2).
const POINTS_OF_A_BIT: i128 = 30_103;

/// Returns the binary logarithm of `value` in 1/65536, and 0 for 0.
pub(super) fn binary_logarithm(value: u64) -> i64 {
    let Some(whole) = value.checked_ilog2() else { return 0 };
    // The mantissa, from 1 to 2, with 31 bits behind the point. Each squaring yields one bit.
    let mut mantissa = if whole >= 31 { value >> (whole - 31) } else { value << (31 - whole) };
    let mut fraction = 0;
    for bit in (0..16).rev() {
        mantissa = (mantissa * mantissa) >> 31;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1 << bit;
        }
    }
    (i64::from(whole) << 16) + fraction
}

fn points_from_bits(bits: i128) -> u32 {
    let points = bits.max(0) * POINTS_OF_A_BIT / (1000 << 16);
    u32::try_from(points).unwrap_or(u32::MAX)
}

fn ratio_bits(upper: u64, lower: u64) -> i128 {
    i128::from(binary_logarithm(upper)) - i128::from(binary_logarithm(lower))
}

fn widen_count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Points of `count` of `of` ballots with a trait that each honest ballot has with a probability of
/// `per_mille` (Chernoff's bound of the binomial tail).
pub(super) fn share_points(count: usize, of: usize, per_mille: u64) -> u32 {
    let (count, of) = (widen_count(count), widen_count(of));
    if count == 0 || count.saturating_mul(1000) <= of.saturating_mul(per_mille) {
        return 0;
    }
    let with = ratio_bits(count.saturating_mul(1000), of.saturating_mul(per_mille));
    let rest = of.saturating_sub(count);
    let without = match rest {
        0 => 0,
        _ => ratio_bits(rest.saturating_mul(1000), of.saturating_mul(1000 - per_mille.min(999))),
    };
    points_from_bits(i128::from(count) * with + i128::from(rest) * without)
}

/// Points of `count` ballots where `mean_millionths` are expected (Chernoff's bound of the Poisson
/// tail).
pub(super) fn density_points(count: usize, mean_millionths: u64) -> u32 {
    let millionths = widen_count(count).saturating_mul(1_000_000);
    let mean = mean_millionths.max(1);
    if millionths <= mean {
        return 0;
    }
    let more = i128::from(millionths - mean) * LOG2_E / 1_000_000;
    points_from_bits(i128::from(widen_count(count)) * ratio_bits(millionths, mean) - more)
}

/// Points of values that lie closer together than `base_variance` allows (Chernoff's bound of the
/// lower tail of the sample variance). The values are binary logarithms in 1/65536, the variance is
/// in 1/1024².
pub(super) fn narrow_points(logarithms: &[i64], base_variance: i64) -> u32 {
    let Some(degrees) = logarithms.len().checked_sub(1).filter(|&degrees| degrees > 0) else {
        return 0;
    };
    let (count, degrees) =
        (i128::from(widen_count(logarithms.len())), i128::from(widen_count(degrees)));
    let values = || logarithms.iter().map(|&value| i128::from(value >> 6));
    let (sum, squares) =
        (values().sum::<i128>(), values().map(|value| value * value).sum::<i128>());
    let variance = ((squares * count - sum * sum) / (count * degrees)).max(1);
    let base = i128::from(base_variance);
    if variance >= base {
        return 0;
    }
    let as_number = |value: i128| u64::try_from(value).unwrap_or(u64::MAX);
    let closer = ratio_bits(as_number(base), as_number(variance));
    points_from_bits(degrees * (closer - (base - variance) * LOG2_E / base) / 2)
}

//! Shares and their intervals, in integers: parts in 100,000.

/// Squared normal quantile of 95 %, in millionths.
const QUANTILE_SQUARED: u128 = 3_841_459;
const MILLION: u128 = 1_000_000;

/// Wilson's 95 % interval of `count` of `of`, in parts of 100,000.
#[must_use]
pub fn wilson_interval(count: u64, of: u64) -> (u64, u64) {
    if of == 0 {
        return (0, 100_000);
    }
    let (count, of) = (u128::from(count.min(of)) * MILLION, u128::from(of) * MILLION);
    let middle = count + QUANTILE_SQUARED / 2;
    let spread = count * (of - count) / of * QUANTILE_SQUARED / MILLION;
    let half = (spread * MILLION + QUANTILE_SQUARED * QUANTILE_SQUARED / 4).isqrt();
    let whole = of + QUANTILE_SQUARED;
    let part =
        |value: u128| u64::try_from((value * 100_000 + whole / 2) / whole).unwrap_or(100_000);
    (part(middle.saturating_sub(half)), part(middle + half).min(100_000))
}

/// A share as a percentage with two digits after the point.
#[must_use]
pub fn format_share(count: u64, of: u64) -> String {
    match (u128::from(count) * 100_000).checked_div(u128::from(of)) {
        None => "–".to_owned(),
        Some(parts) => format_parts(u64::try_from(parts).unwrap_or(u64::MAX)),
    }
}

/// Parts of 100,000 as a percentage. The third digit is cut off.
#[must_use]
pub fn format_parts(parts: u64) -> String {
    format!("{}.{:02}", parts / 1000, parts % 1000 / 10)
}

/// A share with its interval.
#[must_use]
pub fn format_interval(count: u64, of: u64) -> String {
    let (low, high) = wilson_interval(count, of);
    format!("{} ({}–{})", format_share(count, of), format_parts(low), format_parts(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_textbook() {
        // 8 of 10: 0.4902 to 0.9433; 0 of 20: 0 to 0.1611; 20 of 20: 0.8389 to 1.
        assert_eq!(wilson_interval(8, 10), (49_016, 94_332));
        assert_eq!(wilson_interval(0, 20), (0, 16_113));
        assert_eq!(wilson_interval(20, 20), (83_887, 100_000));
        assert_eq!(wilson_interval(0, 0), (0, 100_000));
        assert_eq!(format_interval(1, 2), "50.00 (9.45–90.54)");
    }
}

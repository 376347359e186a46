//! Exact fractions of whole numbers of any size. They are this program's own: a mistake in the
//! fractions of the server is not repeated here.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul};

use num_bigint::BigUint;
use serde::{Deserialize, Deserializer};

/// Most characters of a fraction in a document. A weight has 11 at most.
const MOST_CHARS: usize = 400;

/// A fraction that is not negative. It is always in lowest terms, so equal fractions have equal
/// parts. Its text is `3/10`, or `68` for a whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    above: BigUint,
    below: BigUint,
}

impl Exact {
    /// Returns `above / below`; `None` if `below` is 0.
    pub fn divide_numbers(above: u128, below: u128) -> Option<Self> {
        (below != 0).then(|| Self::reduce_parts(above.into(), below.into()))
    }

    /// Makes a whole number.
    pub fn from_number(number: u128) -> Self {
        Self { above: number.into(), below: BigUint::from(1_u8) }
    }

    /// Reads `3/10`, `30/100` or `68`; `None` for everything else.
    pub fn parse_exact(text: &str) -> Option<Self> {
        if text.len() > MOST_CHARS {
            return None;
        }
        let (above, below) = text.split_once('/').unwrap_or((text, "1"));
        let (above, below) = (parse_digits(above)?, parse_digits(below)?);
        (below != BigUint::default()).then(|| Self::reduce_parts(above, below))
    }

    /// Divides both parts by all that they have in common; `below` is not 0.
    fn reduce_parts(above: BigUint, below: BigUint) -> Self {
        let common = find_common_divisor(above.clone(), below.clone());
        Self { above: above / &common, below: below / &common }
    }
}

/// Finds the greatest common divisor (Euclid). It is not 0 unless both numbers are.
fn find_common_divisor(mut one: BigUint, mut other: BigUint) -> BigUint {
    let zero = BigUint::default();
    while other != zero {
        let rest = &one % &other;
        one = std::mem::replace(&mut other, rest);
    }
    one
}

/// Reads at least one digit and nothing else.
fn parse_digits(text: &str) -> Option<BigUint> {
    let fine = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fine { text.parse().ok() } else { None }
}

impl Add for Exact {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let above = self.above * &other.below + other.above * &self.below;
        Self::reduce_parts(above, self.below * other.below)
    }
}

impl Mul for Exact {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::reduce_parts(self.above * other.above, self.below * other.below)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.above * &other.below).cmp(&(&other.above * &self.below))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.below == BigUint::from(1_u8) {
            write!(f, "{}", self.above)
        } else {
            write!(f, "{}/{}", self.above, self.below)
        }
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse_exact(&text).ok_or_else(|| serde::de::Error::custom("not a fraction like 3/10"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse_exact(text).unwrap()
    }

    #[test]
    fn a_fraction_is_in_lowest_terms() {
        for (text, shown) in [("30/100", "3/10"), ("200/2", "100"), ("0/7", "0"), ("0", "0")] {
            assert_eq!(exact(text).to_string(), shown);
        }
        assert_eq!(exact("30/100"), exact("3/10"));
        for wrong in ["", "1/0", "1/", "/2", "-1", "+1", "1.5", "1/2/3", " 1", "1e3", "1_0"] {
            assert_eq!(Exact::parse_exact(wrong), None, "{wrong}");
        }
        assert_eq!(Exact::parse_exact(&"1".repeat(MOST_CHARS + 1)), None);
    }

    #[test]
    fn sums_products_and_the_order_are_exact() {
        assert_eq!(exact("1/3") + exact("1/6"), exact("1/2"));
        assert_eq!(exact("0") + exact("2/3"), exact("2/3"));
        assert_eq!(exact("247/3") * exact("7/10") + exact("100") * exact("3/10"), exact("2629/30"));
        assert!(exact("1/3") < exact("34/100") && exact("1/3") > exact("33/100"));
        assert_eq!(Exact::divide_numbers(9, 0), None);
        assert_eq!(Exact::divide_numbers(900, 9), Some(Exact::from_number(100)));
        // Larger than any number of the machine.
        let large = Exact::from_number(u128::MAX);
        let third = Exact::divide_numbers(1, u128::MAX).unwrap();
        assert_eq!(large.clone() * large.clone() * third, large);
    }
}

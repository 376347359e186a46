//! Exact numbers. Everything that decides a winner is a fraction; only the display rounds.

use std::fmt;
use std::ops::{Add, Mul};
use std::str::FromStr;

use num_bigint::BigUint;
use num_rational::Ratio;
use num_traits::{One, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits;

/// A non-negative number, exact and always reduced. Its text is `"3/10"`, or `"68"` if the
/// denominator is 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fraction(Ratio<BigUint>);

/// The text is not a fraction such as `30/100`, `1` or `0.3`, or it is too long, or it divides by
/// zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fraction such as 30/100")]
pub struct FractionError;

impl Fraction {
    /// Returns `numerator / denominator`; `None` if the denominator is 0.
    pub fn from_ratio(numerator: u64, denominator: u64) -> Option<Self> {
        (denominator != 0)
            .then(|| Self(Ratio::new(BigUint::from(numerator), BigUint::from(denominator))))
    }

    /// Makes a whole number.
    pub fn from_whole(number: u64) -> Self {
        Self(Ratio::from_integer(BigUint::from(number)))
    }

    /// Returns 0.
    pub fn zero() -> Self {
        Self(Ratio::zero())
    }

    /// Returns 1.
    pub fn one() -> Self {
        Self(Ratio::one())
    }

    /// Reads `30/100`, `1` or the decimal `0.3` exactly, without a sign or an exponent.
    ///
    /// # Errors
    /// Returns [`FractionError`] for everything else and for texts over [`limits::FRACTION_CHARS`].
    pub fn parse_fraction(text: &str) -> Result<Self, FractionError> {
        let text = text.trim();
        if text.len() > limits::FRACTION_CHARS {
            return Err(FractionError);
        }
        if let Some((numerator, denominator)) = text.split_once('/') {
            let (numerator, denominator) = (parse_digits(numerator)?, parse_digits(denominator)?);
            if denominator.is_zero() {
                return Err(FractionError);
            }
            return Ok(Self(Ratio::new(numerator, denominator)));
        }
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let places = u32::try_from(decimals.len()).map_err(|_| FractionError)?;
        let scale = BigUint::from(10u32).pow(places);
        Ok(Self(Ratio::new(parse_digits(whole)? * &scale + parse_digits(decimals)?, scale)))
    }

    /// Divides by `number`; `None` if it is 0.
    pub fn divide_by(self, number: u64) -> Option<Self> {
        (number != 0).then(|| Self(self.0 / BigUint::from(number)))
    }

    /// Divides by another fraction; `None` if it is 0.
    pub fn divide_by_fraction(self, other: Self) -> Option<Self> {
        (!other.0.is_zero()).then(|| Self(self.0 / other.0))
    }

    /// Returns 1 minus this number; `None` if it is greater than 1.
    pub fn rest_to_one(&self) -> Option<Self> {
        (self.0 <= Ratio::one()).then(|| Self(Ratio::one() - self.0.clone()))
    }

    /// Checks whether the reduced denominator is greater than `denominator`.
    pub fn is_finer_than(&self, denominator: u64) -> bool {
        *self.0.denom() > BigUint::from(denominator)
    }

    /// Writes the number with `places` decimal places and rounds a half up (`71.375` → `71.38`).
    /// For display only.
    pub fn to_decimal_text(&self, places: u32) -> String {
        let scaled = self.0.numer() * BigUint::from(10u32).pow(places);
        // floor(x + 1/2) in whole numbers
        let rounded = (scaled * 2u32 + self.0.denom()) / (self.0.denom() * 2u32);
        let places = usize::try_from(places).unwrap_or(usize::MAX);
        let text = rounded.to_string();
        let padded = format!("{text:0>width$}", width = places.saturating_add(1));
        let (whole, decimals) = padded.split_at(padded.len() - places);
        if places == 0 { whole.to_owned() } else { format!("{whole}.{decimals}") }
    }

    /// Writes the number as a percentage without the sign: `3/10` is `30` for 0 places. For display
    /// only.
    pub fn to_percent_text(&self, places: u32) -> String {
        (self.clone() * Self::from_whole(100)).to_decimal_text(places)
    }
}

impl Add for Fraction {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Mul for Fraction {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fraction {
    type Err = FractionError;

    fn from_str(text: &str) -> Result<Self, FractionError> {
        Self::parse_fraction(text)
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse_fraction(&text).map_err(serde::de::Error::custom)
    }
}

/// Reads at least one digit and nothing else; `BigUint::from_str` alone would accept `+1` and
/// `1_000`.
fn parse_digits(text: &str) -> Result<BigUint, FractionError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FractionError);
    }
    text.parse().map_err(|_| FractionError)
}

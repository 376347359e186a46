//! Counts, points and percentages as text.

use domain::ids::BallotId;
use domain::rulebook::Fraction;
use phrases::{Lang, awards};

/// Formats a count with commas between the thousands: `1,274`.
pub(crate) fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a count of the database, which is never negative, with commas between the thousands.
pub(crate) fn group_stored_count(count: i64) -> String {
    group_thousands(u64::try_from(count).unwrap_or_default())
}

/// Formats the length of a collection with commas between the thousands.
pub(crate) fn group_length(length: usize) -> String {
    group_thousands(u64::try_from(length).unwrap_or(u64::MAX))
}

/// Formats a ballot's number in groups of four digits, because people read numbers aloud like that.
pub(crate) fn format_ballot_number(ballot: BallotId) -> String {
    let digits = ballot.0.simple().to_string().to_uppercase();
    let groups: Vec<&str> = (0..8).map(|group| &digits[group * 4..group * 4 + 4]).collect();
    groups.join(" ")
}

/// Returns the sign before two decimals: `=` if they are exact, `≈` if they are rounded.
pub(crate) fn equals_sign(value: &Fraction) -> &'static str {
    if Fraction::parse_fraction(&value.to_decimal_text(2)).as_ref() == Ok(value) {
        "="
    } else {
        "≈"
    }
}

/// Formats points with two decimals and their unit.
pub(crate) fn points_with_unit(lang: Lang, points: &Fraction) -> String {
    awards::point_count(lang, points.to_decimal_text(2))
}

/// Formats a weight as a percentage without trailing zeros: `30`, `33.33`.
pub(crate) fn percent_text(weight: &Fraction) -> String {
    let text = weight.to_percent_text(2);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use domain::rulebook::Fraction;

    use super::{equals_sign, format_ballot_number, group_thousands, percent_text};

    #[test]
    fn a_ballots_number_is_read_in_groups_of_four() {
        let ballot = domain::ids::BallotId("0a1b2c3d-4e5f-6789-abcd-ef0123456789".parse().unwrap());
        assert_eq!(format_ballot_number(ballot), "0A1B 2C3D 4E5F 6789 ABCD EF01 2345 6789");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        let shown = [0, 12, 999, 1_274, 1_400_000].map(group_thousands);
        assert_eq!(shown, ["0", "12", "999", "1,274", "1,400,000"]);
    }

    #[test]
    fn weights_and_points_say_whether_they_are_rounded() {
        let fraction = |text| Fraction::parse_fraction(text).unwrap();
        assert_eq!(percent_text(&fraction("30/100")), "30");
        assert_eq!(percent_text(&fraction("1/3")), "33.33");
        assert_eq!(percent_text(&fraction("1")), "100");
        assert_eq!(percent_text(&fraction("0")), "0");
        assert_eq!((equals_sign(&fraction("82.5")), equals_sign(&fraction("268/3"))), ("=", "≈"));
    }
}

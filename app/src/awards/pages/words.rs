//! Numbers and rules of a result in words, the same on every page that shows them.

use domain::rulebook::{Fraction, Method, Rulebook};
use domain::standings::TieRule;
use phrases::{Lang, awards, rules};

use crate::ui::Medal;

/// A count with its thousands apart: `1,274`.
pub(crate) fn number(number: u64) -> String {
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

/// A count of things that are held in memory.
pub(super) fn length(length: usize) -> String {
    number(u64::try_from(length).unwrap_or(u64::MAX))
}

pub(super) use crate::editions::poll_words::{basis, of, percent};

/// The sign between a sum and its two decimals: they may be all there is, or be rounded.
pub(super) fn is(value: &Fraction) -> &'static str {
    if Fraction::parse(&value.decimal(2)).as_ref() == Ok(value) { "=" } else { "≈" }
}

/// Points with two decimals and their unit.
pub(super) fn points(lang: Lang, points: &Fraction) -> String {
    awards::point_count(lang, points.decimal(2))
}

/// The award at this place of the rulebook, with its medal.
pub(super) fn tier(
    lang: Lang,
    rulebook: &Rulebook,
    tier: Option<usize>,
) -> Option<(Medal, String)> {
    let index = tier?;
    let award = rulebook.awards.get(index)?;
    Some((Medal::of_tier(index), of(lang, &award.tier)))
}

/// A name with *sample* behind it where the case was invented.
pub(super) fn marked(lang: Lang, name: &str, sample: bool) -> String {
    if sample { format!("{name} · {}", phrases::ui::sample(lang)) } else { name.to_owned() }
}

/// What told a case apart from its equals.
pub(super) fn tie_rule(lang: Lang, rule: TieRule) -> &'static str {
    match rule {
        TieRule::JudgePoints => awards::tie_judges(lang),
        TieRule::Votes => awards::tie_votes(lang),
        TieRule::EarlierSubmission => awards::tie_earlier(lang),
        TieRule::Shared => awards::tie_shared(lang),
    }
}

/// How sheets become points.
pub(super) fn method(lang: Lang, method: Method) -> &'static str {
    match method {
        Method::Mean => rules::method_mean(lang),
        Method::Median => rules::method_median(lang),
        Method::TrimmedMean => rules::method_trimmed(lang),
    }
}

#[cfg(test)]
mod tests {
    use domain::rulebook::Fraction;

    use super::{is, number, percent};

    #[test]
    fn counts_are_grouped_by_thousands() {
        let shown = [0, 12, 999, 1_274, 1_400_000].map(number);
        assert_eq!(shown, ["0", "12", "999", "1,274", "1,400,000"]);
    }

    #[test]
    fn weights_and_points_say_whether_they_are_rounded() {
        let fraction = |text| Fraction::parse(text).unwrap();
        assert_eq!(percent(&fraction("30/100")), "30");
        assert_eq!(percent(&fraction("1/3")), "33.33");
        assert_eq!(percent(&fraction("1")), "100");
        assert_eq!(percent(&fraction("0")), "0");
        assert_eq!((is(&fraction("82.5")), is(&fraction("268/3"))), ("=", "≈"));
    }
}

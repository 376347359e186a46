//! Numbers as people type them.

use super::{FieldProblem, narrow_letter, tidy_line};

/// Reads a whole number as people type it: digits of any width, blanks around them, commas between
/// thousands, and zeros behind a point or a comma. `None` for an empty text.
///
/// # Errors
/// [`FieldProblem::Malformed`] for everything else that is no whole number below 2³².
pub fn parse_whole_number(text: &str) -> Result<Option<u32>, FieldProblem> {
    let text = narrow_line(text);
    if text.is_empty() {
        return Ok(None);
    }
    let text = without_thousands(&text);
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((&text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && !rest.is_empty() && rest.bytes().all(|byte| byte == b'0') {
        whole.parse().map(Some).map_err(|_| FieldProblem::Malformed)
    } else {
        Err(FieldProblem::Malformed)
    }
}

/// Drops commas that stand before each three digits: `1,000`.
fn without_thousands(text: &str) -> String {
    let (whole, rest) =
        text.split_once('.').map_or((text, ""), |(whole, _)| (whole, &text[whole.len()..]));
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    if first && groups.all(|group| group.len() == 3) {
        format!("{}{rest}", whole.replace(',', ""))
    } else {
        text.to_owned()
    }
}

/// Makes a line plain ([`tidy_line`]), with letters, digits and signs of the usual width: for dates,
/// fractions and short names, which are not text.
pub fn narrow_line(text: &str) -> String {
    let text: String = tidy_line(text).chars().map(narrow_letter).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        for (text, number) in [
            ("20", Some(20)),
            ("20.0", Some(20)),
            ("20,00", Some(20)),
            ("1,000", Some(1_000)),
            ("20,000.0", Some(20_000)),
            ("1,234,567", Some(1_234_567)),
            (" ２０ ", Some(20)),
            ("0", Some(0)),
            ("", None),
            ("\u{3000}", None),
            ("20\u{200B}", Some(20)),
        ] {
            assert_eq!(parse_whole_number(text), Ok(number), "{text:?}");
        }
        for text in
            ["20.5", "-1", "+1", "1e1", "20.", ".0", "스물", "1 0", "1,00,0", ",000", "99999999999"]
        {
            assert_eq!(parse_whole_number(text), Err(FieldProblem::Malformed), "{text:?}");
        }
    }
}

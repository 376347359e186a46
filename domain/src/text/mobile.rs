//! A Korean mobile number, in one canonical form.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldProblem, is_between_digits, narrow_letter, parse_text_line};

/// Digits of a mobile number after 010. The last numbers with 011 to 019 ended in 2021.
const DIGITS: usize = 8;
/// Longest text of a number as people type it: with country code, blanks, hyphens and brackets.
const TYPED_CHARS: usize = 40;

/// A Korean mobile number as `+821012345678`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Mobile(String);

impl Mobile {
    /// Reads `010-1234-5678`, `01012345678`, `+82 10 1234 5678`, `+82 (0)10-1234-5678` and similar
    /// texts. Every spelling of a number is the same number, and so the same voter.
    ///
    /// # Errors
    /// Returns [`FieldProblem::Abroad`] for the number of another country, and
    /// [`FieldProblem::Malformed`] for everything else that is not a mobile number.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = parse_text_line(text, TYPED_CHARS)?;
        let narrow = text.chars().map(narrow_letter);
        let bare: String = narrow.filter(|c| !is_number_separator(*c)).collect();
        let bare = bare.strip_prefix("tel:").unwrap_or(&bare);
        let national = match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
            Some(abroad) if has_only_digits(abroad) => {
                abroad.strip_prefix("82").ok_or(FieldProblem::Abroad)?
            }
            Some(_) => return Err(FieldProblem::Malformed),
            None => bare.strip_prefix("82").filter(|own| own.len() > DIGITS).unwrap_or(bare),
        };
        let ten = national.strip_prefix('0').unwrap_or(national);
        match ten.strip_prefix("10") {
            Some(own) if own.len() == DIGITS && has_only_digits(own) => {
                Ok(Self(format!("+8210{own}")))
            }
            _ => Err(FieldProblem::Malformed),
        }
    }

    /// Returns the text that identifies a voter and that text messages are sent to:
    /// `+821012345678`.
    pub fn canonical_number(&self) -> &str {
        &self.0
    }

    /// Returns the number without hyphens, as people in Korea and Korean gateways write it:
    /// `01012345678`.
    pub fn national_number(&self) -> String {
        format!("0{}", &self.0["+82".len()..])
    }
}

/// Recognises what people put between the digits.
fn is_number_separator(c: char) -> bool {
    is_between_digits(c)
        || matches!(c, '.' | ',' | '~' | '_' | '(' | ')' | '[' | ']' | '/' | '"' | '\'')
        || matches!(c, '·' | 'ㆍ' | '․' | '∼' | '〜' | '“' | '”' | '‘' | '’')
}

fn has_only_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Mobile {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Mobile;
    use crate::text::FieldProblem::{self, Abroad, Malformed, Missing, TooLong};

    #[test]
    fn every_way_to_write_a_number_is_the_same_number() {
        for text in [
            "010-1234-5678",
            "01012345678",
            " 010 1234 5678 ",
            "010.1234.5678",
            "(010) 1234-5678",
            "+82 10-1234-5678",
            "+821012345678",
            "+82 010 1234 5678",
            "+82(0)10-1234-5678",
            "0082 10 1234 5678",
            "10 1234 5678",
            "010–1234–5678",
            "010\t1234\t5678",
            "０１０１２３４５６７８",
            "０１０－１２３４－５６７８",
            "010ㅡ1234ㅡ5678",
            "010~1234~5678",
            "82 10-1234-5678",
            "821012345678",
            "tel:010-1234-5678",
            "010∼1234〜5678",
            "010ㆍ1234․5678",
            "010﹣1234\u{200D}5678",
            "\u{61C}“010-1234-5678”",
            // As a telephone's list of contacts copies it.
            "\u{202D}010-1234-5678\u{202C}",
        ] {
            let number = Mobile::parse(text);
            assert_eq!(
                number.as_ref().map(Mobile::canonical_number),
                Ok("+821012345678"),
                "{text:?}"
            );
            assert_eq!(number.unwrap().national_number(), "01012345678");
        }
    }

    #[test]
    fn what_is_no_korean_mobile_number_is_refused_with_its_reason() {
        let long = "0".repeat(100_000);
        let table: &[(&str, FieldProblem)] = &[
            ("", Missing),
            (" \u{3164} ", Missing),
            ("010-1234-567", Malformed),
            ("010-1234-56789", Malformed),
            ("011-123-4567", Malformed),
            ("02-123-4567", Malformed),
            ("070-1234-5678", Malformed),
            ("1588-1234", Malformed),
            ("my number", Malformed),
            ("010-1234-567a", Malformed),
            ("+", Abroad),
            ("+1 202 555 0123", Abroad),
            ("+44 7700 900123", Abroad),
            ("0081 90 1234 5678", Abroad),
            ("+82 2 123 4567", Malformed),
            ("+82+821012345678", Malformed),
            ("010-1234-5678\r\nto: 010", Malformed),
            (&long, TooLong { max: 40, over: 99_960 }),
        ];
        for (text, problem) in table {
            assert_eq!(Mobile::parse(text), Err(*problem), "{text:.40?}");
        }
    }
}

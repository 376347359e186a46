//! The six digits of a code: how they are drawn, and how people type them.

use domain::text::{FieldProblem, is_between_digits, narrow_letter};

use crate::keys;

/// Returns six random digits. Every number is equally likely, because draws above the last full
/// million are discarded.
pub(crate) fn random_code() -> String {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let drawn = u32::from_be_bytes(keys::random_bytes());
        if drawn < FAIR {
            return format!("{:06}", drawn % CODES);
        }
    }
}

/// Reads the digits of a code as people type it: `123456`, `123 456`, `123-456`, or the whole message
/// with the code in it.
pub(crate) fn parse_six_digits(text: &str) -> std::result::Result<String, FieldProblem> {
    let narrow: String = text.chars().map(narrow_letter).collect();
    if narrow.chars().any(char::is_alphabetic) {
        return find_code_in_message(&narrow).ok_or(FieldProblem::Malformed);
    }
    let code: String = narrow.chars().filter(|c| !is_between_digits(*c)).collect();
    if code.is_empty() {
        return Err(FieldProblem::Missing);
    }
    let right = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    // Else with what stood around it: a full stop, quotes.
    if right { Ok(code) } else { find_code_in_message(&narrow).ok_or(FieldProblem::Malformed) }
}

/// Returns the only six digits in a row of a message. A message may hold them twice: for people and for
/// the telephone.
fn find_code_in_message(message: &str) -> Option<String> {
    let digits = message.split(|c: char| !c.is_ascii_digit());
    let mut codes: Vec<&str> = digits.filter(|digits| digits.len() == 6).collect();
    codes.dedup();
    match codes[..] {
        [code] => Some(code.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse_six_digits;
    use domain::text::FieldProblem::{Malformed, Missing};

    #[test]
    fn six_digits_are_read_as_people_type_or_paste_them() {
        for text in [
            "042137",
            " 042 137 ",
            "042-137",
            "０４２１３７",
            "0\u{200B}42137",
            "\u{202D}042137\u{202C}",
            "042–137",
            "042137.",
            "“042137”",
            "[한표] 인증번호 042137\n@vote.example #042137",
            "인증번호는 [042137]입니다. 5분 안에 입력해 주세요.",
        ] {
            assert_eq!(parse_six_digits(text).as_deref(), Ok("042137"), "{text:?}");
        }
        assert_eq!(parse_six_digits(" \u{3000}"), Err(Missing));
        for text in [
            "04213",
            "0421377",
            "인증번호",
            "042137 아니면 042138",
            "전화 01012345678",
            "04213a",
            "04213\u{0}",
        ] {
            assert_eq!(parse_six_digits(text), Err(Malformed), "{text:?}");
        }
    }
}

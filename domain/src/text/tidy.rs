//! Text as people have it, made plain: one place for every text that is typed, pasted or uploaded.
//! What looks the same becomes the same, and what nobody sees goes.

/// Makes one line plain: composed letters (NFC), one plain blank between words, and neither line breaks,
/// control characters, marks of direction nor characters of no width.
pub fn tidy_line(text: &str) -> String {
    let visible = text.chars().filter_map(|c| match c {
        c if is_line_break(c) || is_blank(c) => Some(' '),
        c if c.is_control() || is_unseen(c) => None,
        c => Some(c),
    });
    // Composed at last: what nobody saw may have stood between two parts of a letter.
    let visible = compose_letters(&visible.collect::<String>());
    let words: Vec<&str> =
        trim_fillers(&visible).split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Makes lines plain, as [`tidy_line`]; line breaks of every system and of PowerPoint, Word and HWP
/// become `\n`, and blanks inside a line stay as many as they are.
pub fn tidy_block(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let visible = text.chars().filter_map(|c| match c {
        c if is_line_break(c) => Some('\n'),
        c if is_blank(c) => Some(' '),
        c if c.is_control() || is_unseen(c) => None,
        c => Some(c),
    });
    let visible = compose_letters(&visible.collect::<String>());
    trim_fillers(&visible).to_owned()
}

/// Makes the full-width form of a letter, a digit or a sign the usual one: `１` becomes `1`.
#[must_use]
pub fn narrow_letter(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFF01 + u32::from('!')).unwrap_or(c)
        }
        c => c,
    }
}

/// Whether a character between digits or letters of a code means nothing: a blank, a dash, something
/// that nobody sees.
#[must_use]
pub fn is_between_digits(c: char) -> bool {
    is_blank(c)
        || is_line_break(c)
        || is_unseen(c)
        || is_dash(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{3161}' | '\u{30FC}')
}

/// Whether a sign is a hyphen or a dash of some kind.
#[must_use]
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Composes letters (NFC) that were typed apart, as macOS names files: `ㅎ` `ㅏ` `ㄴ` becomes `한`. In the
/// browser nothing is composed, because the tables are large; the server decides.
#[cfg(feature = "compose")]
#[must_use]
pub fn compose_letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfc().collect()
}

/// Leaves the letters as they are: see the other one.
#[cfg(not(feature = "compose"))]
#[must_use]
pub fn compose_letters(text: &str) -> String {
    text.to_owned()
}

/// Line and page breaks: `\n`, `\r`, vertical tab (a soft break in PowerPoint), form feed, NEL, LS, PS.
const fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    c == '\t' || (c.is_whitespace() && !is_line_break(c))
}

/// Marks of direction, characters of no width and soft hyphens. Joiners stay: emoji are made with them.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
    )
}

/// Trims blanks at both ends, also Hangul fillers, which Unicode does not call blanks: a title of fillers
/// would be an empty card.
fn trim_fillers(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}' | '\u{200C}' | '\u{200D}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::{is_between_digits, narrow_letter, tidy_block, tidy_line};

    #[test]
    fn a_line_is_what_people_see() {
        for (typed, seen) in [
            ("  골목  안부\u{A0}우체통 ", "골목 안부 우체통"),
            ("두\n줄\u{B}셋", "두 줄 셋"),
            ("\u{202E}a\u{202C}b\u{200B}c\u{FEFF}", "abc"),
            ("a\u{0}b\u{7}", "ab"),
            ("\u{3000}전각\u{3000}빈칸", "전각 빈칸"),
            ("\u{3164}\u{115F} ", ""),
            ("복지\u{AD}관", "복지관"),
            ("👩\u{200D}👧", "👩\u{200D}👧"),
        ] {
            assert_eq!(tidy_line(typed), seen, "{typed:?}");
        }
    }

    #[test]
    fn a_block_keeps_its_lines() {
        for (typed, seen) in [
            ("첫 줄\r\n둘째\t줄\r\n", "첫 줄\n둘째 줄"),
            ("가\u{B}나\u{C}다\u{2028}라\u{2029}마\u{85}바\r사", "가\n나\n다\n라\n마\n바\n사"),
            ("빈  칸 둘", "빈  칸 둘"),
            ("종\u{7}소리", "종소리"),
            ("\n\n글\n\n", "글"),
        ] {
            assert_eq!(tidy_block(typed), seen, "{typed:?}");
        }
    }

    #[cfg(feature = "compose")]
    #[test]
    fn decomposed_letters_are_composed() {
        let apart = "\u{1112}\u{1161}\u{11AB}\u{1111}\u{116D}";
        assert_eq!(tidy_line(apart), "한표");
        assert_eq!(
            tidy_line("e\u{200B}\u{301}"),
            "é",
            "what nobody sees stands in no letter's way"
        );
        assert_eq!(tidy_block(apart), "한표");
    }

    #[test]
    fn full_width_digits_are_digits() {
        let typed = "１２３\u{200B}４\u{202D}５—６";
        let digits: String =
            typed.chars().map(narrow_letter).filter(|c| !is_between_digits(*c)).collect();
        assert_eq!(digits, "123456");
    }
}

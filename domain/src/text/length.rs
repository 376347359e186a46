//! How long a text is, as people count.

use super::{FieldProblem, check_length, tidy_block, tidy_line};

/// How many times the greatest length a draft may have. A text that is too long is stored as it is
/// typed and stops only the sending in; but a disk is not for whole books.
pub const DRAFT_TIMES: usize = 10;

/// Characters (code points) that one letter may have before they count as another letter. The longest
/// emoji have eleven; more is no letter that people write.
const CHARS_OF_A_LETTER: usize = 16;

/// Counts what people take for one letter: a syllable, a family of four as one emoji, a letter with
/// its accents (extended grapheme clusters, Unicode Standard Annex 29).
///
/// A browser without the tables counts code points; the server decides.
#[must_use]
pub fn count_letters(text: &str) -> usize {
    count_clusters(text).max(text.chars().count().div_ceil(CHARS_OF_A_LETTER))
}

#[cfg(feature = "compose")]
fn count_clusters(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation as _;
    text.graphemes(true).count()
}

#[cfg(not(feature = "compose"))]
fn count_clusters(text: &str) -> usize {
    text.chars().count()
}

/// Makes one line of a draft plain. It may be empty, and [`DRAFT_TIMES`] as long as `max`.
///
/// # Errors
/// [`FieldProblem::TooLong`], with the letters over `max`, if it is longer than even that.
pub fn parse_draft_line(text: &str, max: usize) -> Result<String, FieldProblem> {
    check_draft_length(tidy_line(text), max)
}

/// Makes the lines of a draft plain. They may be empty, and [`DRAFT_TIMES`] as long as `max`.
///
/// # Errors
/// [`FieldProblem::TooLong`], with the letters over `max`, if they are longer than even that.
pub fn parse_draft_block(text: &str, max: usize) -> Result<String, FieldProblem> {
    check_draft_length(tidy_block(text), max)
}

fn check_draft_length(text: String, max: usize) -> Result<String, FieldProblem> {
    if text.is_empty() {
        return Ok(text);
    }
    check_length(text, max * DRAFT_TIMES).map_err(|problem| match problem {
        FieldProblem::TooLong { over, .. } => {
            FieldProblem::TooLong { max, over: over + max * (DRAFT_TIMES - 1) }
        }
        problem => problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse_text_line;

    #[cfg(feature = "compose")]
    #[test]
    fn a_letter_is_what_people_take_for_one() {
        for (text, letters) in [
            ("", 0),
            ("한표", 2),
            ("abc", 3),
            ("👩\u{200D}👩\u{200D}👧\u{200D}👦", 1),
            ("👍🏽", 1),
            ("🇰🇷", 1),
            ("e\u{301}", 1),
            ("\u{1112}\u{1161}\u{11AB}", 1),
            ("가\n나", 3),
        ] {
            assert_eq!(count_letters(text), letters, "{text:?}");
        }
        // Accents without end are no letter.
        assert_eq!(count_letters(&format!("a{}", "\u{301}".repeat(159))), 10);
    }

    #[test]
    fn what_is_too_long_says_by_how_much() {
        assert_eq!(parse_text_line(&"가".repeat(200), 200), Ok("가".repeat(200)));
        let problem = |letters: usize| parse_text_line(&"가".repeat(letters), 200).err();
        assert_eq!(problem(200), None);
        assert_eq!(problem(207), Some(FieldProblem::TooLong { max: 200, over: 7 }));
    }

    #[test]
    fn a_draft_may_be_ten_times_as_long() {
        let draft = |letters: usize| parse_draft_line(&"가".repeat(letters), 200);
        assert_eq!(draft(0), Ok(String::new()));
        assert_eq!(draft(2_000), Ok("가".repeat(2_000)));
        assert_eq!(draft(2_001), Err(FieldProblem::TooLong { max: 200, over: 1_801 }));
        assert_eq!(parse_draft_block("첫 줄\r\n둘째", 200), Ok("첫 줄\n둘째".to_owned()));
    }
}

//! Which forms are sheets, and when a sheet may be signed.

use super::*;
use crate::text::Bilingual;

fn parse(scores: &[Option<u32>], comment: &str) -> Result<Sheet, SheetProblem> {
    let criterion =
        |max| Criterion { name: Bilingual::new("필요성", "Need"), description: None, max };
    let form =
        ScoreForm { scores: scores.to_vec(), comment: comment.to_owned(), note: String::new() };
    Sheet::from_score_form(&form, &[criterion(20), criterion(30)])
}

#[test]
fn a_sheet_keeps_to_its_rubric() {
    let check = |scores: &[Option<u32>], expected: Option<SheetProblem>| {
        assert_eq!(parse(scores, "").err(), expected, "{scores:?}");
    };
    check(&[Some(20), Some(30)], None);
    check(&[None, Some(0)], None);
    check(&[Some(20), Some(31)], Some(SheetProblem::Above { criterion: 1, max: 30 }));
    check(&[Some(20)], Some(SheetProblem::WrongLength));
    check(&[Some(1), Some(1), None], Some(SheetProblem::WrongLength));
}

#[test]
fn a_sheet_with_a_gap_is_kept_but_cannot_be_signed() {
    let sheet = parse(&[None, Some(12)], "").unwrap();
    assert_eq!(
        (sheet.points_so_far(), sheet.missing_criteria(), sheet.complete_scores()),
        (12, vec![0], None)
    );
}

#[test]
fn zero_is_a_score_and_no_gap() {
    let sheet = parse(&[Some(0), Some(12)], "좋습니다\r\n").unwrap();
    assert_eq!(sheet.complete_scores().unwrap().as_slice(), [0, 12]);
    assert_eq!(sheet.comment().map(Comment::as_text), Some("좋습니다"));
    assert_eq!(sheet.note(), None);
}

#[test]
fn a_comment_that_is_too_long_is_told_as_such() {
    let problem = parse(&[None, None], &"가".repeat(2001)).err();
    assert_eq!(problem, Some(SheetProblem::Comment(FieldProblem::TooLong { max: 2000 })));
}

#[test]
fn a_score_is_read_as_people_type_it() {
    for (text, score) in [
        ("20", Some(20)),
        ("20.0", Some(20)),
        ("20,00", Some(20)),
        (" ２０ ", Some(20)),
        ("0", Some(0)),
        ("", None),
        ("\u{3000}", None),
        ("20\u{200B}", Some(20)),
    ] {
        assert_eq!(parse_score(text), Ok(score), "{text:?}");
    }
    for text in ["20.5", "-1", "+1", "1e1", "20.", ".0", "스물", "1 0", "99999999999"] {
        assert_eq!(parse_score(text), Err(FieldProblem::Malformed), "{text:?}");
    }
}

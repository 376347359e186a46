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
    assert_eq!((sheet.comment(), sheet.note()), ("좋습니다", ""));
}

#[test]
fn a_comment_that_is_too_long_is_kept_but_cannot_be_signed() {
    let kept = |letters: usize| parse(&[None, None], &"가".repeat(letters));
    let too_long = |over| SheetProblem::Comment(FieldProblem::TooLong { max: 2_000, over });
    assert_eq!(kept(2_000).unwrap().check_texts(), Ok(()));
    let sheet = kept(2_001).unwrap();
    assert_eq!(sheet.comment().chars().count(), 2_001);
    assert_eq!(sheet.check_texts(), Err(too_long(1)));
    assert_eq!(kept(20_001).err(), Some(too_long(18_001)));
}

//! Fills a case from a document: what its application form calls title and summary, and everything else as the story.

mod labels;

use documents::{Block, DocumentText};
use domain::limits;
use domain::table::fold_word;
use domain::text::{count_letters, tidy_block, tidy_line};
use labels::{SUMMARY_LABELS, TITLE_LABELS};

/// The texts of a case that a document seems to have. What it does not seem to have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseTexts {
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// Everything else, in the document's order.
    pub body: String,
    /// How many texts of the file are not on its pages, such as comments and deleted text. They are left out.
    pub unseen: usize,
}

/// Finds the texts of a case in a document. A row of a table or a line `제목: …` may name them; else a short first paragraph
/// is the title.
#[must_use]
pub fn find_case_texts(document: &DocumentText) -> CaseTexts {
    let mut texts = CaseTexts { unseen: document.unseen.len(), ..CaseTexts::default() };
    let mut lines = Vec::new();
    for block in &document.blocks {
        let (label, value) = label_and_value(block);
        let field = if TITLE_LABELS.contains(&label.as_str()) {
            Some((&mut texts.title, limits::CASE_TITLE_CHARS))
        } else if SUMMARY_LABELS.contains(&label.as_str()) {
            Some((&mut texts.summary, limits::CASE_SUMMARY_CHARS))
        } else {
            None
        };
        match field {
            Some((field, most)) if field.is_empty() && fits_field(&value, most) => {
                *field = tidy_line(&value);
            }
            _ => lines.push(write_block(block)),
        }
    }
    if texts.title.is_empty() && lines.len() > 1 && fits_field(&lines[0], limits::CASE_TITLE_CHARS)
    {
        texts.title = tidy_line(&lines.remove(0));
    }
    texts.body = tidy_block(&lines.join("\n"));
    texts
}

fn fits_field(text: &str, most: usize) -> bool {
    let line = tidy_line(text);
    !line.is_empty() && count_letters(&line) <= most
}

/// Returns the folded label of a block and what it labels: the two cells of a row, or the two sides of a colon.
fn label_and_value(block: &Block) -> (String, String) {
    let (label, value) = match block {
        Block::Row(cells) => {
            let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
            match filled.as_slice() {
                [label, value] => (label.as_str(), value.as_str()),
                _ => return (String::new(), String::new()),
            }
        }
        Block::Paragraph(text) => text.split_once([':', '：']).unwrap_or_default(),
    };
    // Forms number their labels: `1. 사업명`, `○ 제목`.
    let label = label.trim_start_matches(|sign: char| !sign.is_alphabetic());
    (fold_word(label), value.to_owned())
}

fn write_block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => text.clone(),
        Block::Row(cells) => {
            let filled: Vec<&str> =
                cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            match filled.as_slice() {
                [label, value] if value.contains('\n') => format!("{label}\n{value}"),
                [label, value] => format!("{label}: {value}"),
                cells => cells.join(" | "),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use documents::{Block, DocumentText};

    use super::{CaseTexts, find_case_texts};

    fn find_in(blocks: &[&str]) -> CaseTexts {
        let block = |text: &&str| match text.split_once('|') {
            Some(_) => Block::Row(text.split('|').map(str::to_owned).collect()),
            None => Block::Paragraph((*text).to_owned()),
        };
        let blocks = blocks.iter().map(block).collect();
        let unseen = vec!["메모".to_owned()];
        find_case_texts(&DocumentText { blocks, unseen, ..DocumentText::default() })
    }

    #[test]
    fn a_form_of_a_table_names_its_texts() {
        let texts = find_in(&[
            "응모 신청서",
            "1. 사업명|나눔 냉장고",
            "사업 개요||남은 반찬을 이웃과 나눕니다",
            "추진 내용|첫째\n둘째",
            "담당|과장|김가나",
        ]);
        assert_eq!(texts.title, "나눔 냉장고");
        assert_eq!(texts.summary, "남은 반찬을 이웃과 나눕니다");
        assert_eq!(texts.body, "응모 신청서\n추진 내용\n첫째\n둘째\n담당 | 과장 | 김가나");
        assert_eq!(texts.unseen, 1);
    }

    #[test]
    fn lines_with_a_colon_and_a_short_first_line_are_understood() {
        let texts = find_in(&["○ 제목 ： 골목 장터", "요약: 금요일마다", "이야기"]);
        assert_eq!(
            (&*texts.title, &*texts.summary, &*texts.body),
            ("골목 장터", "금요일마다", "이야기")
        );
        let plain = find_in(&["골목 장터", "이야기"]);
        assert_eq!((&*plain.title, &*plain.body), ("골목 장터", "이야기"));
        let long = "이야기 ".repeat(60);
        let only = find_in(&[&long, "끝"]);
        assert_eq!(only.title, "");
        assert!(only.body.starts_with("이야기 이야기"));
        // A summary that is too long for its field stays in the story.
        let summary = find_in(&["제목: 가", &format!("요약: {long}")]);
        assert_eq!(summary.summary, "");
        assert!(summary.body.starts_with("요약: 이야기"));
    }
}

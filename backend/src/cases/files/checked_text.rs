//! The text of a document, with what looks like personal data found and masked.

use documents::{Block, DocumentText};
use domain::limits;
use domain::text::tidy_block;
use serde::{Deserialize, Serialize};

use crate::personal_data::{PersonalKind, find_personal_data, mask_pieces};

/// Most pieces that are kept of one document. Who left a hundred has left a list.
const PIECES: usize = 100;
/// Most letters of a piece: an address in full.
const PIECE_CHARS: usize = 100;

/// A piece of the text of a document.
pub type TextBlock = Block;

/// What looks like personal data in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPiece {
    /// What it is.
    pub kind: PersonalKind,
    /// What it says.
    pub text: String,
}

/// What was made of the text of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CheckedText {
    /// What its pages say, masked: at most [`limits::FILE_TEXT_CHARS`] letters.
    pub(super) masked: Vec<TextBlock>,
    /// What was found on its pages and in what nobody sees of it, such as comments.
    pub(super) found: Vec<FoundPiece>,
    /// Whether some of it could not be looked through.
    pub(super) unread: bool,
}

impl CheckedText {
    /// Looks through a whole document.
    pub(super) fn from_document(document: DocumentText) -> Self {
        let mut checked = Self { unread: document.unread, ..Self::default() };
        let mut left = limits::FILE_TEXT_CHARS;
        for block in document.blocks {
            let masked = match block {
                Block::Paragraph(text) => Block::Paragraph(checked.mask_text(&text)),
                Block::Row(cells) => {
                    // A number may stand in three cells side by side, one part in each.
                    checked.mask_text(&join_number_cells(&cells));
                    Block::Row(cells.iter().map(|cell| checked.mask_text(cell)).collect())
                }
            };
            match left.checked_sub(count_chars(&masked)) {
                Some(rest) => {
                    left = rest;
                    checked.masked.push(masked);
                }
                // The first block that does not fit ends the text, so that no gap is inside it.
                None => left = 0,
            }
        }
        checked.masked.retain(|block| count_chars(block) > 0);
        for text in document.unseen.iter().chain(&document.rest) {
            checked.mask_text(text);
        }
        checked
    }

    fn mask_text(&mut self, text: &str) -> String {
        let text = tidy_block(text);
        let pieces = find_personal_data(&text);
        for piece in &pieces {
            let text: String = text[piece.range.clone()].chars().take(PIECE_CHARS).collect();
            // The rest of a file says again what its pages say.
            let known = self.found.iter().any(|found| found.text == text);
            if !known && self.found.len() < PIECES {
                self.found.push(FoundPiece { kind: piece.kind, text });
            }
        }
        mask_pieces(&text, &pieces)
    }
}

/// Joins cells that hold digits alone with the cells of digits beside them, each other cell on a line of its own.
fn join_number_cells(cells: &[String]) -> String {
    let is_number = |cell: &String| {
        let cell = cell.trim();
        !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())
    };
    let runs = cells.chunk_by(|one, next| is_number(one) && is_number(next));
    runs.map(|run| run.join("-")).collect::<Vec<_>>().join("\n")
}

fn count_chars(block: &TextBlock) -> usize {
    match block {
        Block::Paragraph(text) => text.chars().count(),
        Block::Row(cells) => cells.iter().map(|cell| cell.chars().count()).sum(),
    }
}

/// Reads blocks as they are stored.
pub(super) fn parse_blocks(json: &str) -> Vec<TextBlock> {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(blocks: Vec<Block>, unseen: &[&str]) -> CheckedText {
        let unseen = unseen.iter().map(|&text| text.to_owned()).collect();
        CheckedText::from_document(DocumentText { blocks, unseen, ..DocumentText::default() })
    }

    #[test]
    fn personal_data_is_masked_in_paragraphs_and_cells_and_told() {
        let blocks = vec![
            Block::Paragraph("Call 010-1234-5678 today".to_owned()),
            Block::Row(vec!["mail".to_owned(), "who@example.kr".to_owned()]),
        ];
        let checked = check(blocks, &["010-8765-4321"]);
        let masked = vec![
            Block::Paragraph("Call ***-****-**** today".to_owned()),
            Block::Row(vec!["mail".to_owned(), "***@*******.**".to_owned()]),
        ];
        assert_eq!(checked.masked, masked);
        let said: Vec<_> = checked.found.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(said, ["010-1234-5678", "who@example.kr", "010-8765-4321"], "comments, too");
    }

    #[test]
    fn a_number_in_three_cells_is_found() {
        let cells = ["call", "010", "1234", "5678"].map(str::to_owned).to_vec();
        let checked = check(vec![Block::Row(cells)], &[]);
        let said: Vec<_> = checked.found.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(said, ["010-1234-5678"]);
    }

    #[test]
    fn a_long_text_ends_with_a_whole_paragraph() {
        let long = "a".repeat(limits::FILE_TEXT_CHARS - 10);
        let text = |text: &str| Block::Paragraph(text.to_owned());
        let checked = check(vec![text(&long), text("eleven sign"), text("x")], &[]);
        assert_eq!(checked.masked, [text(&long)]);
    }
}

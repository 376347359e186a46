//! Puts the pieces of a document together: paragraphs, rows of tables, notes behind their paragraph.

use crate::{Block, DocumentText, FileProblem, TEXT_CHARS};

/// Something that paragraphs stand in.
enum Frame {
    Table { row: Vec<String>, cell: String },
    Note(Vec<String>),
    Unseen,
}

/// Collects the text of a document while a reader walks through it.
#[derive(Default)]
pub(crate) struct Collector {
    text: DocumentText,
    /// The paragraphs that are open, the innermost last: a shape in a paragraph has paragraphs of its own.
    lines: Vec<String>,
    frames: Vec<Frame>,
    /// Notes of the paragraph that is open.
    notes: Vec<String>,
    /// Text that was struck out, not yet ended.
    struck: String,
    chars: usize,
}

impl Collector {
    pub(crate) fn begin_paragraph(&mut self) {
        self.lines.push(String::new());
    }

    /// Adds text to the paragraph.
    pub(crate) fn push_text(&mut self, text: &str) -> Result<(), FileProblem> {
        self.count_chars(text)?;
        match self.lines.last_mut() {
            Some(line) => line.push_str(text),
            // Text outside a paragraph is one by itself.
            None => self.deliver_paragraph(text),
        }
        Ok(())
    }

    /// Adds text that was struck out while changes were tracked.
    pub(crate) fn push_struck(&mut self, text: &str) -> Result<(), FileProblem> {
        self.count_chars(text)?;
        self.struck.push_str(text);
        Ok(())
    }

    pub(crate) fn end_struck(&mut self) {
        let struck = std::mem::take(&mut self.struck);
        self.push_unseen(&struck);
    }

    pub(crate) fn end_paragraph(&mut self) {
        if let Some(line) = self.lines.pop() {
            self.deliver_paragraph(&line);
        }
        if self.frames.is_empty() && self.lines.is_empty() {
            for note in std::mem::take(&mut self.notes) {
                self.deliver_paragraph(&note);
            }
        }
    }

    pub(crate) fn begin_table(&mut self) {
        self.frames.push(Frame::Table { row: Vec::new(), cell: String::new() });
    }

    pub(crate) fn end_cell(&mut self) {
        if let Some(Frame::Table { row, cell }) = self.frames.last_mut() {
            row.push(std::mem::take(cell));
        }
    }

    pub(crate) fn end_row(&mut self) {
        let Some(Frame::Table { row, .. }) = self.frames.last_mut() else { return };
        let cells = std::mem::take(row);
        if cells.iter().all(String::is_empty) {
            return;
        }
        if self.frames.len() == 1 {
            self.text.blocks.push(Block::Row(cells));
        } else {
            let table = self.frames.pop();
            let filled: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
            self.deliver_paragraph(&filled.join(" "));
            self.frames.extend(table);
        }
    }

    pub(crate) fn begin_note(&mut self) {
        self.frames.push(Frame::Note(Vec::new()));
    }

    /// Begins what is not on the pages.
    pub(crate) fn begin_unseen(&mut self) {
        self.frames.push(Frame::Unseen);
    }

    /// Ends a table, a note, or what is not on the pages.
    pub(crate) fn end_frame(&mut self) {
        let Some(Frame::Note(texts)) = self.frames.pop() else { return };
        if self.frames.is_empty() {
            self.notes.extend(texts);
        } else {
            self.deliver_paragraph(&texts.join(" "));
        }
    }

    /// Adds a text that is in the file and not on its pages.
    pub(crate) fn push_unseen(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.text.unseen.push(text.to_owned());
        }
    }

    /// Adds the text of a thumbnail if it has a word that is not on the pages: most are a copy of the first page.
    pub(crate) fn push_thumbnail(&mut self, text: &str) {
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        let seen: String =
            self.text.blocks.iter().map(|block| squeeze(&block.join_cells())).collect();
        // Cells stand between angle brackets, and the text may be cut off within its last word.
        let words: Vec<&str> =
            text.split(|sign: char| sign.is_whitespace() || "<>".contains(sign)).collect();
        if words.iter().any(|word| !seen.contains(word)) {
            self.push_unseen(text);
        }
    }

    pub(crate) fn finish_document(mut self) -> DocumentText {
        while !self.lines.is_empty() {
            self.end_paragraph();
        }
        self.end_struck();
        self.text
    }

    /// Puts a whole paragraph where it belongs.
    fn deliver_paragraph(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.frames.last_mut() {
            None => self.text.blocks.push(Block::Paragraph(text.to_owned())),
            Some(Frame::Table { cell, .. }) => {
                if !cell.is_empty() {
                    cell.push('\n');
                }
                cell.push_str(text);
            }
            Some(Frame::Note(texts)) => texts.push(text.to_owned()),
            Some(Frame::Unseen) => self.text.unseen.push(text.to_owned()),
        }
    }

    fn count_chars(&mut self, text: &str) -> Result<(), FileProblem> {
        self.chars += text.chars().count();
        if self.chars > TEXT_CHARS { Err(FileProblem::TooLarge) } else { Ok(()) }
    }
}

//! The documents that organisations send in: what kind a file is by its content, and what it says.
//!
//! Files come from strangers. Nothing here trusts a name, a length or a structure in a file, everything is bounded, and every
//! fault is a value. The server nevertheless reads documents in a process of its own, with bounds on memory and time, because
//! a library below may be wrong.

mod archive;
mod collect;
mod hwp;
mod hwpx;
mod kind;
#[cfg(any(test, feature = "make"))]
pub mod make;
mod number_format;
mod office;
mod pdf;
mod rest;
#[cfg(test)]
mod tests;
pub mod workbook;
mod xml;

pub use domain::refusal::FileProblem;
use serde::{Deserialize, Serialize};

pub use kind::{FileKind, recognise_file};

/// Most characters of a document. A case has 10,000, and a thick report some 300,000.
const TEXT_CHARS: usize = 1_000_000;
/// Most bytes of a document when it is unpacked.
const UNPACKED_BYTES: u64 = 128 * 1024 * 1024;

/// What a document says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentText {
    /// What a reader of the document sees, in its order. Notes stand behind their paragraph.
    pub blocks: Vec<Block>,
    /// What is in the file and not on its pages: comments, hidden text, text that was struck out while changes were
    /// tracked, and the text of the thumbnail, which editors do not keep up to date.
    pub unseen: Vec<String>,
    /// Text of all other parts of the file that holds some: drawings, notes of new kinds, properties, the targets of links.
    /// It is for looking through, not for reading.
    #[serde(default)]
    pub rest: Vec<String>,
    /// Whether some of it could not be read: a page that is a picture, or pages beyond the first hundreds.
    #[serde(default)]
    pub unread: bool,
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph; it may have line breaks and tabs.
    Paragraph(String),
    /// A row of a table, cell by cell. A table within a cell is part of its text.
    Row(Vec<String>),
}

impl Block {
    fn join_cells(&self) -> String {
        match self {
            Self::Paragraph(text) => text.clone(),
            Self::Row(cells) => cells.join("\t"),
        }
    }
}

impl DocumentText {
    /// Returns everything that the file holds as lines of text, what is not seen at the end.
    pub fn all_lines(&self) -> impl Iterator<Item = String> {
        let seen = self.blocks.iter().map(Block::join_cells);
        seen.chain(self.unseen.iter().cloned())
    }
}

/// Reads what a document says.
///
/// # Errors
/// [`FileProblem::Damaged`], [`FileProblem::TooLarge`], [`FileProblem::Password`] or [`FileProblem::Distribution`].
pub fn read_document(kind: FileKind, file: &[u8]) -> Result<DocumentText, FileProblem> {
    let mut text = match kind {
        FileKind::Hwp => return hwp::read_text(file),
        FileKind::Pdf => return pdf::read_text(file),
        FileKind::Hwpx => hwpx::read_text(file)?,
        FileKind::Docx => office::read_word(file)?,
        FileKind::Pptx => office::read_slides(file)?,
        FileKind::Xlsx => office::read_sheets(file)?,
    };
    text.rest = rest::read_rest(file)?;
    Ok(text)
}

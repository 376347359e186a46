//! The text of a PDF, page by page.

use std::io::Cursor;

use oxidize_pdf::parser::{ParseOptions, PdfDocument, PdfReader};
use oxidize_pdf::text::ExtractionOptions;

use crate::{Block, DocumentText, FileProblem, TEXT_CHARS};

/// Most pages that are read.
const PAGES: u32 = 500;

/// Reads the lines of all pages. A page that cannot be read is left out.
pub(crate) fn read_text(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let reader = PdfReader::new_with_options(Cursor::new(file), ParseOptions::lenient());
    let document = PdfDocument::new(reader.map_err(|_| FileProblem::Damaged)?);
    let pages = document.page_count().map_err(|_| FileProblem::Damaged)?;
    let (mut text, mut chars) = (DocumentText::default(), 0);
    for page in 0..pages.min(PAGES) {
        let options =
            ExtractionOptions { max_extracted_bytes: Some(TEXT_CHARS), ..Default::default() };
        let Ok(page) = document.extract_text_from_page_with_options(page, options) else {
            continue;
        };
        chars += page.text.chars().count();
        if chars > TEXT_CHARS {
            return Err(FileProblem::TooLarge);
        }
        let lines = page.text.lines().map(str::trim).filter(|line| !line.is_empty());
        text.blocks.extend(lines.map(|line| Block::Paragraph(line.to_owned())));
    }
    Ok(text)
}

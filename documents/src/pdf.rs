//! The text of a PDF, page by page.

use std::io::{Cursor, Read, Seek};

use oxidize_pdf::parser::{ParseOptions, PdfDocument, PdfObject, PdfReader};
use oxidize_pdf::text::ExtractionOptions;

use crate::{Block, DocumentText, FileProblem, TEXT_CHARS};

/// Most pages that are read.
const PAGES: u32 = 500;
/// A page with a picture and fewer letters is taken for a scan: a page number alone is no text.
const FEW_LETTERS: usize = 20;

/// Reads the lines of all pages. A page that cannot be read is left out.
pub(crate) fn read_text(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let reader = PdfReader::new_with_options(Cursor::new(file), ParseOptions::lenient());
    let document = PdfDocument::new(reader.map_err(|_| FileProblem::Damaged)?);
    let pages = document.page_count().map_err(|_| FileProblem::Damaged)?;
    let (mut text, mut chars) = (DocumentText::default(), 0);
    for page in 0..pages.min(PAGES) {
        let options =
            ExtractionOptions { max_extracted_bytes: Some(TEXT_CHARS), ..Default::default() };
        text.rest.extend(read_annotations(&document, page));
        let is_picture = has_pictures(&document, page);
        let Ok(page) = document.extract_text_from_page_with_options(page, options) else {
            text.unread = true;
            continue;
        };
        text.unread |= is_picture && page.text.trim().chars().count() < FEW_LETTERS;
        chars += page.text.chars().count();
        if chars > TEXT_CHARS {
            return Err(FileProblem::TooLarge);
        }
        let lines = page.text.lines().map(str::trim).filter(|line| !line.is_empty());
        text.blocks.extend(lines.map(|line| Block::Paragraph(line.to_owned())));
    }
    text.unread |= pages > PAGES;
    Ok(text)
}

/// Whether a page shows pictures or drawings that stand outside its own content.
fn has_pictures<R: Read + Seek>(document: &PdfDocument<R>, page: u32) -> bool {
    let Ok(page) = document.get_page(page) else { return true };
    page.get_resources().is_some_and(|resources| resources.get("XObject").is_some())
}

/// Returns what the notes, the fields of forms and the links of a page say.
fn read_annotations<R: Read + Seek>(document: &PdfDocument<R>, page: u32) -> Vec<String> {
    let notes = document.get_page_annotations(page).unwrap_or_default();
    let mut texts = Vec::new();
    for note in notes {
        let action = note.get("A").and_then(|action| document.resolve(action).ok());
        let action = action.as_ref().and_then(PdfObject::as_dict);
        let values = ["Contents", "V", "DV", "RC", "T", "TU"].iter().map(|key| note.get(key));
        for value in values.chain([action.and_then(|action| action.get("URI"))]).flatten() {
            let value = document.resolve(value).ok();
            if let Some(text) = value.as_ref().and_then(PdfObject::as_string) {
                texts.push(decode_text(text.as_bytes()));
            }
        }
    }
    texts.retain(|text| !text.trim().is_empty());
    texts
}

/// Decodes a text string (ISO 32000-1, 7.9.2.2): UTF-16 with its mark, else one byte for each letter.
fn decode_text(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|sign| sign.unwrap_or('\u{FFFD}')).collect()
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

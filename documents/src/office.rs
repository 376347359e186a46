//! Documents of Word, Excel and PowerPoint since 2007 (ECMA-376).

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};

use crate::archive::Archive;
use crate::collect::Collector;
use crate::workbook::{check_unpacked_size, read_number_formats, write_cell};
use crate::{Block, DocumentText, FileProblem, TEXT_CHARS, UNPACKED_BYTES, xml};

/// Reads the text, its notes, and as unseen its comments.
pub(crate) fn read_word(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let mut archive = Archive::open_archive(file)?;
    let mut collector = Collector::default();
    let text = archive.read_text("word/document.xml")?.ok_or(FileProblem::Damaged)?;
    xml::walk_part(&text, &mut collector)?;
    for part in numbered_parts(&archive, "word/header")
        .into_iter()
        .chain(numbered_parts(&archive, "word/footer"))
        .chain(["word/footnotes.xml".to_owned(), "word/endnotes.xml".to_owned()])
    {
        if let Some(text) = archive.read_text(&part)? {
            xml::walk_part(&text, &mut collector)?;
        }
    }
    walk_unseen(&mut archive, &["word/comments.xml".to_owned()], &mut collector)?;
    Ok(collector.finish_document())
}

/// Reads the slides in the order of their numbers, and as unseen their notes and comments.
pub(crate) fn read_slides(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let mut archive = Archive::open_archive(file)?;
    let mut collector = Collector::default();
    for part in numbered_parts(&archive, "ppt/slides/slide") {
        let text = archive.read_text(&part)?.ok_or(FileProblem::Damaged)?;
        xml::walk_part(&text, &mut collector)?;
    }
    let mut unseen = numbered_parts(&archive, "ppt/notesSlides/notesSlide");
    unseen.extend(numbered_parts(&archive, "ppt/comments/comment"));
    walk_unseen(&mut archive, &unseen, &mut collector)?;
    Ok(collector.finish_document())
}

/// Reads the rows of all sheets, each cell as people see it.
pub(crate) fn read_sheets(file: &[u8]) -> Result<DocumentText, FileProblem> {
    check_unpacked_size(file, UNPACKED_BYTES)?;
    let mut workbook = Xlsx::new(Cursor::new(file)).map_err(|_| FileProblem::Damaged)?;
    let (mut text, mut chars) = (DocumentText::default(), 0);
    for name in workbook.sheet_names() {
        // A sheet of a chart has no cells.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { continue };
        let (mut row, mut cells) = (0, Vec::new());
        let formats = read_number_formats(reader.styles());
        while let Some((cell, style)) =
            reader.next_cell_with_style_id().map_err(|_| FileProblem::Damaged)?
        {
            let shown = write_cell(cell.get_value(), formats.get(style).map_or("", String::as_str));
            if shown.trim().is_empty() {
                continue;
            }
            chars += shown.chars().count();
            if chars > TEXT_CHARS {
                return Err(FileProblem::TooLarge);
            }
            if cell.get_position().0 != row && !cells.is_empty() {
                text.blocks.push(Block::Row(std::mem::take(&mut cells)));
            }
            row = cell.get_position().0;
            cells.push(shown);
        }
        if !cells.is_empty() {
            text.blocks.push(Block::Row(cells));
        }
    }
    let mut archive = Archive::open_archive(file)?;
    let comments = numbered_parts(&archive, "xl/comments");
    let mut collector = Collector::default();
    walk_unseen(&mut archive, &comments, &mut collector)?;
    text.unseen = collector.finish_document().unseen;
    Ok(text)
}

fn walk_unseen(
    archive: &mut Archive<'_>,
    parts: &[String],
    collector: &mut Collector,
) -> Result<(), FileProblem> {
    collector.begin_unseen();
    for part in parts {
        if let Some(text) = archive.read_text(part)? {
            xml::walk_part(&text, collector)?;
        }
    }
    collector.end_frame();
    Ok(())
}

/// Returns the parts `{beginning}{number}.xml` in the order of their numbers.
fn numbered_parts(archive: &Archive<'_>, beginning: &str) -> Vec<String> {
    let number = |name: &str| -> Option<u32> {
        name.strip_prefix(beginning)?.strip_suffix(".xml")?.parse().ok()
    };
    let mut parts: Vec<String> =
        archive.part_names().filter(|name| number(name).is_some()).collect();
    parts.sort_by_key(|name| number(name));
    parts
}

//! Files of text and tables that people upload, as Korean offices have them.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::Reader as _;
use documents::workbook::{check_unpacked_size, read_number_formats, write_cell};
use domain::table::write_table;
use unicode_normalization::UnicodeNormalization as _;

/// Largest workbook when it is unpacked, in bytes: a small file may hold a very large table.
const WORKBOOK_BYTES: u64 = 64 * 1024 * 1024;
/// Most cells that are read, and most columns. Every list has fewer.
const WORKBOOK_CELLS: usize = 400_000;
const WORKBOOK_COLUMNS: u32 = 64;

/// Decodes a text file: UTF-8 or UTF-16 with a byte order mark, else UTF-8, else CP949, which Korean
/// Windows calls ANSI. Composes the letters (NFC), because a file from a Mac has decomposed ones: they
/// look the same but would make another name. Returns `None` if the file is none of these.
#[must_use]
pub fn decode_text_file(bytes: &[u8]) -> Option<String> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..])
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.into()),
            Err(_) => {
                encoding_rs::EUC_KR.decode_without_bom_handling_and_without_replacement(bytes)
            }
        },
    }?;
    // A zero byte is in no text; in UTF-16 without its mark it is every second one.
    (!text.contains('\0')).then(|| text.nfc().collect())
}

/// Decodes a table: a text file, or the first sheet of an XLSX workbook, written as text with quotes.
/// Returns `None` if the file is neither.
#[must_use]
pub fn decode_table_file(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(b"PK\x03\x04") {
        return decode_workbook(bytes);
    }
    // A page that calls itself a workbook, as office portals export it, and a PDF are no tables.
    let text = decode_text_file(bytes)?;
    let start = text.trim_start();
    (!start.starts_with('<') && !start.starts_with("%PDF")).then_some(text)
}

fn decode_workbook(bytes: &[u8]) -> Option<String> {
    check_unpacked_size(bytes, WORKBOOK_BYTES).ok()?;
    let mut workbook = calamine::Xlsx::new(Cursor::new(bytes)).ok()?;
    let sheet = workbook.sheet_names().into_iter().next()?;
    // Cell by cell: a single cell far down would make a table of all that is above it.
    let mut reader = workbook.worksheet_cells_reader(&sheet).ok()?;
    let (mut rows, mut count) = (BTreeMap::<u32, Vec<String>>::new(), 0);
    let formats = read_number_formats(reader.styles());
    while let Some((cell, style)) = reader.next_cell_with_style_id().ok()? {
        let (row, column) = cell.get_position();
        let text = write_cell(cell.get_value(), formats.get(style).map_or("", String::as_str));
        if text.is_empty() {
            continue;
        }
        count += 1;
        if count > WORKBOOK_CELLS || column >= WORKBOOK_COLUMNS {
            return None;
        }
        let cells = rows.entry(row).or_default();
        let place = usize::try_from(column).ok()?;
        cells.resize(cells.len().max(place + 1), String::new());
        cells[place] = text;
    }
    drop(reader);
    repeat_merged_cells(&mut workbook, &sheet, &mut rows);
    // Empty rows stay, so that a fault names the row that people see, as far as a list is long.
    let last = rows.keys().next_back().copied().unwrap_or_default();
    let numbers: Vec<u32> = match usize::try_from(last) {
        Ok(last) if last <= WORKBOOK_CELLS => (0..=u32::try_from(last).ok()?).collect(),
        _ => rows.keys().copied().collect(),
    };
    let empty = Vec::new();
    let lines = numbers.iter().map(|number| rows.get(number).unwrap_or(&empty));
    let text = write_table(lines.map(|row| row.iter().map(String::as_str).collect()));
    Some(text.nfc().collect())
}

/// Writes a table as a workbook of one sheet, its first row as a heading that stays. Every cell is text, so that no
/// program takes one for a formula.
///
/// # Errors
/// [`WriteTableError`] if it cannot be written, such as with more rows than a sheet has.
pub fn write_workbook(rows: &[Vec<String>]) -> Result<Vec<u8>, WriteTableError> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let (bold, wrap) = (
        rust_xlsxwriter::Format::new().set_bold(),
        rust_xlsxwriter::Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top),
    );
    let sheet = workbook.add_worksheet();
    for (place, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            // A cell of Excel holds 32,767 characters.
            let cell: String = cell.chars().take(32_000).collect();
            let format = if place == 0 { &bold } else { &wrap };
            sheet.write_string_with_format(place, column, cell, format)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_autofit_max_width(360);
    sheet.autofit();
    Ok(workbook.save_to_buffer()?)
}

/// Why a workbook was not written.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct WriteTableError(#[from] rust_xlsxwriter::XlsxError);

/// Writes a table as CSV in UTF-8 with its mark, which Korean Excel needs, and with the line ends of RFC 4180. A cell that
/// a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
#[must_use]
pub fn write_csv_file(rows: &[Vec<String>]) -> String {
    let harmless = |cell: &String| match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.clone(),
    };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(harmless).collect()).collect();
    let text = write_table(rows.iter().map(|row| row.iter().map(String::as_str).collect()));
    format!("\u{FEFF}{}\r\n", text.replace("\"\n\"", "\"\r\n\""))
}

/// Puts the words of a cell that is merged over several rows into its first column in each of them, because people
/// see it beside all of them.
fn repeat_merged_cells(
    workbook: &mut calamine::Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    rows: &mut BTreeMap<u32, Vec<String>>,
) {
    let mut left = WORKBOOK_CELLS;
    // If the list of merged cells cannot be read, the table is read as if it had none.
    for merged in workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default() {
        let (first, column) = merged.start;
        let Ok(place) = usize::try_from(column) else { continue };
        let Some(text) = rows.get(&first).and_then(|cells| cells.get(place)).cloned() else {
            continue;
        };
        if merged.end.0 <= first {
            continue;
        }
        for (_, cells) in rows.range_mut(first + 1..=merged.end.0) {
            let Some(rest) = left.checked_sub(1) else { return };
            left = rest;
            if let Some(cell) = cells.get_mut(place).filter(|cell| cell.is_empty()) {
                cell.clone_from(&text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{decode_table_file, decode_text_file};

    #[test]
    fn a_list_reads_alike_however_it_was_saved() {
        let text = "101동 1203호,김가나\r\n";
        let (cp949, _, _) = encoding_rs::EUC_KR.encode(text);
        let utf16 = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &cp949, &marked, &utf16(true), &utf16(false)] {
            assert_eq!(decode_text_file(bytes).as_deref(), Some(text), "{bytes:?}");
        }
        let parts = "101\u{1103}\u{1169}\u{11BC} 1203\u{1112}\u{1169}";
        assert_eq!(decode_text_file(parts.as_bytes()).as_deref(), Some("101동 1203호"));
        // UTF-16 without its mark, half a letter, and a picture.
        let unmarked = &utf16(false)[2..];
        for bytes in [unmarked, &[0xFF, 0xFE, 0x00], &[0x89, b'P', b'N', b'G', 0xFF, 0xFF]] {
            assert_eq!(decode_text_file(bytes), None, "{bytes:?}");
        }
    }

    /// A workbook of one sheet with these rows of cells.
    fn workbook(sheet: &str) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let usual = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            ("[Content_Types].xml", include_str!("text_files/content_types.xml")),
            ("_rels/.rels", include_str!("text_files/rels.xml")),
            ("xl/workbook.xml", include_str!("text_files/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", include_str!("text_files/workbook_rels.xml")),
            ("xl/styles.xml", include_str!("text_files/styles.xml")),
            ("xl/worksheets/sheet1.xml", sheet),
        ] {
            archive.start_file(name, usual).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn sheet(rows: &str) -> Vec<u8> {
        workbook(&format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
            <sheetData>{rows}</sheetData></worksheet>"
        ))
    }

    #[test]
    fn the_first_sheet_of_a_workbook_is_a_table() {
        let text = |place: &str, text: &str| {
            format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let rows = format!(
            "<row r=\"1\">{}{}</row><row r=\"3\">{}<c r=\"C3\"><v>1203</v></c></row>",
            text("A1", "동"),
            text("C1", "호"),
            text("A3", "101, \u{1112}\u{1161}\u{1102}\u{1161}"),
        );
        let read = decode_table_file(&sheet(&rows)).unwrap();
        let rows: Vec<_> =
            domain::table::read_table(&read).into_iter().map(|row| (row.line, row.cells)).collect();
        let cells = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(rows, [(1, cells(["동", "", "호"])), (3, cells(["101, 하나", "", "1203"]))]);
    }

    #[test]
    fn merged_cells_and_days_are_read_as_people_see_them() {
        let text = |place: &str, text: &str| {
            format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let rows = format!(
            "<row r=\"1\">{}{}<c r=\"C1\" s=\"1\"><v>46082</v></c></row><row r=\"2\">{}</row>\
            <row r=\"3\">{}</row>",
            text("A1", "101동"),
            text("B1", "1호"),
            text("B2", "2호"),
            text("B3", "3호"),
        );
        let bytes = workbook(&format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
            <sheetData>{rows}</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/></mergeCells>\
            </worksheet>"
        ));
        let rows = domain::table::read_table(&decode_table_file(&bytes).unwrap());
        let cells: Vec<String> = rows.iter().map(|row| row.cells.join("|")).collect();
        assert_eq!(cells, ["101동|1호|2026-03-01", "101동|2호", "|3호"]);
    }

    #[test]
    fn numbers_have_the_zeros_and_words_of_their_format() {
        let cell = |place: &str, style: u8, number: &str| {
            format!("<c r=\"{place}\" s=\"{style}\"><v>{number}</v></c>")
        };
        let rows = format!(
            "<row r=\"1\">{}{}{}</row>",
            cell("A1", 2, "101"),
            cell("B1", 3, "203"),
            cell("C1", 0, "7")
        );
        let read = domain::table::read_table(&decode_table_file(&sheet(&rows)).unwrap());
        assert_eq!(read[0].cells, ["101동", "0203", "7"]);
    }

    #[test]
    fn a_table_that_is_written_is_read_again_and_holds_no_formula() {
        let rows =
            [["사례", "기관"], ["=1+1", "@나눔, \"이음\""], ["-3", "두 줄\n글"], ["+82", "１２"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let read = |text: &str| -> Vec<Vec<String>> {
            domain::table::read_table(text).into_iter().map(|row| row.cells).collect()
        };
        let plain = |row: &Vec<String>| row.iter().map(|cell| cell.replace('\n', " ")).collect();
        let expected: Vec<Vec<String>> = rows.iter().map(plain).collect();
        let workbook = super::write_workbook(&rows).unwrap();
        assert_eq!(read(&decode_table_file(&workbook).unwrap()), expected);
        let csv = super::write_csv_file(&rows);
        assert!(csv.starts_with("\u{FEFF}\"사례\",\"기관\"\r\n\"'=1+1\",\"'@나눔"), "{csv}");
        assert!(csv.ends_with("\"'+82\",\"１２\"\r\n"), "{csv}");
        assert_eq!(read(&csv).len(), 4);
    }

    #[test]
    fn a_page_or_a_pdf_is_no_table() {
        for file in ["<html><table><tr><td>101동</td></tr></table></html>", "\n%PDF-1.7\n101동"] {
            assert_eq!(decode_table_file(file.as_bytes()), None, "{file}");
        }
    }

    #[test]
    fn a_workbook_that_would_fill_the_memory_is_refused() {
        let far = "<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>";
        assert!(decode_table_file(&sheet(far)).is_some_and(|text| text.len() < 100));
        let wide = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>";
        assert_eq!(decode_table_file(&sheet(wide)), None);
        let blanks = " ".repeat(usize::try_from(super::WORKBOOK_BYTES).unwrap());
        assert_eq!(decode_table_file(&sheet(&blanks)), None);
        assert_eq!(decode_table_file(b"PK\x03\x04 no archive"), None);
    }
}

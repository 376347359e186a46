//! Cells of a workbook as people see them, for documents and for lists.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Style};

use crate::FileProblem;
use crate::number_format::write_by_format;

/// Checks that the parts of an archive hold no more than `most` bytes. They are unpacked for it, because what an archive
/// says about its sizes may be wrong.
///
/// # Errors
/// [`FileProblem::TooLarge`]; [`FileProblem::Damaged`] for what is no whole archive.
pub fn check_unpacked_size(file: &[u8], most: u64) -> Result<(), FileProblem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| FileProblem::Damaged)?;
    let mut left = most;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| FileProblem::Damaged)?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|_| FileProblem::Damaged)?;
        left = left.checked_sub(read).ok_or(FileProblem::TooLarge)?;
    }
    Ok(())
}

/// Returns the number format of each style of a workbook; an empty text for a style without one.
#[must_use]
pub fn read_number_formats(styles: &[Style]) -> Vec<String> {
    let code = |style: &Style| style.number_format.as_ref().map(|it| it.format_code.clone());
    styles.iter().map(|style| code(style).unwrap_or_default()).collect()
}

/// Writes a cell as people see it: a day as `2026-03-01`, a whole number without a point, and with the zeros, hyphens and
/// words of its format.
#[must_use]
pub fn write_cell(cell: &DataRef<'_>, format: &str) -> String {
    let number = match cell {
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}").parse().ok(),
        DataRef::Int(number) => u64::try_from(*number).ok(),
        _ => None,
    };
    if let Some(text) = number.and_then(|number| write_by_format(number, format)) {
        return text;
    }
    match cell {
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) { day } else { format!("{day} {hour:02}:{minute:02}") }
        }
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => calamine::Data::from(other.clone()).to_string(),
    }
}

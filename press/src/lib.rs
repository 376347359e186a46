//! What is printed: sheets of slips as PDF. Each slip has a label, a code in large groups and its
//! QR.
//!
//! This crate has no words of its own and knows nothing about a vote: all text comes from the
//! caller. It is a crate of its own because lengths on paper are floats. Nothing here decides
//! anything.

#![expect(clippy::float_arithmetic, reason = "lengths on paper")]

mod qr;
mod seat;
mod slip;
mod typesetter;

use std::borrow::Cow;
use std::fmt;

use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};

use typesetter::{Typesetter, mm_to_points};

/// The two weights of all text, as TTF or OTF.
#[derive(Clone)]
pub struct Fonts {
    /// For sentences.
    pub regular: Cow<'static, [u8]>,
    /// For names and codes.
    pub bold: Cow<'static, [u8]>,
}

impl fmt::Debug for Fonts {
    /// Leaves out the fonts themselves, which are megabytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").finish_non_exhaustive()
    }
}

/// How a sheet is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// Two by five on A4: for an envelope or a letter box.
    Slips,
    /// Three by eight on A4: for a chair or a table.
    Seats,
}

/// The words that all slips of a sheet share.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// How the sheet is cut.
    pub format: SheetFormat,
    /// The title of the edition.
    pub title: String,
    /// The name of the poll.
    pub poll: String,
    /// What the head of each page says on the left.
    pub head: String,
    /// How to vote and until when, at most two lines. A line that does not fit is cut.
    pub lines: Vec<String>,
    /// Where a code is typed, as people read it. A code is of no use without the address.
    pub address: String,
    /// BCP 47, for readers of the file.
    pub language: &'static str,
}

/// One slip.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Whom or what the slip is for, such as a flat or a seat.
    pub label: String,
    /// The code, split into its groups.
    pub code: Vec<String>,
    /// The link in the QR.
    pub link: String,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The font cannot be read.
    #[error("the font of the sheet cannot be read")]
    Font,
    /// The font has no such letter, so an empty box would be printed.
    #[error("the font of the sheet has no letter {letter:?}, as in {text:?}")]
    Letter {
        /// The letter.
        letter: char,
        /// The text that has it.
        text: String,
    },
    /// A link is too long for a QR of this size.
    #[error("a link does not fit into a QR")]
    Link,
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0:?}")]
    Pdf(KrillaError),
}

/// How a page is cut, in millimetres.
struct SheetGrid {
    columns: usize,
    rows: usize,
    width: f32,
    height: f32,
    left: f32,
    top: f32,
}

impl SheetFormat {
    const fn page_grid(self) -> SheetGrid {
        match self {
            Self::Slips => {
                SheetGrid { columns: 2, rows: 5, width: 95.0, height: 54.0, left: 10.0, top: 16.0 }
            }
            Self::Seats => {
                SheetGrid { columns: 3, rows: 8, width: 64.0, height: 33.5, left: 9.0, top: 16.0 }
            }
        }
    }
}

/// A4, in millimetres.
const PAGE: (f32, f32) = (210.0, 297.0);

/// Draws the sheet. Time and memory grow only with the number of slips.
///
/// # Errors
/// [`PressError`] if a font cannot be read or lacks a letter, a link is too long, or the PDF cannot be
/// written.
pub fn print_sheet(fonts: &Fonts, sheet: &Sheet, slips: &[Slip]) -> Result<Vec<u8>, PressError> {
    print_with_settings(SerializeSettings::default(), fonts, sheet, slips)
}

fn print_with_settings(
    settings: SerializeSettings,
    fonts: &Fonts,
    sheet: &Sheet,
    slips: &[Slip],
) -> Result<Vec<u8>, PressError> {
    let mut document = Document::new_with(settings);
    let metadata = Metadata::new().title(sheet.head.clone()).language(sheet.language.to_owned());
    document.set_metadata(metadata);
    let ink = Typesetter::from_fonts(fonts)?;
    let words = [&sheet.title, &sheet.poll, &sheet.head, &sheet.address];
    let labels = slips.iter().map(|slip| &slip.label);
    for text in words.into_iter().chain(&sheet.lines).chain(labels) {
        ink.check_letters(text)?;
    }
    let grid = sheet.format.page_grid();
    let pages = slips.chunks(grid.columns * grid.rows);
    let count = pages.len();
    for (number, slips) in (1..).zip(pages) {
        let size = PageSettings::from_wh(mm_to_points(PAGE.0), mm_to_points(PAGE.1))
            .ok_or(PressError::Font)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        draw_page_head(&ink, &mut surface, sheet, &format!("{number} / {count}"));
        ink.draw_cut_marks(&mut surface, &grid);
        for (place, slip) in slips.iter().enumerate() {
            let (column, row) = (place % grid.columns, place / grid.columns);
            let corner = Point::from_xy(
                grid.left + multiply_length(column, grid.width),
                grid.top + multiply_length(row, grid.height),
            );
            match sheet.format {
                SheetFormat::Slips => {
                    slip::draw_envelope_slip(&ink, &mut surface, corner, sheet, slip)?
                }
                SheetFormat::Seats => {
                    seat::draw_seat_label(&ink, &mut surface, corner, sheet, slip)?
                }
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(PressError::Pdf)
}

fn draw_page_head(
    ink: &Typesetter<'_>,
    surface: &mut krilla::surface::Surface<'_>,
    sheet: &Sheet,
    page: &str,
) {
    let right = PAGE.0 - 10.0;
    ink.draw_left_aligned(
        surface,
        &typesetter::TextStyle::grey_text(8.0),
        (10.0, 10.0),
        165.0,
        &sheet.head,
    );
    ink.draw_right_aligned(surface, &typesetter::TextStyle::grey_text(8.0), (right, 10.0), page);
}

/// Multiplies a length by a small count.
fn multiply_length(count: usize, length: f32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX)) * length
}

#[cfg(test)]
mod tests;

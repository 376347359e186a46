//! Draws a QR as strokes: they are sharp on every printer, and a third of the size of squares.

use fast_qr::{ECL, QRBuilder};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Transform};
use krilla::paint::{LineCap, Stroke};
use krilla::surface::Surface;

use crate::typesetter::mm_to_points;
use crate::{PressError, multiply_length};

/// Draws the QR of a link into a square with this corner and side, in millimetres. The caller
/// leaves the quiet zone around it white.
pub(crate) fn draw_qr_code(
    surface: &mut Surface<'_>,
    link: &str,
    (x, y): (f32, f32),
    side: f32,
) -> Result<(), PressError> {
    // Level M: 15 % may be lost to a fold or a stain.
    let code = QRBuilder::new(link).ecl(ECL::M).build().map_err(|_| PressError::Link)?;
    let mut path = PathBuilder::new();
    for row in 0..code.size {
        let middle = multiply_length(row, 1.0) + 0.5;
        let mut column = 0;
        while column < code.size {
            let start = column;
            while column < code.size && code[row][column].value() {
                column += 1;
            }
            if column > start {
                path.move_to(multiply_length(start, 1.0), middle);
                path.line_to(multiply_length(column, 1.0), middle);
            }
            column += 1;
        }
    }
    let scale = mm_to_points(side) / multiply_length(code.size, 1.0);
    surface.push_transform(&Transform::from_row(
        scale,
        0.0,
        0.0,
        scale,
        mm_to_points(x),
        mm_to_points(y),
    ));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(0).into(),
        // Slightly more than a module, so that no screen shows seams between the rows.
        width: 1.02,
        line_cap: LineCap::Butt,
        ..Stroke::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.pop();
    Ok(())
}

//! A label for a seat: 64 by 33.5 mm, most of it QR.

use krilla::geom::Point;
use krilla::surface::Surface;

use crate::ink::{Ink, Text};
use crate::{PressError, Sheet, Slip, qr};

const QR: f32 = 26.0;
const WIDTH: f32 = 64.0;
const PAD: f32 = 3.5;
/// Four modules and more: a reader wants that much white around a QR.
const GAP: f32 = 3.0;

/// Draws a label whose upper left corner is here.
pub(crate) fn draw(
    ink: &Ink<'_>,
    surface: &mut Surface<'_>,
    corner: Point,
    sheet: &Sheet,
    slip: &Slip,
) -> Result<(), PressError> {
    let (x, y) = (corner.x + PAD + QR + GAP, corner.y);
    let beside = WIDTH - 2.0 * PAD - QR - GAP;
    qr::draw(surface, &slip.link, (corner.x + PAD, y + PAD), QR)?;
    ink.left(surface, &Text::grey(6.0), (x, y + 5.5), beside, &sheet.poll);
    ink.left(surface, &Text::bold(16.0), (x, y + 12.0), beside, &slip.label);
    for (groups, place) in slip.code.chunks(2).zip([17.0, 21.0]) {
        ink.left(surface, &Text::bold(9.5), (x, y + place), beside, &groups.join(" "));
    }
    for (line, place) in sheet.lines.iter().zip([24.8, 27.2, 29.6]) {
        ink.left(surface, &Text::grey(5.0), (x, y + place), beside, line);
    }
    Ok(())
}

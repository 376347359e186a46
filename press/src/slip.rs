//! A slip for an envelope: 95 by 54 mm.

use krilla::geom::Point;
use krilla::surface::Surface;

use crate::typesetter::{TextStyle, Typesetter};
use crate::{PressError, Sheet, Slip, qr};

const QR: f32 = 28.0;
const WIDTH: f32 = 95.0;
const PAD: f32 = 4.5;

/// Draws a slip whose upper left corner is `corner`.
pub(crate) fn draw_envelope_slip(
    ink: &Typesetter<'_>,
    surface: &mut Surface<'_>,
    corner: Point,
    sheet: &Sheet,
    slip: &Slip,
) -> Result<(), PressError> {
    let (x, y) = (corner.x + PAD, corner.y);
    let beside = WIDTH - 2.0 * PAD - QR - 3.0;
    ink.draw_left_aligned(surface, &TextStyle::grey_text(8.0), (x, y + 8.0), beside, &sheet.title);
    ink.draw_left_aligned(surface, &TextStyle::bold_text(10.0), (x, y + 13.5), beside, &sheet.poll);
    ink.draw_left_aligned(surface, &TextStyle::bold_text(15.0), (x, y + 23.5), beside, &slip.label);
    let at = (corner.x + WIDTH - PAD - QR, y + PAD);
    qr::draw_qr_code(surface, &slip.link, at, QR)?;
    let code = slip.code.join(" ");
    ink.draw_centred(surface, &TextStyle::bold_text(17.0), (x, y + 39.5), WIDTH - 2.0 * PAD, &code);
    let lines = sheet.lines.iter().chain([&sheet.address]);
    for (line, place) in lines.zip([44.0, 47.2, 50.4]) {
        ink.draw_centred(
            surface,
            &TextStyle::grey_text(6.8),
            (x, y + place),
            WIDTH - 2.0 * PAD,
            line,
        );
    }
    Ok(())
}

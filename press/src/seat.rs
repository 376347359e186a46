//! A label for a seat: 64 by 33.5 mm. The code is beside the QR, the address is below it.

use krilla::geom::Point;
use krilla::surface::Surface;

use crate::typesetter::{TextStyle, Typesetter};
use crate::{PressError, Sheet, Slip, qr};

const QR: f32 = 22.0;
const WIDTH: f32 = 64.0;
const PAD: f32 = 3.5;
const TOP: f32 = 2.4;
/// More than four modules: a reader needs this much white around a QR.
const GAP: f32 = 3.0;
/// The smallest text on a label, in points: it is read at arm's length, in the light of a hall.
pub(crate) const LEAST: f32 = 7.0;

/// Draws a label whose upper left corner is `corner`.
pub(crate) fn draw_seat_label(
    ink: &Typesetter<'_>,
    surface: &mut Surface<'_>,
    corner: Point,
    sheet: &Sheet,
    slip: &Slip,
) -> Result<(), PressError> {
    let small = TextStyle::grey_text(8.0).with_min_size(LEAST);
    let (left, x, y) = (corner.x + PAD, corner.x + PAD + QR + GAP, corner.y);
    let (across, beside) = (WIDTH - 2.0 * PAD, WIDTH - 2.0 * PAD - QR - GAP);
    qr::draw_qr_code(surface, &slip.link, (left, y + TOP), QR)?;
    ink.draw_left_aligned(surface, &small, (x, y + 5.0), beside, &sheet.poll);
    ink.draw_left_aligned(surface, &TextStyle::bold_text(15.0), (x, y + 10.6), beside, &slip.label);
    for (groups, place) in slip.code.chunks(2).zip([14.9, 18.8]) {
        let style = TextStyle::bold_text(9.5).with_min_size(LEAST);
        ink.draw_left_aligned(surface, &style, (x, y + place), beside, &groups.join(" "));
    }
    for (line, place) in sheet.lines.iter().zip([22.2, 25.2]) {
        ink.draw_left_aligned(surface, &small, (x, y + place), beside, line);
    }
    let smallest = TextStyle::grey_text(LEAST).with_min_size(LEAST);
    let address = ink.break_address(&smallest, across, &sheet.address);
    match address.as_slice() {
        [whole] => ink.draw_left_aligned(surface, &small, (left, y + 30.0), across, whole),
        [first, rest @ ..] => {
            ink.draw_left_aligned(surface, &smallest, (left, y + 28.5), across, first);
            ink.draw_left_aligned(surface, &smallest, (left, y + 31.2), across, &rest.concat());
        }
        [] => {}
    }
    Ok(())
}

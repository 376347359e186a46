//! Text and lines on a page, measured in millimetres from its upper left corner.

use krilla::color::luma;
use krilla::geom::{PathBuilder, Point};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, Glyph as _, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::{Fonts, PressError, SheetGrid, multiply_length};

/// Converts millimetres to points.
pub(crate) fn mm_to_points(length: f32) -> f32 {
    length * 72.0 / 25.4
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct TextStyle {
    /// In points.
    pub(crate) size: f32,
    /// Bold or regular.
    pub(crate) bold: bool,
    /// 0 is black.
    pub(crate) grey: u8,
    /// The smallest size in points, even if there is little room.
    pub(crate) least: f32,
}

impl TextStyle {
    /// Returns the style of small print.
    pub(crate) const fn grey_text(size: f32) -> Self {
        Self { size, bold: false, grey: 70, least: 0.0 }
    }

    /// Returns the style of what must be found at a glance.
    pub(crate) const fn bold_text(size: f32) -> Self {
        Self { size, bold: true, grey: 0, least: 0.0 }
    }

    /// Returns the same style with a smallest size.
    pub(crate) const fn with_min_size(self, points: f32) -> Self {
        Self { least: points, ..self }
    }
}

/// A font in the two forms that drawing and measuring need.
struct FontFace<'f> {
    drawn: Font,
    read: FontRef<'f>,
    /// Units of the font in one em.
    units: f32,
}

impl<'f> FontFace<'f> {
    fn from_bytes(bytes: &'f [u8]) -> Result<Self, PressError> {
        let drawn = Font::new(bytes.to_vec().into(), 0).ok_or(PressError::Font)?;
        let read = FontRef::new(bytes).map_err(|_| PressError::Font)?;
        Ok(Self { units: drawn.units_per_em(), drawn, read })
    }

    /// Returns a glyph for each character, with its advance in ems. There is no shaping, because
    /// Korean and Latin need none and a sheet of ten thousand slips stays quick. The font has all of
    /// them ([`Typesetter::check_letters`]).
    fn layout_glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let letters = self.read.charmap();
        let metrics = self.read.glyph_metrics(Size::unscaled(), LocationRef::default());
        text.char_indices()
            .map(|(at, sign)| {
                let id = letters.map(sign).unwrap_or_default();
                let advance = metrics.advance_width(id).unwrap_or_default() / self.units;
                let range = at..at + sign.len_utf8();
                KrillaGlyph::new(GlyphId::new(id.to_u32()), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }
}

/// The fonts, for drawing and measuring.
pub(crate) struct Typesetter<'f> {
    regular: FontFace<'f>,
    bold: FontFace<'f>,
}

impl<'f> Typesetter<'f> {
    pub(crate) fn from_fonts(fonts: &'f Fonts) -> Result<Self, PressError> {
        Ok(Self {
            regular: FontFace::from_bytes(&fonts.regular)?,
            bold: FontFace::from_bytes(&fonts.bold)?,
        })
    }

    /// Checks that both faces have every letter of a text.
    ///
    /// # Errors
    /// [`PressError::Letter`] with the first that is missing.
    pub(crate) fn check_letters(&self, text: &str) -> Result<(), PressError> {
        let has = |face: &FontFace<'_>, letter| {
            face.read.charmap().map(letter).is_some_and(|glyph| glyph.to_u32() != 0)
        };
        let missing = |letter: &char| !has(&self.regular, *letter) || !has(&self.bold, *letter);
        match text.chars().find(missing) {
            Some(letter) => Err(PressError::Letter { letter, text: text.to_owned() }),
            None => Ok(()),
        }
    }

    const fn face_for_style(&self, style: &TextStyle) -> &FontFace<'f> {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// Returns the width of a text in millimetres.
    pub(crate) fn text_width(&self, style: &TextStyle, text: &str) -> f32 {
        let glyphs = self.face_for_style(style).layout_glyphs(text);
        glyphs.iter().map(|glyph| glyph.x_advance(style.size)).sum::<f32>() * 25.4 / 72.0
    }

    /// Fits a text into this width. First makes it smaller, down to two thirds or to its smallest
    /// size, then cuts it.
    fn fit_text_to_width(&self, style: &TextStyle, width: f32, text: &str) -> (TextStyle, String) {
        let mut style = *style;
        let least = style.least.max(style.size * 2.0 / 3.0);
        while style.size > least && self.text_width(&style, text) > width {
            style.size -= 0.5;
        }
        let mut shown = text.to_owned();
        while self.text_width(&style, &shown) > width && shown.chars().count() > 2 {
            let kept = shown.chars().count() - 2;
            shown = shown.chars().take(kept).collect::<String>();
            shown.push('…');
        }
        (style, shown)
    }

    /// Breaks an address into lines of this width, each ending after a slash. A part that is too
    /// wide for one line is broken anywhere. The lines together are the address.
    pub(crate) fn break_address(
        &self,
        style: &TextStyle,
        width: f32,
        address: &str,
    ) -> Vec<String> {
        let fits = |line: &str| self.text_width(style, line) <= width;
        let (mut lines, mut line) = (Vec::new(), String::new());
        for part in address.split_inclusive('/') {
            if !line.is_empty() && !fits(&format!("{line}{part}")) {
                lines.push(std::mem::take(&mut line));
            }
            if fits(&format!("{line}{part}")) {
                line.push_str(part);
                continue;
            }
            for sign in part.chars() {
                if !line.is_empty() && !fits(&format!("{line}{sign}")) {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(sign);
            }
        }
        lines.push(line);
        lines
    }

    /// Draws a text from here to the right, no wider than this.
    pub(crate) fn draw_left_aligned(
        &self,
        surface: &mut Surface<'_>,
        style: &TextStyle,
        (x, y): (f32, f32),
        width: f32,
        text: &str,
    ) {
        let (style, text) = self.fit_text_to_width(style, width, text);
        let face = self.face_for_style(&style);
        surface.set_stroke(None);
        surface.set_fill(Some(Fill {
            paint: luma::Color::new(style.grey).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
        let start = Point::from_xy(mm_to_points(x), mm_to_points(y));
        let glyphs = face.layout_glyphs(&text);
        surface.draw_glyphs(start, &glyphs, face.drawn.clone(), &text, style.size, false);
    }

    /// Draws a text that ends here.
    pub(crate) fn draw_right_aligned(
        &self,
        surface: &mut Surface<'_>,
        style: &TextStyle,
        (x, y): (f32, f32),
        text: &str,
    ) {
        let width = self.text_width(style, text);
        self.draw_left_aligned(surface, style, (x - width, y), width + 1.0, text);
    }

    /// Draws a text in the middle of this width.
    pub(crate) fn draw_centred(
        &self,
        surface: &mut Surface<'_>,
        style: &TextStyle,
        (x, y): (f32, f32),
        width: f32,
        text: &str,
    ) {
        let (style, text) = self.fit_text_to_width(style, width, text);
        let rest = (width - self.text_width(&style, &text)).max(0.0);
        self.draw_left_aligned(surface, &style, (x + rest / 2.0, y), width, &text);
    }

    /// Draws short strokes where the knife cuts, outside and between the slips.
    pub(crate) fn draw_cut_marks(&self, surface: &mut Surface<'_>, grid: &SheetGrid) {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke {
            paint: luma::Color::new(120).into(),
            width: 0.4,
            ..Stroke::default()
        }));
        let mut path = PathBuilder::new();
        for column in 0..=grid.columns {
            for row in 0..=grid.rows {
                let x = grid.left + multiply_length(column, grid.width);
                let y = grid.top + multiply_length(row, grid.height);
                path.move_to(mm_to_points(x - 2.0), mm_to_points(y));
                path.line_to(mm_to_points(x + 2.0), mm_to_points(y));
                path.move_to(mm_to_points(x), mm_to_points(y - 2.0));
                path.line_to(mm_to_points(x), mm_to_points(y + 2.0));
            }
        }
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
}

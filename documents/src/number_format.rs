//! Numbers of a workbook as people see them: `101` as `0101` or `101동`. A cell holds the number, and its format the zeros,
//! hyphens and words around it (ECMA-376 part 1, 18.8.30).

/// A part of a format: what numbers it is for, and what it shows of them.
#[derive(Default)]
struct Section {
    condition: Option<(String, u64)>,
    pieces: Vec<Piece>,
}

enum Piece {
    /// A place for a digit: filled with this if the number has none there.
    Digit(Option<char>),
    Literal(char),
}

/// Writes a whole number as its format shows it. Returns `None` for a format with signs that this does not rebuild, such as
/// those of thousands, points, percents and exponents: its number is written as it is.
pub(crate) fn write_by_format(number: u64, format: &str) -> Option<String> {
    let sections = read_sections(format)?;
    let conditional = sections.iter().any(|section| section.condition.is_some());
    // Without conditions the third part is for zero.
    if !conditional && sections.len() > 2 && number == 0 {
        return None;
    }
    let section = sections.iter().find(|section| section.is_for(number))?;
    section.fill_places(&number.to_string())
}

impl Section {
    fn is_for(&self, number: u64) -> bool {
        let Some((sign, bound)) = &self.condition else { return true };
        match sign.as_str() {
            "<" => number < *bound,
            "<=" => number <= *bound,
            ">" => number > *bound,
            ">=" => number >= *bound,
            "=" => number == *bound,
            _ => number != *bound,
        }
    }

    /// Fills the places from the right; the first one takes all digits that are left.
    fn fill_places(&self, digits: &str) -> Option<String> {
        let first = self.pieces.iter().position(|piece| matches!(piece, Piece::Digit(_)))?;
        let mut left: Vec<char> = digits.chars().collect();
        let mut shown = Vec::new();
        for (place, piece) in self.pieces.iter().enumerate().rev() {
            match piece {
                Piece::Literal(sign) => shown.push(*sign),
                Piece::Digit(filled) => {
                    shown.extend(left.pop().or(*filled));
                    if place == first {
                        shown.extend(left.drain(..).rev());
                    }
                }
            }
        }
        Some(shown.into_iter().rev().collect())
    }
}

fn read_sections(format: &str) -> Option<Vec<Section>> {
    let (mut sections, mut section) = (Vec::new(), Section::default());
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        match sign {
            ';' => sections.push(std::mem::take(&mut section)),
            '0' => section.pieces.push(Piece::Digit(Some('0'))),
            '#' => section.pieces.push(Piece::Digit(None)),
            '?' => section.pieces.push(Piece::Digit(Some(' '))),
            '"' => {
                let words = signs.by_ref().take_while(|&sign| sign != '"');
                section.pieces.extend(words.map(Piece::Literal));
            }
            '\\' => section.pieces.push(Piece::Literal(signs.next()?)),
            // A blank as wide as the next sign, and a sign that fills the cell.
            '_' | '*' => drop(signs.next()?),
            '[' => {
                let inside: String = signs.by_ref().take_while(|&sign| sign != ']').collect();
                read_brackets(&inside, &mut section)?;
            }
            '-' | '+' | '(' | ')' | ' ' => section.pieces.push(Piece::Literal(sign)),
            // Words that a program wrote without quotes.
            sign if !sign.is_ascii() => section.pieces.push(Piece::Literal(sign)),
            // The last part may be for texts.
            '@' if sections.len() == 3 => {}
            _ => return None,
        }
    }
    sections.push(section);
    Some(sections)
}

/// Reads what stands between brackets: a condition, a currency, or a colour, which shows nothing.
fn read_brackets(inside: &str, section: &mut Section) -> Option<()> {
    if let Some(currency) = inside.strip_prefix('$') {
        let sign = currency.split('-').next().unwrap_or_default();
        section.pieces.extend(sign.chars().map(Piece::Literal));
    } else if inside.starts_with(['<', '>', '=']) {
        let bound = inside.trim_start_matches(['<', '>', '=']);
        let sign = &inside[..inside.len() - bound.len()];
        section.condition = Some((sign.to_owned(), bound.parse().ok()?));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::write_by_format;

    #[test]
    fn a_number_is_written_as_its_format_shows_it() {
        for (number, format, shown) in [
            (101, "0000", "0101"),
            (101, "0\"동\"", "101동"),
            (3, "\"제\"0\"투표소\"", "제3투표소"),
            (1203, "#호", "1203호"),
            (1_012_345_678, "000\\-0000\\-0000", "010-1234-5678"),
            (1_012_345_678, "[<=99999999]####\\-####;(0##)\\ ####\\-####", "(010) 1234-5678"),
            (5_551_234, "[<=99999999]####\\-####;\\(0##\\)\\ ####\\-####", "555-1234"),
            (34126, "00000;[Red]-00000;0;@", "34126"),
            (7, "[$-412]000", "007"),
            (12, "_-0_-", "12"),
            (0, "0\"명\"", "0명"),
        ] {
            assert_eq!(write_by_format(number, format).as_deref(), Some(shown), "{format}");
        }
    }

    #[test]
    fn a_format_that_is_not_rebuilt_leaves_the_number() {
        for (number, format) in [
            (1203, "General"),
            (1203, "#,##0"),
            (1203, "0.00"),
            (0, "0;-0;\"없음\""),
            (3, "\"동\""),
            (3, "0%"),
            (3, "0\\"),
            (3, "[<five]0"),
        ] {
            assert_eq!(write_by_format(number, format), None, "{format}");
        }
    }
}

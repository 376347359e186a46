//! A roll: the organiser's list of those who may vote, and the printed code of each entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::table::{TableRow, fold_word, read_list, write_table};
use crate::text::{
    FieldProblem, is_between_digits, is_dash, narrow_letter, narrow_line, parse_text_line,
};

/// Crockford's base 32: without I, L, O and U, because they look like other signs or make words.
const BASE32_SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code on a slip: 80 random bits, too many to guess, in 16 signs that can be read aloud.
#[derive(Clone, PartialEq, Eq)]
pub struct RollCode([u8; 10]);

impl RollCode {
    /// Makes a code of these random bits.
    pub const fn from_bits(bits: [u8; 10]) -> Self {
        Self(bits)
    }

    /// Reads a code as people type it: small letters, blanks and hyphens anywhere, O for 0, I or L
    /// for 1, and full-width letters of an East Asian keyboard.
    ///
    /// # Errors
    /// Returns [`FieldProblem::Missing`] for an empty text, and [`FieldProblem::Malformed`] for
    /// everything else that is not 16 signs.
    pub fn parse_typed_code(text: &str) -> Result<Self, FieldProblem> {
        let typed = text.chars().map(narrow_letter).filter(|sign| !is_code_separator(*sign));
        let (mut bits, mut count) = (0_u128, 0);
        for sign in typed {
            let value = base32_value(sign).ok_or(FieldProblem::Malformed)?;
            bits = (bits << 5) | value;
            count += 1;
            if count > 16 {
                return Err(FieldProblem::Malformed);
            }
        }
        match count {
            0 => Err(FieldProblem::Missing),
            16 => {
                let mut code = [0; 10];
                code.copy_from_slice(&bits.to_be_bytes()[6..]);
                Ok(Self(code))
            }
            _ => Err(FieldProblem::Malformed),
        }
    }

    /// Returns the code in four groups of four signs.
    pub fn groups_of_four(&self) -> [String; 4] {
        let mut wide = [0; 16];
        wide[6..].copy_from_slice(&self.0);
        let bits = u128::from_be_bytes(wide);
        let sign = |place: u32| {
            let value = (bits >> (75 - 5 * place)) & 31;
            char::from(BASE32_SIGNS[usize::try_from(value).unwrap_or(0)])
        };
        [0, 4, 8, 12].map(|first| (first..first + 4).map(sign).collect())
    }

    /// Returns the 80 bits, for the hash that is stored.
    pub const fn bits(&self) -> &[u8; 10] {
        &self.0
    }
}

fn is_code_separator(sign: char) -> bool {
    is_between_digits(sign) || sign == '.'
}

fn base32_value(sign: char) -> Option<u128> {
    let sign = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = BASE32_SIGNS.iter().position(|known| char::from(*known) == sign)?;
    u128::try_from(place).ok()
}

/// What the organiser calls an entry: a household, a seat, a member's number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RollLabel(String);

impl RollLabel {
    /// Parses one line of 1 to [`limits::ROLL_LABEL_CHARS`] characters.
    ///
    /// # Errors
    /// [`FieldProblem`].
    pub fn parse_roll_label(text: &str) -> Result<Self, FieldProblem> {
        parse_text_line(text, limits::ROLL_LABEL_CHARS).map(Self)
    }

    /// Returns the text.
    pub fn label_text(&self) -> &str {
        &self.0
    }
}

/// Returns the text by which two labels are compared: one entry must not get two codes because its
/// letters are full-width here and small there.
pub fn fold_label_text(label: &str) -> String {
    let one_dash = |c: char| if is_dash(c) { '-' } else { narrow_letter(c) };
    label.chars().map(one_dash).flat_map(char::to_lowercase).collect()
}

/// A line of a list that cannot become an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollLineFault {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: RollLineProblem,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollLineProblem {
    /// The label is not valid.
    Label(FieldProblem),
    /// The same label is in an earlier line.
    Twice {
        /// The number of that line, from 1.
        first: usize,
    },
    /// The list is longer than a roll may be. The rest was not read.
    TooMany,
}

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollList {
    /// The labels with their lines, from 1.
    pub labels: Vec<(usize, RollLabel)>,
    /// The first row, or the one below a title, if it was taken for a heading.
    pub heading: Option<String>,
    /// Lines that were left out as titles above the heading, or as the heading once more.
    pub headings: Vec<usize>,
    /// Lines in which a ditto mark was replaced by the words above it.
    pub dittos: Vec<usize>,
    /// Lines that add up others, which were left out.
    pub totals: Vec<usize>,
}

/// Words of a list that name no entry, as [`fold_word`] returns them.
#[derive(Clone, Copy, Debug)]
pub struct RollListWords<'a> {
    /// Above a column.
    pub headings: &'a [&'a str],
    /// Before a row that adds up others.
    pub totals: &'a [&'a str],
}

/// Reads a list with one label a row. The columns of a table become words of one label. A first row of
/// nothing but words of headings is one, also below a title. Skips empty lines, rows that add up others and the
/// heading where it stands again. A ditto mark alone in a cell stands for the words above it.
///
/// # Errors
/// Returns every faulty line, at most [`limits::SEASON_PROBLEMS`].
pub fn parse_roll_list(
    text: &str,
    words: RollListWords<'_>,
) -> Result<RollList, Vec<RollLineFault>> {
    let table = read_list(
        text,
        |row| is_heading_row(row, words.headings),
        |row| row.is_total(words.totals),
    );
    let mut list = RollList {
        heading: table.heading.as_ref().map(TableRow::join_cells),
        headings: table.headings,
        dittos: table.dittos,
        totals: table.totals,
        labels: Vec::new(),
    };
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    for row in table.rows {
        let line = row.line;
        let fault = match RollLabel::parse_roll_label(&row.join_cells()) {
            Ok(_) if row.has_open_ditto() => Some(RollLineProblem::Label(FieldProblem::NotAllowed)),
            Err(FieldProblem::Missing) => continue,
            Err(problem) => Some(RollLineProblem::Label(problem)),
            Ok(_) if list.labels.len() == limits::ROLL_ENTRIES => Some(RollLineProblem::TooMany),
            Ok(label) => match seen.get(&fold_label_text(label.label_text())) {
                Some(first) => Some(RollLineProblem::Twice { first: *first }),
                None => {
                    seen.insert(fold_label_text(label.label_text()), line);
                    list.labels.push((line, label));
                    None
                }
            },
        };
        faults.extend(fault.map(|problem| RollLineFault { line, problem }));
        let full = matches!(fault, Some(RollLineProblem::TooMany));
        if full || faults.len() == limits::SEASON_PROBLEMS {
            break;
        }
    }
    if faults.is_empty() { Ok(list) } else { Err(faults) }
}

/// Whether a first row names columns: all of its words are known, or of three and more most are and none has
/// a digit.
fn is_heading_row(row: &TableRow, words: &[&str]) -> bool {
    let cells: Vec<String> =
        row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| fold_word(cell)).collect();
    let known = cells.iter().filter(|cell| words.contains(&cell.as_str())).count();
    let digits = cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    known == cells.len() || (cells.len() >= 3 && !digits && 3 * known >= 2 * cells.len())
}

/// Writes labels as a list that [`parse_roll_list`] reads.
pub fn write_roll_list(labels: &[(usize, RollLabel)]) -> String {
    write_table(labels.iter().map(|(_, label)| vec![label.label_text()]))
}

/// Numbers `count` seats from the first seat on, with `in_row` seats a row: after row `A` comes
/// `B`, after `Z` comes `AA`. An `in_row` of 0 means one single row.
///
/// # Errors
/// Returns [`FieldProblem::Malformed`] if the first seat is not letters and a number,
/// [`FieldProblem::Missing`] if `count` is 0, and [`FieldProblem::TooLong`] for more than
/// [`limits::ROLL_ENTRIES`] seats.
pub fn number_seats(
    first: &str,
    count: usize,
    in_row: usize,
) -> Result<Vec<RollLabel>, FieldProblem> {
    let first = narrow_line(first).to_ascii_uppercase();
    let letters = first.len() - first.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let (row, number) = first.split_at(letters);
    let number: usize = number.parse().map_err(|_| FieldProblem::Malformed)?;
    if row.is_empty() || row.len() > 2 || number == 0 || number > limits::ROLL_ENTRIES {
        return Err(FieldProblem::Malformed);
    }
    if count == 0 {
        return Err(FieldProblem::Missing);
    }
    if count > limits::ROLL_ENTRIES {
        let over = count - limits::ROLL_ENTRIES;
        return Err(FieldProblem::TooLong { max: limits::ROLL_ENTRIES, over });
    }
    let in_row = if in_row == 0 { count } else { in_row };
    let mut row = row.as_bytes().to_vec();
    let mut labels = Vec::with_capacity(count);
    for place in 0..count {
        if place > 0 && place % in_row == 0 {
            row = next_seat_row(row);
        }
        let name = String::from_utf8_lossy(&row);
        labels.push(RollLabel(format!("{name}{}", number + place % in_row)));
    }
    Ok(labels)
}

/// Returns the letters of the next row: `B` after `A`, `AA` after `Z`.
fn next_seat_row(mut row: Vec<u8>) -> Vec<u8> {
    for letter in row.iter_mut().rev() {
        if *letter < b'Z' {
            *letter += 1;
            return row;
        }
        *letter = b'A';
    }
    row.push(b'A');
    row
}

/// Why a roll or one of its codes refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollRefusal {
    /// No slip has this code.
    Unknown,
    /// A ballot was cast with this code.
    Used,
    /// The code was withdrawn or replaced.
    Void,
    /// The code is for another poll of the edition.
    Foreign,
    /// A browser is voting with this code now.
    InUse,
    /// The poll has opened, so its roll cannot change.
    Sealed,
    /// The poll has opened and its votes may be changed, so no code is issued again.
    NoReissue,
    /// The roll would be longer than a roll may be.
    TooLong,
    /// No entry needs a code.
    NothingToPrint,
}

#[cfg(test)]
mod tests;

//! Tables that are published after the close: cast-vote records (what is counted) and openings
//! (they prove that the counted picks are those that the log committed to). Like the log's lines,
//! each table has only one spelling.

use super::receipt::{Opening, canonical_picks, parse_opening_words};
use super::tile::parse_decimal;
use crate::ballot::Picks;

/// The first line of cast-vote records.
pub const CVR_HEADER: &str = "ballot,picks\n";
/// The first line of openings.
pub const OPENINGS_HEADER: &str = "ballot,key,picks\n";

/// What is wrong in a table, and in which line. The header is line 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CsvError {
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub problem: CsvProblem,
}

/// What is wrong in a line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsvProblem {
    /// Not the header of this table.
    #[error("not the header of this table")]
    Header,
    /// The last line does not end in a newline.
    #[error("the line does not end in a newline")]
    Unended,
    /// Not the fields of this table.
    #[error("not the fields of this table")]
    Fields,
    /// The row does not have the next number. Rows are numbered from 1 without a gap.
    #[error("not the next number")]
    Number,
    /// The row is not in sorted order, or its ballot is the same as in the row before.
    #[error("not in order")]
    Order,
}

/// Returns the row of the `number`-th cast-vote record, from 1, in the order of the picks.
pub fn format_cvr_row(number: u64, picks: &Picks) -> String {
    format!("{number},{}\n", canonical_picks(picks))
}

/// Returns the row of an opening; rows are in the order of the ballots' ids.
pub fn format_opening_row(opening: &Opening) -> String {
    let (key, picks) = (opening.key.to_hex(), canonical_picks(&opening.picks));
    format!("{},{key},{picks}\n", opening.ballot.0.simple())
}

/// Writes the whole table of these ballots.
pub fn write_cvr_table(mut ballots: Vec<Picks>) -> String {
    ballots.sort_unstable();
    let rows = (1..).zip(&ballots).map(|(number, picks)| format_cvr_row(number, picks));
    std::iter::once(CVR_HEADER.to_owned()).chain(rows).collect()
}

/// Writes the whole table of these openings.
pub fn write_openings_table(mut openings: Vec<Opening>) -> String {
    openings.sort_unstable_by_key(|opening| opening.ballot);
    let rows = openings.iter().map(format_opening_row);
    std::iter::once(OPENINGS_HEADER.to_owned()).chain(rows).collect()
}

/// Reads the ballots of a table row by row and ends after the first error.
pub fn read_cvr_table(text: &str) -> impl Iterator<Item = Result<Picks, CsvError>> {
    let mut last = None;
    read_table_rows(text, CVR_HEADER, move |row, number| {
        let (counted, picks) = row.split_once(',').ok_or(CsvProblem::Fields)?;
        if parse_decimal(counted) != Some(number) {
            return Err(CsvProblem::Number);
        }
        let picks = Picks::from_canonical_text(picks).ok_or(CsvProblem::Fields)?;
        if last.replace(picks.clone()).is_some_and(|last| last > picks) {
            return Err(CsvProblem::Order);
        }
        Ok(picks)
    })
}

/// Reads the openings of a table row by row and ends after the first error.
pub fn read_openings_table(text: &str) -> impl Iterator<Item = Result<Opening, CsvError>> {
    let mut last = None;
    read_table_rows(text, OPENINGS_HEADER, move |row, _| {
        let (ballot, rest) = row.split_once(',').ok_or(CsvProblem::Fields)?;
        let (key, picks) = rest.split_once(',').ok_or(CsvProblem::Fields)?;
        let opening = parse_opening_words(ballot, key, picks).ok_or(CsvProblem::Fields)?;
        if last.replace(opening.ballot).is_some_and(|last| last >= opening.ballot) {
            return Err(CsvProblem::Order);
        }
        Ok(opening)
    })
}

/// Calls `read` with each row without its newline and with its number from 1. Ends after the first
/// wrong row.
fn read_table_rows<T>(
    text: &str,
    header: &str,
    mut read: impl FnMut(&str, u64) -> Result<T, CsvProblem>,
) -> impl Iterator<Item = Result<T, CsvError>> {
    let (first, rest) = match text.strip_prefix(header) {
        Some(rest) => (None, rest),
        None => (Some(Err(CsvError { line: 1, problem: CsvProblem::Header })), ""),
    };
    let mut failed = false;
    let rest =
        rest.split_inclusive('\n').zip(1_u64..).zip(2..).map_while(move |((row, n), line)| {
            if failed {
                return None;
            }
            let row = row.strip_suffix('\n').ok_or(CsvProblem::Unended);
            let row =
                row.and_then(|row| read(row, n)).map_err(|problem| CsvError { line, problem });
            failed = row.is_err();
            Some(row)
        });
    first.into_iter().chain(rest)
}

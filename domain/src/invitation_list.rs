//! A list of people to invite: an organisation and an e-mail address on each line, as spreadsheets
//! write it.

use std::collections::BTreeMap;

use crate::limits::{LISTED_INVITATIONS, SEASON_PROBLEMS};
use crate::table::{TableRow, read_list, write_table};
use crate::text::{Email, OrganisationName};

/// Somebody to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMember {
    /// The line of the list, from 1.
    pub line: usize,
    /// The organisation.
    pub organisation: OrganisationName,
    /// The address.
    pub email: Email,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedProblem {
    /// No cell holds an `@`.
    NoEmail,
    /// The address is not valid.
    Email,
    /// The organisation is missing, too long or not allowed.
    Organisation,
    /// The list is longer than allowed. The rest was not read.
    TooMany,
}

/// A line that names nobody who can be invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedFault {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: ListedProblem,
}

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitationList {
    /// The people, in the order of the list, each address once.
    pub members: Vec<ListedMember>,
    /// The first line, or the one below a title, if it was taken for a heading.
    pub heading: Option<String>,
    /// Lines that were left out as titles above the heading, or as the heading once more.
    pub headings: Vec<usize>,
    /// Lines in which a ditto mark was replaced by the words above it.
    pub dittos: Vec<usize>,
    /// Lines whose address is in an earlier line, each with that line.
    pub doubles: Vec<(usize, usize)>,
    /// Lines that add up others, which were left out.
    pub totals: Vec<usize>,
    /// Faulty lines, at most [`SEASON_PROBLEMS`].
    pub faults: Vec<ListedFault>,
}

/// The columns of a list.
#[derive(Clone, Copy)]
struct ListColumns {
    organisation: Option<usize>,
    email: Option<usize>,
}

/// Words by which a heading is known, in small letters: a cell that contains one names its column. And those of
/// totals.
#[derive(Clone, Copy, Debug)]
pub struct HeadingWords<'a> {
    /// Above the addresses.
    pub email: &'a [&'a str],
    /// Above the organisations.
    pub organisation: &'a [&'a str],
    /// Before a row that adds up others, folded.
    pub totals: &'a [&'a str],
}

impl HeadingWords<'_> {
    /// Takes a line for a heading if it names the column of the addresses and has no address. A first
    /// line that only lacks its address stays a faulty line.
    fn is_heading_row(&self, row: &TableRow) -> bool {
        row.cells.iter().all(|cell| !cell.contains('@'))
            && row.cells.iter().any(|cell| contains_any(cell, self.email))
    }

    /// Finds the columns that a heading names.
    fn find_columns(&self, heading: Option<&TableRow>) -> ListColumns {
        let find = |words| {
            heading.and_then(|row| row.cells.iter().position(|cell| contains_any(cell, words)))
        };
        let email = find(self.email);
        let organisation = find(self.organisation).filter(|place| Some(*place) != email);
        ListColumns { organisation, email }
    }
}

fn contains_any(cell: &str, words: &[&str]) -> bool {
    let cell = cell.to_lowercase();
    words.iter().any(|word| cell.contains(word))
}

/// Reads a list. Columns are split by comma, semicolon or tab, whichever is most frequent; cells may
/// be quoted. A first line without an address is a heading if it names the column of the addresses, also
/// below a title. Empty lines are skipped, those that add up others, and the heading where it stands again. A
/// ditto mark alone in a cell stands for the words above it.
pub fn parse_invitation_list(text: &str, headings: HeadingWords<'_>) -> InvitationList {
    let is_total = |row: &TableRow| {
        row.is_total(headings.totals) && row.cells.iter().all(|cell| !cell.contains('@'))
    };
    let table = read_list(text, |row| headings.is_heading_row(row), is_total);
    let mut list = InvitationList {
        heading: table.heading.as_ref().map(|heading| heading.cells.join(" · ")),
        headings: table.headings,
        dittos: table.dittos,
        totals: table.totals,
        ..InvitationList::default()
    };
    let columns = headings.find_columns(table.heading.as_ref());
    let mut seen = BTreeMap::new();
    for row in table.rows {
        if list.faults.len() == SEASON_PROBLEMS {
            break;
        }
        let line = row.line;
        let problem = match read_listed_row(&row, columns) {
            Ok(_) if row.has_open_ditto() => ListedProblem::Organisation,
            Ok((_, email)) if seen.contains_key(&email) => {
                list.doubles.push((line, seen[&email]));
                continue;
            }
            Ok(_) if list.members.len() == LISTED_INVITATIONS => ListedProblem::TooMany,
            Ok((organisation, email)) => {
                seen.insert(email.clone(), line);
                list.members.push(ListedMember { line, organisation, email });
                continue;
            }
            Err(problem) => problem,
        };
        list.faults.push(ListedFault { line, problem });
        if problem == ListedProblem::TooMany {
            break;
        }
    }
    list
}

/// Writes people as a list that [`parse_invitation_list`] reads.
pub fn write_invitation_list(members: &[ListedMember]) -> String {
    write_table(
        members.iter().map(|listed| vec![listed.organisation.as_str(), listed.email.as_str()]),
    )
}

/// Reads organisation and address of a line: from the columns of the heading, else the first cell
/// with an `@` and the first other cell that is not empty.
fn read_listed_row(
    row: &TableRow,
    columns: ListColumns,
) -> Result<(OrganisationName, Email), ListedProblem> {
    let cells = &row.cells;
    let place = columns
        .email
        .filter(|place| cells.get(*place).is_some_and(|cell| !cell.is_empty()))
        .or_else(|| cells.iter().position(|cell| cell.contains('@')))
        .ok_or(ListedProblem::NoEmail)?;
    let email = cells.get(place).ok_or(ListedProblem::NoEmail)?;
    // Of two addresses in a row nobody knows which one is meant.
    if cells.iter().filter(|cell| cell.contains('@')).count() > 1 {
        return Err(ListedProblem::Email);
    }
    let email = Email::parse(email).map_err(|_| ListedProblem::Email)?;
    let named = match columns.organisation {
        Some(column) => cells.get(column),
        None => {
            let others = cells.iter().enumerate().filter(|(other, _)| *other != place);
            // The number of a row is no name.
            others.map(|(_, cell)| cell).find(|cell| cell.contains(char::is_alphabetic))
        }
    };
    let organisation = OrganisationName::parse(named.map_or("", String::as_str));
    Ok((organisation.map_err(|_| ListedProblem::Organisation)?, email))
}

#[cfg(test)]
mod tests;

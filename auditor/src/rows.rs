//! Reads a CSV file line by line in little memory, completely or from one byte to another.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom, Take};
use std::path::Path;

use crate::finding::{AuditError, Finding};

/// Longest line, in bytes. A row with 20 picks is shorter.
const LINE_BYTES: u64 = 4_096;
/// Bytes read from the disk at once.
const BUFFER_BYTES: usize = 1 << 20;

/// A part of a file, read from the disk in large pieces.
pub type FilePart = Take<BufReader<File>>;

/// The rows of a table after its head.
pub struct Rows<R = FilePart> {
    name: String,
    reader: R,
    line: Vec<u8>,
    number: u64,
    lenient: bool,
}

impl Rows {
    /// Opens a file that begins with this head and ends each line; findings call the file `name`.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be read, [`AuditError::Wrong`] if it has another head.
    pub fn open_with_head(path: &Path, name: &str, head: &str) -> Result<Self, AuditError> {
        let mut rows = Self::open_file_range(path, name, 0, u64::MAX)?;
        let same = rows.next()?.is_some_and(|(_, line)| line == head.as_bytes());
        if same { Ok(rows) } else { Err(missing_head_error(name, head)) }
    }

    /// Opens the lines from one byte up to another; the first line has number 1.
    ///
    /// # Errors
    /// [`AuditError::Input`] if the file cannot be read.
    pub fn open_file_range(
        path: &Path,
        name: &str,
        from: u64,
        to: u64,
    ) -> Result<Self, AuditError> {
        Ok(Self::from_reader(open_file_part(path, name, from, to)?, name))
    }
}

impl<R: BufRead> Rows<R> {
    /// Opens every line of a reader.
    fn from_reader(reader: R, name: &str) -> Self {
        Self { name: name.to_owned(), reader, line: Vec::new(), number: 0, lenient: false }
    }

    /// Opens a table that a spreadsheet may have written. It may have a byte order mark, quotes around
    /// cells, a head in capitals, empty lines, lines that end as on Windows, and a last line without an
    /// end.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it cannot be read or has another head: then it is no such table. The
    /// errors of [`Rows::next`].
    pub fn open_lenient(reader: R, name: &str, head: &str) -> Result<Self, AuditError> {
        let mut rows = Self { lenient: true, ..Self::from_reader(reader, name) };
        let same = rows.next()?.is_some_and(|(_, line)| {
            let line = unquote_cells(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line));
            line.eq_ignore_ascii_case(head.as_bytes())
        });
        let other = || format!("does not begin with `{head}`");
        if same { Ok(rows) } else { Err(AuditError::unreadable_input(name, other())) }
    }

    /// Returns the next line without its newline, and its number from 1.
    ///
    /// # Errors
    /// [`AuditError::Input`] if the file cannot be read, [`AuditError::Wrong`] if a line is longer than any row
    /// can be.
    #[expect(clippy::should_implement_trait, reason = "it lends the line out; an iterator cannot")]
    pub fn next(&mut self) -> Result<Option<(u64, &[u8])>, AuditError> {
        while self.read_line()? {
            if !(self.lenient && self.line.is_empty()) {
                return Ok(Some((self.number, &self.line)));
            }
        }
        Ok(None)
    }

    /// Reads the next line. False at the end of the file.
    fn read_line(&mut self) -> Result<bool, AuditError> {
        self.line.clear();
        let mut bounded = self.reader.by_ref().take(LINE_BYTES);
        let length = bounded
            .read_until(b'\n', &mut self.line)
            .map_err(|error| AuditError::unreadable_input(&self.name, error))?;
        if length == 0 {
            return Ok(false);
        }
        self.number += 1;
        let ended = self.line.pop_if(|byte| *byte == b'\n').is_some();
        // Refuse it: the rest of a line that is too long would be read as a row of its own.
        if !ended && (!self.lenient || length as u64 == LINE_BYTES) {
            let finding = Finding::about_whole_file(
                "csv-row",
                &self.name,
                "a line far too long, or not ended",
            );
            return Err(finding.at_line(self.number).into());
        }
        if self.lenient {
            self.line.pop_if(|byte| *byte == b'\r');
            if self.number > 1 && self.line.contains(&b'"') {
                self.line = unquote_cells(&self.line);
            }
        }
        Ok(true)
    }
}

/// Removes the quotes around cells. Quotes inside a cell stay.
fn unquote_cells(line: &[u8]) -> Vec<u8> {
    let unquote = |cell: &[u8]| match cell {
        [b'"', inside @ .., b'"'] => inside.to_vec(),
        cell => cell.to_vec(),
    };
    line.split(|&byte| byte == b',').map(unquote).collect::<Vec<_>>().join(&b',')
}

/// Opens a file from one byte up to another.
///
/// # Errors
/// [`AuditError::Input`] if it cannot be read.
pub fn open_file_part(path: &Path, name: &str, from: u64, to: u64) -> Result<FilePart, AuditError> {
    let mut file = File::open(path).map_err(|error| AuditError::unreadable_input(name, error))?;
    file.seek(SeekFrom::Start(from)).map_err(|error| AuditError::unreadable_input(name, error))?;
    Ok(BufReader::with_capacity(BUFFER_BYTES, file).take(to.saturating_sub(from)))
}

fn missing_head_error(name: &str, head: &str) -> AuditError {
    Finding::about_whole_file("csv-head", name, format!("does not begin with `{head}`"))
        .at_line(1)
        .into()
}

/// Returns the position after the first newline behind the middle of a file, and the file's length.
///
/// # Errors
/// [`AuditError::Input`] if the file cannot be read.
pub fn middle_and_length(path: &Path, name: &str) -> Result<(u64, u64), AuditError> {
    let read = || {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let middle = file.seek(SeekFrom::Start(length / 2))?;
        let mut line = Vec::new();
        let rest = BufReader::new(file).take(LINE_BYTES).read_until(b'\n', &mut line)?;
        std::io::Result::Ok((middle + rest as u64, length))
    };
    read().map_err(|error| AuditError::unreadable_input(name, error))
}

#[cfg(test)]
mod tests {
    use super::{AuditError, Finding, LINE_BYTES, Rows};

    /// Reads the rows of a table from a spreadsheet. The error is the line of the first wrong row.
    fn read(table: &[u8]) -> Result<Vec<Vec<u8>>, Option<u64>> {
        let line = |stop| match stop {
            AuditError::Wrong(Finding { line, .. }) => line,
            AuditError::Input { .. } => None,
            other => panic!("{other}"),
        };
        let mut rows = Rows::open_lenient(table, "table", "a,b").map_err(line)?;
        let mut found = Vec::new();
        while let Some((_, row)) = rows.next().map_err(line)? {
            found.push(row.to_vec());
        }
        Ok(found)
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() {
        let rows = vec![b"1,x".to_vec(), b"2,y".to_vec()];
        assert_eq!(read(b"a,b\n1,x\n2,y\n"), Ok(rows.clone()));
        assert_eq!(read(b"\xef\xbb\xbfa,b\r\n1,x\r\n2,y"), Ok(rows.clone()));
        assert_eq!(
            read(b"\xef\xbb\xbf\"A\",\"B\"\r\n\"1\",\"x\"\r\n\r\n\"2\",y\r\n\r\n"),
            Ok(rows)
        );
        // Another table, or none, is no wrong row of this one.
        assert_eq!(read(b"a,c\n1,x\n"), Err(None));
        assert_eq!(read(b""), Err(None));
    }

    #[test]
    fn a_line_beyond_the_bound_is_refused_and_its_rest_is_no_row() {
        let most = usize::try_from(LINE_BYTES).unwrap();
        let row = |length: usize| [b"a,b\n".to_vec(), vec![b'x'; length], b"\n1,x\n".to_vec()];
        assert_eq!(read(&row(most - 1).concat()).map(|rows| rows.len()), Ok(2));
        assert_eq!(read(&row(most).concat()), Err(Some(2)));
        assert_eq!(read(&row(most + 1).concat()), Err(Some(2)));
    }
}

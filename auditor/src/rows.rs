//! Reads a CSV file line by line in little memory, whole or from one byte to another.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Take};
use std::path::Path;

use crate::finding::{Finding, Stop};

/// In bytes. Longer than 20 picks with everything around them.
const LINE_BYTES: u64 = 4_096;
/// In bytes. Read from the disk at once.
const BUFFER_BYTES: usize = 1 << 20;

/// The rows of a file after its head.
pub struct Rows {
    name: String,
    reader: Take<BufReader<File>>,
    line: Vec<u8>,
    number: u64,
    lenient: bool,
}

impl Rows {
    /// Opens a file that begins with this head and ends each line; `name` is what findings call it.
    ///
    /// # Errors
    /// [`Stop::Input`] where it cannot be read, [`Stop::Wrong`] where the head is another.
    pub fn open(path: &Path, name: &str, head: &str) -> Result<Self, Stop> {
        let mut rows = Self::part(path, name, 0, u64::MAX)?;
        let same = rows.next()?.is_some_and(|(_, line)| line == head.as_bytes());
        if same { Ok(rows) } else { Err(no_head(name, head)) }
    }

    /// The same of a file that spreadsheets may have written: with a byte order mark, with lines
    /// as Windows ends them, the last not ended.
    ///
    /// # Errors
    /// As [`Rows::open`].
    pub fn lenient(path: &Path, name: &str, head: &str) -> Result<Self, Stop> {
        let mut rows = Self { lenient: true, ..Self::part(path, name, 0, u64::MAX)? };
        let first =
            rows.next()?.map(|(_, line)| line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line));
        if first == Some(head.as_bytes()) { Ok(rows) } else { Err(no_head(name, head)) }
    }

    /// The lines from one byte up to another; the first is number 1.
    ///
    /// # Errors
    /// [`Stop::Input`] where the file cannot be read.
    pub fn part(path: &Path, name: &str, from: u64, to: u64) -> Result<Self, Stop> {
        let mut file = File::open(path).map_err(|error| Stop::input(name, error))?;
        file.seek(SeekFrom::Start(from)).map_err(|error| Stop::input(name, error))?;
        let reader = BufReader::with_capacity(BUFFER_BYTES, file).take(to.saturating_sub(from));
        Ok(Self { name: name.to_owned(), reader, line: Vec::new(), number: 0, lenient: false })
    }

    /// The next line without its newline, and its number from 1.
    ///
    /// # Errors
    /// [`Stop::Input`] where the file cannot be read, [`Stop::Wrong`] where a line is longer than
    /// any row can be.
    #[expect(clippy::should_implement_trait, reason = "it lends the line out; an iterator cannot")]
    pub fn next(&mut self) -> Result<Option<(u64, &[u8])>, Stop> {
        self.line.clear();
        let mut bounded = self.reader.by_ref().take(LINE_BYTES);
        let length = bounded
            .read_until(b'\n', &mut self.line)
            .map_err(|error| Stop::input(&self.name, error))?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.pop_if(|byte| *byte == b'\n').is_none() && !self.lenient {
            let finding = Finding::of("csv-row", &self.name, "a line far too long, or not ended");
            return Err(finding.at(self.number).into());
        }
        if self.lenient {
            self.line.pop_if(|byte| *byte == b'\r');
        }
        Ok(Some((self.number, &self.line)))
    }
}

fn no_head(name: &str, head: &str) -> Stop {
    Finding::of("csv-head", name, format!("does not begin with `{head}`")).at(1).into()
}

/// The byte behind the first newline after the middle of a file, and the file's length.
///
/// # Errors
/// [`Stop::Input`] where the file cannot be read.
pub fn halves(path: &Path, name: &str) -> Result<(u64, u64), Stop> {
    let read = || {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let middle = file.seek(SeekFrom::Start(length / 2))?;
        let mut line = Vec::new();
        let rest = BufReader::new(file).take(LINE_BYTES).read_until(b'\n', &mut line)?;
        std::io::Result::Ok((middle + rest as u64, length))
    };
    read().map_err(|error| Stop::input(name, error))
}

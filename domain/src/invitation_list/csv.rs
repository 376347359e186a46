//! Tables of text as spreadsheets write them (RFC 4180, and its relatives with semicolons or tabs).

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CsvRow {
    /// The line on which it begins, from 1.
    pub(super) line: usize,
    /// Its cells, without quotes and without blanks at both ends.
    pub(super) cells: Vec<String>,
}

/// Reads the rows that have a cell which is not empty. A quote that is never closed ends with the
/// text.
pub(super) fn read_csv_rows(text: &str) -> Vec<CsvRow> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let separator = most_frequent_separator(&text);
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut signs = text.chars().chain(['\n']).peekable();
    while let Some(sign) = signs.next() {
        line += usize::from(sign == '\n');
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' if quoted || cell.trim().is_empty() => quoted = !quoted,
            // The end of the text ends a cell too, if its quote is open.
            '\n' if !quoted || signs.peek().is_none() => {
                quoted = false;
                cells.push(take_trimmed(&mut cell));
                if cells.iter().any(|cell| !cell.is_empty()) {
                    rows.push(CsvRow { line: begun, cells: std::mem::take(&mut cells) });
                }
                cells.clear();
                begun = line;
            }
            sign if sign == separator && !quoted => cells.push(take_trimmed(&mut cell)),
            sign => cell.push(sign),
        }
    }
    rows
}

fn take_trimmed(cell: &mut String) -> String {
    std::mem::take(cell).trim().to_owned()
}

/// Returns the separator that occurs most often outside quotes; the comma among equals.
fn most_frequent_separator(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [('\t', 0_usize), (';', 0), (',', 0)];
    for sign in text.chars() {
        if sign == '"' {
            quoted = !quoted;
        }
        let counted = counts.iter_mut().find(|(separator, _)| *separator == sign && !quoted);
        if let Some((_, count)) = counted {
            *count += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| separator)
}

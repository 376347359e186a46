//! Tables of text as people have them: from spreadsheets (RFC 4180, and its relatives with semicolons or
//! tabs), or pasted line by line.

use crate::text::{narrow_letter, tidy_line};

/// Signs that stand for "as above" when they are alone in a cell.
const DITTO_MARKS: [&str; 6] = ["〃", "″", "\"", "”", "“", "''"];

/// How many rows at the top of a list may be titles above its heading.
const TITLE_ROWS: usize = 5;

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its cells, without quotes, each made plain ([`tidy_line`]).
    pub cells: Vec<String>,
}

impl TableRow {
    /// Whether the row adds up others: its first word is one of these, as in `total,82`. The words are
    /// folded ([`fold_word`]).
    #[must_use]
    pub fn is_total(&self, words: &[&str]) -> bool {
        let first = self.cells.iter().find(|cell| !cell.is_empty());
        // A number may stand behind the word: `합계 12세대`.
        let word = |cell: &String| {
            let folded = fold_word(cell);
            let end = folded.find(|c: char| c.is_ascii_digit() || c == ':').unwrap_or(folded.len());
            words.contains(&&folded[..end])
        };
        first.is_some_and(word)
    }

    /// Whether a ditto mark is left that nothing stands above.
    #[must_use]
    pub fn has_open_ditto(&self) -> bool {
        self.cells.iter().any(|cell| DITTO_MARKS.contains(&cell.as_str()))
    }

    /// Whether the row is another one again, as a heading is on each page of a long list. Width, case and
    /// blanks do not matter.
    fn repeats_row(&self, other: &Self) -> bool {
        let folded = |row: &Self| row.cells.iter().map(|cell| fold_word(cell)).collect::<Vec<_>>();
        folded(self) == folded(other)
    }

    /// Puts the words of the row above into cells that have nothing but a ditto mark. Returns whether there was
    /// one.
    fn fill_ditto_marks(&mut self, above: &[String]) -> bool {
        let mut filled = false;
        for (cell, above) in self.cells.iter_mut().zip(above) {
            // Nobody shares an address with the line above.
            if DITTO_MARKS.contains(&cell.as_str()) && !above.is_empty() && !above.contains('@') {
                cell.clone_from(above);
                filled = true;
            }
        }
        filled
    }

    fn count_filled_cells(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }

    /// Returns its cells as one line of words.
    #[must_use]
    pub fn join_cells(&self) -> String {
        let cells = self.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty());
        cells.collect::<Vec<_>>().join(" ")
    }
}

/// A list as people have it, taken apart: its rows, and the lines that are no rows of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListTable {
    /// The rows, with the words of the row above where they have ditto marks.
    pub rows: Vec<TableRow>,
    /// The first row, or the one below a title, if it names the columns.
    pub heading: Option<TableRow>,
    /// Lines that were left out as titles above the heading, or as the heading once more.
    pub headings: Vec<usize>,
    /// Lines in which a ditto mark was replaced by the words above it.
    pub dittos: Vec<usize>,
    /// Lines that add up others, which were left out.
    pub totals: Vec<usize>,
}

/// Reads a list: a table ([`read_table`]) that may have a title, a heading that comes again on each page, ditto
/// marks, and rows that add up others.
pub fn read_list(
    text: &str,
    is_heading: impl Fn(&TableRow) -> bool,
    is_total: impl Fn(&TableRow) -> bool,
) -> ListTable {
    let mut rows = read_table(text);
    let (headings, heading) = take_heading(&mut rows, is_heading);
    let mut list = ListTable { heading, headings, ..ListTable::default() };
    let mut above = Vec::new();
    for mut row in rows {
        if is_total(&row) {
            list.totals.push(row.line);
        } else if list.heading.as_ref().is_some_and(|heading| row.repeats_row(heading)) {
            list.headings.push(row.line);
        } else {
            if row.fill_ditto_marks(&above) {
                list.dittos.push(row.line);
            }
            above.clone_from(&row.cells);
            list.rows.push(row);
        }
    }
    list
}

/// Takes the rows up to the first heading off the top of a list, if one of its first rows is a heading and every
/// row above it has fewer cells. Returns the lines of those titles, and the heading.
fn take_heading(
    rows: &mut Vec<TableRow>,
    is_heading: impl Fn(&TableRow) -> bool,
) -> (Vec<usize>, Option<TableRow>) {
    let Some(place) = rows.iter().take(TITLE_ROWS).position(is_heading) else {
        return (Vec::new(), None);
    };
    let cells = rows[place].count_filled_cells();
    if rows[..place].iter().any(|title| title.count_filled_cells() >= cells) {
        return (Vec::new(), None);
    }
    let mut top: Vec<TableRow> = rows.drain(..=place).collect();
    let heading = top.pop();
    (top.iter().map(|title| title.line).collect(), heading)
}

/// Returns a word as it is compared: without blanks, full-width letters narrow, in small letters.
#[must_use]
pub fn fold_word(text: &str) -> String {
    let narrow = text.chars().map(narrow_letter).filter(|sign| !sign.is_whitespace());
    narrow.flat_map(char::to_lowercase).collect()
}

/// Reads the rows that have a cell which is not empty. A first line `sep=;`, which spreadsheets write,
/// names the separator and is no row. A quote that is never closed ends with the text.
#[must_use]
pub fn read_table(text: &str) -> Vec<TableRow> {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
    let text = text.replace(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let (named, begin) = named_separator(&text);
    let rest = &text[begin..];
    let separator = named.unwrap_or_else(|| most_frequent_separator(rest));
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let first_line = 1 + usize::from(begin > 0);
    let (mut line, mut begun, mut quoted) = (first_line, first_line, false);
    let mut signs = rest.chars().chain(['\n']).peekable();
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
                cells.push(take_tidied(&mut cell));
                if cells.iter().any(|cell| !cell.is_empty()) {
                    rows.push(TableRow { line: begun, cells: std::mem::take(&mut cells) });
                }
                cells.clear();
                begun = line;
            }
            sign if sign == separator && !quoted => cells.push(take_tidied(&mut cell)),
            sign => cell.push(sign),
        }
    }
    rows
}

/// Writes rows as a table that [`read_table`] reads.
pub fn write_table<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    let cell = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let rows = rows.map(|cells| cells.into_iter().map(cell).collect::<Vec<_>>().join(","));
    rows.collect::<Vec<_>>().join("\n")
}

fn take_tidied(cell: &mut String) -> String {
    tidy_line(&std::mem::take(cell))
}

/// Returns the separator that a first line `sep=;` names, and where the rest begins.
fn named_separator(text: &str) -> (Option<char>, usize) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let plain = first.trim().trim_matches('"');
    let Some(name) = plain.get(..4).filter(|name| name.eq_ignore_ascii_case("sep=")) else {
        return (None, 0);
    };
    let begin = text.len() - rest.len();
    // The tab may have been trimmed away.
    let named = plain[name.len()..].chars().next().or_else(|| first.contains('\t').then_some('\t'));
    (named, begin)
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

#[cfg(test)]
mod tests {
    use super::{read_table, write_table};

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        read_table(text).into_iter().map(|row| (row.line, row.cells)).collect()
    }

    fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn a_line_that_names_the_separator_is_no_row() {
        assert_eq!(cells("sep=;\na;b,c\n"), [row(2, &["a", "b,c"])]);
        assert_eq!(cells("\u{FEFF}\"SEP=\t\"\r\na\tb,c"), [row(2, &["a", "b,c"])]);
        assert_eq!(cells("sep=\t\na\tb"), [row(2, &["a", "b"])]);
        assert_eq!(cells("separate,b"), [row(1, &["separate", "b"])]);
        assert_eq!(cells("sep=;"), []);
    }

    #[test]
    fn cells_are_plain_and_a_quoted_one_may_have_lines() {
        let text = "101동  １호,\"김,가나\"\n\"101동\n1203호\"\n\n\u{200B}a\u{A0}b,";
        let expected =
            [row(1, &["101동 １호", "김,가나"]), row(2, &["101동 1203호"]), row(5, &["a b", ""])];
        assert_eq!(cells(text), expected);
    }

    #[test]
    fn a_row_that_adds_up_others_is_known() {
        let words = ["합계", "총계", "total", "sum", "계"];
        let total = |text: &str| read_table(text)[0].is_total(&words);
        for text in ["합 계,82", ",총계,3", "Total;5", "ＳＵＭ", "계"] {
            assert!(total(text), "{text}");
        }
        for text in ["합계동,1203호", "계룡 1", "101동,합계"] {
            assert!(!total(text), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rows = [vec!["가 \"나\"", "다, 라"], vec!["마", ""]];
        let read = read_table(&write_table(rows.iter().cloned()));
        let cells: Vec<_> = read.iter().map(|row| row.cells.clone()).collect();
        assert_eq!(cells, rows);
    }
}

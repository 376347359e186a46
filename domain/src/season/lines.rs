//! Finds the line of a JSON text on which a value begins. `serde_json` gives positions only for
//! syntax errors, and without a line a person would have to search for the value to correct.

use std::collections::{BTreeMap, BTreeSet};

/// Returns the line, from 1, of the first bracket that is nested deeper than `max`. Brackets in
/// strings do not count. Works on any text.
pub(super) fn find_line_deeper_than(text: &str, max: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut line, mut depth) = (0, 1, 0usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => line += 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at = find_string_end(bytes, at),
            _ => {}
        }
        if depth > max {
            return Some(line);
        }
        at += 1;
    }
    None
}

/// Returns the lines, from 1, on which the values of these JSON pointers begin. `text` must be
/// valid JSON. Pointers without a value are left out. Makes one pass, without recursion.
pub(super) fn find_lines_of_pointers<'a>(
    text: &str,
    pointers: impl Iterator<Item = &'a str>,
) -> BTreeMap<String, usize> {
    let wanted = pointers.collect();
    let mut walk =
        PointerWalk { wanted, path: String::new(), open: Vec::new(), found: BTreeMap::new() };
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => line += 1,
            b' ' | b'\t' | b'\r' | b':' => {}
            b',' => walk.pass_comma(),
            b'{' => walk.enter_bracket(line, BracketPlace::Key),
            b'[' => walk.enter_bracket(line, BracketPlace::Index(0)),
            b'}' | b']' => walk.leave_bracket(),
            b'"' => {
                let end = find_string_end(bytes, at);
                walk.visit_string(line, text.get(at..=end).unwrap_or_default());
                at = end;
            }
            _ => {
                walk.note_value_line(line);
                at = find_literal_end(bytes, at);
            }
        }
        at += 1;
    }
    walk.found
}

/// The place of the walk in an open bracket.
#[derive(Clone, Copy)]
enum BracketPlace {
    /// In an object, before a key.
    Key,
    /// In an object, after a key.
    Value,
    /// In an array, at this element.
    Index(usize),
}

struct PointerWalk<'a> {
    wanted: BTreeSet<&'a str>,
    /// The pointer of the next value.
    path: String,
    /// For each open bracket, the length of its own pointer and the place inside it.
    open: Vec<(usize, BracketPlace)>,
    found: BTreeMap<String, usize>,
}

impl PointerWalk<'_> {
    fn note_value_line(&mut self, line: usize) {
        if self.wanted.contains(self.path.as_str()) {
            self.found.insert(self.path.clone(), line);
        }
    }

    fn enter_bracket(&mut self, line: usize, place: BracketPlace) {
        self.note_value_line(line);
        self.open.push((self.path.len(), place));
        if matches!(place, BracketPlace::Index(_)) {
            self.path.push_str("/0");
        }
    }

    fn leave_bracket(&mut self) {
        if let Some((own, _)) = self.open.pop() {
            self.path.truncate(own);
        }
    }

    fn pass_comma(&mut self) {
        if let Some((own, place)) = self.open.last_mut() {
            self.path.truncate(*own);
            *place = match *place {
                BracketPlace::Index(index) => {
                    self.path.push_str(&format!("/{}", index + 1));
                    BracketPlace::Index(index + 1)
                }
                BracketPlace::Key | BracketPlace::Value => BracketPlace::Key,
            };
        }
    }

    /// Handles a string with its quotes: a key or a value.
    fn visit_string(&mut self, line: usize, quoted: &str) {
        match self.open.last_mut() {
            Some((_, place @ BracketPlace::Key)) => {
                *place = BracketPlace::Value;
                let key: String = serde_json::from_str(quoted).unwrap_or_default();
                self.path.push('/');
                self.path.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            _ => self.note_value_line(line),
        }
    }
}

/// Returns the place of the quote that closes the string that opens at `start`.
fn find_string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Returns the last place of the number, `true`, `false` or `null` that begins at `start`.
fn find_literal_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
    start + rest.iter().position(ends).unwrap_or(rest.len()).saturating_sub(1)
}

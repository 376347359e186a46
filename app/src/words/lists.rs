//! Lists that people upload: which files, the words of their tables, and the lines that are told.

use phrases::{Lang, invite as words};

/// The files that a list may be.
pub(crate) const LIST_FILES: &str = ".csv,.txt,.tsv,.xlsx,text/csv,text/plain";
/// Most line numbers that are named in one sentence.
const NAMED_LINES: usize = 20;

/// Counts lines, and names the first of them.
pub(crate) fn count_lines(lang: Lang, lines: impl ExactSizeIterator<Item = String>) -> String {
    match lines.len() {
        0 => "0".to_owned(),
        count => {
            let named: Vec<String> = lines.take(NAMED_LINES).collect();
            words::list_numbers(lang, count, named.join(", "))
        }
    }
}

/// Returns the words of a phrase in both languages, in small letters: a list may be in either.
pub(crate) fn words_in_both(phrase: fn(Lang) -> &'static str) -> Vec<String> {
    let both = [Lang::Ko, Lang::En].map(phrase).join(" ").to_lowercase();
    both.split_whitespace().map(str::to_owned).collect()
}

/// Returns words as the readers of lists take them.
pub(crate) fn as_texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

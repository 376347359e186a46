//! The one place that prints: results on the standard output, the rest on the standard error.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};

/// Prints one line of a result. A reader who has gone away is nobody to complain to.
pub fn line(text: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a text that ends its own lines.
pub fn text(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}");
    let _ = out.flush();
}

/// Says something that is no result: why it stopped, what it is doing.
pub fn aside(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// How far it has come, over the last one, where a person is looking.
pub fn progress(what: &str, done: u64, all: u64) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r{what} {done}/{all} ");
        if done == all {
            let _ = writeln!(err);
        }
    }
}

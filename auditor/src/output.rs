//! The only place that prints: results go to the standard output, the rest to the standard error.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};

/// Prints one line of a result. Ignores errors, because a reader that has gone needs no message.
pub fn print_result_line(text: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a text that contains its own line ends.
pub fn print_result_text(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}");
    let _ = out.flush();
}

/// Prints a message that is not a result, such as why the program stopped.
pub fn print_notice(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Shows the progress on one line, which it overwrites, if the standard error is a terminal.
pub fn show_progress(what: &str, done: u64, all: u64) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r{what} {done}/{all} ");
        if done == all {
            let _ = writeln!(err);
        }
    }
}

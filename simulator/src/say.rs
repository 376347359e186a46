//! The one place that prints: what a run has to say goes to the standard output, line by line.

/// Prints a line, and at once: whoever waits for minutes wants to see how far it is.
pub fn say(line: std::fmt::Arguments<'_>) {
    // Nobody reads it any more where the output is closed.
    let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{line}\n"));
}

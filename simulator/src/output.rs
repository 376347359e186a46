//! The only place that prints: the messages of a run go to the standard output, line by line.

/// Prints a line at once, so that the user sees the progress of a run of many minutes.
pub fn print_line(line: std::fmt::Arguments<'_>) {
    // An error means that the output is closed and nobody reads it.
    let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{line}\n"));
}

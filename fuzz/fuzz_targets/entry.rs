//! Lines of the log have one spelling, and every line fits into a bundle.

#![no_main]

use domain::record::entry::{LINE_BYTES, LogEntry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let Ok(entry) = line.parse::<LogEntry>() else { return };
    assert_eq!(entry.to_string(), line);
    assert!(line.is_ascii() && !line.contains('\n') && line.len() <= LINE_BYTES);
});

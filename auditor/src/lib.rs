//! The second reader of the record (`hanpyo-audit`). It checks what was published and shares only
//! the formats with the program that wrote it. It reads lines with a parser of its own, grows the
//! tree from the entries, counts by itself, and computes points, ranks and awards with a tally of
//! its own. docs/audit.md says what that proves.

pub mod announced;
pub mod bytes;
pub mod cli;
pub mod exact;
pub mod extends;
pub mod fetch;
pub mod finding;
pub mod folder;
mod key;
pub mod line;
pub mod observe;
pub mod output;
pub mod picks;
pub mod receipt;
pub mod recount;
pub mod rows;
pub mod rules;
pub mod sample;
pub mod tally;
pub mod tree;
pub mod verify;
pub mod witness;

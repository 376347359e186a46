//! The second reader of the record (`hanpyo-audit`). It checks what was published and shares only
//! the formats with the program that wrote it. It reads lines with a parser of its own, grows the
//! tree from the entries, and counts by itself. docs/audit.md says what that proves.

pub mod bytes;
pub mod cli;
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
pub mod tree;
pub mod verify;
pub mod witness;

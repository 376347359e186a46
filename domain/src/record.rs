//! The public record of a vote: an append-only log of plain lines that anybody can check.
//!
//! Server and browser read and write every format of the record only here: [`entry`] (its lines),
//! [`tree`] and [`tile`] (RFC 6962 over C2SP tiles), [`key`], [`note`] and [`checkpoint`] (what is
//! signed), [`proof`] and [`receipt`] (what a voter takes home), [`check`] (what a receipt proves),
//! [`cvr`] (what is counted) and [`observed`] (what observers sign). `docs/record.md` describes the
//! same formats for a second program. Nothing here panics on any input.

pub mod check;
pub mod checkpoint;
pub mod cvr;
pub mod entry;
pub mod key;
pub mod note;
pub mod observed;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tree;
pub mod words;

#[cfg(test)]
mod tests;

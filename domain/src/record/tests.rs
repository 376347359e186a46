//! The record's formats against known answers, against other programs' crates, and against tampering.

mod known;

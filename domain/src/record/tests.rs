//! The record's formats against known answers, against other programs, and against tampering.

mod known;
mod observed;
mod properties;
mod random;
mod receipts;
mod sample;
mod second_opinions;
mod strict;

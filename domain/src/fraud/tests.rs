//! The detector against tables, properties and bad input. How much it finds is measured by the
//! simulator: see docs/fraud.md.

mod bad_input;
mod properties;
mod sample;
mod signals;
mod verdicts;

//! Use cases against a real PostgreSQL, a file for each feature. `./dev test backend` runs them.

mod accounts;
mod cases;
mod editions;
mod support;

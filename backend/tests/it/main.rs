//! Use cases against a real PostgreSQL, a file for each feature. `./dev test backend` runs them.

mod accounts;
mod demonstration;
mod awards;
mod editions;
mod judging;
mod support;

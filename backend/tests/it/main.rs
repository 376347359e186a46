//! Use cases against a real PostgreSQL, a file for each feature. `./dev test backend` runs them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod awards;
mod cases;
mod demonstration;
mod editions;
mod judging;
mod polls;
mod record;
mod support;
mod voting;

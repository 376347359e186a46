//! Use cases against a real PostgreSQL, a file for each feature. `./dev test backend` runs them.

mod accounts;
mod awards;
mod demonstration;
mod cases;
mod editions;
mod judging;
mod support;
mod voting;

//! Tests of the backend against a real PostgreSQL, one file for each feature. `./dev test backend`
//! runs them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod awards;
mod cases;
mod connections;
mod demonstration;
mod editions;
mod fraud;
mod judging;
mod mail;
mod panel;
mod polls;
mod record;
mod support;
mod voting;

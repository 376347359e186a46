//! The auditor from outside: honest records pass, every kind of change is found.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod clean;
mod commands;
mod fetching;
mod mutations;
mod observing;
mod product;
mod results;
mod rewritten;
mod site;
mod support;
mod tampered;
mod witnessing;

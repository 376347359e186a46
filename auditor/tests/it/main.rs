//! The auditor from outside: honest records pass, every kind of change is found.

mod clean;
mod commands;
mod fetching;
mod mutations;
mod rewritten;
mod site;
mod support;
mod tampered;
mod witnessing;

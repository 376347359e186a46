//! The auditor from outside: honest records pass, every kind of change is found.

mod clean;
mod mutations;
mod rewritten;
mod support;
mod tampered;

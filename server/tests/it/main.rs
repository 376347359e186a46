//! Tests of the whole router against a real PostgreSQL, and of the rules of this project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod calendar;
mod channels;
mod dark;
mod documents;
mod drill;
mod files;
mod film;
mod headers;
mod house;
mod inputs;
mod net;
mod organisations;
mod panel;
mod personal;
mod photographs;
mod polls;
mod preview;
mod record;
mod roll;
mod rush;
mod screening;
mod secrets;
mod start;
mod support;
mod texts;
mod twice;
mod typing;
mod visitors;
mod voting;

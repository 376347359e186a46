//! The whole router against a real PostgreSQL, and the rules of the house.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod channels;
mod dark;
mod headers;
mod house;
mod net;
mod polls;
mod record;
mod roll;
mod rush;
mod support;
mod texts;
mod voting;

//! The whole router against a real PostgreSQL, and the rules of the house.

mod access;
mod headers;
mod house;
mod support;
mod voting;

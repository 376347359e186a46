//! The server: configuration, the private PostgreSQL cluster, the router and its layers, the jobs.
//!
//! `main.rs` only starts it. This library exists so that the tests can build the whole router.

mod assets;
mod cluster;
pub mod commands;
pub mod config;
mod jobs;
mod layers;
mod open_files;
mod queries;
mod router;
mod run_as;
mod serve;
mod start_error;

pub use router::build_router;
pub use start_error::StartError;

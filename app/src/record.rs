//! The public record of an edition: its files for whoever checks it, a page for whoever reads, and
//! what administrators do to it.

pub(crate) mod admin;
pub(crate) mod files;
pub(crate) mod forms;
pub(crate) mod observed;
pub(crate) mod page;
pub(crate) mod tables;

//! The public record of an edition: its files for whoever checks it, a page for whoever reads, and
//! what administrators do to it.

pub(crate) mod files;
pub(crate) mod page;

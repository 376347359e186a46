//! The public record of an edition: a page, its files, and what administrators do to it.

pub(crate) mod desk;
pub(crate) mod files;
pub(crate) mod observers;
pub(crate) mod page;
pub(crate) mod tables;

//! The public record of an edition: its page, its files and its administration.

pub(crate) mod desk;
pub(crate) mod files;
pub(crate) mod observers;
pub(crate) mod page;
pub(crate) mod tables;

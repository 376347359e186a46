//! The polls of an edition for its administrators: all of them, and the form of each.

pub(crate) mod desk;
pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod page;
pub(crate) mod read;
pub(crate) mod typed;
pub(crate) mod view;

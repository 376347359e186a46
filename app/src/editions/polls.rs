//! The polls of an edition for its administrators: all of them, and the form of each.

pub(crate) mod form;
pub(crate) mod form_reader;
pub(crate) mod list;
pub(crate) mod page;
pub(crate) mod page_data;
pub(crate) mod risk;
pub(crate) mod typed;
pub(crate) mod view;

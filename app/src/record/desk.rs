//! /admin/{edition}/record: the state of the record, and the actions that cannot be undone.

pub(crate) mod form;
pub(crate) mod page;

//! /admin/{edition}/record: how the record is kept, and the acts that cannot be taken back.

pub(crate) mod form;
pub(crate) mod page;

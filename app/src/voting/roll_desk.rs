//! /admin/{edition}/polls/{poll}/roll: who may vote, their printed codes, and replacement codes.

pub(crate) mod form;
mod list;
pub(crate) mod page;
pub(crate) mod sheet;

//! /admin/{edition}/polls/{poll}/roll: who may vote, their printed codes, and single codes that are replaced.

pub(crate) mod form;
pub(crate) mod page;
pub(crate) mod sheet;

//! /judging/{edition}/{case}: one case and its sheet.

pub(crate) mod form;
pub(crate) mod page;
mod scores;
pub(crate) mod typed;

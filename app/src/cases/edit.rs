//! /organisation/cases/{case}: one case on its organisation's desk.

pub(crate) mod fields;
mod fill;
pub(crate) mod form;
pub(crate) mod page;
mod parts;
mod settled;

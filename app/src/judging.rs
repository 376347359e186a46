//! Judging: the panels of a judge, the cases, the sheet for each, and the chair's board.

pub(crate) mod panels;
pub(crate) mod progress;
pub(crate) mod sheet;

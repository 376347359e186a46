//! /admin/{edition}/standings: the standings, the announcement, and what was decided.

pub(crate) mod announcement;
pub(crate) mod form;
pub(crate) mod page;
pub(crate) mod shares;

//! The fraud checks: the desk of administrators, the appeals of voters, the public report.

pub(crate) mod appeal;
pub(crate) mod board;
pub(crate) mod evidence;
mod group;
pub(crate) mod report;

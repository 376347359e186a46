//! The pages of awards.

mod announcement;
mod explain;
mod results;
mod rules;
mod standings;
mod words;

pub(crate) use results::{document, results};
pub(crate) use rules::rules;
pub(crate) use standings::standings;
pub(super) use standings::{Typed, standings_page};
pub(crate) use words::number;

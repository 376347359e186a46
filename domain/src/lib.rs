//! What the contest *is*: pure rules, the same in the server and in the browser.
//!
//! Nothing here reads a clock, a file or a random number; `now`, ids and texts are arguments.
//! Read in the order of a season: [`season`] (what is set up), [`schedule`] (when), [`text`]
//! (what people write), [`ballot`] and [`sheet`] (what they decide), [`standings`] (who wins)
//! and [`result`] (what is published, and how anyone computes it again); [`record`] is what makes
//! a vote checkable.

pub mod ballot;
pub mod ids;
pub mod limits;
pub mod record;
pub mod refusal;
pub mod result;
pub mod rulebook;
pub mod schedule;
pub mod season;
pub mod sheet;
pub mod standings;
pub mod text;

//! What the contest *is*: pure rules, the same in the server and in the browser.
//!
//! Nothing here reads a clock, a file or a random number: `now`, ids and texts are arguments. Read
//! the modules in the order of a season: [`season`] (what is set up), [`schedule`] (when), [`text`]
//! (what people write), [`ballot`] and [`sheet`] (what people decide), [`standings`] (who wins) and
//! [`result`] (what is published, and how anyone computes it again). [`record`] makes a vote
//! checkable.

pub mod ballot;
pub mod fraud;
pub mod ids;
pub mod invitation_list;
pub mod likeness;
pub mod limits;
pub mod record;
pub mod refusal;
pub mod result;
pub mod roll;
pub mod rulebook;
pub mod schedule;
pub mod search;
pub mod season;
pub mod sheet;
pub mod standings;
pub mod table;
pub mod text;

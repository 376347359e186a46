//! Writes synthetic, honest records for tests, drills and measurements. `domain` writes the lines
//! and tables, so that the reader here is checked against the writer there.

mod build;
mod seal;

use std::collections::BTreeMap;

pub use build::build_sample_record;
pub use seal::{derive_number, write_signed_record};

/// What a record must contain.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed of everything random.
    pub seed: u64,
    /// The polls.
    pub polls: Vec<PollPlan>,
    /// Cases on the paper of each poll.
    pub cases: u32,
    /// Whether ballots are held and ruled on.
    pub holds: bool,
    /// Whether keys and contacts are destroyed at the end.
    pub erased: bool,
}

/// What a poll must contain.
#[derive(Debug, Clone)]
pub struct PollPlan {
    /// Its short name.
    pub slug: String,
    /// Ballots in the log.
    pub ballots: u64,
    /// The most picks; with `exact` also the fewest.
    pub picks: u8,
    /// Whether a ballot must have exactly `picks` picks.
    pub exact: bool,
    /// Whether every tenth ballot replaces the one before it.
    pub may_change: bool,
}

/// A record before it is written. A test changes it, calls [`seal`], and checks that the change is
/// found.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The edition's short name.
    pub edition: String,
    /// The lines of the log.
    pub entries: Vec<String>,
    /// rulebook.json.
    pub rulebook: String,
    /// result.json.
    pub result: String,
    /// Cast-vote records by poll.
    pub cvr: BTreeMap<String, String>,
    /// Openings by poll.
    pub openings: BTreeMap<String, String>,
}

impl Plan {
    /// Makes a plan with one poll of `ballots` ballots over 50 cases, at most three picks on each.
    pub fn one_poll(ballots: u64) -> Self {
        let slug = "public".to_owned();
        Self {
            seed: 1,
            polls: vec![PollPlan { slug, ballots, picks: 3, exact: false, may_change: false }],
            cases: 50,
            holds: true,
            erased: false,
        }
    }
}

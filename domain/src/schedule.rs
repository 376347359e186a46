//! When each action is possible. Windows are half-open `[opens, closes)` instants in UTC. `now` is
//! always an argument, because the clock of the database decides and never that of the browser.
//!
//! A use case cannot forget to check the phase, because it needs a value as proof:
//! [`SubmissionsOpen`], [`VotingOpen`] … have private fields, and only [`Schedule`] makes them.

mod local_time;
mod proofs;
mod rest_days;
mod windows;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use local_time::{format_local_minute, parse_local_minute, seoul_offset};
pub use proofs::{
    DeliberationOpen, GalleryPublic, JudgingOpen, PhaseError, ResultsPublic, ScreeningOpen,
    SubmissionsOpen, VotingClosed, VotingOpen,
};
pub use rest_days::{Holiday, LAST_LISTED_YEAR, RestDay, find_rest_day, last_day_of_window};
pub use windows::{Window, WindowProblem, Windows};

/// An instant in UTC; pages show it in the time zone Asia/Seoul.
pub type Instant = DateTime<Utc>;

/// The phase of a season. There is one at any instant, and they follow each other in this order.
/// Voting and judging may overlap; then the phase is [`Phase::Voting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not published, or the call has not opened.
    Draft,
    /// Organisations send cases in.
    Call,
    /// Staff decide which cases take part.
    Screening,
    /// Citizens vote.
    Voting,
    /// The vote is over, and judges still score.
    Judging,
    /// All ballots and sheets are in; the awards are decided.
    Deliberation,
    /// The result is public.
    Announced,
    /// Closed for good.
    Archived,
}

impl Phase {
    /// All phases in their order.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Call,
        Self::Screening,
        Self::Voting,
        Self::Judging,
        Self::Deliberation,
        Self::Announced,
        Self::Archived,
    ];
}

/// The windows of an edition, and when it was published, released and archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The planned windows.
    pub windows: Windows,
    /// Whether the edition is visible to others than administrators.
    pub published: bool,
    /// The instant from which the result is public, once it is decided.
    pub released_at: Option<Instant>,
    /// The instant from which the edition is closed for good.
    pub archived_at: Option<Instant>,
}

impl Schedule {
    /// Returns the phase at `now`. A release or an archiving in the past counts before the windows,
    /// so that moving a window cannot undo it.
    pub fn phase(&self, now: Instant) -> Phase {
        let past = |instant: Option<Instant>| instant.is_some_and(|instant| instant <= now);
        let windows = &self.windows;
        if !self.published {
            Phase::Draft
        } else if past(self.archived_at) {
            Phase::Archived
        } else if past(self.released_at) {
            Phase::Announced
        } else if now < windows.call.opens {
            Phase::Draft
        } else if now < windows.call.closes {
            Phase::Call
        } else if now < windows.voting.opens {
            Phase::Screening
        } else if now < windows.voting.closes {
            Phase::Voting
        } else if now < windows.judging.closes {
            Phase::Judging
        } else {
            Phase::Deliberation
        }
    }

    /// Returns the next phase and the instant at which it begins, for a countdown. Before the
    /// release this is the planned announcement. Returns `None` if nothing more is planned or the
    /// edition is not published.
    pub fn next_phase_change(&self, now: Instant) -> Option<(Phase, Instant)> {
        if !self.published {
            return None;
        }
        let released_at = self.released_at.unwrap_or(self.windows.announcement);
        let planned = Self { released_at: Some(released_at), ..*self };
        let windows = &self.windows;
        let mut instants = vec![
            windows.call.opens,
            windows.call.closes,
            windows.voting.opens,
            windows.voting.closes,
            windows.judging.closes,
            released_at,
        ];
        instants.extend(self.archived_at);
        instants.sort_unstable();
        let phase = self.phase(now);
        let next = instants.into_iter().find(|&at| at > now && planned.phase(at) != phase)?;
        Some((planned.phase(next), next))
    }
}

#[cfg(test)]
mod tests;

//! The planned windows of an edition and the order they must keep.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Instant;

/// The shortest notice for the end of a judging that runs, in minutes: a judge who is called can
/// still read and sign.
const JUDGING_NOTICE_MINUTES: i64 = 60;

/// A window from `opens` (included) to `closes` (not included). In JSON `["opens", "closes"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Instant, Instant)", into = "(Instant, Instant)")]
pub struct Window {
    /// The first instant inside.
    pub opens: Instant,
    /// The first instant after the window.
    pub closes: Instant,
}

/// The planned windows of an edition. Check values from outside with [`Windows::check_windows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// Organisations send cases in.
    pub call: Window,
    /// Citizens vote.
    pub voting: Window,
    /// Judges score; may overlap the vote.
    pub judging: Window,
    /// The planned instant at which the result becomes public.
    pub announcement: Instant,
}

/// Why windows cannot be a season.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum WindowProblem {
    /// The call closes before or when it opens.
    #[error("the call closes before it opens")]
    CallEmpty,
    /// The vote closes before or when it opens.
    #[error("the vote closes before it opens")]
    VotingEmpty,
    /// The judging closes before or when it opens.
    #[error("the judging closes before it opens")]
    JudgingEmpty,
    /// The vote opens before the call closes.
    #[error("the vote opens before the call closes")]
    VotingBeforeCallCloses,
    /// The judging opens before the vote opens.
    #[error("the judging opens before the vote opens")]
    JudgingBeforeVoting,
    /// The announcement is before the vote closes.
    #[error("the announcement is before the vote closes")]
    AnnouncedBeforeVotingCloses,
    /// The announcement is before the judging closes.
    #[error("the announcement is before the judging closes")]
    AnnouncedBeforeJudgingCloses,
}

impl Window {
    /// Checks that `now` is inside.
    pub fn contains(&self, now: Instant) -> bool {
        self.opens <= now && now < self.closes
    }

    /// Checks that the whole window is inside another.
    pub fn is_within(&self, outer: Self) -> bool {
        outer.opens <= self.opens && self.closes <= outer.closes
    }
}

impl From<(Instant, Instant)> for Window {
    fn from((opens, closes): (Instant, Instant)) -> Self {
        Self { opens, closes }
    }
}

impl From<Window> for (Instant, Instant) {
    fn from(window: Window) -> Self {
        (window.opens, window.closes)
    }
}

impl Windows {
    /// Checks whether these windows may be changed to `new` at `now`.
    ///
    /// The past cannot change: an opening in the past does not move, and a vote or a judging that
    /// has closed does not open again, because its counts may have been read. The call cannot
    /// change after the vote has opened. No window may be closed at an instant in the past, and a
    /// judging that runs not within the next hour ([`Self::cuts_judging_short`]). There
    /// is one exception: a judging that is `unfinished` (cases have too few sheets, and nobody has
    /// read counts) may be extended late.
    pub fn may_change_to(&self, new: &Self, now: Instant, unfinished: bool) -> bool {
        let kept = |old: Window, new: Window, late: bool| {
            (now < old.opens || new.opens == old.opens)
                && (now < old.closes || new.closes == old.closes || late)
                && (new.closes == old.closes || new.closes >= now)
        };
        let call_is_over = now >= self.voting.opens;
        kept(self.voting, new.voting, false)
            && kept(self.judging, new.judging, unfinished)
            && !self.cuts_judging_short(new, now)
            && (!call_is_over || new.call == self.call)
    }

    /// Checks whether the vote or the judging is over at `now`, so that an edition with these windows can no
    /// longer be held.
    pub fn is_vote_or_judging_over(&self, now: Instant) -> bool {
        now >= self.voting.closes || now >= self.judging.closes
    }

    /// Checks whether `new` ends a judging that runs at `now`, or that opens within an hour, earlier
    /// than planned and within an hour of its opening and of now. Otherwise an administrator could
    /// end a judging before the judges sign.
    pub fn cuts_judging_short(&self, new: &Self, now: Instant) -> bool {
        let notice = TimeDelta::minutes(JUDGING_NOTICE_MINUTES);
        let near = now + notice > self.judging.opens && now < self.judging.closes;
        near && new.judging.closes < self.judging.closes
            && new.judging.closes < now.max(new.judging.opens) + notice
    }

    /// Returns these windows if they are valid.
    ///
    /// # Errors
    /// Returns the first [`WindowProblem`]; [`Windows::window_problems`] returns all of them.
    pub fn check_windows(self) -> Result<Self, WindowProblem> {
        match self.window_problems().first() {
            Some(&problem) => Err(problem),
            None => Ok(self),
        }
    }

    /// Returns every problem of these windows, in the order of the season.
    pub fn window_problems(&self) -> Vec<WindowProblem> {
        let Self { call, voting, judging, announcement } = self;
        [
            (call.closes <= call.opens, WindowProblem::CallEmpty),
            (voting.opens < call.closes, WindowProblem::VotingBeforeCallCloses),
            (voting.closes <= voting.opens, WindowProblem::VotingEmpty),
            (judging.opens < voting.opens, WindowProblem::JudgingBeforeVoting),
            (judging.closes <= judging.opens, WindowProblem::JudgingEmpty),
            (*announcement < voting.closes, WindowProblem::AnnouncedBeforeVotingCloses),
            (*announcement < judging.closes, WindowProblem::AnnouncedBeforeJudgingCloses),
        ]
        .into_iter()
        .filter_map(|(wrong, problem)| wrong.then_some(problem))
        .collect()
    }
}

impl WindowProblem {
    /// Returns the value to correct, as a JSON pointer inside the windows: `/voting/1` is the close
    /// of the vote.
    pub fn json_pointer(self) -> &'static str {
        match self {
            Self::CallEmpty => "/call/1",
            Self::VotingBeforeCallCloses => "/voting/0",
            Self::VotingEmpty => "/voting/1",
            Self::JudgingBeforeVoting => "/judging/0",
            Self::JudgingEmpty => "/judging/1",
            Self::AnnouncedBeforeVotingCloses | Self::AnnouncedBeforeJudgingCloses => {
                "/announcement"
            }
        }
    }
}

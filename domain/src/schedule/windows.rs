//! The planned windows of an edition and the order they must keep.

use serde::{Deserialize, Serialize};

use super::Instant;

/// From `opens` (included) to `closes` (not included). In JSON `["opens", "closes"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Instant, Instant)", into = "(Instant, Instant)")]
pub struct Window {
    /// The first instant inside.
    pub opens: Instant,
    /// The first instant outside again.
    pub closes: Instant,
}

/// The planned windows of an edition. Values from outside pass through [`Windows::checked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// Organisations send cases in.
    pub call: Window,
    /// Citizens vote.
    pub voting: Window,
    /// Judges score; may overlap the vote.
    pub judging: Window,
    /// When the result is to be public.
    pub announcement: Instant,
}

/// Why windows make no season.
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
    /// Whether `now` lies inside.
    pub fn contains(&self, now: Instant) -> bool {
        self.opens <= now && now < self.closes
    }

    /// Whether the whole of it lies inside another.
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
    /// Whether these windows may become `new` at `now`.
    ///
    /// What has happened stays: an opening that is past is not moved, a vote or a judging that has
    /// closed is not opened again (its counts may have been read), and the call is over for good
    /// once the vote has begun. A window is not closed in the past either. Only a judging that is
    /// `unfinished`, so that there are no standings anybody could have read, may be extended late.
    pub fn may_become(&self, new: &Self, now: Instant, unfinished: bool) -> bool {
        let kept = |old: Window, new: Window, late: bool| {
            (now < old.opens || new.opens == old.opens)
                && (now < old.closes || new.closes == old.closes || late)
                && (new.closes == old.closes || new.closes >= now)
        };
        let call_is_over = now >= self.voting.opens;
        kept(self.voting, new.voting, false)
            && kept(self.judging, new.judging, unfinished)
            && (!call_is_over || new.call == self.call)
    }

    /// These windows, if they make a season.
    ///
    /// # Errors
    /// The first [`WindowProblem`]; [`Windows::problems`] has them all.
    pub fn checked(self) -> Result<Self, WindowProblem> {
        match self.problems().first() {
            Some(&problem) => Err(problem),
            None => Ok(self),
        }
    }

    /// Everything that is wrong with these windows, in the order of the season.
    pub fn problems(&self) -> Vec<WindowProblem> {
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
    /// The value to mend, as a JSON pointer inside the windows: `/voting/1` is the vote's close.
    pub fn pointer(self) -> &'static str {
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

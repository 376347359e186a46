//! Proofs that an action is possible now. A use case takes one as an argument, so it cannot run
//! outside its phase. Only [`Schedule`] can make one.

use serde::{Deserialize, Serialize};

use super::{Instant, Schedule, Window};

/// Proof: organisations may send in and withdraw.
#[derive(Debug, Clone, Copy)]
pub struct SubmissionsOpen(());

/// Proof: staff may accept and reject.
#[derive(Debug, Clone, Copy)]
pub struct ScreeningOpen(());

/// Proof: everybody may see the accepted cases.
#[derive(Debug, Clone, Copy)]
pub struct GalleryPublic(());

/// Proof: citizens may vote.
#[derive(Debug, Clone, Copy)]
pub struct VotingOpen(());

/// Proof: the vote is over, its counts may be read.
#[derive(Debug, Clone, Copy)]
pub struct VotingClosed(());

/// Proof: judges may score.
#[derive(Debug, Clone, Copy)]
pub struct JudgingOpen(());

/// Proof: vote and judging are over and the result is not released; the awards may be decided.
#[derive(Debug, Clone, Copy)]
pub struct DeliberationOpen(());

/// Proof: everybody may read the result.
#[derive(Debug, Clone, Copy)]
pub struct ResultsPublic(());

/// Why an action is not possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PhaseError {
    /// Too early.
    #[error("not before {opens}")]
    NotYet {
        /// The (planned) instant from which it is possible.
        opens: Instant,
    },
    /// Too late.
    #[error("closed at {closed}")]
    Over {
        /// The instant from which it is no longer possible.
        closed: Instant,
    },
    /// The edition is not published.
    #[error("the edition is not published")]
    NotPublished,
}

impl Schedule {
    /// Gives the proof inside the window of the call.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn submissions_open(&self, now: Instant) -> Result<SubmissionsOpen, PhaseError> {
        self.require_inside_window(self.windows.call, now).map(|()| SubmissionsOpen(()))
    }

    /// Gives the proof from the opening of the call to an instant that the staff have set for one
    /// organisation.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn submissions_open_until(
        &self,
        until: Instant,
        now: Instant,
    ) -> Result<SubmissionsOpen, PhaseError> {
        let window = Window { opens: self.windows.call.opens, closes: until };
        self.require_inside_window(window, now).map(|()| SubmissionsOpen(()))
    }

    /// Gives the proof from the opening of the call to the opening of the vote, because staff
    /// decide on cases as they arrive.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn screening_open(&self, now: Instant) -> Result<ScreeningOpen, PhaseError> {
        let Self { windows, .. } = self;
        let window = Window { opens: windows.call.opens, closes: windows.voting.opens };
        self.require_inside_window(window, now).map(|()| ScreeningOpen(()))
    }

    /// Gives the proof from the opening of the vote to its close, for an edition whose vote could not begin:
    /// its rules are not sealed, so no ballot paper is fixed.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn late_screening_open(&self, now: Instant) -> Result<ScreeningOpen, PhaseError> {
        self.require_inside_window(self.windows.voting, now).map(|()| ScreeningOpen(()))
    }

    /// Gives the proof from the opening of the vote on, without an end. Before that, nobody sees
    /// the cases of others.
    ///
    /// # Errors
    /// Returns [`PhaseError`] before that time.
    pub fn gallery_public(&self, now: Instant) -> Result<GalleryPublic, PhaseError> {
        self.require_since(self.windows.voting.opens, now).map(|()| GalleryPublic(()))
    }

    /// Gives the proof inside the window of the vote, while nothing is released.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn voting_open(&self, now: Instant) -> Result<VotingOpen, PhaseError> {
        self.require_inside_window(self.windows.voting, now).map(|()| VotingOpen(()))
    }

    /// Gives the proof inside a poll's own window, while nothing is released.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn poll_open(&self, window: Window, now: Instant) -> Result<VotingOpen, PhaseError> {
        self.require_inside_window(window, now).map(|()| VotingOpen(()))
    }

    /// Gives the proof from the close of the vote on. Before that, running totals are not shown to
    /// anybody.
    ///
    /// # Errors
    /// Returns [`PhaseError`] before that time.
    pub fn voting_closed(&self, now: Instant) -> Result<VotingClosed, PhaseError> {
        self.require_since(self.windows.voting.closes, now).map(|()| VotingClosed(()))
    }

    /// Gives the proof inside the window of the judging, while nothing is released.
    ///
    /// # Errors
    /// Returns [`PhaseError`] outside that time.
    pub fn judging_open(&self, now: Instant) -> Result<JudgingOpen, PhaseError> {
        self.require_inside_window(self.windows.judging, now).map(|()| JudgingOpen(()))
    }

    /// Gives the proof when vote and judging are both over and no release is set, not even a future
    /// one.
    ///
    /// # Errors
    /// Returns [`PhaseError`] before that time and after the decision.
    pub fn deliberation_open(&self, now: Instant) -> Result<DeliberationOpen, PhaseError> {
        self.require_since(self.windows.voting.closes.max(self.windows.judging.closes), now)?;
        match self.released_at.or(self.archived_at.filter(|&at| at <= now)) {
            Some(closed) => Err(PhaseError::Over { closed }),
            None => Ok(DeliberationOpen(())),
        }
    }

    /// Gives the proof from the instant of the release on.
    ///
    /// # Errors
    /// Returns [`PhaseError`] before that time. Without a release, `opens` is the planned
    /// announcement, which may already be in the past.
    pub fn results_public(&self, now: Instant) -> Result<ResultsPublic, PhaseError> {
        if !self.published {
            return Err(PhaseError::NotPublished);
        }
        match self.released_at {
            Some(released) if released <= now => Ok(ResultsPublic(())),
            Some(opens) => Err(PhaseError::NotYet { opens }),
            None => Err(PhaseError::NotYet { opens: self.windows.announcement }),
        }
    }

    /// Checks that `now` is inside `window` and that nothing is released or archived. A release
    /// closes everything that decides a result, even if a window is moved afterwards.
    fn require_inside_window(&self, window: Window, now: Instant) -> Result<(), PhaseError> {
        self.require_since(window.opens, now)?;
        let ends = [Some(window.closes), self.released_at, self.archived_at];
        match ends.into_iter().flatten().min() {
            Some(closed) if closed <= now => Err(PhaseError::Over { closed }),
            _ => Ok(()),
        }
    }

    fn require_since(&self, opens: Instant, now: Instant) -> Result<(), PhaseError> {
        if !self.published {
            Err(PhaseError::NotPublished)
        } else if now < opens {
            Err(PhaseError::NotYet { opens })
        } else {
            Ok(())
        }
    }
}

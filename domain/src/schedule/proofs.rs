//! The proofs that something is possible now. A use case asks for one, so it cannot run out of
//! season, and nobody but [`Schedule`] can make one.

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

/// Proof: vote and judging are over and nothing is released; the awards may be decided.
#[derive(Debug, Clone, Copy)]
pub struct DeliberationOpen(());

/// Proof: everybody may read the result.
#[derive(Debug, Clone, Copy)]
pub struct ResultsPublic(());

/// Why something is not possible now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PhaseError {
    /// Too early.
    #[error("not before {opens}")]
    NotYet {
        /// From when on it is (planned to be) possible.
        opens: Instant,
    },
    /// Too late.
    #[error("closed at {closed}")]
    Over {
        /// Since when it is no longer possible.
        closed: Instant,
    },
    /// The edition is not published.
    #[error("the edition is not published")]
    NotPublished,
}

impl Schedule {
    /// Inside the call's window.
    ///
    /// # Errors
    /// [`PhaseError`] outside.
    pub fn submissions_open(&self, now: Instant) -> Result<SubmissionsOpen, PhaseError> {
        self.inside(self.windows.call, now).map(|()| SubmissionsOpen(()))
    }

    /// From the opening of the call to the opening of the vote: cases are decided on as they come.
    ///
    /// # Errors
    /// [`PhaseError`] outside.
    pub fn screening_open(&self, now: Instant) -> Result<ScreeningOpen, PhaseError> {
        let Self { windows, .. } = self;
        let window = Window { opens: windows.call.opens, closes: windows.voting.opens };
        self.inside(window, now).map(|()| ScreeningOpen(()))
    }

    /// From the opening of the vote on, for ever. Before that nobody sees another's case.
    ///
    /// # Errors
    /// [`PhaseError`] before.
    pub fn gallery_public(&self, now: Instant) -> Result<GalleryPublic, PhaseError> {
        self.since(self.windows.voting.opens, now).map(|()| GalleryPublic(()))
    }

    /// Inside the vote's window, while nothing is released.
    ///
    /// # Errors
    /// [`PhaseError`] outside.
    pub fn voting_open(&self, now: Instant) -> Result<VotingOpen, PhaseError> {
        self.inside(self.windows.voting, now).map(|()| VotingOpen(()))
    }

    /// Inside a poll's own window, while nothing is released.
    ///
    /// # Errors
    /// [`PhaseError`] outside.
    pub fn poll_open(&self, window: Window, now: Instant) -> Result<VotingOpen, PhaseError> {
        self.inside(window, now).map(|()| VotingOpen(()))
    }

    /// From the close of the vote on. Before that running totals are shown to nobody.
    ///
    /// # Errors
    /// [`PhaseError`] before.
    pub fn voting_closed(&self, now: Instant) -> Result<VotingClosed, PhaseError> {
        self.since(self.windows.voting.closes, now).map(|()| VotingClosed(()))
    }

    /// Inside the judging's window, while nothing is released.
    ///
    /// # Errors
    /// [`PhaseError`] outside.
    pub fn judging_open(&self, now: Instant) -> Result<JudgingOpen, PhaseError> {
        self.inside(self.windows.judging, now).map(|()| JudgingOpen(()))
    }

    /// When vote and judging are both over and no release is set, not even one to come.
    ///
    /// # Errors
    /// [`PhaseError`] before, and after the decision.
    pub fn deliberation_open(&self, now: Instant) -> Result<DeliberationOpen, PhaseError> {
        self.since(self.windows.voting.closes.max(self.windows.judging.closes), now)?;
        match self.released_at.or(self.archived_at.filter(|&at| at <= now)) {
            Some(closed) => Err(PhaseError::Over { closed }),
            None => Ok(DeliberationOpen(())),
        }
    }

    /// From the instant of the release on.
    ///
    /// # Errors
    /// [`PhaseError`] before; without a release `opens` is the planned announcement, which may
    /// already lie behind `now`.
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

    /// Inside `window`, and nothing released or archived: what decides a result is closed by it,
    /// even if a window is moved afterwards.
    fn inside(&self, window: Window, now: Instant) -> Result<(), PhaseError> {
        self.since(window.opens, now)?;
        let ends = [Some(window.closes), self.released_at, self.archived_at];
        match ends.into_iter().flatten().min() {
            Some(closed) if closed <= now => Err(PhaseError::Over { closed }),
            _ => Ok(()),
        }
    }

    fn since(&self, opens: Instant, now: Instant) -> Result<(), PhaseError> {
        if !self.published {
            Err(PhaseError::NotPublished)
        } else if now < opens {
            Err(PhaseError::NotYet { opens })
        } else {
            Ok(())
        }
    }
}

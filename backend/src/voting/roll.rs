//! The roll of a poll: its entries, their printed codes, and the voter who shows one.
//!
//! A code is in clear while its sheet is made, and on the paper. Two people with the same slip are
//! one voter: the ballot's key is made from the entry, so whoever comes second has voted already.

mod admin;
mod queries;

use std::time::Duration;

use domain::ids::{EditionId, PollId};
use domain::roll::{RollCode, RollRefusal};
use domain::schedule::VotingOpen;
use uuid::Uuid;

use super::queries::open_sessions;
use super::sessions::SESSION_HOURS;
use crate::attempts::Allowance;
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result, keys};

pub use admin::{Added, Drawn, Entry, Printing, Roll, Which};

const HOUR: Duration = Duration::from_secs(3600);

/// Wrong codes from one network. A hall or an apartment house is one network, and people mistype.
const WRONG_OF_A_NETWORK: Allowance =
    Allowance { what: "roll-network", tries: 1_000, within: HOUR };
/// The breaker: wrong codes of everybody. Guessing 80 bits is hopeless at any speed, so this only
/// bounds the work that a flood can make; it is set where no crowd of honest typists gets.
const WRONG_OF_ALL: Allowance = Allowance { what: "roll-all", tries: 200_000, within: HOUR };

/// A code as somebody shows it.
#[derive(Clone, Copy, Debug)]
pub struct ShownCode<'a> {
    /// The code as typed or scanned.
    pub code: &'a str,
    /// The secret in the voter's cookie of this browser, or nothing.
    pub held: &'a str,
    /// Whether a session of this code in another browser is to end.
    pub take_over: bool,
}

impl Backend {
    /// Opens the session of the voter whose printed code this is; returns the secret for the
    /// browser's cookie.
    ///
    /// A code may open a session as often as it has to until its ballot is in: a phone runs empty,
    /// a session ends after two hours. There is one session at a time, though; another browser has
    /// to say that it takes over. Where a vote may be changed, a code stays good until the close.
    ///
    /// A try is counted before the code is looked at, and given back where it was right.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but sixteen signs, without costing a try;
    /// [`Refusal::Roll`]; [`Error::TooMany`].
    pub async fn enter_by_code(
        &self,
        _open: VotingOpen,
        edition: &Edition,
        poll: &Poll,
        shown: ShownCode<'_>,
        network: &str,
    ) -> Result<String> {
        let code = RollCode::parse(shown.code).map_err(|problem| Error::field("code", problem))?;
        self.count_attempt(WRONG_OF_A_NETWORK, network).await?;
        self.count_attempt(WRONG_OF_ALL, "all").await?;
        let entry = self.entry_of(edition.id, poll, &code).await?;
        self.give_attempt_back(WRONG_OF_A_NETWORK, network).await?;
        self.give_attempt_back(WRONG_OF_ALL, "all").await?;
        self.open_entry(edition.id, poll, entry, shown).await
    }

    /// The entry of a code in this poll, if its code is good.
    async fn entry_of(&self, edition: EditionId, poll: &Poll, code: &RollCode) -> Result<Uuid> {
        let hash = self.roll_hash(edition, code)?;
        let mut connection = self.connection().await?;
        let found = queries::by_code(&mut connection, &hash).await?;
        let found = found.ok_or(Error::Refused(Refusal::Roll(RollRefusal::Unknown)))?;
        if found.poll != poll.id {
            return Err(Error::Refused(Refusal::Roll(RollRefusal::Foreign)));
        }
        found.id.ok_or(Error::Refused(Refusal::Roll(RollRefusal::Void)))
    }

    async fn open_entry(
        &self,
        edition: EditionId,
        poll: &Poll,
        entry: Uuid,
        shown: ShownCode<'_>,
    ) -> Result<String> {
        let (may_change, poll, token) = (poll.rules.may_change, poll.id, keys::token());
        let voter_key = self.roll_voter(edition, poll, entry)?;
        let (old, new) = (keys::token_hash(shown.held), keys::token_hash(&token));
        let take_over = shown.take_over;
        self.transact(move |connection| {
            Box::pin(async move {
                let refused = |why| Err(Error::Refused(Refusal::Roll(why)));
                // Whoever shows the code at the same instant waits here, and sees the session.
                if !queries::lock_entry(connection, entry).await? {
                    return refused(RollRefusal::Void);
                }
                if !may_change && queries::has_voted(connection, poll, &voter_key).await? {
                    return refused(RollRefusal::Used);
                }
                if queries::is_open_elsewhere(connection, poll, &voter_key, &old).await? {
                    if !take_over {
                        return refused(RollRefusal::InUse);
                    }
                    queries::end_sessions(connection, poll, &voter_key).await?;
                }
                let proven = [(poll, voter_key)];
                open_sessions(connection, &old, &new, &proven, SESSION_HOURS).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Removes the rolls of editions whose pseudonyms are gone.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn forget_rolls(&self) -> Result<()> {
        queries::forget(&mut *self.connection().await?).await
    }

    /// Removes the rolls of an edition, on its erase day.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn erase_rolls(&self, edition: EditionId) -> Result<()> {
        queries::erase(&mut *self.connection().await?, edition).await
    }

    /// How a code is kept. The edition is in it and the poll is not, so that a slip of another poll
    /// can be told apart from a wrong code.
    fn roll_hash(&self, edition: EditionId, code: &RollCode) -> Result<Vec<u8>> {
        Ok(self.keys.edition(edition)?.mac("roll-code", &[code.bits()]).to_vec())
    }

    fn roll_voter(&self, edition: EditionId, poll: PollId, entry: Uuid) -> Result<Vec<u8>> {
        self.voter_key(edition, poll, &format!("roll:{entry}"))
    }
}

//! The roll of a poll: its entries, their printed codes, and the voter who shows one.
//!
//! A code is in clear text only on paper and while its sheet is made. Two people with the same slip
//! are one voter. The ballot's key comes from the entry, so the second person has already voted.

mod admin;
mod labels;
mod queries;

use std::time::Duration;

use domain::fraud::TraceChannel;
use domain::ids::{EditionId, PollId};
use domain::roll::{RollCode, RollRefusal};
use domain::schedule::VotingOpen;
use uuid::Uuid;

use super::queries::open_voter_sessions;
use super::sessions::ProvenVoter;
use crate::attempts::{CountedTries, RateLimit};
use crate::editions::{Edition, Poll};
use crate::fraud::ProofSignals;
use crate::{Backend, Error, Refusal, Result, keys};

pub use admin::{AddedLabels, CodesToPrint, DrawnCode, PrintBatch, RollEntry, RollOverview};

const HOUR: Duration = Duration::from_secs(3600);

/// Wrong codes from one network, and from the networks around it. A hall or an apartment building is one network, and people
/// mistype.
const WRONG_OF_A_NETWORK: RateLimit =
    RateLimit { what: "roll-network", tries: 1_000, within: HOUR };
/// A code that a voter enters.
#[derive(Clone, Copy, Debug)]
pub struct ShownCode<'a> {
    /// The code as typed or scanned.
    pub code: &'a str,
    /// The secret in this browser's voter cookie. May be empty.
    pub held: &'a str,
    /// Whether to end a session of this code in another browser.
    pub take_over: bool,
}

impl Backend {
    /// Opens the session of the voter with this printed code. Returns the secret for the browser's
    /// cookie.
    ///
    /// Until its ballot is cast, a code can open any number of sessions, because a phone may run
    /// out of power and a session ends after two hours. Only one session is open at a time, so
    /// another browser has to confirm that it takes over. If a vote may be changed, a code stays
    /// valid until the close. A code that was replaced after the opening does not tell whether its
    /// entry has voted ([`crate::voting::CastOutcome::HandedIn`]).
    ///
    /// A try is counted before the code is checked, and given back unless the code was wrong. There
    /// is no limit for all networks together: nobody guesses 80 bits, and the queue of the forms
    /// bounds the work.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but sixteen characters; this costs no try.
    /// [`Refusal::Roll`]; [`Error::TooMany`].
    pub async fn enter_by_roll_code(
        &self,
        _open: VotingOpen,
        edition: &Edition,
        poll: &Poll,
        shown: ShownCode<'_>,
        network: &str,
    ) -> Result<String> {
        let code = RollCode::parse_typed_code(shown.code)
            .map_err(|problem| Error::invalid_field("code", problem))?;
        let (backend, edition, of) = (self.clone(), edition.id, poll.clone());
        let (within, network) = (edition.to_string(), network.to_owned());
        // A task of its own: a request that is dropped must give its try back, too.
        let looking = tokio::spawn(async move {
            let mut counted = CountedTries::default();
            backend
                .count_network_tries(&mut counted, WRONG_OF_A_NETWORK, &within, &network)
                .await?;
            let found = backend.find_roll_entry(edition, &of, &code).await;
            if !matches!(found, Err(Error::Refused(_))) {
                backend.give_tries_back(counted).await?;
            }
            found
        });
        let entry = looking.await.map_err(|_| Error::Internal("a look-up panicked"))??;
        self.open_roll_session(edition, poll, entry, shown).await
    }

    /// Returns the entry of a code in this poll, if the code is valid.
    async fn find_roll_entry(
        &self,
        edition: EditionId,
        poll: &Poll,
        code: &RollCode,
    ) -> Result<Uuid> {
        let hash = self.hash_roll_code(edition, code)?;
        let mut connection = self.acquire_connection().await?;
        let found = queries::find_entry_by_code(&mut connection, &hash).await?;
        let found = found.ok_or(Error::Refused(Refusal::Roll(RollRefusal::Unknown)))?;
        if found.poll != poll.id {
            return Err(Error::Refused(Refusal::Roll(RollRefusal::Foreign)));
        }
        found.id.ok_or(Error::Refused(Refusal::Roll(RollRefusal::Void)))
    }

    async fn open_roll_session(
        &self,
        edition: EditionId,
        poll: &Poll,
        entry: Uuid,
        shown: ShownCode<'_>,
    ) -> Result<String> {
        let (may_change, poll, token) = (poll.rules.may_change, poll.id, self.new_voter_token());
        let voter_key = self.roll_voter_key(edition, poll, entry)?;
        let (old, new) = (keys::hash_token(shown.held), keys::hash_token(&token));
        let take_over = shown.take_over;
        let proof = ProofSignals::of_channel(TraceChannel::Roll);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let refused = |why| Err(Error::Refused(Refusal::Roll(why)));
                // A second request with the same code waits here, and then sees the session.
                let Some(replaced_late) = queries::lock_roll_entry(connection, entry).await? else {
                    return refused(RollRefusal::Void);
                };
                if !may_change
                    && !replaced_late
                    && queries::has_voted(connection, poll, &voter_key).await?
                {
                    return refused(RollRefusal::Used);
                }
                if queries::has_session_elsewhere(connection, poll, &voter_key, &old).await? {
                    if !take_over {
                        return refused(RollRefusal::InUse);
                    }
                    queries::end_voter_sessions(connection, poll, &voter_key).await?;
                }
                let proven = ProvenVoter { poll, key: voter_key, proof };
                open_voter_sessions(connection, &old, &new, &[proven]).await?;
                if replaced_late {
                    queries::mark_session_told_nothing(connection, &new).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(token)
    }

    /// Deletes the rolls of editions 30 days after the result.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_rolls(&self) -> Result<()> {
        queries::delete_old_rolls(&mut *self.acquire_connection().await?).await
    }

    /// Deletes the rolls of an edition, on its erase day.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_edition_rolls(&self, edition: EditionId) -> Result<()> {
        queries::delete_edition_rolls(&mut *self.acquire_connection().await?, edition).await
    }

    /// Hashes a code for storage. The hash depends on the edition and not on the poll, so a code of
    /// another poll can be told apart from a wrong one.
    fn hash_roll_code(&self, edition: EditionId, code: &RollCode) -> Result<Vec<u8>> {
        Ok(self.keys.edition_key(edition)?.compute_mac("roll-code", &[code.bits()]).to_vec())
    }

    fn roll_voter_key(&self, edition: EditionId, poll: PollId, entry: Uuid) -> Result<Vec<u8>> {
        self.derive_voter_key(edition, poll, &format!("roll:{entry}"))
    }
}

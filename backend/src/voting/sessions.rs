//! The sessions of voters: which browser was verified for which polls.

use domain::ids::{EditionId, PollId};

use super::{Voter, queries};
use crate::editions::Poll;
use crate::{Backend, Result, keys};

/// How long a verified browser may vote, in hours, so that nobody needs a code in the last minute.
pub(super) const SESSION_HOURS: i32 = 2;

impl Backend {
    /// Derives the pseudonym of a voter in a poll, the same for every way to vote. The identity
    /// begins with its kind: `email:…`, `tel:+8210…`, `roll:…`, `oidc:…`.
    ///
    /// # Errors
    /// If the edition's key cannot be read.
    pub(crate) fn voter_key(
        &self,
        edition: EditionId,
        poll: PollId,
        identity: &str,
    ) -> Result<Vec<u8>> {
        let key = self.keys.edition(edition)?;
        Ok(key.mac("voter", &[poll.0.as_bytes(), identity.as_bytes()]).to_vec())
    }

    /// Opens the session of a voter who has just been verified. Returns the secret for the
    /// browser's cookie, valid for two hours. `held` is the secret that the browser had before. Its
    /// sessions in other polls move to the new secret, and the old one ends.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn open_voter_session(
        &self,
        held: &str,
        poll: PollId,
        voter_key: Vec<u8>,
    ) -> Result<String> {
        let (token, old) = (keys::token(), keys::token_hash(held));
        let new = keys::token_hash(&token);
        let proven = vec![(poll, voter_key)];
        self.transact(move |connection| {
            Box::pin(async move {
                queries::open_sessions(connection, &old, &new, &proven, SESSION_HOURS).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Returns the voter with this cookie, until the session ends after two hours.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn voter(&self, poll: &Poll, token: &str) -> Result<Option<Voter>> {
        let voter = Voter::with(poll, token);
        let verified = queries::is_verified(&mut *self.connection().await?, &voter).await?;
        Ok(verified.then_some(voter))
    }

    /// Checks whether this cookie has a valid session in any poll.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn is_voter(&self, token: &str) -> Result<bool> {
        let hash = keys::token_hash(token);
        queries::has_session(&mut *self.connection().await?, &hash).await
    }

    /// Ends the sessions of a browser in all polls, so that the next person at this machine sees
    /// nothing of the last one.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn leave_vote(&self, token: &str) -> Result<()> {
        let hash = keys::token_hash(token);
        queries::delete_voter_sessions(&mut *self.connection().await?, &hash).await
    }

    /// Deletes expired codes, sessions, sign-in flows and rolls. Pseudonyms stay in the record.
    /// They reveal nothing once the edition's key is destroyed ([`Backend::erase`]).
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn forget_voters(&self) -> Result<()> {
        let mut connection = self.connection().await?;
        queries::forget_challenges(&mut connection).await?;
        queries::forget_rests(&mut connection).await?;
        queries::forget_voter_sessions(&mut connection).await?;
        drop(connection);
        self.forget_ways().await?;
        self.forget_rolls().await
    }
}

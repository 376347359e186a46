//! The sessions of voters: which browser was verified for which polls.

use domain::fraud::TraceChannel;
use domain::ids::{EditionId, PollId};

use super::{VoterToken, queries};
use crate::editions::Poll;
use crate::fraud::ProofSignals;
use crate::keys::TokenKind;
use crate::{Backend, Result, keys};

/// How long a verified browser may vote, in hours, so that nobody needs a code in the last minute.
pub(super) const SESSION_HOURS: i32 = 2;

/// A voter who was verified for a poll.
pub(super) struct ProvenVoter {
    pub(super) poll: PollId,
    /// The voter's pseudonym in the poll.
    pub(super) key: Vec<u8>,
    /// What the verification told.
    pub(super) proof: ProofSignals,
}

impl Backend {
    /// Derives the pseudonym of a voter in a poll, the same for every way to vote. The identity
    /// begins with its kind: `email:…`, `tel:+8210…`, `roll:…`, `oidc:…`.
    ///
    /// # Errors
    /// If the edition's key cannot be read.
    pub(crate) fn derive_voter_key(
        &self,
        edition: EditionId,
        poll: PollId,
        identity: &str,
    ) -> Result<Vec<u8>> {
        let key = self.keys.edition_key(edition)?;
        Ok(key.compute_mac("voter", &[poll.0.as_bytes(), identity.as_bytes()]).to_vec())
    }

    /// Opens the session of a voter who has just been verified. Returns the secret for the
    /// browser's cookie, valid for two hours. `held` is the secret that the browser had before. Its
    /// sessions end, also those in other polls.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn open_voter_session(
        &self,
        held: &str,
        poll: PollId,
        voter_key: Vec<u8>,
    ) -> Result<String> {
        let token = self.new_voter_token();
        let proof = ProofSignals::of_channel(TraceChannel::Email);
        let proven = ProvenVoter { poll, key: voter_key, proof };
        self.open_session_with_token(held, &token, proven).await?;
        Ok(token)
    }

    /// Opens the session of a verified voter whose secret is already made.
    pub(super) async fn open_session_with_token(
        &self,
        held: &str,
        token: &str,
        proven: ProvenVoter,
    ) -> Result<()> {
        let (old, new) = (keys::hash_token(held), keys::hash_token(token));
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                queries::open_voter_sessions(connection, &old, &new, &[proven]).await
            })
        })
        .await
    }

    /// Makes the secret of a voter's session.
    pub(super) fn new_voter_token(&self) -> String {
        self.keys.issue_token(TokenKind::Voter)
    }

    /// Returns the voter with this cookie, until the session ends after two hours.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn verified_browser(&self, poll: &Poll, token: &str) -> Result<Option<VoterToken>> {
        if !self.keys.is_own_token(TokenKind::Voter, token) {
            return Ok(None);
        }
        let voter = VoterToken::with_cookie(poll, token);
        let verified =
            queries::is_browser_verified(&mut *self.acquire_connection().await?, &voter).await?;
        Ok(verified.then_some(voter))
    }

    /// Checks whether this cookie has a valid session in any poll.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn has_voter_session(&self, token: &str) -> Result<bool> {
        if !self.keys.is_own_token(TokenKind::Voter, token) {
            return Ok(false);
        }
        let hash = keys::hash_token(token);
        queries::has_voter_session(&mut *self.acquire_connection().await?, &hash).await
    }

    /// Ends the sessions of a browser in all polls, so that the next person at this machine sees
    /// nothing of the last one.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn end_voter_sessions(&self, token: &str) -> Result<()> {
        if !self.keys.is_own_token(TokenKind::Voter, token) {
            return Ok(());
        }
        let hash = keys::hash_token(token);
        queries::delete_voter_sessions(&mut *self.acquire_connection().await?, &hash).await
    }

    /// Deletes expired codes, sessions, sign-in flows and rolls. Pseudonyms stay in the record.
    /// They reveal nothing once the edition's key is destroyed ([`Backend::erase_confirmed_edition`]).
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn delete_old_voter_data(&self) -> Result<()> {
        let mut connection = self.acquire_connection().await?;
        queries::delete_old_challenges(&mut connection).await?;
        queries::delete_old_pauses(&mut connection).await?;
        queries::delete_old_voter_sessions(&mut connection).await?;
        drop(connection);
        self.delete_old_oidc_flows().await?;
        self.delete_old_rolls().await
    }
}

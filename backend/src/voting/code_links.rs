//! The link in a message with a code. It opens the vote in any browser, so nobody can shut a voter out by
//! asking for codes in the voter's name.

use domain::refusal::VotingRefusal;
use domain::schedule::VotingOpen;

use super::challenges::ProvenChallenge;
use super::{VoterDeclaration, queries};
use crate::editions::{Edition, Poll};
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Returns the edition and the poll, by their short names, that the link of a message leads to.
    /// The check does not use the link.
    ///
    /// # Errors
    /// [`VotingRefusal::CodeOver`] for a link that is used, too old, or was never made.
    pub async fn code_link_poll(&self, link: &str) -> Result<(String, String)> {
        let found = self.find_code_link(link).await?;
        Ok((found.edition, found.poll))
    }

    async fn find_code_link(&self, link: &str) -> Result<queries::CodeLink> {
        let over = Error::Refused(Refusal::Voting(VotingRefusal::CodeOver));
        if !self.keys.is_own_token(TokenKind::CodeLink, link) {
            return Err(over);
        }
        let hash = keys::hash_token(link);
        queries::find_code_link(&mut *self.acquire_connection().await?, &hash).await?.ok_or(over)
    }

    /// Opens the session of a voter who has the link of a message, in any browser, once. It is also
    /// good for the other polls for which the contact is proven. Returns the secret for the voter's
    /// cookie. `held` is the secret that the browser had before.
    ///
    /// # Errors
    /// The errors of [`VoterDeclaration::check_eligibility`]. [`VotingRefusal::CodeOver`] for a link that
    /// is used, too old, or of another poll. [`VotingRefusal::DomainUsedUp`].
    pub async fn redeem_code_link(
        &self,
        _open: VotingOpen,
        (edition, poll): (&Edition, &Poll),
        declaration: &VoterDeclaration,
        (link, held): (&str, &str),
    ) -> Result<String> {
        declaration.check_eligibility(poll.rules.eligibility)?;
        let found = self.find_code_link(link).await?;
        if found.poll_id != poll.id {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)));
        }
        let owner = self.open_challenge_owner(edition.id, found.id, &found.sealed)?;
        let proven = ProvenChallenge { id: found.id, owner, typed_from: None };
        self.open_session_by_challenge((edition, poll), proven, link, held).await
    }
}

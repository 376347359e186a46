//! Opening the ballots of a poll that is closed: for the count, the cast-vote records and the
//! observers. Before the close nothing here can be reached.

use domain::record::receipt::Opening;
use sqlx::PgConnection;

use super::ballots::queries;
use super::{Voter, sealed};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Result};

impl Backend {
    /// Hands every ballot of a closed poll to `take`: of a voter who changed their mind, the last.
    /// They come one by one, so that a million of them need no memory.
    ///
    /// # Errors
    /// [`Error::Refused`] with [`crate::Refusal::PollsOpen`] before the record has closed the poll;
    /// [`Error::Internal`] where a ballot was changed or the edition's key is destroyed.
    pub(crate) async fn each_ballot(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        poll: &Poll,
        mut take: impl FnMut(Opening) + Send,
    ) -> Result<()> {
        if !queries::is_closed(connection, poll.id).await? {
            return Err(Error::Refused(crate::Refusal::PollsOpen));
        }
        let key = self.keys.edition(edition.id)?;
        queries::each_sealed(connection, poll.id, |id, picks| {
            let picks = sealed::open(&key, (poll.id, id), &picks, poll.rules.picks)?;
            take(Opening { ballot: id, key: sealed::ballot_key(&key, poll.id, id), picks });
            Ok(())
        })
        .await
    }

    /// What shows this voter, and nobody else, that the record commits to their picks.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Internal`].
    pub async fn opening(&self, edition: &Edition, voter: &Voter) -> Result<Option<Opening>> {
        let poll = edition.polls.iter().find(|poll| poll.id == voter.poll);
        let poll = poll.ok_or(Error::Forbidden)?;
        let mine = queries::sealed_of(&mut *self.connection().await?, voter).await?;
        let Some((ballot, picks)) = mine else { return Ok(None) };
        let key = self.keys.edition(edition.id)?;
        let picks = sealed::open(&key, (poll.id, ballot), &picks, poll.rules.picks)?;
        Ok(Some(Opening { ballot, key: sealed::ballot_key(&key, poll.id, ballot), picks }))
    }
}

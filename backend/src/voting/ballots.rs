//! Casting exactly once, the receipt, and the count after the close.

use domain::ballot::Picks;
use domain::ids::BallotId;
use uuid::Uuid;

use super::{Ballot, Cast, Receipt, Voter, queries};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Casts a ballot. One autocommit statement decides: the window by the edition's clock, the
    /// cases, and, by the primary key, that there is no other ballot of this voter.
    ///
    /// It takes no proof of the phase. The statement asks the clock by itself, and a retry that
    /// comes after the close still gets the receipt of what was in before.
    ///
    /// # Errors
    /// [`Refusal::Picks`] and [`Refusal::ForeignCase`] for picks that make no ballot here;
    /// [`Error::Phase`] outside the window; [`Error::Forbidden`] for a voter of another poll.
    pub async fn cast(&self, voter: &Voter, edition: &Edition, ballot: &Ballot) -> Result<Cast> {
        let poll = edition.polls.iter().find(|poll| poll.id == voter.poll);
        let poll = poll.ok_or(Error::Forbidden)?;
        let picks = Picks::parse(&ballot.picks, poll.rules.picks)
            .map_err(|problem| Error::Refused(Refusal::Picks(problem)))?;
        let id = BallotId(Uuid::new_v4());
        let mut connection = self.connection().await?;
        let row = queries::NewBallot { voter, id, key: ballot.idempotency_key, picks: &picks };
        let stored = queries::insert_ballot(&mut connection, &row).await?;
        drop(connection);
        match stored {
            Some(receipt) => Ok(Cast::Accepted(receipt)),
            None => self.why_not(voter, edition, poll, ballot).await,
        }
    }

    /// Why the statement stored nothing. What is stored decides first: an earlier ballot outranks
    /// a window that has closed since.
    async fn why_not(
        &self,
        voter: &Voter,
        edition: &Edition,
        poll: &Poll,
        ballot: &Ballot,
    ) -> Result<Cast> {
        let found = queries::ballot_of(&mut *self.connection().await?, voter).await?;
        match found {
            Some((receipt, key)) if key == ballot.idempotency_key => Ok(Cast::Accepted(receipt)),
            Some((receipt, _)) => Ok(Cast::AlreadyVoted(receipt)),
            None => {
                self.edition(&edition.slug).await?.poll_open(poll)?;
                Err(Error::Refused(Refusal::ForeignCase))
            }
        }
    }

    /// The receipt of the ballot that this voter has cast, if any.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn receipt(&self, voter: &Voter) -> Result<Option<Receipt>> {
        let found = queries::ballot_of(&mut *self.connection().await?, voter).await?;
        Ok(found.map(|(receipt, _)| receipt))
    }
}

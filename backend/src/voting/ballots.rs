//! Casting exactly once, and the receipt.

pub(super) mod queries;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, PollId};
use sqlx::PgPool;
use uuid::Uuid;

use super::clock::{Admitted, Clock};
use super::intake::Intake;
use super::{Ballot, Cast, Receipt, Voter, busy, sealed};
use crate::editions::polls::queries::papers;
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result};

/// How long an edition is good for once it was read.
const FRESH: Duration = Duration::from_millis(500);
/// How much older it may be while somebody is reading it anew: what it says of the rules is sealed.
const STALE: Duration = Duration::from_secs(5);

/// What casting needs at hand.
pub(crate) struct Ballots {
    pub(super) clock: Clock,
    pool: PgPool,
    intake: Intake,
    /// Editions as they were a moment ago: a rush of ballots asks for one and the same.
    editions: Mutex<HashMap<String, (Instant, Arc<Edition>)>>,
    /// Held by the one who reads an edition for all.
    reading: tokio::sync::Mutex<()>,
    /// The ballot papers of polls that have opened: sealed, so they never change.
    papers: Mutex<HashMap<PollId, Arc<HashSet<CaseId>>>>,
}

impl Ballots {
    /// Opens the queue over this pool.
    pub(crate) fn open(pool: PgPool) -> Self {
        Self {
            clock: Clock::default(),
            intake: Intake::open(pool.clone()),
            pool,
            editions: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            papers: Mutex::default(),
        }
    }

    /// A connection of those that only ballots wait for.
    pub(super) async fn connection(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    fn known(&self, slug: &str, at_most: Duration) -> Option<Arc<Edition>> {
        let editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, edition) = editions.get(slug)?;
        (read_at.elapsed() < at_most).then(|| edition.clone())
    }
}

impl Backend {
    /// A published edition for casting in, at most a few seconds old: what it says of the rules is
    /// sealed, and of the window the statement knows best. One request reads it anew; whoever comes
    /// meanwhile takes what is there.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn edition_to_vote_in(&self, slug: &str) -> Result<Arc<Edition>> {
        if let Some(edition) = self.ballots.known(slug, FRESH) {
            return Ok(edition);
        }
        let _turn = match (self.ballots.reading.try_lock(), self.ballots.known(slug, STALE)) {
            (Err(_), Some(edition)) => return Ok(edition),
            (Ok(turn), _) => turn,
            (Err(_), None) => self.ballots.reading.lock().await,
        };
        if let Some(edition) = self.ballots.known(slug, FRESH) {
            return Ok(edition);
        }
        let edition = Arc::new(Box::pin(self.public_edition(slug)).await?);
        let mut editions = self.ballots.editions.lock().unwrap_or_else(PoisonError::into_inner);
        editions.insert(slug.to_owned(), (Instant::now(), edition.clone()));
        Ok(edition)
    }

    /// Whether another ballot would be taken now: looked at first, because whoever is turned away
    /// should cost next to nothing.
    ///
    /// # Errors
    /// [`Error::Busy`] where the queue is full.
    pub fn has_room(&self) -> Result<()> {
        if self.ballots.intake.has_room() { Ok(()) } else { Err(busy()) }
    }

    /// Casts a ballot that is admitted now: [`Backend::cast_admitted`].
    ///
    /// # Errors
    /// As there, and as of [`Backend::admit`].
    pub async fn cast(&self, voter: &Voter, edition: &Edition, ballot: &Ballot) -> Result<Cast> {
        self.cast_admitted(self.admit().await?, voter, edition, ballot).await
    }

    /// Casts a ballot. One autocommit statement decides for a whole batch: the voter's session, the
    /// window by the edition's clock, and, by the primary key, that there is no other ballot of
    /// this voter.
    ///
    /// It takes no proof of the phase. The statement asks the clock by itself, and a retry that
    /// comes after the close still gets the receipt of what was in before.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the browser's session is over or none; [`Refusal::Picks`] and
    /// [`Refusal::ForeignCase`] for picks that make no ballot here; [`Error::Phase`] outside the
    /// window; [`Error::Busy`] where the queue is full; [`Error::Unknown`] where nobody knows yet
    /// what became of it.
    pub async fn cast_admitted(
        &self,
        admitted: Admitted,
        voter: &Voter,
        edition: &Edition,
        ballot: &Ballot,
    ) -> Result<Cast> {
        match self.try_to_cast(admitted, voter, edition, ballot).await {
            // An earlier try with the same key may be in, whatever broke this time.
            Err(Error::Database(error)) => {
                tracing::error!(%error, "nobody knows about a ballot");
                Err(Error::Unknown)
            }
            cast => cast,
        }
    }

    async fn try_to_cast(
        &self,
        Admitted(admitted_at): Admitted,
        voter: &Voter,
        edition: &Edition,
        ballot: &Ballot,
    ) -> Result<Cast> {
        let poll = edition.polls.iter().find(|poll| poll.id == voter.poll);
        let poll = poll.ok_or(Error::Forbidden)?;
        let picks = Picks::parse(&ballot.picks, poll.rules.picks)
            .map_err(|problem| Error::Refused(Refusal::Picks(problem)))?;
        // What is seldom done lies in a box: thousands of ballots wait at once, each as large as the
        // largest of what it may come to.
        if poll.opened_at.is_none() {
            Box::pin(self.open_poll(edition, poll)).await?;
        }
        let paper = self.paper(edition, poll).await?;
        if !picks.as_slice().iter().all(|case| paper.contains(case)) {
            return Err(Error::Refused(Refusal::ForeignCase));
        }
        let id = BallotId(Uuid::new_v4());
        let key = self.keys.edition(edition.id)?;
        let row = queries::NewBallot {
            session: voter.session.clone(),
            poll: poll.id,
            id,
            key: ballot.idempotency_key,
            picks: sealed::seal(&key, (poll.id, id), &picks, poll.rules.picks)?,
            admitted_at,
        };
        match self.ballots.intake.store(row).await? {
            Some(receipt) => Ok(Cast::Accepted(receipt)),
            None => Box::pin(self.why_not(voter, edition, poll, ballot)).await,
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
        let mut connection = self.connection().await?;
        let mine = queries::ballots_of(&mut connection, voter).await?.ok_or(Error::Forbidden)?;
        drop(connection);
        if let Some((receipt, _)) = mine.iter().find(|(_, key)| *key == ballot.idempotency_key) {
            return Ok(Cast::Accepted(*receipt));
        }
        if let Some((receipt, _)) = mine.last().filter(|_| !poll.rules.may_change) {
            return Ok(Cast::AlreadyVoted(*receipt));
        }
        let edition = self.edition(&edition.slug).await?;
        edition.poll_open(edition.poll(poll.slug())?)?;
        // Two changes of mind at the same instant, or a session that began in between.
        Err(busy())
    }

    async fn paper(&self, edition: &Edition, poll: &Poll) -> Result<Arc<HashSet<CaseId>>> {
        let known = |papers: &Mutex<HashMap<_, Arc<_>>>| {
            papers.lock().unwrap_or_else(PoisonError::into_inner).get(&poll.id).cloned()
        };
        if let Some(paper) = known(&self.ballots.papers) {
            return Ok(paper);
        }
        let load = async { papers(&mut *self.connection().await?, edition.id).await };
        let papers = Box::pin(load).await?;
        let cases = papers.get(&poll.id).into_iter().flatten().copied();
        let paper = Arc::new(cases.collect::<HashSet<_>>());
        let mut papers = self.ballots.papers.lock().unwrap_or_else(PoisonError::into_inner);
        papers.insert(poll.id, paper.clone());
        Ok(paper)
    }

    /// The receipt of the ballot that this voter has cast, the last one where it may be changed.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn receipt(&self, voter: &Voter) -> Result<Option<Receipt>> {
        let mine = queries::ballots_of(&mut *self.connection().await?, voter).await?;
        Ok(mine.and_then(|mine| mine.last().map(|(receipt, _)| *receipt)))
    }
}

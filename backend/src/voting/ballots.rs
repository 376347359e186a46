//! Casting a ballot exactly once, and the receipt.

pub(super) mod queries;

use domain::refusal::VotingRefusal;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, PollId};
use sqlx::PgPool;
use uuid::Uuid;

use super::clock::{AdmittedAt, DatabaseClock};
use super::intake::Intake;
use super::{
    Ballot, CastAttempt, CastOutcome, Receipt, VotePlace, VoterToken, busy_error, sealed_picks,
};
use crate::editions::polls::queries::ballot_papers;
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Refusal, Result};

/// How long an edition is used after it was read.
const EDITION_FRESH: Duration = Duration::from_millis(500);
/// How long an edition is used while another request reads it again. This is safe because its rules
/// are sealed.
const EDITION_STALE: Duration = Duration::from_secs(5);

/// The clock, the queue and the caches for casting ballots.
pub(crate) struct CastingState {
    pub(super) clock: DatabaseClock,
    pool: PgPool,
    intake: Intake,
    /// Editions that were read a moment ago. Many ballots at once ask for the same one.
    editions: Mutex<HashMap<String, (Instant, Arc<Edition>)>>,
    /// Locked by the request that reads an edition for all others.
    reading: tokio::sync::Mutex<()>,
    /// The ballot papers of opened polls. They are sealed, so they never change.
    papers: Mutex<HashMap<PollId, Arc<HashSet<CaseId>>>>,
}

impl CastingState {
    /// Starts the queue for ballots on this pool.
    pub(crate) fn with_pool(pool: PgPool) -> Self {
        Self {
            clock: DatabaseClock::default(),
            intake: Intake::start_queue(pool.clone()),
            pool,
            editions: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            papers: Mutex::default(),
        }
    }

    /// Takes a connection from the pool that only ballots use.
    pub(super) async fn ballot_connection(
        &self,
    ) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    fn known_edition(&self, slug: &str, at_most: Duration) -> Option<Arc<Edition>> {
        let editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, edition) = editions.get(slug)?;
        (read_at.elapsed() < at_most).then(|| edition.clone())
    }
}

impl Backend {
    /// Returns a published edition for casting, at most a few seconds old. That is safe, because
    /// the rules are sealed and the statement that stores ballots checks the window itself. One
    /// request reads the edition again; the others use the old one meanwhile.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    async fn edition_to_vote_in(&self, slug: &str) -> Result<Arc<Edition>> {
        if let Some(edition) = self.ballots.known_edition(slug, EDITION_FRESH) {
            return Ok(edition);
        }
        let _turn = match (
            self.ballots.reading.try_lock(),
            self.ballots.known_edition(slug, EDITION_STALE),
        ) {
            (Err(_), Some(edition)) => return Ok(edition),
            (Ok(turn), _) => turn,
            (Err(_), None) => self.ballots.reading.lock().await,
        };
        if let Some(edition) = self.ballots.known_edition(slug, EDITION_FRESH) {
            return Ok(edition);
        }
        let edition = Arc::new(Box::pin(self.find_public_edition(slug)).await?);
        let mut editions = self.ballots.editions.lock().unwrap_or_else(PoisonError::into_inner);
        editions.insert(slug.to_owned(), (Instant::now(), edition.clone()));
        Ok(edition)
    }

    /// Checks whether the queue has room for another ballot. This comes first, so that refusing a
    /// voter costs almost nothing.
    ///
    /// # Errors
    /// [`Error::Busy`] if the queue is full.
    fn check_ballot_room(&self) -> Result<()> {
        if self.ballots.intake.has_room() { Ok(()) } else { Err(busy_error()) }
    }

    /// Casts a ballot whose whole request has just been read. The order of the four steps matters:
    ///
    /// 1. Refuse the ballot if the queue is full, because refusing must cost almost nothing.
    /// 2. Take the instant at which the ballot counts, before anything that may take long.
    /// 3. Find the edition and the poll, from memory if possible.
    /// 4. Store the ballot. Only the statement that stores it decides about session and window.
    ///
    /// # Errors
    /// Those of the first three steps: [`Error::Busy`] and [`Error::NotFound`]. What became of the
    /// fourth is [`CastAttempt::outcome`], with the errors of [`Backend::cast_admitted_ballot`].
    pub async fn cast(&self, place: VotePlace<'_>, ballot: &Ballot) -> Result<CastAttempt> {
        self.check_ballot_room()?;
        let admitted = self.admit_ballot().await?;
        let edition = self.edition_to_vote_in(place.edition).await?;
        let poll = edition.find_poll(place.poll)?.clone();
        let voter = VoterToken::with_cookie(&poll, place.cookie);
        let outcome = self.cast_admitted_ballot(admitted, &voter, &edition, ballot).await;
        Ok(CastAttempt { edition, poll, outcome })
    }

    /// Does the second and the fourth step of [`Backend::cast`], for a caller that holds the edition.
    ///
    /// # Errors
    /// Those of [`Backend::admit_ballot`] and [`Backend::cast_admitted_ballot`].
    pub async fn cast_ballot(
        &self,
        voter: &VoterToken,
        edition: &Edition,
        ballot: &Ballot,
    ) -> Result<CastOutcome> {
        self.cast_admitted_ballot(self.admit_ballot().await?, voter, edition, ballot).await
    }

    /// Casts a ballot. One autocommit statement decides for a whole batch. It checks the voter's
    /// session and the window by the edition's clock. The primary key ensures that the voter has no
    /// other ballot.
    ///
    /// This takes no proof of the phase, because the statement checks the clock itself. A retry
    /// after the close still gets the receipt of a ballot that was stored before.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if the browser's session has ended or never existed. [`VotingRefusal::Picks`]
    /// and [`VotingRefusal::ForeignCase`] for picks that are not allowed in this poll. [`Error::Phase`]
    /// outside the window. [`Error::Busy`] if the queue is full. [`Error::Unknown`] if nobody knows
    /// yet whether the ballot was stored.
    pub async fn cast_admitted_ballot(
        &self,
        admitted: AdmittedAt,
        voter: &VoterToken,
        edition: &Edition,
        ballot: &Ballot,
    ) -> Result<CastOutcome> {
        match self.try_to_cast_ballot(admitted, voter, edition, ballot).await {
            // An earlier try with the same key may have stored it, even if this one failed.
            Err(Error::Database(error)) => {
                tracing::error!(%error, "nobody knows about a ballot");
                Err(Error::Unknown)
            }
            cast => cast,
        }
    }

    async fn try_to_cast_ballot(
        &self,
        AdmittedAt(admitted_at): AdmittedAt,
        voter: &VoterToken,
        edition: &Edition,
        ballot: &Ballot,
    ) -> Result<CastOutcome> {
        let poll = edition.polls.iter().find(|poll| poll.id == voter.poll);
        let poll = poll.ok_or(Error::Forbidden)?;
        let picks = Picks::from_case_ids(&ballot.picks, poll.rules.picks)
            .map_err(|problem| Error::Refused(Refusal::Voting(VotingRefusal::Picks(problem))))?;
        // Box the rare branches: a future is as large as its largest branch, and thousands wait at
        // once.
        if poll.opened_at.is_none() {
            Box::pin(self.open_poll(edition, poll)).await?;
        }
        let paper = self.ballot_paper(edition, poll).await?;
        if !picks.as_slice().iter().all(|case| paper.contains(case)) {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)));
        }
        let id = BallotId(Uuid::new_v4());
        let key = self.keys.edition_key(edition.id)?;
        let row = queries::NewBallot {
            session: voter.session.clone(),
            poll: poll.id,
            id,
            key: ballot.idempotency_key,
            picks: sealed_picks::seal_picks(&key, (poll.id, id), &picks, poll.rules.picks)?,
            admitted_at,
        };
        match self.ballots.intake.store_ballot(row).await? {
            Some(receipt) => Ok(CastOutcome::Accepted(receipt)),
            None => Box::pin(self.explain_refusal(voter, edition, poll, ballot)).await,
        }
    }

    /// Finds out why the statement stored nothing. Stored ballots are checked first, because an
    /// earlier ballot matters more than a window that has closed since.
    async fn explain_refusal(
        &self,
        voter: &VoterToken,
        edition: &Edition,
        poll: &Poll,
        ballot: &Ballot,
    ) -> Result<CastOutcome> {
        let mut connection = self.acquire_connection().await?;
        let mine =
            queries::list_voter_ballots(&mut connection, voter).await?.ok_or(Error::Forbidden)?;
        drop(connection);
        if let Some((receipt, _)) = mine.iter().find(|(_, key)| *key == ballot.idempotency_key) {
            return Ok(CastOutcome::Accepted(*receipt));
        }
        if let Some((receipt, _)) = mine.last().filter(|_| !poll.rules.may_change) {
            return Ok(CastOutcome::AlreadyVoted(*receipt));
        }
        let edition = self.find_edition(&edition.slug).await?;
        edition.poll_open(edition.find_poll(poll.slug())?)?;
        // Two changes of the vote came at the same instant, or a session began in between.
        Err(busy_error())
    }

    async fn ballot_paper(&self, edition: &Edition, poll: &Poll) -> Result<Arc<HashSet<CaseId>>> {
        let known = |papers: &Mutex<HashMap<_, Arc<_>>>| {
            papers.lock().unwrap_or_else(PoisonError::into_inner).get(&poll.id).cloned()
        };
        if let Some(paper) = known(&self.ballots.papers) {
            return Ok(paper);
        }
        let load =
            async { ballot_papers(&mut *self.acquire_connection().await?, edition.id).await };
        let papers = Box::pin(load).await?;
        let cases = papers.get(&poll.id).into_iter().flatten().copied();
        let paper = Arc::new(cases.collect::<HashSet<_>>());
        let mut papers = self.ballots.papers.lock().unwrap_or_else(PoisonError::into_inner);
        papers.insert(poll.id, paper.clone());
        Ok(paper)
    }

    /// Returns the receipt of this voter's ballot. If the ballot may be changed, it is the last
    /// one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn voter_receipt(&self, voter: &VoterToken) -> Result<Option<Receipt>> {
        let mine =
            queries::list_voter_ballots(&mut *self.acquire_connection().await?, voter).await?;
        Ok(mine.and_then(|mine| mine.last().map(|(receipt, _)| *receipt)))
    }
}

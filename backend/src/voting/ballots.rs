//! Casting a ballot exactly once, and the receipt.

pub(super) mod queries;

use domain::refusal::VotingRefusal;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId, PollId};
use domain::rulebook::VoterIdentity;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use super::clock::{AdmittedAt, DatabaseClock};
use super::intake::Intake;
use super::session_turns::SessionTurns;
use super::{
    Ballot, CastAttempt, CastOutcome, Receipt, VotePlace, VoterToken, busy_error, sealed_picks,
};
use crate::editions::polls::queries::ballot_papers;
use crate::editions::{self, Edition, Poll};
use crate::fraud::RequestClaims;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

/// How long the editions are used after they were read.
const EDITIONS_FRESH: Duration = Duration::from_millis(500);
/// How long the editions are used while they are read again in the background. This is safe because
/// their rules are sealed, and the statement that stores ballots checks the window itself.
const EDITIONS_STALE: Duration = Duration::from_secs(5);
/// The shortest time between two readings. A name that no edition has waits for the next reading, and
/// strangers who ask for many such names must not keep a connection busy.
const READING_PAUSE: Duration = Duration::from_millis(50);
/// How many connections of the ballots' pool look things up: editions, papers, why a ballot was not
/// stored. The others store.
pub const LOOK_UPS: u32 = 2;

/// The clock, the queue and the caches for casting ballots. They use only the ballots' own
/// connections.
pub(crate) struct CastingState {
    pub(super) clock: DatabaseClock,
    pool: PgPool,
    intake: Intake,
    look_ups: Semaphore,
    turns: SessionTurns,
    /// All published editions by short name, and when they were read.
    editions: Mutex<Option<(Instant, Arc<PublishedEditions>)>>,
    /// Locked while the editions are read.
    reading: Arc<tokio::sync::Mutex<()>>,
    /// The ballot papers of opened polls. They are sealed, so they never change.
    papers: Mutex<HashMap<PollId, Arc<HashSet<CaseId>>>>,
}

/// The published editions by short name.
type PublishedEditions = HashMap<String, Arc<Edition>>;

/// A connection for looking something up, with its place among the [`LOOK_UPS`].
pub(crate) struct LookUp<'a> {
    connection: sqlx::pool::PoolConnection<sqlx::Postgres>,
    _place: SemaphorePermit<'a>,
}

impl std::ops::Deref for LookUp<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl std::ops::DerefMut for LookUp<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl CastingState {
    /// Starts the queue for ballots on this pool.
    pub(crate) fn with_pool(pool: PgPool) -> Self {
        Self {
            clock: DatabaseClock::default(),
            intake: Intake::start_queue(pool.clone()),
            pool,
            look_ups: Semaphore::new(LOOK_UPS as usize),
            turns: SessionTurns::default(),
            editions: Mutex::default(),
            reading: Arc::default(),
            papers: Mutex::default(),
        }
    }

    /// Takes a connection from the pool that only ballots use.
    pub(crate) async fn ballot_connection(&self) -> Result<LookUp<'_>> {
        let place = self.look_up_place().await?;
        Ok(LookUp { connection: self.pool.acquire().await?, _place: place })
    }

    /// Takes a place among those who look something up on the ballots' connections.
    pub(crate) async fn look_up_place(&self) -> Result<SemaphorePermit<'_>> {
        let place = self.look_ups.acquire().await;
        place.map_err(|_| Error::Internal("nobody closes the semaphore"))
    }

    /// Returns the pool that only ballots use.
    pub(crate) fn ballot_pool(&self) -> PgPool {
        self.pool.clone()
    }

    fn known_editions(&self) -> Option<(Instant, Arc<PublishedEditions>)> {
        self.editions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the published editions unless somebody has read them since `asked`. Many requests at
    /// once wait for one reading.
    async fn read_editions_since(&self, asked: Instant) -> Result<Arc<PublishedEditions>> {
        let _turn = self.reading.lock().await;
        if let Some((read_at, editions)) = self.known_editions() {
            if read_at >= asked {
                return Ok(editions);
            }
            tokio::time::sleep(READING_PAUSE.saturating_sub(read_at.elapsed())).await;
        }
        self.read_editions().await
    }

    /// Reads the published editions. The caller has locked `reading`.
    async fn read_editions(&self) -> Result<Arc<PublishedEditions>> {
        let read_at = Instant::now();
        let all = editions::queries::all_editions(&mut *self.ballot_connection().await?).await?;
        let published = all.into_iter().filter(|edition| edition.schedule.published);
        let published = published.map(|edition| (edition.slug.clone(), Arc::new(edition)));
        let published = Arc::new(published.collect::<PublishedEditions>());
        let mut known = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((read_at, published.clone()));
        Ok(published)
    }
}

impl Backend {
    /// Returns a published edition for casting, at most a few seconds old. An edition that is known
    /// is returned at once, and read again in the background. A name that is not known waits for
    /// the next reading, together with all others that are not.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    async fn edition_to_vote_in(&self, slug: &str) -> Result<Arc<Edition>> {
        let asked = Instant::now();
        if let Some((read_at, editions)) = self.ballots.known_editions()
            && read_at.elapsed() < EDITIONS_STALE
            && let Some(edition) = editions.get(slug)
        {
            if read_at.elapsed() >= EDITIONS_FRESH
                && let Ok(turn) = self.ballots.reading.clone().try_lock_owned()
            {
                let ballots = self.ballots.clone();
                tokio::spawn(async move {
                    let _turn = turn;
                    ballots.read_editions().await.map(drop)
                });
            }
            return Ok(edition.clone());
        }
        let editions = Box::pin(self.ballots.read_editions_since(asked)).await?;
        editions.get(slug).cloned().ok_or(Error::NotFound)
    }

    /// Checks whether the queue has room for another ballot. This comes first, so that refusing a
    /// voter costs almost nothing.
    ///
    /// # Errors
    /// [`Error::Busy`] if the queue is full.
    fn check_ballot_room(&self) -> Result<()> {
        if self.ballots.intake.has_room() { Ok(()) } else { Err(busy_error()) }
    }

    /// Casts a ballot whose whole request has just been read. A made-up secret is refused first, with
    /// [`Error::Forbidden`]. A session has one ballot under way; others of it wait after step 2. The
    /// order of the four steps matters:
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
        if !self.keys.is_own_token(TokenKind::Voter, place.cookie) {
            return self.refuse_made_up_token(place).await;
        }
        self.check_ballot_room()?;
        let admitted = self.admit_ballot().await?;
        let session = keys::hash_token(place.cookie);
        let _turn = self.ballots.turns.wait_for_turn(&session).await?;
        let edition = self.edition_to_vote_in(place.edition).await?;
        let poll = edition.find_poll(place.poll)?.clone();
        let voter = VoterToken::with_cookie(&poll, place.cookie);
        let request = self.request_signals((edition.id, poll.id), &place.claims)?;
        let outcome =
            self.cast_admitted_ballot(admitted, &voter, &edition, (ballot, request)).await;
        Ok(CastAttempt { edition, poll, outcome })
    }

    /// Answers a ballot with a token that this site has never made, as one whose session has ended. No
    /// place in the queue and no connection is used, unless the name of the edition is not known.
    async fn refuse_made_up_token(&self, place: VotePlace<'_>) -> Result<CastAttempt> {
        let edition = self.edition_to_vote_in(place.edition).await?;
        let poll = edition.find_poll(place.poll)?.clone();
        Ok(CastAttempt { edition, poll, outcome: Err(Error::Forbidden) })
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
        let request = self.request_signals((edition.id, voter.poll), &RequestClaims::default())?;
        let admitted = self.admit_ballot().await?;
        self.cast_admitted_ballot(admitted, voter, edition, (ballot, request)).await
    }

    /// Casts a ballot. `request` is what its request tells the detector. One autocommit statement decides for a whole batch. It checks the voter's
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
        (ballot, request): (&Ballot, Vec<u8>),
    ) -> Result<CastOutcome> {
        match self.try_to_cast_ballot(admitted, voter, edition, (ballot, request)).await {
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
        (ballot, request): (&Ballot, Vec<u8>),
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
            request,
        };
        let stored = self.ballots.intake.store_ballot(row).await?;
        // After the window nothing was stored, and everybody may know that.
        let at = admitted_at + TimeDelta::seconds(edition.clock_offset_seconds);
        if poll.rules.identity == VoterIdentity::Roll
            && poll.window.contains(at)
            && queries::is_told_nothing(&mut *self.ballots.ballot_connection().await?, voter)
                .await?
        {
            return Ok(CastOutcome::HandedIn);
        }
        match stored {
            Some(receipt) => Ok(CastOutcome::Accepted(receipt)),
            None => {
                let refusal = self.explain_refusal(voter, (edition, poll), ballot, admitted_at);
                Box::pin(refusal).await
            }
        }
    }

    /// Finds out why the statement stored nothing. Stored ballots are checked first, because an
    /// earlier ballot matters more than a window that has closed since.
    async fn explain_refusal(
        &self,
        voter: &VoterToken,
        (edition, poll): (&Edition, &Poll),
        ballot: &Ballot,
        admitted_at: DateTime<Utc>,
    ) -> Result<CastOutcome> {
        let mut connection = self.ballots.ballot_connection().await?;
        let mine =
            queries::list_voter_ballots(&mut connection, voter).await?.ok_or(Error::Forbidden)?;
        drop(connection);
        if let Some((receipt, _)) = mine.iter().find(|(_, key)| *key == ballot.idempotency_key) {
            return Ok(CastOutcome::Accepted(*receipt));
        }
        let admitted_at = admitted_at + TimeDelta::seconds(edition.clock_offset_seconds);
        let changed_since = |receipt: &Receipt| receipt.admitted_at > admitted_at;
        if let Some((receipt, _)) =
            mine.last().filter(|(last, _)| !poll.rules.may_change || changed_since(last))
        {
            return Ok(CastOutcome::AlreadyVoted(*receipt));
        }
        let editions = self.ballots.read_editions_since(Instant::now()).await?;
        let edition = editions.get(&edition.slug).ok_or(Error::NotFound)?;
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
        let load = async {
            ballot_papers(&mut *self.ballots.ballot_connection().await?, edition.id).await
        };
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

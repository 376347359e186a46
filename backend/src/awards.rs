//! Awards: from ballots and sheets to the standings, the announcement and the published result.
//!
//! Counts need the proof [`DeliberationOpen`], which does not exist while people still vote or
//! score. The result needs the proof [`ResultsPublic`]. A proof is not tied to an edition, so each
//! path checks the edition's own clock again.

mod announce;
mod mailing;
mod photographs;
mod queries;
mod quorum;

use domain::refusal::{AwardsRefusal, EditionRefusal};
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ballot::Picks;
use domain::ids::{AccountId, CaseId, EditionId, PictureId};
use domain::result::{ResultDocument, ResultEdition, ResultInput};
use domain::rulebook::SealedRulebook;
use domain::schedule::{DeliberationOpen, GalleryPublic, ResultsPublic};
use domain::standings::{CaseTally, CountByPoll, StandingsProblem};
use domain::text::Bilingual;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::voting::CountedBallots;
use crate::{Backend, Error, Refusal, Result, fraud, record};

pub use announce::{AnnouncedResult, AnnouncementForm, ReleaseTime};
pub use mailing::CaseOutcome;
pub use photographs::Photograph;
pub use quorum::{CaseBelowQuorum, GivenQuorumReason, QuorumState};

/// An accepted case without a signed sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnscoredCase {
    /// The case.
    pub id: CaseId,
    /// Its title.
    pub title: Bilingual,
    /// The name of its organisation.
    pub organisation: String,
}

/// What a list of results shows beside the document. It does not affect the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseMark {
    /// Whether it was invented for a demonstration.
    pub sample: bool,
    /// The position of its track in the edition, from 0.
    pub track_index: usize,
    /// Its picture.
    pub picture: Option<PictureId>,
}

/// The announced result, without the result itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultApproval {
    /// The SHA-256 of the document in hexadecimal.
    pub sha256: String,
    /// When it was announced, by the real clock.
    pub approved_at: DateTime<Utc>,
}

/// The result as the public reads it.
#[derive(Clone, Debug)]
pub struct PublishedResult {
    /// The published document.
    pub document: ResultDocument,
    /// The bytes of the document as they were stored.
    pub bytes: Vec<u8>,
    /// The SHA-256 of these bytes in hexadecimal.
    pub sha256: String,
    /// The minutes of the deliberation; empty if there are no minutes.
    pub minutes: String,
}

impl Backend {
    /// Computes the standings as they would be announced now. The first time opens the counts.
    ///
    /// # Errors
    /// [`Error::Phase`] while people vote or score, and after the announcement;
    /// [`AwardsRefusal::NotScored`]; [`AwardsRefusal::NoCases`].
    pub async fn compute_standings(
        &self,
        admin: &Admin,
        _open: DeliberationOpen,
        edition: &Edition,
    ) -> Result<ResultDocument> {
        let edition = self.open_counts(edition, Some(admin.account_id())).await?;
        edition.deliberation_open()?;
        let counted = CountedBallots::AsRuled;
        compute_result(self, &mut *self.acquire_connection().await?, &edition, counted).await
    }

    /// Notes that counts are read from now on, before anybody reads them: administrators who see
    /// standings, observers who read tables. From then on no window moves, so nobody can act on what
    /// they have read. `reader` is the administrator, `None` for an observer.
    ///
    /// # Errors
    /// [`Error::Phase`] while people vote or score; [`AwardsRefusal::PollsOpen`] until the record has
    /// closed every poll; [`AwardsRefusal::NotScored`] while judging may be extended;
    /// [`AwardsRefusal::FraudOpen`] while ballots are held without a ruling or appeals wait for an
    /// answer; [`AwardsRefusal::Drill`] in a drill, which must not fix the windows of the database that
    /// is tried out.
    pub(crate) async fn open_counts(
        &self,
        edition: &Edition,
        reader: Option<AccountId>,
    ) -> Result<Edition> {
        let edition = self.find_edition(&edition.slug).await?;
        if edition.results_public().is_ok() {
            return Ok(edition);
        }
        // Also while the result is decided and not released yet.
        if edition.counts_read {
            return Ok(edition);
        }
        self.close_for_counts(&edition).await?;
        let backend = self.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_countable(&backend, connection, &edition).await?;
                note_counts_read(connection, &edition, reader).await?;
                Ok(edition)
            })
        })
        .await
    }

    /// Checks that nothing which decides can change any more, and opens nothing.
    ///
    /// # Errors
    /// As [`Backend::compute_standings`], before anybody has read counts.
    pub async fn check_countable(&self, _admin: &Admin, edition: &Edition) -> Result<()> {
        self.close_for_counts(edition).await?;
        let (backend, edition) = (self.clone(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                lock_countable(&backend, connection, &edition).await?;
                Ok(())
            })
        })
        .await
    }

    /// Closes the polls that are over, and looks at their ballots once more.
    async fn close_for_counts(&self, edition: &Edition) -> Result<()> {
        if self.is_drill() {
            return Err(Error::Refused(Refusal::Awards(AwardsRefusal::Drill)));
        }
        edition.deliberation_open()?;
        self.close_due_polls(edition).await?;
        self.analyse_closed_polls(edition.id).await
    }

    /// Returns the accepted cases without a signed sheet. Standings need a sheet for every case.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn unscored_cases(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Vec<UnscoredCase>> {
        queries::unscored_cases(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns what a list of results shows beside each accepted case.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn case_marks(
        &self,
        _public: GalleryPublic,
        edition: EditionId,
    ) -> Result<HashMap<CaseId, CaseMark>> {
        queries::case_marks(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the hash and the time of the announced result, without the result.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn result_approval(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Option<ResultApproval>> {
        queries::find_result_approval(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the published result. Before the release nobody can read it.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the release; [`Error::Internal`] if the stored bytes do not have
    /// the stored hash.
    pub async fn published_result(
        &self,
        _public: ResultsPublic,
        edition: &Edition,
    ) -> Result<PublishedResult> {
        let stored =
            queries::find_released_result(&mut *self.acquire_connection().await?, edition.id)
                .await?;
        parse_stored_result(stored.ok_or(Error::NotFound)?)
    }
}

/// Reads a stored result whose bytes have the stored hash.
fn parse_stored_result(stored: queries::StoredResult) -> Result<PublishedResult> {
    let queries::StoredResult { document: bytes, sha256, minutes } = stored;
    if Sha256::digest(&bytes).as_slice() != sha256.as_slice() {
        return Err(Error::Internal("the stored result is not the one whose hash was quoted"));
    }
    let document = serde_json::from_slice(&bytes)
        .map_err(|_| Error::Internal("the stored result cannot be read"))?;
    Ok(PublishedResult { document, bytes, sha256: hex::encode(sha256), minutes })
}

/// Computes the result from these ballots and the sheets that are stored now.
async fn compute_result(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    counted: CountedBallots,
) -> Result<ResultDocument> {
    let cases = queries::accepted_cases(connection, edition.id).await?;
    // The sealed rules decide, not today's rows.
    let sealed = record::load_sealed_rulebook(connection, edition.id).await?;
    if cases.is_empty() {
        return Err(Error::Refused(Refusal::Awards(AwardsRefusal::NoCases)));
    }
    let (ballots, mut votes) =
        count_ballots_and_votes(backend, connection, edition, (&sealed, counted)).await?;
    if votes.keys().any(|voted| cases.iter().all(|case| case.id != *voted)) {
        return Err(Error::Internal("a case of a sealed ballot paper is gone"));
    }
    let mut sheets = queries::signed_scores_by_case(connection, edition.id).await?;
    let inputs = cases
        .into_iter()
        .map(|case| ResultInput {
            entry: CaseTally {
                case: case.id,
                votes: votes.remove(&case.id).unwrap_or_default(),
                sheets: sheets.remove(&case.id).unwrap_or_default(),
                submitted_at: case.submitted_at,
            },
            title: case.title,
            organisation: case.organisation,
            sample: case.sample,
        })
        .collect();
    let about = ResultEdition {
        slug: edition.slug.clone(),
        title: edition.title.clone(),
        host: edition.host.clone(),
    };
    ResultDocument::compute_result(about, edition.rulebook.clone(), &ballots, inputs)
        .map_err(standings_error)
}

/// Counts the ballots of each closed poll, and the votes of each case in every poll that has the
/// case on its sealed ballot paper.
async fn count_ballots_and_votes(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    (sealed, counted): (&SealedRulebook, CountedBallots),
) -> Result<(CountByPoll, HashMap<CaseId, CountByPoll>)> {
    let mut ballots = CountByPoll::new();
    let mut votes: HashMap<CaseId, CountByPoll> = HashMap::new();
    for poll in &edition.polls {
        let (mut received, mut given) = (0, HashMap::<CaseId, u64>::new());
        let take = |_, picks: Picks| {
            received += 1;
            for case in picks.as_slice() {
                *given.entry(*case).or_default() += 1;
            }
        };
        backend.open_each_ballot(connection, edition, (poll, counted), take).await?;
        ballots.insert(poll.slug().to_owned(), received);
        let paper = sealed.find_sealed_poll(poll.slug());
        let paper = paper.ok_or(Error::Internal("a poll that is not in the sealed rules"))?;
        for case in &paper.paper {
            let given = given.get(case).copied().unwrap_or_default();
            votes.entry(*case).or_default().insert(poll.slug().to_owned(), given);
        }
    }
    Ok((ballots, votes))
}

fn standings_error(problem: StandingsProblem) -> Error {
    match problem {
        StandingsProblem::NotScored(cases) => {
            Error::Refused(Refusal::Awards(AwardsRefusal::NotScored { cases: cases.len() }))
        }
        StandingsProblem::Rulebook(problems) => match problems.into_iter().next() {
            Some(problem) => Error::Refused(Refusal::Edition(EditionRefusal::Rules(problem))),
            None => Error::Internal("the rulebook cannot decide a contest"),
        },
        StandingsProblem::Weights(_) => {
            Error::Refused(Refusal::Edition(EditionRefusal::PollWeights { cases: 1 }))
        }
        StandingsProblem::Polls => Error::Internal("the polls are not those of the rulebook"),
        StandingsProblem::BadSheet(_) => Error::Internal("a signed sheet breaks the rubric"),
        StandingsProblem::Twice(_) => Error::Internal("a case is in the result twice"),
        StandingsProblem::MoreVotesThanBallots(_) | StandingsProblem::TooManyVotes { .. } => {
            Error::Internal("there are more votes than the ballots can hold")
        }
        StandingsProblem::TooFewVotes { .. } => {
            Error::Internal("there are fewer votes than the ballots hold")
        }
    }
}

/// Locks an edition and reads it again. Refuses while something that decides can still change.
async fn lock_countable(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<Edition> {
    editions::queries::lock_edition(connection, edition.id).await?;
    let edition = editions::queries::find_edition(connection, &edition.slug).await?;
    let edition = edition.ok_or(Error::NotFound)?;
    edition.deliberation_open()?;
    if edition.polls.iter().any(|poll| poll.closed_at.is_none()) {
        return Err(Error::Refused(Refusal::Awards(AwardsRefusal::PollsOpen)));
    }
    let unscored = queries::unscored_cases(connection, edition.id).await?.len();
    if unscored > 0 {
        return Err(Error::Refused(Refusal::Awards(AwardsRefusal::NotScored { cases: unscored })));
    }
    fraud::require_rulings(backend, connection, &edition).await?;
    Ok(edition)
}

/// Stores that counts are read, once, with an event of the trail.
async fn note_counts_read(
    connection: &mut PgConnection,
    edition: &Edition,
    reader: Option<AccountId>,
) -> Result<()> {
    if !editions::queries::mark_counts_read(connection, edition.id).await? {
        return Ok(());
    }
    let act = NewAuditEvent {
        actor: reader,
        edition: Some(edition.id),
        action: AuditAction::ResultCountsRead,
        subject: &edition.slug,
        detail: serde_json::json!({}),
    };
    audit::record_event(connection, act).await
}

/// Whether an accepted case has fewer signed sheets than the quorum. Then judging may be extended
/// after its close, as long as nobody has read counts.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn has_cases_below_quorum(
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<bool> {
    let quorum = edition.rulebook.panel.quorum;
    Ok(!quorum::queries::cases_below_quorum(connection, edition.id, quorum).await?.is_empty())
}

//! The polls of an edition: their ballot papers, changes of their rules until these are sealed, and
//! the document that is sealed.

pub(crate) mod queries;

use domain::refusal::{AwardsRefusal, EditionRefusal, VotingRefusal};
use std::collections::HashMap;

use domain::ids::{CaseId, EditionId, PollId, TrackId};
use domain::result::ResultEdition;
use domain::rulebook::{
    BallotPaper, PollRules, RecordRules, Rulebook, RulebookProblem, SealedPoll, SealedRulebook,
};
use domain::schedule::GalleryPublic;
use domain::text::Bilingual;
use serde_json::json;
use sqlx::PgConnection;

use super::Edition;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Refusal, Result};

/// The cases on the ballot paper of each poll, sorted by id. A poll without cases is left out.
pub type BallotPapers = HashMap<PollId, Vec<CaseId>>;

/// An accepted case that can be put on the list of a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    /// The case.
    pub id: CaseId,
    /// Its title; English may be empty.
    pub title: Bilingual,
    /// The name of its organisation.
    pub organisation: String,
    /// Its track.
    pub track: TrackId,
    /// The polls whose lists contain it.
    pub polls: Vec<PollId>,
}

/// A new or changed poll from an administrator.
#[derive(Clone, Debug)]
pub struct PollChange {
    /// Its rules.
    pub rules: PollRules,
    /// The cases of its list; empty for a poll without a list ([`BallotPaper::List`]).
    pub listed: Vec<CaseId>,
}

/// How long after its planned opening a vote that has not begun is called held up.
const HELD_UP_AFTER: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

impl Backend {
    /// Returns the cases on each ballot paper, once the gallery is public.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn ballot_papers(
        &self,
        edition: EditionId,
        _public: GalleryPublic,
    ) -> Result<BallotPapers> {
        queries::ballot_papers(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the accepted cases and the polls whose lists contain them, by title.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn listed_cases(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Vec<ListedCase>> {
        queries::listed_cases(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the reason why the rules cannot be sealed now; `None` if they can.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn sealing_refusal(
        &self,
        _admin: &Admin,
        edition: &Edition,
    ) -> Result<Option<Refusal>> {
        match build_sealed_rulebook(&mut *self.acquire_connection().await?, edition).await {
            Ok(_) => Ok(None),
            Err(Error::Refused(refusal)) => Ok(Some(refusal)),
            Err(error) => Err(error),
        }
    }

    /// Whether a vote should have begun a minute ago and could not: its rules cannot be sealed. In the first
    /// minute nobody asks, because then everybody comes and the job opens the polls.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn is_vote_held_up(&self, edition: &Edition) -> Result<bool> {
        let since = edition.now - edition.schedule.windows.voting.opens;
        if edition.sealed || since < HELD_UP_AFTER {
            return Ok(false);
        }
        match build_sealed_rulebook(&mut *self.acquire_connection().await?, edition).await {
            Ok(_) => Ok(false),
            Err(Error::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Changes the poll with this short name. Without a name it adds a poll. The sum of the weights
    /// may be wrong until the rules are sealed, because polls are changed one after the other.
    ///
    /// # Errors
    /// [`EditionRefusal::Sealed`]; [`EditionRefusal::Rules`] with the first problem of this poll;
    /// [`VotingRefusal::ForeignCase`]; [`Refusal::Stale`] if the rules changed since `edition` was read;
    /// [`Refusal::WrongState`] after the announcement; [`Error::NotFound`].
    pub async fn save_poll(
        &self,
        admin: &Admin,
        edition: &Edition,
        slug: Option<&str>,
        change: PollChange,
    ) -> Result<()> {
        let (actor, seen, slug) = (admin.account_id(), edition.clone(), slug.map(str::to_owned));
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_changeable_edition(connection, &seen).await?;
                let (place, rulebook) = apply_poll_rules(&edition, slug.as_deref(), &change.rules)?;
                let tracks = super::queries::tracks_in_order(connection, edition.id).await?;
                let slugs: Vec<&str> = tracks.iter().map(|track| track.slug.as_str()).collect();
                if let Some(problem) = first_blocking_problem(&rulebook, &edition, &slugs, place) {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::Rules(problem))));
                }
                let id = match edition.polls.get(place) {
                    Some(poll) => {
                        queries::update_poll(connection, poll.id, &change.rules).await?;
                        poll.id
                    }
                    None => {
                        let position = i32::try_from(place).unwrap_or(i32::MAX);
                        queries::insert_poll(connection, edition.id, &change.rules, position)
                            .await?
                    }
                };
                let list = change.rules.cases == BallotPaper::List;
                let listed = if list { change.listed.as_slice() } else { &[] };
                if !queries::replace_poll_list(connection, edition.id, id, listed).await? {
                    return Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)));
                }
                queries::update_rulebook(connection, edition.id, &rulebook).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: if slug.is_some() {
                        AuditAction::PollChanged
                    } else {
                        AuditAction::PollAdded
                    },
                    subject: &change.rules.slug,
                    detail: json!({
                        "from": edition.polls.get(place).map(|poll| &poll.rules),
                        "to": change.rules,
                        "listed": listed.len(),
                    }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Removes a poll.
    ///
    /// # Errors
    /// [`EditionRefusal::Sealed`]; [`EditionRefusal::Rules`] for the last poll; [`Refusal::Stale`];
    /// [`Refusal::WrongState`] after the announcement; [`Error::NotFound`].
    pub async fn remove_poll(&self, admin: &Admin, edition: &Edition, slug: &str) -> Result<()> {
        let (actor, seen, slug) = (admin.account_id(), edition.clone(), slug.to_owned());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = lock_changeable_edition(connection, &seen).await?;
                let poll = edition.find_poll(&slug)?;
                if edition.polls.len() == 1 {
                    let problem = RulebookProblem::Polls { max: domain::limits::POLLS };
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::Rules(problem))));
                }
                let mut rulebook = edition.rulebook.clone();
                rulebook.polls.retain(|poll| poll.slug != slug);
                queries::delete_poll(connection, poll.id).await?;
                queries::update_rulebook(connection, edition.id, &rulebook).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::PollRemoved,
                    subject: &slug,
                    detail: json!({ "from": poll.rules }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Locks the edition until the transaction ends and reads it. Refuses if its rules may not change
/// any more, or differ from those that the caller saw.
async fn lock_changeable_edition(connection: &mut PgConnection, seen: &Edition) -> Result<Edition> {
    super::queries::lock_edition(connection, seen.id).await?;
    let edition =
        super::queries::find_edition(connection, &seen.slug).await?.ok_or(Error::NotFound)?;
    if edition.sealed {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)));
    }
    if edition.schedule.released_at.is_some() {
        return Err(Error::Refused(Refusal::WrongState));
    }
    if edition.rulebook != seen.rulebook {
        return Err(Error::Refused(Refusal::Stale));
    }
    Ok(edition)
}

/// Returns the position of the poll with this short name, and the rulebook with its new rules.
/// Without a name the position is after the last poll.
fn apply_poll_rules(
    edition: &Edition,
    slug: Option<&str>,
    rules: &PollRules,
) -> Result<(usize, Rulebook)> {
    let mut rulebook = edition.rulebook.clone();
    let polls = &mut rulebook.polls;
    let place = match slug {
        Some(slug) => polls.iter().position(|poll| poll.slug == slug).ok_or(Error::NotFound)?,
        None => polls.len(),
    };
    match polls.get_mut(place) {
        Some(poll) => *poll = rules.clone(),
        None => polls.push(rules.clone()),
    }
    Ok((place, rulebook))
}

/// Returns the first problem of the poll at this position, or that there are too many polls.
fn first_blocking_problem(
    rulebook: &Rulebook,
    edition: &Edition,
    tracks: &[&str],
    place: usize,
) -> Option<RulebookProblem> {
    let voting = edition.schedule.windows.voting;
    let problems = rulebook.check_for_edition(tracks, Some(voting)).err().unwrap_or_default();
    problems.into_iter().find(|problem| {
        problem.faulty_poll() == Some(place) || matches!(problem, RulebookProblem::Polls { .. })
    })
}

/// Returns the rulebook as it would be sealed now, with every rule, window and ballot paper.
///
/// # Errors
/// [`EditionRefusal::Rules`] if the rules cannot decide a contest; [`AwardsRefusal::NoCases`];
/// [`EditionRefusal::PaperTooShort`]; [`EditionRefusal::PaperWithoutChoice`];
/// [`EditionRefusal::PollWeights`].
pub(crate) async fn build_sealed_rulebook(
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<SealedRulebook> {
    let tracks = super::queries::tracks_in_order(connection, edition.id).await?;
    let tracks: Vec<&str> = tracks.iter().map(|track| track.slug.as_str()).collect();
    let voting = edition.schedule.windows.voting;
    if let Err(problems) = edition.rulebook.check_for_edition(&tracks, Some(voting)) {
        let first = problems
            .into_iter()
            .next()
            .map(|problem| Refusal::Edition(EditionRefusal::Rules(problem)));
        return Err(Error::Refused(first.unwrap_or(Refusal::WrongState)));
    }
    let cases = queries::accepted_case_ids(connection, edition.id).await?;
    if cases.is_empty() {
        return Err(Error::Refused(Refusal::Awards(AwardsRefusal::NoCases)));
    }
    let mut papers = queries::ballot_papers(connection, edition.id).await?;
    let polls: Vec<SealedPoll> = edition
        .polls
        .iter()
        .map(|poll| {
            let paper = papers.remove(&poll.id).unwrap_or_default();
            SealedPoll::from_poll_rules(&poll.rules, poll.window, paper)
        })
        .collect();
    let short = |poll: &&SealedPoll| poll.paper.len() < usize::from(poll.picks.min_picks());
    if let Some(poll) = polls.iter().find(short) {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::PaperTooShort {
            poll: poll.slug.clone(),
        })));
    }
    if let Some(poll) = polls.iter().find(|poll| poll.leaves_one_ballot()) {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::PaperWithoutChoice {
            poll: poll.slug.clone(),
        })));
    }
    let about = ResultEdition {
        slug: edition.slug.clone(),
        title: edition.title.clone(),
        host: edition.host.clone(),
    };
    // In a rehearsal nobody votes in earnest, and people want to see the record grow.
    let usual = if edition.rehearsal { RecordRules::AT_ONCE } else { RecordRules::default() };
    let sealed = SealedRulebook::from_sealed_polls(about, polls, &edition.rulebook, usual);
    match sealed.unbalanced_cases(cases).len() {
        0 => Ok(sealed),
        cases => Err(Error::Refused(Refusal::Edition(EditionRefusal::PollWeights { cases }))),
    }
}

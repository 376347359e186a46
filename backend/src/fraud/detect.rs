//! The detector's job: it reads the traces of a poll, finds groups, holds their ballots, and queues
//! the lines about them for the record.

mod lines;
mod queries;
mod seen;
mod traces;

use std::time::Instant;

use chrono::TimeDelta;
use domain::fraud::{EvidenceFamily, GroupVerdict, PollAnalysis, SuspectGroup};
use domain::ids::{BallotId, EditionId, PollId};
use domain::limits;
use domain::refusal::AwardsRefusal;
use sqlx::PgConnection;

use crate::editions::Edition;
use crate::fraud::pace::Pace;
use crate::{Backend, Error, Refusal, Result};

pub(super) use queries::has_result_line;
pub(crate) use queries::lock_looks;
pub(crate) use seen::DetectorState;
use seen::FedDetector;
pub(super) use traces::queries::read_group_traces;

/// A poll that the detector may look at.
struct WatchedPoll {
    poll: PollId,
    edition: EditionId,
    slug: String,
    closed: bool,
    analysed: bool,
    may_change: bool,
    /// The number of its newest trace.
    newest: i64,
}

impl Backend {
    /// Looks at the ballots of every poll that has new ones, holds those of suspect groups, and queues
    /// the lines that are due. A job calls this; interrupted, it starts again and finds the same.
    ///
    /// # Errors
    /// The first error of a poll. The others were looked at all the same.
    pub async fn check_ballots_for_fraud(&self) -> Result<()> {
        if self.is_drill() {
            return Ok(());
        }
        let watched = queries::list_watched_polls(&mut *self.acquire_connection().await?).await?;
        let mut first = None;
        for poll in watched {
            if let Err(error) = self.check_poll(&poll).await {
                tracing::error!(poll = poll.slug, %error, "a poll's ballots could not be looked at");
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(()), Err)
    }

    async fn check_poll(&self, watched: &WatchedPoll) -> Result<()> {
        if self.detector.is_due(watched) {
            let began = Instant::now();
            let fed = self.analyse_stored_poll(watched).await?;
            self.detector.note_look(watched, began, fed);
        }
        self.queue_fraud_lines(watched).await
    }

    /// Looks at the closed polls of an edition that were not looked at since their close, so that nobody
    /// waits for the job.
    pub(crate) async fn analyse_closed_polls(&self, edition: EditionId) -> Result<()> {
        let watched = queries::list_watched_polls(&mut *self.acquire_connection().await?).await?;
        let due = |poll: &&WatchedPoll| poll.edition == edition && poll.closed && !poll.analysed;
        for poll in watched.iter().filter(due) {
            self.analyse_stored_poll(poll).await?;
        }
        Ok(())
    }

    /// Looks at a closed poll once more while its ballots have their exact instants. Does nothing if that
    /// is done, or if nobody may hold its ballots any more.
    pub(crate) async fn analyse_before_coarsening(&self, poll: PollId) -> Result<()> {
        let watched = queries::list_watched_polls(&mut *self.acquire_connection().await?).await?;
        match watched.iter().find(|watched| watched.poll == poll && !watched.analysed) {
            Some(watched) => self.analyse_stored_poll(watched).await.map(drop),
            None => Ok(()),
        }
    }

    async fn analyse_stored_poll(&self, watched: &WatchedPoll) -> Result<FedDetector> {
        let rows =
            traces::queries::read_traces(&mut *self.acquire_connection().await?, watched.poll)
                .await?;
        let voters = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let weighing = tokio::task::spawn_blocking(move || {
            let mut fed = FedDetector::default();
            fed.feed(&rows);
            (fed.analyse(), Pace::of_traces(&rows.iter().map(|(_, trace)| trace)), fed)
        });
        let (analysis, pace, fed) =
            weighing.await.map_err(|_| Error::Internal("the detector panicked"))?;
        let (poll, closed) = (watched.poll, watched.closed);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // Not once somebody has read counts: then no ballot is held any more. And not after the
                // look at the closed poll: its traces may have been deleted while these were read.
                if !queries::lock_before_counts(connection, poll).await? {
                    return Ok(());
                }
                lock_looks(connection, poll).await?;
                if queries::is_poll_analysed(connection, poll).await? {
                    return Ok(());
                }
                store_analysis(connection, (poll, closed), &analysis).await?;
                queries::note_look(connection, (poll, closed), voters, &pace).await?;
                if closed {
                    queries::mark_poll_analysed(connection, poll).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(fed)
    }

    /// Deletes the traces of editions whose result is public or that are archived: appeals are over.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_traces(&self) -> Result<()> {
        traces::queries::delete_old_traces(&mut *self.acquire_connection().await?).await
    }
}

/// Stores the groups and holds their ballots. A ballot that is held stays held until two people rule,
/// also if the detector would not hold it any more.
async fn store_analysis(
    connection: &mut PgConnection,
    (poll, closed): (PollId, bool),
    analysis: &PollAnalysis,
) -> Result<()> {
    for (index, group) in analysis.groups.iter().enumerate() {
        let held: Vec<uuid::Uuid> = match group.verdict {
            GroupVerdict::Cleared => Vec::new(),
            GroupVerdict::Hold => {
                let of_group = group.ballots.iter();
                let strongest = |ballot: &&BallotId| analysis.held.get(ballot) == Some(&index);
                of_group.filter(strongest).map(|ballot| ballot.0).collect()
            }
        };
        let terms = serde_json::to_value(&group.terms)
            .map_err(|_| Error::Internal("evidence that cannot be written"))?;
        let row = queries::FoundGroup {
            id: uuid::Uuid::new_v4(),
            key: group.key.to_string(),
            held: group.verdict == GroupVerdict::Hold,
            points: i64::from(group.points),
            terms,
            ballots: i64::try_from(group.ballots.len()).unwrap_or(i64::MAX),
        };
        let id = queries::upsert_group(connection, (poll, closed), &row).await?;
        let reasons = family_codes(group);
        queries::hold_ballots(connection, poll, id, &held, &reasons, &describe_evidence(group)?)
            .await?;
    }
    Ok(())
}

/// Returns the families of evidence, which are the reasons in the record. The signals stay with the
/// administrators, so that the record teaches nobody how to pass the checks.
fn family_codes(group: &SuspectGroup) -> String {
    let shown =
        |family: &&EvidenceFamily| group.terms.iter().any(|term| term.signal.family() == **family);
    let families: Vec<&str> =
        EvidenceFamily::ALL.iter().filter(shown).map(|family| family.code()).collect();
    families.join(",")
}

/// Writes the evidence: by which trait the ballots were grouped, and each term. What they share is not in
/// it, because the evidence stays when traces and names of groups have gone. The random number before it is the
/// ballot's own, so the hashes of two ballots do not show that they are of one group.
fn describe_evidence(group: &SuspectGroup) -> Result<String> {
    let evidence = serde_json::json!({
        "lens": group.key.lens_text(),
        "points": group.points,
        "terms": group.terms,
    });
    serde_json::to_string(&evidence).map_err(|_| Error::Internal("evidence that cannot be written"))
}

/// Refuses while ballots are held without a ruling, while voters may still appeal or wait for an
/// answer, or while a line about that is not queued: counts must not be read while something can still
/// change them, and nothing about a ballot may be missing in the record. The caller has locked the
/// edition. Queues the lines that are due, because no such line may come after the result's.
///
/// # Errors
/// [`AwardsRefusal::FraudOpen`]; [`AwardsRefusal::AppealsOpen`]; [`AwardsRefusal::PollsOpen`] while lines
/// wait for the lines of their ballots.
pub(crate) async fn require_rulings(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
) -> Result<()> {
    let refuse = |refusal| Err(Error::Refused(Refusal::Awards(refusal)));
    for poll in &edition.polls {
        backend.queue_fraud_lines_within(connection, edition.id, poll.id, poll.slug()).await?;
    }
    let open = queries::count_open_matters(connection, edition.id).await?;
    if open.groups + open.appeals + open.proposals > 0 {
        let number = |count: i64| usize::try_from(count).unwrap_or_default();
        return refuse(AwardsRefusal::FraudOpen {
            groups: number(open.groups),
            appeals: number(open.appeals),
            proposals: number(open.proposals),
        });
    }
    let until = open.last_exclusion.map(|at| at + TimeDelta::hours(limits::APPEAL_HOURS));
    if let Some(until) = until.filter(|until| edition.now < *until) {
        return refuse(AwardsRefusal::AppealsOpen { until });
    }
    if open.unlooked + open.unwritten > 0 {
        return refuse(AwardsRefusal::PollsOpen);
    }
    Ok(())
}

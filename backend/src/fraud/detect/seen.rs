//! What this server has seen of each poll, so that a ballot that comes between two looks at the whole
//! poll is weighed within seconds.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::fraud::{BallotTrace, PollAnalysis, PollDetector};
use domain::ids::PollId;

use super::{WatchedPoll, lock_looks, queries, store_analysis, traces};
use crate::{Backend, Error, Result};

/// The detector rests this many times as long as its last look at a whole poll took, so that these
/// looks take a twentieth of a processor at most.
const REST_FACTOR: u32 = 20;

/// When this server has looked at each poll, and what it saw then.
#[derive(Default)]
pub(crate) struct DetectorState(Mutex<HashMap<PollId, SeenPoll>>);

struct SeenPoll {
    /// The newest ballot of the last look at the whole poll.
    newest: i64,
    ended: Instant,
    took: Duration,
    fed: Option<FedDetector>,
}

/// A detector with the ballots that it has seen.
#[derive(Default)]
pub(super) struct FedDetector {
    detector: PollDetector,
    newest: i64,
}

impl FedDetector {
    /// Feeds ballots, each with its number.
    pub(super) fn feed(&mut self, rows: &[(i64, BallotTrace)]) {
        for (number, trace) in rows {
            self.detector.add_ballot(trace);
            self.newest = self.newest.max(*number);
        }
    }

    /// Weighs every group.
    pub(super) fn analyse(&mut self) -> PollAnalysis {
        self.detector.forget_changes();
        self.detector.analyse()
    }
}

impl DetectorState {
    fn polls(&self) -> std::sync::MutexGuard<'_, HashMap<PollId, SeenPoll>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a poll has new ballots, or has closed since, and the last look at all of it is long
    /// enough ago.
    pub(super) fn is_due(&self, watched: &WatchedPoll) -> bool {
        // A closed poll is looked at once. Afterwards most of its traces are deleted.
        if watched.closed {
            return !watched.analysed;
        }
        let polls = self.polls();
        let Some(last) = polls.get(&watched.poll) else { return true };
        let rested = last.ended.elapsed() >= last.took * REST_FACTOR;
        watched.newest > last.newest && rested
    }

    /// Notes a look at a whole poll. Its detector is kept while the poll is open and its votes cannot
    /// be changed: a detector never forgets a ballot.
    pub(super) fn note_look(&self, watched: &WatchedPoll, began: Instant, fed: FedDetector) {
        let fed = (!watched.closed && !watched.may_change).then_some(fed);
        let look =
            SeenPoll { newest: watched.newest, ended: Instant::now(), took: began.elapsed(), fed };
        self.polls().insert(watched.poll, look);
    }

    fn take_detector(&self, watched: &WatchedPoll) -> Option<FedDetector> {
        let mut polls = self.polls();
        let fed = &mut polls.get_mut(&watched.poll)?.fed;
        let has_new = fed.as_ref().is_some_and(|fed| fed.newest < watched.newest);
        if has_new && !watched.closed { fed.take() } else { None }
    }

    fn keep_detector(&self, poll: PollId, fed: FedDetector) {
        if let Some(seen) = self.polls().get_mut(&poll) {
            seen.fed = Some(fed);
        }
    }
}

impl Backend {
    /// Feeds the ballots that have come since to the detectors of open polls, weighs the groups that
    /// they change, and holds their ballots. What this does not see, such as a ballot without a trace,
    /// the next look at the whole poll does ([`Self::check_ballots_for_fraud`]), after an error, too.
    ///
    /// # Errors
    /// The first error of a poll. The others were looked at all the same.
    pub async fn check_new_ballots_for_fraud(&self) -> Result<()> {
        if self.is_drill() {
            return Ok(());
        }
        let watched = queries::list_watched_polls(&mut *self.acquire_connection().await?).await?;
        let mut first = None;
        for poll in watched {
            if let Err(error) = self.check_new_ballots(&poll).await {
                tracing::error!(poll = poll.slug, %error, "new ballots could not be looked at");
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(()), Err)
    }

    async fn check_new_ballots(&self, watched: &WatchedPoll) -> Result<()> {
        let Some(mut fed) = self.detector.take_detector(watched) else { return Ok(()) };
        let (poll, after) = (watched.poll, fed.newest);
        let rows =
            traces::queries::read_new_traces(&mut *self.acquire_connection().await?, poll, after)
                .await?;
        let weighing = tokio::task::spawn_blocking(move || {
            fed.feed(&rows);
            let mut groups = fed.detector.changed_groups();
            // One that looks like nothing any more stays as it was found.
            groups.retain(|group| !group.terms.is_empty());
            (PollAnalysis::from_groups(groups), fed)
        });
        let (analysis, fed) =
            weighing.await.map_err(|_| Error::Internal("the detector panicked"))?;
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if queries::lock_before_counts(connection, poll).await? {
                    lock_looks(connection, poll).await?;
                    if !queries::is_poll_analysed(connection, poll).await? {
                        store_analysis(connection, (poll, false), &analysis).await?;
                    }
                }
                Ok(())
            })
        })
        .await?;
        self.detector.keep_detector(poll, fed);
        self.queue_fraud_lines(watched).await
    }
}

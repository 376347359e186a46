//! Closing the polls: once all ballots that were admitted in time are stored, a line gives their
//! number.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::ids::PollId;
use domain::record::entry::LogEntry;
use domain::record::words::UtcSecond;
use domain::schedule::Instant;
use sqlx::PgConnection;

use super::{line_slug, queries, queue_line, seal};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Result, voting};

/// How long it may take to store a ballot that was admitted in time, in seconds. The statement that
/// stores ballots refuses older ones, so after this time no ballot can be under way.
const GRACE_SECONDS: i64 = 120;
/// How long an edition is skipped after its polls could not be opened or closed. A person has to
/// solve the problem, and other editions must not wait.
const RETRY_PAUSE: Duration = Duration::from_secs(30);

/// Editions whose open/close job failed, by short name, with the time of the next try.
pub(crate) type PausedEditions = Mutex<HashMap<String, std::time::Instant>>;

impl Backend {
    /// Closes the polls of an edition whose window ended at least 120 s ago. A poll that was never
    /// opened is opened first, so that each poll has both lines in the record.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn close_due_polls(&self, edition: &Edition) -> Result<()> {
        for poll in edition.polls.iter().filter(|poll| is_close_due(edition, poll)) {
            let (backend, slug, id) = (self.clone(), edition.slug.clone(), poll.id);
            self.run_in_transaction(move |connection| {
                Box::pin(async move { backend.close_poll_within(connection, &slug, id).await })
            })
            .await?;
        }
        Ok(())
    }

    async fn close_poll_within(
        &self,
        connection: &mut PgConnection,
        edition: &str,
        poll: PollId,
    ) -> Result<()> {
        let edition = seal::load_locked_edition(connection, edition).await?;
        // Wait for all statements that are storing ballots of this poll, and let no new one begin.
        queries::lock_poll_exclusively(connection, poll).await?;
        let poll = edition.polls.iter().find(|other| other.id == poll).ok_or(Error::NotFound)?;
        // Another process may have closed it, or moved the clock, since the caller checked.
        if !is_close_due(&edition, poll) || queries::is_poll_closed(connection, poll.id).await? {
            return Ok(());
        }
        self.open_poll_within(connection, &edition, poll).await?;
        let at = closing_instant(&edition, poll);
        let received = queries::close_and_count_poll(connection, poll.id, at).await?;
        voting::gather_small_domains(connection, poll.id).await?;
        let entry = LogEntry::Close {
            poll: line_slug(poll.slug())?,
            at: UtcSecond::from_instant(at),
            received,
        };
        queue_line(connection, edition.id, &entry).await
    }

    /// Opens and closes the polls that are due, in all editions. A job calls this. An edition that
    /// fails is skipped for 30 s.
    ///
    /// # Errors
    /// The first error of an edition, for example rules that cannot be sealed. The other editions
    /// were still handled.
    pub async fn open_and_close_polls(&self) -> Result<()> {
        let due =
            queries::editions_with_due_polls(&mut *self.acquire_connection().await?, GRACE_SECONDS)
                .await;
        let due = due.inspect_err(|error| tracing::error!(%error, "no poll can be turned"))?;
        let mut first = None;
        for slug in due {
            if self.is_edition_paused(&slug) {
                continue;
            }
            if let Err(error) = self.open_and_close_polls_of(&slug).await {
                tracing::error!(edition = slug, %error, "a poll cannot be opened or closed");
                let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
                resting.insert(slug, std::time::Instant::now() + RETRY_PAUSE);
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(()), Err)
    }

    fn is_edition_paused(&self, slug: &str) -> bool {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, until| *until > std::time::Instant::now());
        resting.contains_key(slug)
    }

    async fn open_and_close_polls_of(&self, slug: &str) -> Result<()> {
        let edition = self.find_edition(slug).await?;
        self.close_due_polls(&edition).await?;
        for poll in edition.polls.iter().filter(|poll| edition.poll_open(poll).is_ok()) {
            self.open_poll(&edition, poll).await?;
        }
        Ok(())
    }
}

/// The first instant at which this poll admits no ballots any more.
fn closing_instant(edition: &Edition, poll: &Poll) -> Instant {
    let schedule = &edition.schedule;
    let early = [schedule.released_at, schedule.archived_at].into_iter().flatten().min();
    // Never before the opening: a season archived before its vote has an empty window.
    early.unwrap_or(poll.window.closes).min(poll.window.closes).max(poll.window.opens)
}

fn is_close_due(edition: &Edition, poll: &Poll) -> bool {
    let grace = TimeDelta::seconds(GRACE_SECONDS);
    let over = edition.now >= closing_instant(edition, poll) + grace;
    edition.schedule.published && over && poll.closed_at.is_none()
}

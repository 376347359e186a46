//! Closing the polls: once what was admitted in time is stored, a line says how many ballots came.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::ids::PollId;
use domain::record::entry::Entry;
use domain::record::words::Second;
use domain::schedule::Instant;
use sqlx::PgConnection;

use super::{queries, queue, seal, slug};
use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Result};

/// How long a ballot that was admitted in time may take to be stored. The intake refuses what is
/// older, so after this nothing can be on its way.
const GRACE_SECONDS: i64 = 120;
/// How long an edition is left alone whose polls could not be opened or closed: that waits for a
/// person, and the others wait for nobody.
const REST: Duration = Duration::from_secs(30);

/// The editions that are left alone, by their short names, and until when.
pub(crate) type Resting = Mutex<HashMap<String, std::time::Instant>>;

impl Backend {
    /// Closes the polls of an edition that have been over for the time that a ballot may take.
    /// Those that nobody had opened are opened too, so that each poll has both of its lines.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn close_due_polls(&self, edition: &Edition) -> Result<()> {
        for poll in edition.polls.iter().filter(|poll| is_due(edition, poll)) {
            let (backend, slug, id) = (self.clone(), edition.slug.clone(), poll.id);
            self.transact(move |connection| {
                Box::pin(async move { backend.close_within(connection, &slug, id).await })
            })
            .await?;
        }
        Ok(())
    }

    async fn close_within(
        &self,
        connection: &mut PgConnection,
        edition: &str,
        poll: PollId,
    ) -> Result<()> {
        let edition = seal::locked(connection, edition).await?;
        // Waits for every statement that is storing ballots of this poll, and lets none begin.
        queries::hold_poll(connection, poll).await?;
        let poll = edition.polls.iter().find(|other| other.id == poll).ok_or(Error::NotFound)?;
        // Somebody may have closed it, or moved the clock, since the caller looked.
        if !is_due(&edition, poll) || queries::is_closed(connection, poll.id).await? {
            return Ok(());
        }
        self.open_within(connection, &edition, poll).await?;
        let at = ends(&edition, poll);
        let received = queries::close(connection, poll.id, at).await?;
        let entry = Entry::Close { poll: slug(poll.slug())?, at: Second::of(at), received };
        queue(connection, edition.id, &entry).await
    }

    /// Opens and closes what is due in any edition; for the job. An edition that could not be turned
    /// is left alone for half a minute.
    ///
    /// # Errors
    /// The first of what kept an edition from it, such as rules that cannot be sealed; the others
    /// went on.
    pub async fn turn_polls(&self) -> Result<()> {
        let due = queries::editions_due(&mut *self.connection().await?, GRACE_SECONDS).await;
        let due = due.inspect_err(|error| tracing::error!(%error, "no poll can be turned"))?;
        let mut first = None;
        for slug in due {
            if self.rests(&slug) {
                continue;
            }
            if let Err(error) = self.turn_polls_of(&slug).await {
                tracing::error!(edition = slug, %error, "a poll cannot be opened or closed");
                let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
                resting.insert(slug, std::time::Instant::now() + REST);
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(()), Err)
    }

    fn rests(&self, slug: &str) -> bool {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, until| *until > std::time::Instant::now());
        resting.contains_key(slug)
    }

    async fn turn_polls_of(&self, slug: &str) -> Result<()> {
        let edition = self.edition(slug).await?;
        self.close_due_polls(&edition).await?;
        for poll in edition.polls.iter().filter(|poll| edition.poll_open(poll).is_ok()) {
            self.open_poll(&edition, poll).await?;
        }
        Ok(())
    }
}

/// The first instant at which no ballot of this poll is admitted.
fn ends(edition: &Edition, poll: &Poll) -> Instant {
    let schedule = &edition.schedule;
    let early = [schedule.released_at, schedule.archived_at].into_iter().flatten().min();
    // Not before it opened: a season that was archived before its vote has an empty window.
    early.unwrap_or(poll.window.closes).min(poll.window.closes).max(poll.window.opens)
}

fn is_due(edition: &Edition, poll: &Poll) -> bool {
    let grace = TimeDelta::seconds(GRACE_SECONDS);
    let over = edition.now >= ends(edition, poll) + grace;
    edition.schedule.published && over && poll.closed_at.is_none()
}

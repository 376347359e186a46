//! The sequencer moves waiting lines into the log: contiguous indexes, one process at a time.
//!
//! Indexes come from the record's own row, which the transaction holds, never from a sequence: what
//! is rolled back leaves no gap. Lines that commit late are simply taken later.

mod batch;
mod queries;

use domain::ids::EditionId;
use domain::record::tree::{Frontier, leaf_hash};
use sqlx::PgConnection;
use uuid::Uuid;

use super::tiles::Growth;
use super::{counted, stored};
use crate::{Backend, Error, Result};

use batch::Line;

/// Lines in one transaction: a second of the busiest vote, and far below a statement's deadline.
const BATCH: i64 = 10_000;
/// A process that says nothing for so long has died, and another one goes on.
const LEASE_SECONDS: i64 = 10;

impl Backend {
    /// One step of the sequencer for all editions: what waits is appended, and what was appended is
    /// signed. True where something was appended.
    ///
    /// # Errors
    /// The first of what stopped an edition; the others went on. A line that cannot be read stops
    /// its edition until somebody has looked: it is never skipped.
    pub async fn sequence(&self) -> Result<bool> {
        let editions = queries::with_work(&mut *self.connection().await?).await?;
        let (mut appended, mut first) = (false, None);
        for edition in editions {
            let done = match self.sequence_edition(edition).await {
                // Another process appends, and knows whether something is wrong.
                Ok(None) => continue,
                Ok(Some(more)) => Ok(more),
                Err(error) => Err(error),
            };
            let halted = done.as_ref().err().map(ToString::to_string);
            let mut connection = self.connection().await?;
            let is_new = queries::set_halted(&mut connection, edition, halted.as_deref()).await?;
            drop(connection);
            match done {
                Ok(more) => appended |= more,
                Err(error) => {
                    // Once: the page of the administrators tells it from now on.
                    if is_new {
                        tracing::error!(%edition, %error, "the record of an edition stands still");
                    }
                    first.get_or_insert(error);
                }
            }
        }
        first.map_or(Ok(appended), Err)
    }

    /// Lets go of the logs, once nothing of this process appends any more: the next one goes on at
    /// once instead of after the lease.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn release_logs(&self) -> Result<()> {
        queries::release(&mut *self.connection().await?, self.instance).await
    }

    /// Whether something was appended; none where another process holds the lease.
    async fn sequence_edition(&self, edition: EditionId) -> Result<Option<bool>> {
        let holder = self.instance;
        let appended =
            self.transact(move |connection| Box::pin(append(connection, edition, holder))).await?;
        let Some(appended) = appended else { return Ok(None) };
        // The transaction has returned: what is signed now is what the database keeps.
        self.sign_checkpoint(edition).await?;
        Ok(Some(appended > 0))
    }
}

/// Appends a batch of what waits; none where another process holds the lease.
async fn append(
    connection: &mut PgConnection,
    edition: EditionId,
    holder: Uuid,
) -> Result<Option<usize>> {
    let Some(head) = queries::lease(connection, edition, holder, LEASE_SECONDS).await? else {
        return Ok(None);
    };
    let waiting = queries::take_waiting(connection, edition, BATCH).await?;
    if waiting.is_empty() {
        return Ok(Some(0));
    }
    let lines = batch::in_order(waiting)?;
    let size = counted(head.size)?;
    let mut frontier = frontier(size, &head.frontier)?;
    let mut growth = Growth::load(connection, edition, size).await?;
    for line in &lines {
        let leaf = leaf_hash(line.text.as_bytes());
        frontier.push(leaf);
        growth.push(leaf);
    }
    queries::insert_entries(connection, edition, head.size, &lines).await?;
    growth.store(connection, edition).await?;
    let new = stored(frontier.size())?;
    queries::grow(connection, edition, new, &frontier.to_bytes()).await?;
    tracing::debug!(size = new, "the record has grown");
    Ok(Some(lines.len()))
}

/// The frontier as it is stored; empty before the first line.
pub(super) fn frontier(size: u64, bytes: &[u8]) -> Result<Frontier> {
    let frontier = match bytes {
        [] => Frontier::default(),
        bytes => Frontier::from_bytes(bytes).map_err(|_| Error::Internal("a broken frontier"))?,
    };
    if frontier.size() == size {
        Ok(frontier)
    } else {
        Err(Error::Internal("the frontier of another size than the record's"))
    }
}

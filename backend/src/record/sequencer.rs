//! The sequencer moves waiting lines into the log. Their indexes have no gaps, and one process at a
//! time appends.
//!
//! Indexes come from the row in `record`, which the transaction locks, and not from a database
//! sequence, because a rollback would then leave a gap. Lines that commit late are taken later.

mod batch;
mod queries;

use domain::ids::EditionId;
use domain::record::tree::{Frontier, leaf_hash};
use sqlx::PgConnection;
use uuid::Uuid;

use super::tiles::GrowingTiles;
use super::{count_from_i64, count_to_i64};
use crate::{Backend, Error, Result};

use batch::RecordLine;

/// The number of lines in one transaction: one second of the busiest vote, far below the statement
/// timeout.
const BATCH_LINES: i64 = 10_000;
/// A process that is silent for this long, in seconds, counts as dead, and another one takes over.
const LEASE_SECONDS: i64 = 10;

impl Backend {
    /// Runs one step of the sequencer for all editions: appends the waiting lines and signs the
    /// log. Returns true if a line was appended. A drill does nothing.
    ///
    /// # Errors
    /// The first error of an edition. The other editions were still handled. A line that cannot be
    /// read halts its edition until a person has looked at it. It is never skipped.
    pub async fn sequence_records(&self) -> Result<bool> {
        if self.is_drill() {
            return Ok(false);
        }
        let editions = queries::editions_with_work(&mut *self.acquire_connection().await?).await?;
        let (mut appended, mut first) = (false, None);
        for edition in editions {
            let done = match self.sequence_edition(edition).await {
                // Another process appends, and it reports its own errors.
                Ok(None) => continue,
                Ok(Some(more)) => Ok(more),
                Err(error) => Err(error),
            };
            let halted = done.as_ref().err().map(ToString::to_string);
            let mut connection = self.acquire_connection().await?;
            let is_new = queries::set_halted(&mut connection, edition, halted.as_deref()).await?;
            drop(connection);
            match done {
                Ok(more) => appended |= more,
                Err(error) => {
                    // Log it once: from then on the administrators' page shows it.
                    if is_new {
                        tracing::error!(%edition, %error, "the record of an edition has stopped");
                    }
                    first.get_or_insert(error);
                }
            }
        }
        first.map_or(Ok(appended), Err)
    }

    /// Gives up the leases of this process, which must no longer append. Another process can then
    /// continue at once and need not wait for the lease to end.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn release_log_leases(&self) -> Result<()> {
        queries::release_leases(&mut *self.acquire_connection().await?, self.instance).await
    }

    /// Returns whether a line was appended. `None` if another process holds the lease.
    async fn sequence_edition(&self, edition: EditionId) -> Result<Option<bool>> {
        // Checked before the lease is taken, which the right server may need.
        self.check_log_name(edition).await?;
        let holder = self.instance;
        let appended = self
            .run_in_transaction(move |connection| {
                Box::pin(append_waiting_lines(connection, edition, holder))
            })
            .await?;
        let Some(appended) = appended else { return Ok(None) };
        // The transaction has committed, so the database keeps everything that is signed now.
        self.sign_checkpoint(edition).await?;
        Ok(Some(appended > 0))
    }
}

/// Appends a batch of waiting lines and returns their number. `None` if another process holds the
/// lease.
async fn append_waiting_lines(
    connection: &mut PgConnection,
    edition: EditionId,
    holder: Uuid,
) -> Result<Option<usize>> {
    let Some(head) = queries::take_lease(connection, edition, holder, LEASE_SECONDS).await? else {
        return Ok(None);
    };
    let waiting = queries::take_waiting_lines(connection, edition, BATCH_LINES).await?;
    if waiting.is_empty() {
        return Ok(Some(0));
    }
    let lines = batch::sort_and_shuffle(waiting)?;
    let size = count_from_i64(head.size)?;
    let mut frontier = parse_frontier(size, &head.frontier)?;
    let mut growth = GrowingTiles::load_last_tiles(connection, edition, size).await?;
    for line in &lines {
        let leaf = leaf_hash(line.text.as_bytes());
        frontier.append_leaf(leaf);
        growth.push(leaf);
    }
    queries::insert_entries(connection, edition, head.size, &lines).await?;
    growth.store_grown_tiles(connection, edition).await?;
    let new = count_to_i64(frontier.tree_size())?;
    queries::store_log_head(connection, edition, new, &frontier.to_bytes()).await?;
    tracing::debug!(size = new, "the record has grown");
    Ok(Some(lines.len()))
}

/// Reads a stored frontier. It is empty before the first line.
pub(super) fn parse_frontier(size: u64, bytes: &[u8]) -> Result<Frontier> {
    let frontier = match bytes {
        [] => Frontier::default(),
        bytes => Frontier::from_bytes(bytes).map_err(|_| Error::Internal("a broken frontier"))?,
    };
    if frontier.tree_size() == size {
        Ok(frontier)
    } else {
        Err(Error::Internal("the frontier of another size than the record's"))
    }
}

//! SQL of checkpoints.

use domain::ids::EditionId;
use domain::record::tree::Hash;
use sqlx::PgConnection;
use uuid::Uuid;

use super::LogState;
use crate::record::count_from_i64;
use crate::{Error, Result};

/// Reads the current state of the log.
pub(super) async fn read_log_state(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<LogState>> {
    let row = sqlx::query!(
        "
        select origin, size, frontier, signed_size, signed_root, checkpoint, witnesses_asked_at
        from record
        where edition_id = $1
        ",
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let root = row.signed_root.map(|bytes| Hash::from_slice(&bytes));
        Ok(LogState {
            origin: row.origin,
            size: count_from_i64(row.size)?,
            frontier: row.frontier,
            signed_size: count_from_i64(row.signed_size)?,
            signed_root: root
                .map(|root| root.ok_or(Error::Internal("a signed root of another length")))
                .transpose()?,
            incomplete: row.witnesses_asked_at.and(row.checkpoint),
        })
    })
    .transpose()
}

/// A checkpoint that was signed.
pub(super) struct SignedCheckpoint {
    pub(super) edition: EditionId,
    pub(super) holder: Uuid,
    pub(super) size: i64,
    pub(super) root: Hash,
    pub(super) note: String,
    /// Whether every witness has cosigned.
    pub(super) complete: bool,
}

/// Publishes a checkpoint, unless one of a larger log is published or the lease is lost.
pub(super) async fn store_checkpoint(
    connection: &mut PgConnection,
    signed: &SignedCheckpoint,
) -> Result<()> {
    sqlx::query!(
        "
        update record
        set signed_size = $3,
            signed_root = $4,
            checkpoint = $5,
            witnesses_asked_at = case when $6 then null else now() end
        where edition_id = $1 and holder = $2 and signed_size <= $3
        ",
        signed.edition.0,
        signed.holder,
        signed.size,
        signed.root.as_bytes().as_slice(),
        signed.note,
        signed.complete,
    )
    .execute(connection)
    .await?;
    Ok(())
}

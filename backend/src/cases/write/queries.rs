//! SQL of sending a case in and taking it back.

use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use domain::search::CaseKeys;
use sqlx::PgConnection;

use crate::Result;

/// What a case gets when it is sent in.
pub(super) struct Sending<'a> {
    /// When, by the edition's clock.
    pub(super) now: DateTime<Utc>,
    pub(super) personal_reason: Option<&'a str>,
    pub(super) keys: &'a CaseKeys,
    /// The sketch of its story.
    pub(super) sketch: &'a [i64],
    /// Whether it is sent in for the first time after the close.
    pub(super) late: bool,
    pub(super) receipt_number: i32,
    pub(super) receipt: &'a str,
}

/// Marks a case as submitted.
pub(super) async fn mark_submitted(
    connection: &mut PgConnection,
    id: CaseId,
    sending: &Sending<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        update cases
        set state = 'submitted',
            submitted_at = $2,
            personal_reason = $3,
            head_keys = $4,
            story_keys = $5,
            story_sketch = $9,
            late = late or $6,
            receipt_number = $7,
            receipt = $8,
            screened_at = null,
            reason = null,
            returned_until = null,
            returned_at = null,
            written_since = false,
            second_look = null,
            second_look_by = null,
            first_look_by = null,
            -- The picture may have changed since: whoever screens must have read this sending.
            version = version + 1
        where id = $1
        ",
        id.0,
        sending.now,
        sending.personal_reason,
        sending.keys.head,
        sending.keys.story,
        sending.late,
        sending.receipt_number,
        sending.receipt,
        sending.sketch,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the organisation has begun to write a case that was sent back.
pub(super) async fn mark_written(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("update cases set written_since = true where id = $1", id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks a case as withdrawn.
pub(super) async fn mark_withdrawn(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("update cases set state = 'withdrawn', screened_at = null where id = $1", id.0)
        .execute(connection)
        .await?;
    Ok(())
}

//! SQL of the record's health.

use domain::ids::EditionId;
use sqlx::PgConnection;

use super::RecordHealth;
use crate::Result;
use crate::record::count_from_i64;

/// Reads the state of the sequencer for one edition.
pub(super) async fn read_record_health(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<RecordHealth>> {
    let row = sqlx::query!(
        r#"
        select
            record.size,
            record.halted,
            record.holder,
            record.lease_until,
            outside.lines as "waiting!",
            outside.oldest
        from record
        cross join lateral (
            select count(*) as lines, min(waits_since) as oldest
            from waiting
            where waiting.edition_id = record.edition_id
                -- Without the ballots that wait for others: their number would show whether a single
                -- ballot was stored.
                and (
                    waiting.poll_id is null
                    or waiting.poll_id in (select releasable_poll.poll_id from releasable_poll)
                )
        ) as outside
        where record.edition_id = $1
        "#,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let holder = row.holder.map(|holder| holder.simple().to_string()[..8].to_owned());
        Ok(RecordHealth {
            size: count_from_i64(row.size)?,
            waiting: count_from_i64(row.waiting)?,
            waits_since: row.oldest,
            halted: row.halted,
            lease: holder.zip(row.lease_until),
        })
    })
    .transpose()
}

//! What the server has stored about a played season.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A stored ballot with its trace as it is stored.
pub(super) struct TraceRow {
    /// The ballot.
    pub(super) ballot: Uuid,
    /// The key under which it was posted.
    pub(super) key: Uuid,
    /// When it was admitted, by the real clock.
    pub(super) cast_at: Option<DateTime<Utc>>,
    /// What the verification told, as JSON.
    pub(super) proof: Option<Vec<u8>>,
    /// What the request told, as JSON.
    pub(super) request: Option<Vec<u8>>,
}

/// Returns the ballots of a poll in the order in which their traces were stored.
pub(super) async fn stored_traces(
    connection: &mut PgConnection,
    poll: Uuid,
) -> Result<Vec<TraceRow>> {
    let rows = sqlx::query(
        "
        select ballot.id, ballot.idempotency_key, trace.cast_at, trace.proof, trace.request
        from ballot
        left join ballot_trace as trace
            on trace.poll_id = ballot.poll_id and trace.ballot_id = ballot.id
        where ballot.poll_id = $1
        order by trace.number, ballot.id
        ",
    )
    .bind(poll)
    .fetch_all(connection)
    .await?;
    let row = |row: sqlx::postgres::PgRow| {
        Ok(TraceRow {
            ballot: row.try_get(0)?,
            key: row.try_get(1)?,
            cast_at: row.try_get(2)?,
            proof: row.try_get(3)?,
            request: row.try_get(4)?,
        })
    };
    rows.into_iter().map(row).collect()
}

/// Returns the ballots of a poll that the server's detector holds.
pub(super) async fn held_ballots(connection: &mut PgConnection, poll: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar("select ballot_id from held_ballot where poll_id = $1 order by ballot_id")
        .bind(poll)
        .fetch_all(connection)
        .await
}

/// Returns the groups that the server's detector found in a poll: the key, whether it is held, and its
/// points.
pub(super) async fn found_groups(
    connection: &mut PgConnection,
    poll: Uuid,
) -> Result<Vec<(String, bool, i64)>> {
    let rows =
        sqlx::query("select key, held, points from fraud_group where poll_id = $1 order by key")
            .bind(poll)
            .fetch_all(connection)
            .await?;
    let group =
        |row: sqlx::postgres::PgRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    rows.into_iter().map(group).collect()
}

/// Returns whether the server's detector has looked at a poll since its close.
pub(super) async fn is_poll_analysed(connection: &mut PgConnection, poll: Uuid) -> Result<bool> {
    sqlx::query_scalar("select analysed_at is not null from poll where id = $1")
        .bind(poll)
        .fetch_one(connection)
        .await
}

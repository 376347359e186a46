//! SQL of the sequencer.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::RecordLine;
use super::batch::WaitingLine;
use crate::Result;

/// The editions whose log has something to append or to sign.
pub(super) async fn editions_with_work(connection: &mut PgConnection) -> Result<Vec<EditionId>> {
    let editions = sqlx::query_scalar!(
        r#"
        select edition_id as "edition_id: EditionId"
        from record
        where signed_size < size
            or halted is not null
            -- A witness that was away is asked again.
            or witnesses_asked_at < now() - interval '20 seconds'
            or exists (
                select from waiting
                where waiting.edition_id = record.edition_id and waiting.poll_id is null
            )
            or exists (
                select from releasable_poll
                where releasable_poll.edition_id = record.edition_id
            )
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(editions)
}

/// The end of the log.
pub(super) struct LogHead {
    pub(super) size: i64,
    pub(super) frontier: Vec<u8>,
}

/// Takes or renews the lease, and locks the log until the transaction ends. `None` while another
/// process holds the lease. A second process waits for the row lock and then checks again.
pub(super) async fn take_lease(
    connection: &mut PgConnection,
    edition: EditionId,
    holder: Uuid,
    seconds: i64,
) -> Result<Option<LogHead>> {
    let head = sqlx::query_as!(
        LogHead,
        "
        update record
        set holder = $2, lease_until = clock_timestamp() + $3::bigint * interval '1 second'
        where edition_id = $1
            and (holder is null or holder = $2 or lease_until < clock_timestamp())
        returning size, frontier
        ",
        edition.0,
        holder,
        seconds,
    )
    .fetch_optional(connection)
    .await?;
    Ok(head)
}

/// Gives up all leases of this process, so that another process need not wait.
pub(super) async fn release_leases(connection: &mut PgConnection, holder: Uuid) -> Result<()> {
    sqlx::query!("update record set holder = null where holder = $1", holder)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the lines that have waited longest, except those of ballots that still wait for others. No
/// other process takes lines, because the caller holds the lease.
pub(super) async fn take_waiting_lines(
    connection: &mut PgConnection,
    edition: EditionId,
    at_most: i64,
) -> Result<Vec<WaitingLine>> {
    let releasable = sqlx::query_scalar!(
        r#"select poll_id as "poll_id!" from releasable_poll where edition_id = $1"#,
        edition.0,
    )
    .fetch_all(&mut *connection)
    .await?;
    let lines = sqlx::query_as!(
        WaitingLine,
        "
        delete from waiting
        where edition_id = $1
            and number in (
                select number
                from waiting
                where edition_id = $1 and (poll_id is null or poll_id = any ($3::uuid[]))
                order by number
                limit $2
            )
        returning rank, number, line
        ",
        edition.0,
        at_most,
        &releasable,
    )
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// Appends lines, the first one at index `from`.
pub(super) async fn insert_entries(
    connection: &mut PgConnection,
    edition: EditionId,
    from: i64,
    lines: &[RecordLine],
) -> Result<()> {
    let ballots: Vec<Option<Uuid>> =
        lines.iter().map(|line| line.ballot_id().map(|ballot| ballot.0)).collect();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    sqlx::query!(
        "
        insert into entry (edition_id, index, ballot_id, line)
        select $1, $2 + added.place - 1, added.ballot_id, added.line
        from unnest($3::uuid[], $4::text[]) with ordinality as added (ballot_id, line, place)
        ",
        edition.0,
        from,
        &ballots as &[Option<Uuid>],
        &texts as &[&str],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the new end of the log.
pub(super) async fn store_log_head(
    connection: &mut PgConnection,
    edition: EditionId,
    size: i64,
    frontier: &[u8],
) -> Result<()> {
    sqlx::query!(
        "update record set size = $2, frontier = $3 where edition_id = $1",
        edition.0,
        size,
        frontier,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores why an edition has halted, or that it has not. Returns false if nothing changed.
pub(super) async fn set_halted(
    connection: &mut PgConnection,
    edition: EditionId,
    halted: Option<&str>,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update record set halted = $2
        where edition_id = $1 and halted is distinct from $2
        ",
        edition.0,
        halted,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

//! SQL of sealing, opening and closing, and of the record's own row.

use domain::ids::{EditionId, PollId};
use domain::record::tree::Hash;
use domain::schedule::Instant;
use sqlx::PgConnection;

use super::{Record, counted};
use crate::Result;

/// The record as it stands.
pub(super) async fn record(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Record>> {
    let row = sqlx::query!(
        "
        select origin, rulebook, sealed_at, signed_size, checkpoint, erased_at
        from record
        where edition_id = $1
        ",
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Record {
            origin: row.origin,
            rulebook_hash: Hash::of(&row.rulebook),
            sealed_at: row.sealed_at,
            signed_size: counted(row.signed_size)?,
            checkpoint: row.checkpoint,
            erased_at: row.erased_at,
        })
    })
    .transpose()
}

/// The name of the log.
pub(super) async fn origin(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<String>> {
    let origin = sqlx::query_scalar!("select origin from record where edition_id = $1", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(origin)
}

/// The sealed rulebook.
pub(super) async fn rulebook(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Vec<u8>>> {
    let bytes = sqlx::query_scalar!("select rulebook from record where edition_id = $1", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(bytes)
}

/// Sends a line on its way.
pub(super) async fn queue(
    connection: &mut PgConnection,
    edition: EditionId,
    rank: i16,
    line: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into waiting (edition_id, rank, line) values ($1, $2, $3)",
        edition.0,
        rank,
        line,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Holds an edition against changes until the transaction ends. Rows that refer to it can still be
/// written: a stronger lock would wait for ballots that wait for a poll that is held beside it.
pub(super) async fn hold_edition(connection: &mut PgConnection, slug: &str) -> Result<()> {
    sqlx::query!("select id from edition where slug = $1 for no key update", slug)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Holds an edition against being sealed; others may hold it too.
pub(super) async fn share_edition(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!("select id from edition where id = $1 for share", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Holds a poll against the intake, which takes a share of it for each statement.
pub(super) async fn hold_poll(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!("select id from poll where id = $1 for update", poll.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Whether the rules are sealed.
pub(super) async fn is_sealed(connection: &mut PgConnection, edition: EditionId) -> Result<bool> {
    let sealed = sqlx::query_scalar!(
        r#"select exists (select from record where edition_id = $1) as "sealed!""#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(sealed)
}

/// Whether cases wait for a decision.
pub(super) async fn undecided_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let waiting = sqlx::query_scalar!(
        r#"
        select exists (
            select from cases where edition_id = $1 and state = 'submitted'
        ) as "waiting!"
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(waiting)
}

/// Stores the sealed rules.
pub(super) async fn insert_record(
    connection: &mut PgConnection,
    edition: EditionId,
    origin: &str,
    rulebook: &[u8],
) -> Result<()> {
    sqlx::query!(
        "insert into record (edition_id, origin, rulebook) values ($1, $2, $3)",
        edition.0,
        origin,
        rulebook,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the record says that a poll has opened.
pub(super) async fn is_open(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let open = sqlx::query_scalar!(
        r#"select exists (select from poll where id = $1 and opened_at is not null) as "open!""#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(open)
}

/// Opens a poll; false where it was opened before.
pub(super) async fn open(connection: &mut PgConnection, poll: PollId, at: Instant) -> Result<bool> {
    let done = sqlx::query!(
        "update poll set opened_at = $2 where id = $1 and opened_at is null",
        poll.0,
        at,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a poll is closed.
pub(super) async fn is_closed(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let closed = sqlx::query_scalar!(
        r#"select exists (select from poll where id = $1 and closed_at is not null) as "closed!""#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(closed)
}

/// Closes a poll; returns the lines that its ballots are in the record: where a voter may change,
/// each ballot is one.
pub(super) async fn close(connection: &mut PgConnection, poll: PollId, at: Instant) -> Result<u64> {
    let received = sqlx::query_scalar!(
        r#"
        update poll
        set closed_at = $2, received = ballots.received, replaced = ballots.replaced
        from (
            select count(*) as received, count(*) filter (where generation > 0) as replaced
            from ballot
            where poll_id = $1
        ) as ballots
        where id = $1
        returning ballots.received as "received!"
        "#,
        poll.0,
        at,
    )
    .fetch_one(connection)
    .await?;
    counted(received)
}

/// The published editions in which a poll has begun and is not open yet, or has been over for
/// longer than `grace` and is not closed.
pub(super) async fn editions_due(connection: &mut PgConnection, grace: i64) -> Result<Vec<String>> {
    let due = sqlx::query_scalar!(
        r#"
        select distinct edition.slug
        from poll
        join edition on edition.id = poll.edition_id
        cross join lateral (
            select now() + make_interval(secs => edition.clock_offset_seconds) as now
        ) as clock
        where edition.published_at is not null
            and poll.closed_at is null
            and (
                (poll.opened_at is null and coalesce(poll.opens, edition.voting_opens) <= clock.now)
                or least(
                    coalesce(poll.closes, edition.voting_closes),
                    edition.released_at,
                    edition.archived_at
                ) + $1::bigint * interval '1 second' <= clock.now
            )
        "#,
        grace,
    )
    .fetch_all(connection)
    .await?;
    Ok(due)
}

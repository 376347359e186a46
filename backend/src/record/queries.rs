//! SQL of sealing the rules, of opening and closing polls, and of the table `record`.

use domain::ids::{EditionId, PollId};
use domain::record::tree::Hash;
use domain::rulebook::RecordRules;
use domain::schedule::Instant;
use sqlx::PgConnection;

use super::{Record, count_from_i64};
use crate::Result;

/// Reads the record of an edition.
pub(super) async fn read_record(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Record>> {
    let row = sqlx::query!(
        "
        select
            origin,
            rulebook,
            release_ballots,
            release_minutes,
            release_fewest,
            sealed_at,
            signed_size,
            checkpoint,
            erased_at
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
            rulebook_hash: Hash::sha256_of(&row.rulebook),
            release: RecordRules {
                ballots: row.release_ballots.unsigned_abs(),
                minutes: row.release_minutes.unsigned_abs(),
                fewest: row.release_fewest.unsigned_abs(),
            },
            sealed_at: row.sealed_at,
            signed_size: count_from_i64(row.signed_size)?,
            checkpoint: row.checkpoint,
            erased_at: row.erased_at,
        })
    })
    .transpose()
}

/// Reads the name of the log.
pub(super) async fn read_origin(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<String>> {
    let origin = sqlx::query_scalar!("select origin from record where edition_id = $1", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(origin)
}

/// Reads the names of all logs whose edition is not erased.
pub(super) async fn origins_of_live_records(connection: &mut PgConnection) -> Result<Vec<String>> {
    let origins =
        sqlx::query_scalar!("select origin from record where erased_at is null order by origin",)
            .fetch_all(connection)
            .await?;
    Ok(origins)
}

/// Reads the sealed rulebook.
pub(super) async fn read_sealed_rulebook(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Vec<u8>>> {
    let bytes = sqlx::query_scalar!("select rulebook from record where edition_id = $1", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(bytes)
}

/// Queues a line for the record.
pub(super) async fn insert_waiting_line(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: Option<PollId>,
    rank: i16,
    line: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into waiting (edition_id, poll_id, rank, line) values ($1, $2, $3, $4)",
        edition.0,
        poll.map(|poll| poll.0),
        rank,
        line,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks an edition against changes until the transaction ends. Rows that refer to it can still be
/// written. A stronger lock would wait for ballots, which wait for a poll that this transaction
/// also locks.
pub(super) async fn lock_edition(connection: &mut PgConnection, slug: &str) -> Result<()> {
    sqlx::query!("select id from edition where slug = $1 for no key update", slug)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Locks a poll against the intake, whose statements each take a shared lock on it.
pub(super) async fn lock_poll_exclusively(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<()> {
    sqlx::query!("select id from poll where id = $1 for update", poll.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Checks whether the rules are sealed.
pub(super) async fn is_rulebook_sealed(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let sealed = sqlx::query_scalar!(
        r#"select exists (select from record where edition_id = $1) as "sealed!""#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(sealed)
}

/// Checks whether cases wait for a decision.
pub(super) async fn has_undecided_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let waiting = sqlx::query_scalar!(
        r#"
        select exists (
            select from cases where edition_id = $1 and state in ('submitted', 'returned')
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
    release: RecordRules,
) -> Result<()> {
    let [ballots, minutes, fewest] = [release.ballots, release.minutes, release.fewest]
        .map(|number| i32::try_from(number).unwrap_or(i32::MAX));
    sqlx::query!(
        "
        insert into record (
            edition_id, origin, rulebook, release_ballots, release_minutes, release_fewest
        )
        values ($1, $2, $3, $4, $5, $6)
        ",
        edition.0,
        origin,
        rulebook,
        ballots,
        minutes,
        fewest,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Checks whether a poll has opened, according to the record.
pub(super) async fn is_poll_open(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let open = sqlx::query_scalar!(
        r#"select exists (select from poll where id = $1 and opened_at is not null) as "open!""#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(open)
}

/// Opens a poll. Returns false if it was opened before.
pub(super) async fn mark_poll_open(
    connection: &mut PgConnection,
    poll: PollId,
    at: Instant,
) -> Result<bool> {
    let done = sqlx::query!(
        "update poll set opened_at = $2, traced = true where id = $1 and opened_at is null",
        poll.0,
        at,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Checks whether a poll is closed.
pub(super) async fn is_poll_closed(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let closed = sqlx::query_scalar!(
        r#"select exists (select from poll where id = $1 and closed_at is not null) as "closed!""#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(closed)
}

/// Closes a poll. Returns the number of its ballots in the record. If voters may change their
/// ballot, every ballot of a voter counts here.
pub(super) async fn close_and_count_poll(
    connection: &mut PgConnection,
    poll: PollId,
    at: Instant,
) -> Result<u64> {
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
    count_from_i64(received)
}

/// Returns the published editions with a poll that is due. Such a poll has begun and is not open
/// yet, or it ended more than `grace` seconds ago and is not closed.
pub(super) async fn editions_with_due_polls(
    connection: &mut PgConnection,
    grace: i64,
) -> Result<Vec<String>> {
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

//! All SQL of the simulator. It is checked when it runs, so that the offline data of the program
//! need not contain the queries of a test tool.

use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::check::StoredBallot;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Creates the database of the run.
///
/// # Errors
/// The database's error.
pub async fn create_database(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("create database hanpyo").execute(connection).await.map(drop)
}

/// A poll and the cases that may be picked in it.
pub struct PollRow {
    /// Its primary key.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// Minimum and maximum number of picks.
    pub picks: (i32, i32),
    /// The accepted cases.
    pub cases: Vec<Uuid>,
}

/// Returns the poll with this slug, or the first poll of the edition if the slug is empty.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if there is no such poll.
pub async fn find_poll(
    connection: &mut PgConnection,
    edition: &str,
    slug: &str,
) -> Result<PollRow> {
    let row = sqlx::query(
        "
        select
            poll.id,
            poll.slug,
            coalesce(rules #>> '{picks,exactly}', rules #>> '{picks,at_most}')::int as most,
            coalesce(rules #>> '{picks,exactly}', '1')::int as least,
            array(
                select cases.id from cases
                join track on track.id = cases.track_id
                where cases.edition_id = edition.id
                    and cases.state = 'accepted'
                    and track.slug = coalesce(rules #>> '{cases,track}', track.slug)
                    and (rules ->> 'cases' is distinct from 'list' or exists (
                        select from poll_case
                        where poll_case.poll_id = poll.id and poll_case.case_id = cases.id
                    ))
                order by cases.id
            ) as cases
        from poll
        join edition on edition.id = poll.edition_id
        cross join lateral jsonb_array_elements(edition.rulebook -> 'polls') as rules
        where edition.slug = $1 and rules ->> 'slug' = poll.slug and ($2 = '' or poll.slug = $2)
        order by poll.position
        limit 1
        ",
    )
    .bind(edition)
    .bind(slug)
    .fetch_one(connection)
    .await?;
    Ok(PollRow {
        id: row.try_get("id")?,
        slug: row.try_get("slug")?,
        picks: (row.try_get("least")?, row.try_get("most")?),
        cases: row.try_get("cases")?,
    })
}

/// Opens the sessions of voters, as if each had typed a code: for each the SHA-256 of the cookie, and
/// the pseudonym.
///
/// # Errors
/// The database's error.
pub async fn open_voter_sessions(
    connection: &mut PgConnection,
    poll: Uuid,
    (tokens, voters): (&[Vec<u8>], &[Vec<u8>]),
) -> Result<()> {
    sqlx::query(
        "
        insert into voter_session (id_hash, poll_id, voter_key, expires_at, proof)
        select token, $1, voter, now() + interval '12 hours', convert_to($4, 'UTF8')
        from unnest($2::bytea[], $3::bytea[]) as prepared (token, voter)
        on conflict do nothing
        ",
    )
    .bind(poll)
    .bind(tokens)
    .bind(voters)
    .bind(r#"{"channel":"email"}"#)
    .execute(connection)
    .await
    .map(drop)
}

/// Returns every ballot of a poll.
///
/// # Errors
/// The database's error.
pub async fn stored_ballots(
    connection: &mut PgConnection,
    poll: Uuid,
) -> Result<Vec<StoredBallot>> {
    let rows = sqlx::query("select voter_key, id, idempotency_key from ballot where poll_id = $1")
        .bind(poll)
        .fetch_all(connection)
        .await?;
    let ballot = |row: sqlx::postgres::PgRow| {
        Ok(StoredBallot {
            voter_key: row.try_get(0)?,
            id: row.try_get(1)?,
            key: row.try_get(2)?,
            picks: None,
        })
    };
    rows.into_iter().map(ballot).collect()
}

/// Counts the stored ballots of a poll.
///
/// # Errors
/// The database's error.
pub async fn count_ballots(connection: &mut PgConnection, poll: Uuid) -> Result<i64> {
    sqlx::query_scalar("select count(*) from ballot where poll_id = $1")
        .bind(poll)
        .fetch_one(connection)
        .await
}

/// Returns the ballots of a poll that were admitted outside its window, by the edition's clock.
///
/// # Errors
/// The database's error.
pub async fn ballots_outside_window(
    connection: &mut PgConnection,
    poll: Uuid,
) -> Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "
        select ballot.id from ballot
        join poll on poll.id = ballot.poll_id
        join edition on edition.id = poll.edition_id
        where poll.id = $1
            and not (ballot.admitted_at >= coalesce(poll.opens, edition.voting_opens)
                and ballot.admitted_at < coalesce(poll.closes, edition.voting_closes))
        ",
    )
    .bind(poll)
    .fetch_all(connection)
    .await
}

/// Moves the clock of a rehearsal so that the poll closes in `seconds`, exact to one second.
///
/// # Errors
/// The database's error.
pub async fn move_clock_before_close(
    connection: &mut PgConnection,
    poll: Uuid,
    seconds: i64,
) -> Result<()> {
    sqlx::query(
        "
        update edition set clock_offset_seconds = floor(extract(epoch from
            coalesce(poll.closes, edition.voting_closes)
            - now()))::bigint - $2
        from poll
        where poll.edition_id = edition.id and poll.id = $1 and edition.rehearsal
        ",
    )
    .bind(poll)
    .bind(seconds)
    .execute(connection)
    .await
    .map(drop)
}

/// Returns the microseconds until the poll closes, by the database's clock. It is negative after
/// the close.
///
/// # Errors
/// The database's error.
pub async fn micros_until_close(connection: &mut PgConnection, poll: Uuid) -> Result<i64> {
    sqlx::query_scalar(
        "
        select (extract(epoch from
            coalesce(poll.closes, edition.voting_closes)
            - make_interval(secs => edition.clock_offset_seconds)
            - clock_timestamp()) * 1000000)::bigint
        from poll join edition on edition.id = poll.edition_id
        where poll.id = $1
        ",
    )
    .bind(poll)
    .fetch_one(connection)
    .await
}

/// An entry of the record.
pub struct EntryRow {
    /// Its index in the record.
    pub index: i64,
    /// Its line of text.
    pub line: String,
}

/// Returns all entries of an edition's record, in order.
///
/// # Errors
/// The database's error.
pub async fn record_entries(connection: &mut PgConnection, edition: &str) -> Result<Vec<EntryRow>> {
    let rows = sqlx::query(
        r#"
        select entry."index"::bigint, entry.line
        from entry join edition on edition.id = entry.edition_id
        where edition.slug = $1
        order by entry."index"
        "#,
    )
    .bind(edition)
    .fetch_all(connection)
    .await?;
    let entry =
        |row: sqlx::postgres::PgRow| Ok(EntryRow { index: row.try_get(0)?, line: row.try_get(1)? });
    rows.into_iter().map(entry).collect()
}

/// Returns the newest 100 lines of an edition's record, newest first.
///
/// # Errors
/// The database's error.
pub async fn newest_lines(connection: &mut PgConnection, edition: &str) -> Result<Vec<String>> {
    sqlx::query_scalar(
        r#"
        select entry.line
        from entry join edition on edition.id = entry.edition_id
        where edition.slug = $1
        order by entry."index" desc
        limit 100
        "#,
    )
    .bind(edition)
    .fetch_all(connection)
    .await
}

/// Returns how many lines of an edition wait for their place in the record, and how many
/// milliseconds the oldest one has waited.
///
/// # Errors
/// The database's error.
pub async fn count_waiting_lines(
    connection: &mut PgConnection,
    edition: &str,
) -> Result<(i64, i64)> {
    let row = sqlx::query(
        "
        select
            count(*),
            coalesce(extract(epoch from clock_timestamp() - min(waits_since)) * 1000, 0)::bigint
        from waiting join edition on edition.id = waiting.edition_id
        where edition.slug = $1
        ",
    )
    .bind(edition)
    .fetch_one(connection)
    .await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Sets by how many voters, minutes and fewest voters the lines of ballots are let out. A rehearsal
/// lets each line out at once, and a run of the simulator is to see what a real season does. Returns
/// false while the rules are not sealed.
///
/// # Errors
/// The database's error.
pub async fn set_release_rules(
    connection: &mut PgConnection,
    edition: &str,
    (ballots, minutes, fewest): (i32, i32, i32),
) -> Result<bool> {
    let done = sqlx::query(
        "
        update record set release_ballots = $2, release_minutes = $3, release_fewest = $4
        from edition where edition.id = record.edition_id and edition.slug = $1
        ",
    )
    .bind(edition)
    .bind(ballots)
    .bind(minutes)
    .bind(fewest)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns how many lines of an edition's record no checkpoint covers yet. There is no proof for
/// them.
///
/// # Errors
/// The database's error.
pub async fn count_unsigned_lines(connection: &mut PgConnection, edition: &str) -> Result<i64> {
    sqlx::query_scalar(
        "
        select coalesce(sum(record.size - record.signed_size), 0)::bigint
        from record join edition on edition.id = record.edition_id
        where edition.slug = $1
        ",
    )
    .bind(edition)
    .fetch_one(connection)
    .await
}

/// Creates a table like `ballot` for pgbench, without rows and foreign keys.
///
/// # Errors
/// The database's error.
pub async fn make_bench_table(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("create table bench_ballot (like ballot including all)")
        .execute(connection)
        .await
        .map(drop)
}

/// Returns the columns of the table of [`make_bench_table`] that an insert must name, with their
/// types.
///
/// # Errors
/// The database's error.
pub async fn bench_columns(connection: &mut PgConnection) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query(
        "
        select attname::text, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = 'bench_ballot'::regclass and attnum > 0 and not attisdropped
            and attgenerated = '' and attidentity = '' and not atthasdef
        order by attnum
        ",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Writes dirty pages to disk, so that one measurement does not pay for another.
///
/// # Errors
/// The database's error.
pub async fn flush_dirty_pages(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("checkpoint").execute(connection).await.map(drop)
}

/// Prepares a switch that throws traces away as they come. It is off at first.
///
/// # Errors
/// The database's error.
pub async fn make_trace_switch(connection: &mut PgConnection) -> Result<()> {
    let sql = "
        create function drop_trace() returns trigger language plpgsql as 'begin return null; end';
        create trigger drop_traces before insert on ballot_trace
            for each row execute function drop_trace();
        alter table ballot_trace disable trigger drop_traces;
    ";
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

/// Keeps the traces of a poll from now on, or throws them away and lets the detector pass the poll over.
///
/// # Errors
/// The database's error.
pub async fn switch_traces(connection: &mut PgConnection, poll: Uuid, kept: bool) -> Result<()> {
    let switch = if kept {
        "alter table ballot_trace disable trigger drop_traces"
    } else {
        "alter table ballot_trace enable trigger drop_traces"
    };
    sqlx::query(switch).execute(&mut *connection).await?;
    sqlx::query("update poll set traced = $2 where id = $1")
        .bind(poll)
        .bind(kept)
        .execute(connection)
        .await
        .map(drop)
}

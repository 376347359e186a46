//! SQL of rolls.

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::RollEntry;
use crate::Result;

/// The entry of a code. `id` is `None` if another code has replaced this one.
pub(super) struct FoundEntry {
    pub(super) id: Option<Uuid>,
    pub(super) poll: PollId,
}

/// Returns the entry of this code, in any poll.
pub(super) async fn find_entry_by_code(
    connection: &mut PgConnection,
    code_hash: &[u8],
) -> Result<Option<FoundEntry>> {
    let found = sqlx::query_as!(
        FoundEntry,
        r#"
        select id as "id?", poll_id as "poll!: PollId" from roll_entry where code_hash = $1
        union all
        select null, poll_id from roll_void_code where code_hash = $1
        "#,
        code_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Locks an entry until the transaction ends. Returns whether its code was replaced after the vote
/// had opened; `None` if the entry is withdrawn or deleted.
pub(super) async fn lock_roll_entry(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<bool>> {
    let replaced_late = sqlx::query_scalar!(
        "select replaced_late from roll_entry where id = $1 and voided_at is null for update",
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(replaced_late)
}

/// Notes that a session is told nothing about ballots.
pub(super) async fn mark_session_told_nothing(
    connection: &mut PgConnection,
    session: &[u8],
) -> Result<()> {
    sqlx::query!("update voter_session set told_nothing = true where id_hash = $1", session)
        .execute(connection)
        .await?;
    Ok(())
}

/// Checks whether a ballot of this voter is stored.
pub(super) async fn has_voted(
    connection: &mut PgConnection,
    poll: PollId,
    voter_key: &[u8],
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from ballot where poll_id = $1 and voter_key = $2) as "found!""#,
        poll.0,
        voter_key,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Checks whether this voter has an open session in another browser than the one with this secret.
pub(super) async fn has_session_elsewhere(
    connection: &mut PgConnection,
    poll: PollId,
    voter_key: &[u8],
    own: &[u8],
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        select exists (
            select from voter_session
            where poll_id = $1 and voter_key = $2 and id_hash <> $3 and expires_at > now()
        ) as "found!"
        "#,
        poll.0,
        voter_key,
        own,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Ends the sessions of a voter in a poll.
pub(super) async fn end_voter_sessions(
    connection: &mut PgConnection,
    poll: PollId,
    voter_key: &[u8],
) -> Result<()> {
    sqlx::query!(
        "delete from voter_session where poll_id = $1 and voter_key = $2",
        poll.0,
        voter_key,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The counts of a roll.
pub(super) struct RollCounts {
    pub(super) entries: i64,
    pub(super) issued: i64,
    pub(super) waiting: i64,
    pub(super) voided: i64,
    pub(super) opened: bool,
}

/// Counts the entries of a roll.
pub(super) async fn count_roll(connection: &mut PgConnection, poll: PollId) -> Result<RollCounts> {
    let counts = sqlx::query_as!(
        RollCounts,
        r#"
        select
            count(roll_entry.id) as "entries!",
            count(*) filter (where code_hash is not null and voided_at is null) as "issued!",
            count(roll_entry.id) filter (where code_hash is null and voided_at is null)
                as "waiting!",
            count(*) filter (where voided_at is not null) as "voided!",
            poll.opened_at is not null as "opened!"
        from poll
        left join roll_entry on roll_entry.poll_id = poll.id
        where poll.id = $1
        group by poll.id
        "#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(counts)
}

/// The first entries whose label contains this text, in the order of the roll.
pub(super) async fn search_entries(
    connection: &mut PgConnection,
    poll: PollId,
    search: &str,
    most: i64,
) -> Result<Vec<RollEntry>> {
    let entries = sqlx::query_as!(
        RollEntry,
        r#"
        select id, label, code_hash is not null as "issued!", voided_at is not null as "voided!"
        from roll_entry
        where poll_id = $1 and position(lower($2) in lower(label)) > 0
        order by position
        limit $3
        "#,
        poll.0,
        search,
        most,
    )
    .fetch_all(connection)
    .await?;
    Ok(entries)
}

/// Locks a poll until the transaction ends. Returns whether it has opened. Rows that refer to the
/// poll can still be written. With a stronger lock, two transactions that hold an entry and the
/// poll could deadlock.
pub(super) async fn lock_poll(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let opened = sqlx::query_scalar!(
        r#"select opened_at is not null as "opened!" from poll where id = $1 for no key update"#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(opened)
}

/// Returns all labels of a roll.
pub(super) async fn read_labels(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<Vec<String>> {
    let labels = sqlx::query_scalar!(
        "select label from roll_entry where poll_id = $1 order by position",
        poll.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(labels)
}

/// Adds entries at the end of a roll.
pub(super) async fn insert_roll_entries(
    connection: &mut PgConnection,
    poll: PollId,
    ids: &[Uuid],
    labels: &[String],
    before: i64,
) -> Result<()> {
    sqlx::query!(
        "
        insert into roll_entry (id, poll_id, position, label)
        select new.id, $1, ($4 + new.place)::integer, new.label
        from unnest($2::uuid[], $3::text[]) with ordinality as new (id, label, place)
        ",
        poll.0,
        ids,
        labels,
        before,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes every entry of a roll. Returns their number.
pub(super) async fn delete_all_entries(connection: &mut PgConnection, poll: PollId) -> Result<u64> {
    let done = sqlx::query!("delete from roll_entry where poll_id = $1", poll.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// An entry that gets a code.
pub(super) struct EntryToPrint {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) code_hash: Option<Vec<u8>>,
}

/// Returns the entries that get a code. Withdrawn entries never do. With `waiting`, only entries
/// without a code; with `one`, only that entry.
pub(super) async fn list_entries_to_print(
    connection: &mut PgConnection,
    poll: PollId,
    waiting: bool,
    one: Option<Uuid>,
) -> Result<Vec<EntryToPrint>> {
    let rows = sqlx::query_as!(
        EntryToPrint,
        "
        select id, label, code_hash from roll_entry
        where poll_id = $1
            and voided_at is null
            and (code_hash is null or not $2)
            and (id = $3 or $3 is null)
        order by position
        ",
        poll.0,
        waiting,
        one,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Codes about to become valid. `before` holds the old hash of each entry, or an empty one.
pub(super) struct NewRollCodes {
    pub(super) ids: Vec<Uuid>,
    pub(super) hashes: Vec<Vec<u8>>,
    pub(super) before: Vec<Vec<u8>>,
}

/// Stores the hashes of the codes that are replaced.
pub(super) async fn retire_codes(
    connection: &mut PgConnection,
    poll: PollId,
    codes: &NewRollCodes,
) -> Result<()> {
    sqlx::query!(
        "
        insert into roll_void_code (code_hash, poll_id)
        select before, $1 from unnest($2::bytea[]) as old (before) where before <> ''
        on conflict (code_hash) do nothing
        ",
        poll.0,
        &codes.before,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the codes of entries that have not changed since. Returns their number.
pub(super) async fn store_codes(
    connection: &mut PgConnection,
    codes: &NewRollCodes,
    after_opening: bool,
) -> Result<u64> {
    let done = sqlx::query!(
        "
        update roll_entry
        set code_hash = new.hash,
            issued_at = now(),
            -- A first code tells nothing: without one nobody has voted.
            replaced_late = replaced_late or ($4 and code_hash is not null)
        from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as new (id, hash, before)
        where roll_entry.id = new.id
            and roll_entry.voided_at is null
            and coalesce(roll_entry.code_hash, '') = new.before
        ",
        &codes.ids,
        &codes.hashes,
        &codes.before,
        after_opening,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Withdraws an entry. Returns false if it is not in this poll or already withdrawn.
pub(super) async fn mark_entry_void(
    connection: &mut PgConnection,
    poll: PollId,
    id: Uuid,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update roll_entry set voided_at = now()
        where id = $2 and poll_id = $1 and voided_at is null
        ",
        poll.0,
        id,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes rolls 30 days after the result.
pub(super) async fn delete_old_rolls(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        with over as (
            select poll.id
            from poll
            join edition on edition.id = poll.edition_id
            where coalesce(edition.released_at, edition.announcement) + interval '30 days'
                < now() + make_interval(secs => edition.clock_offset_seconds)
                -- The clock of a rehearsal jumps; what it holds is kept for thirty real days.
                and (not edition.rehearsal or edition.created_at < now() - interval '30 days')
        ), codes as (
            delete from roll_void_code using over where over.id = poll_id
        )
        delete from roll_entry using over where over.id = poll_id
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the rolls of an edition.
pub(super) async fn delete_edition_rolls(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    sqlx::query!(
        "
        with its as (select id from poll where edition_id = $1),
        codes as (delete from roll_void_code using its where its.id = poll_id)
        delete from roll_entry using its where its.id = poll_id
        ",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

//! SQL of codes, voters and ballots.

use domain::ids::{CaseId, EditionId, PollId};
use domain::text::Bilingual;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Entry, Voter};
use crate::Result;

/// The seconds until another code may go to this contact; none where there was no code lately.
pub(super) async fn rest(
    connection: &mut PgConnection,
    poll: PollId,
    voter_key: &[u8],
    seconds: i32,
) -> Result<Option<i64>> {
    let left = sqlx::query_scalar!(
        r#"
        select ceil($3::int - extract(epoch from now() - created_at))::bigint as "left!"
        from challenge
        where poll_id = $1 and voter_key = $2
        order by created_at desc
        limit 1
        "#,
        poll.0,
        voter_key,
        seconds,
    )
    .fetch_optional(connection)
    .await?;
    Ok(left)
}

/// A challenge about to be sent.
pub(super) struct NewChallenge {
    pub(super) id: Uuid,
    pub(super) poll: PollId,
    pub(super) voter_key: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) browser_hash: Vec<u8>,
    pub(super) minutes: i32,
}

/// Remembers a challenge.
pub(super) async fn insert_challenge(
    connection: &mut PgConnection,
    new: &NewChallenge,
) -> Result<()> {
    sqlx::query!(
        "
        insert into challenge (id, poll_id, voter_key, code_hash, browser_hash, expires_at)
        values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))
        ",
        new.id,
        new.poll.0,
        new.voter_key,
        new.code_hash,
        new.browser_hash,
        new.minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A challenge whose try was counted.
pub(super) struct Tried {
    pub(super) id: Uuid,
    pub(super) code_hash: Vec<u8>,
    pub(super) tries: i32,
}

/// Counts a try of this browser's challenge, where it has one left. Parallel tries queue at the
/// row, and each sees the count of the one before.
pub(super) async fn try_challenge(
    connection: &mut PgConnection,
    poll: PollId,
    browser_hash: &[u8],
    tries: i32,
) -> Result<Option<Tried>> {
    let tried = sqlx::query_as!(
        Tried,
        "
        update challenge set tries = tries + 1
        where browser_hash = $1
            and poll_id = $2
            and tries < $3
            and used_at is null
            and expires_at > now()
        returning id, code_hash, tries
        ",
        browser_hash,
        poll.0,
        tries,
    )
    .fetch_optional(connection)
    .await?;
    Ok(tried)
}

/// Uses a challenge up; false where it was used before.
pub(super) async fn use_challenge(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let done =
        sqlx::query!("update challenge set used_at = now() where id = $1 and used_at is null", id,)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens the session of the voter whose challenge was met.
pub(super) async fn insert_voter_session(
    connection: &mut PgConnection,
    id_hash: &[u8],
    challenge: Uuid,
    hours: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into voter_session (id_hash, poll_id, voter_key, expires_at)
        select $1, poll_id, voter_key, now() + make_interval(hours => $3)
        from challenge
        where id = $2
        ",
        id_hash,
        challenge,
        hours,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether this browser has proven a contact for this poll, and its time is not over.
pub(super) async fn is_verified(connection: &mut PgConnection, voter: &Voter) -> Result<bool> {
    let verified = sqlx::query_scalar!(
        r#"
        select exists (
            select 1 from voter_session
            where id_hash = $1 and poll_id = $2 and expires_at > now()
        ) as "verified!"
        "#,
        voter.session,
        voter.poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(verified)
}

/// Ends one session.
pub(super) async fn delete_voter_session(
    connection: &mut PgConnection,
    id_hash: &[u8],
) -> Result<()> {
    sqlx::query!("delete from voter_session where id_hash = $1", id_hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// The accepted cases among these, in the order of the list.
pub(super) async fn entries(
    connection: &mut PgConnection,
    edition: EditionId,
    ids: &[CaseId],
) -> Result<Vec<Entry>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            cases.sample,
            organisation.name as organisation
        from unnest($2::uuid[]) with ordinality as asked (id, place)
        join cases on cases.id = asked.id
        join organisation on organisation.id = cases.organisation_id
        where cases.edition_id = $1 and cases.state = 'accepted'
        order by asked.place
        "#,
        edition.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            id: row.id,
            title: Bilingual::new(row.title, row.title_en),
            organisation: row.organisation,
            sample: row.sample,
        })
        .collect())
}

/// Deletes codes a day after they ended: until then they slow the next one down.
pub(super) async fn forget_challenges(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from challenge where expires_at < now() - interval '1 day'")
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes sessions that have ended.
pub(super) async fn forget_voter_sessions(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from voter_session where expires_at < now()").execute(connection).await?;
    Ok(())
}

/// Puts chance in the place of pseudonyms, thirty days after the result (or the planned one). A
/// pseudonym has 32 bytes and chance has 16, so each is replaced once.
pub(super) async fn forget_pseudonyms(connection: &mut PgConnection) -> Result<u64> {
    let done = sqlx::query!(
        "
        update ballot
        set voter_key = uuid_send(gen_random_uuid()), idempotency_key = gen_random_uuid()
        where (poll_id, voter_key) in (
            select ballot.poll_id, ballot.voter_key
            from ballot
            join poll on poll.id = ballot.poll_id
            join edition on edition.id = poll.edition_id
            where octet_length(ballot.voter_key) = 32
                and coalesce(edition.released_at, edition.announcement) + interval '30 days'
                    < now() + make_interval(secs => edition.clock_offset_seconds)
                -- The clock of a rehearsal jumps; what it holds is kept for thirty real days.
                and (not edition.rehearsal or edition.created_at < now() - interval '30 days')
            -- So many at a time that a statement ends long before its deadline.
            limit 10000
        )
        ",
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

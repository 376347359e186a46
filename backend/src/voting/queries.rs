//! SQL of codes and voters.

use domain::ids::PollId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::VoterToken;
use crate::Result;

/// Begins the pause between two codes for a contact. Returns false during a pause.
pub(super) async fn begin_pause(
    connection: &mut PgConnection,
    contact: &[u8],
    seconds: i32,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into contact_rest (contact, until)
        values ($1, now() + make_interval(secs => $2::int))
        on conflict (contact) do update set until = excluded.until where contact_rest.until <= now()
        ",
        contact,
        seconds,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the seconds that are left of a pause.
pub(super) async fn pause_seconds_left(
    connection: &mut PgConnection,
    contact: &[u8],
) -> Result<Option<i64>> {
    let left = sqlx::query_scalar!(
        r#"
        select ceil(extract(epoch from until - now()))::bigint as "left!"
        from contact_rest
        where contact = $1
        "#,
        contact,
    )
    .fetch_optional(connection)
    .await?;
    Ok(left)
}

/// Ends a pause, because no code went out after all.
pub(super) async fn end_pause(connection: &mut PgConnection, contact: &[u8]) -> Result<()> {
    sqlx::query!("delete from contact_rest where contact = $1", contact)
        .execute(connection)
        .await?;
    Ok(())
}

/// A challenge about to be stored.
pub(super) struct NewChallenge {
    pub(super) id: Uuid,
    pub(super) poll: PollId,
    pub(super) voter_key: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) browser_hash: Vec<u8>,
    /// Sealed. `None` for a code by text message.
    pub(super) mail_share: Option<Vec<u8>>,
    pub(super) minutes: i32,
}

/// Stores a challenge.
pub(super) async fn insert_challenge(
    connection: &mut PgConnection,
    new: &NewChallenge,
) -> Result<()> {
    sqlx::query!(
        "
        insert into challenge (
            id, poll_id, voter_key, code_hash, browser_hash, mail_share, expires_at
        )
        values ($1, $2, $3, $4, $5, $6, now() + make_interval(mins => $7))
        ",
        new.id,
        new.poll.0,
        new.voter_key,
        new.code_hash,
        new.browser_hash,
        new.mail_share.as_deref(),
        new.minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A challenge whose try was counted.
pub(super) struct TriedChallenge {
    pub(super) id: Uuid,
    pub(super) voter_key: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) tries: i32,
    /// Sealed. `None` for a code by text message.
    pub(super) mail_share: Option<Vec<u8>>,
}

/// Counts a try of this browser's challenge, if a try is left. Parallel tries wait for the row
/// lock, and each sees the count of the one before.
pub(super) async fn count_challenge_try(
    connection: &mut PgConnection,
    poll: PollId,
    browser_hash: &[u8],
    tries: i32,
) -> Result<Option<TriedChallenge>> {
    let tried = sqlx::query_as!(
        TriedChallenge,
        "
        update challenge set tries = tries + 1
        where browser_hash = $1
            and poll_id = $2
            and tries < $3
            and used_at is null
            and expires_at > now()
        returning id, voter_key, code_hash, tries, mail_share
        ",
        browser_hash,
        poll.0,
        tries,
    )
    .fetch_optional(connection)
    .await?;
    Ok(tried)
}

/// Marks a challenge as used. Returns false if it was used before.
pub(super) async fn use_up_challenge(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let done =
        sqlx::query!("update challenge set used_at = now() where id = $1 and used_at is null", id,)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens the sessions of a verified voter under a fresh secret, and ends those of the old one.
/// Sessions of the old secret in other polls move to the new one. They do not move if the old
/// secret has another voter in one of these polls, because nobody may vote for the person who used
/// the browser before.
pub(super) async fn open_voter_sessions(
    connection: &mut PgConnection,
    old: &[u8],
    new: &[u8],
    proven: &[(PollId, Vec<u8>)],
    hours: i32,
) -> Result<()> {
    let (polls, keys): (Vec<Uuid>, Vec<Vec<u8>>) =
        proven.iter().map(|(poll, key)| (poll.0, key.clone())).unzip();
    sqlx::query!(
        "
        update voter_session set id_hash = $2
        where id_hash = $1
            and poll_id <> all ($3::uuid[])
            and expires_at > now()
            and not exists (
                select
                from voter_session as before
                join unnest($3::uuid[], $4::bytea[]) as proven (poll_id, voter_key)
                    on proven.poll_id = before.poll_id
                    and proven.voter_key <> before.voter_key
                where before.id_hash = $1
            )
        ",
        old,
        new,
        &polls,
        &keys,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from voter_session where id_hash = $1", old)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "
        insert into voter_session (id_hash, poll_id, voter_key, expires_at)
        select $1, proven.poll_id, proven.voter_key, now() + make_interval(hours => $4)
        from unnest($2::uuid[], $3::bytea[]) as proven (poll_id, voter_key)
        ",
        new,
        &polls,
        &keys,
        hours,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Checks whether this browser has verified a voter for this poll and the session is valid.
pub(super) async fn is_browser_verified(
    connection: &mut PgConnection,
    voter: &VoterToken,
) -> Result<bool> {
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

/// Checks whether a secret has a valid session in any poll.
pub(super) async fn has_voter_session(
    connection: &mut PgConnection,
    id_hash: &[u8],
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        select exists (
            select from voter_session where id_hash = $1 and expires_at > now()
        ) as "found!"
        "#,
        id_hash,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Ends the sessions of one browser.
pub(super) async fn delete_voter_sessions(
    connection: &mut PgConnection,
    id_hash: &[u8],
) -> Result<()> {
    sqlx::query!("delete from voter_session where id_hash = $1", id_hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes challenges that have expired.
pub(super) async fn delete_old_challenges(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from challenge where expires_at < now()").execute(connection).await?;
    Ok(())
}

/// Deletes pauses that are over.
pub(super) async fn delete_old_pauses(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from contact_rest where until < now()").execute(connection).await?;
    Ok(())
}

/// Deletes sessions that have ended.
pub(super) async fn delete_old_voter_sessions(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from voter_session where expires_at < now()").execute(connection).await?;
    Ok(())
}

//! SQL of codes and voters.

use domain::ids::PollId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::VoterToken;
use super::sessions::{ProvenVoter, SESSION_HOURS};
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
    /// Whose it is, sealed.
    pub(super) sealed: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) browser_hash: Vec<u8>,
    pub(super) link_hash: Vec<u8>,
    pub(super) minutes: i32,
    pub(super) link_hours: i32,
    /// The browser that asks, if it has a number.
    pub(super) asker_hash: Option<Vec<u8>>,
}

/// Stores a challenge.
pub(super) async fn insert_challenge(
    connection: &mut PgConnection,
    new: &NewChallenge,
) -> Result<()> {
    sqlx::query!(
        "
        insert into challenge (
            id, poll_id, sealed, code_hash, browser_hash, link_hash, expires_at, link_expires_at,
            asker_hash
        )
        values (
            $1, $2, $3, $4, $5, $6,
            now() + make_interval(mins => $7), now() + make_interval(hours => $8), $9
        )
        ",
        new.id,
        new.poll.0,
        new.sealed,
        new.code_hash,
        new.browser_hash,
        new.link_hash,
        new.minutes,
        new.link_hours,
        new.asker_hash,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A challenge whose try was counted.
pub(super) struct TriedChallenge {
    pub(super) id: Uuid,
    pub(super) sealed: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) tries: i32,
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
            and expires_at > now()
        returning id, sealed, code_hash, tries
        ",
        browser_hash,
        poll.0,
        tries,
    )
    .fetch_optional(connection)
    .await?;
    Ok(tried)
}

/// Marks a challenge as used, and locks it: of two requests with the same code the second one sees
/// what the first has stored. Returns whether this is its first use; `None` if that was more than
/// five minutes ago.
pub(super) async fn use_challenge(connection: &mut PgConnection, id: Uuid) -> Result<Option<bool>> {
    let first = sqlx::query_scalar!(
        r#"
        update challenge set used_at = coalesce(used_at, now())
        where id = $1 and (used_at is null or used_at > now() - interval '5 minutes')
        returning used_at = now() as "first!"
        "#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(first)
}

/// The challenge of a message's link, and where it leads.
pub(super) struct CodeLink {
    pub(super) id: Uuid,
    pub(super) edition: String,
    pub(super) poll: String,
    pub(super) poll_id: PollId,
    pub(super) sealed: Vec<u8>,
}

/// Finds a message's link that can still be used.
pub(super) async fn find_code_link(
    connection: &mut PgConnection,
    link_hash: &[u8],
) -> Result<Option<CodeLink>> {
    let link = sqlx::query_as!(
        CodeLink,
        r#"
        select
            challenge.id,
            edition.slug as edition,
            poll.slug as poll,
            poll.id as "poll_id: PollId",
            challenge.sealed
        from challenge
        join poll on poll.id = challenge.poll_id
        join edition on edition.id = poll.edition_id
        where challenge.link_hash = $1
            and challenge.used_at is null
            and challenge.link_expires_at > now()
        "#,
        link_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(link)
}

/// Opens the sessions of a verified voter under a fresh secret, and ends those of the old one. A
/// session of the old secret for the same voter and poll hands on which ballot it has cast, because
/// it is the same browser. Sessions in other polls end: nobody may vote for the person who used the
/// browser before, and the database cannot tell whether that was the same person.
pub(super) async fn open_voter_sessions(
    connection: &mut PgConnection,
    old: &[u8],
    new: &[u8],
    proven: &[ProvenVoter],
) -> Result<()> {
    let polls: Vec<Uuid> = proven.iter().map(|voter| voter.poll.0).collect();
    let keys: Vec<Vec<u8>> = proven.iter().map(|voter| voter.key.clone()).collect();
    let proofs = proven.iter().map(|voter| voter.proof.to_json()).collect::<Result<Vec<_>>>()?;
    sqlx::query!(
        "
        insert into voter_session (id_hash, poll_id, voter_key, proof, ballot_id, expires_at)
        select $2, proven.poll_id, proven.voter_key, proven.proof,
            -- Only while the session before lives: afterwards somebody else may sit at the browser.
            case when before.id_hash is not null then
                coalesce(
                    (
                        select ballot.id
                        from ballot
                        where ballot.poll_id = proven.poll_id
                            and ballot.voter_key = proven.voter_key
                            and ballot.cast_by = $1
                        order by ballot.generation desc
                        limit 1
                    ),
                    before.ballot_id
                )
            end,
            -- To the half hour: the instant of a code would tell, beside the log of messages, whose
            -- session it is.
            date_bin('30 minutes', now(), timestamptz '2000-01-01')
                + make_interval(hours => $5, mins => 30)
        from unnest($3::uuid[], $4::bytea[], $6::bytea[])
            as proven (poll_id, voter_key, proof)
        left join voter_session as before
            on before.id_hash = $1
            and before.poll_id = proven.poll_id
            and before.voter_key = proven.voter_key
            and before.expires_at > now()
        on conflict (id_hash, poll_id) do update set expires_at = excluded.expires_at
        ",
        old,
        new,
        &polls,
        &keys,
        SESSION_HOURS,
        &proofs,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from voter_session where id_hash = $1 and id_hash <> $2", old, new)
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

/// Deletes challenges whose code and link have expired or are used up.
pub(super) async fn delete_old_challenges(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        delete from challenge
        where greatest(expires_at, link_expires_at) < now()
            or used_at < now() - interval '5 minutes'
        ",
    )
    .execute(connection)
    .await?;
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

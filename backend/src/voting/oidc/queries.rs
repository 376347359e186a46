//! SQL of the sign-in flows at an `OpenID` provider.

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;

use crate::Result;

/// A flow about to be stored.
pub(super) struct NewOidcFlow {
    pub(super) state_hash: Vec<u8>,
    pub(super) poll: PollId,
    pub(super) browser_hash: Vec<u8>,
    pub(super) minutes: i32,
}

/// Stores a flow.
pub(super) async fn insert_flow(connection: &mut PgConnection, new: &NewOidcFlow) -> Result<()> {
    sqlx::query!(
        "
        insert into oidc_attempt (state_hash, poll_id, browser_hash, expires_at)
        values ($1, $2, $3, now() + make_interval(mins => $4))
        ",
        new.state_hash,
        new.poll.0,
        new.browser_hash,
        new.minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A flow that was taken.
pub(super) struct TakenFlow {
    pub(super) edition: String,
    pub(super) poll: String,
    pub(super) edition_id: EditionId,
    pub(super) poll_id: PollId,
}

/// Takes a flow of this browser that was not taken before. Of two requests at once, one gets it.
pub(super) async fn take_flow(
    connection: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
) -> Result<Option<TakenFlow>> {
    let taken = sqlx::query_as!(
        TakenFlow,
        r#"
        update oidc_attempt set used_at = now()
        from poll, edition
        where state_hash = $1
            and browser_hash = $2
            and used_at is null
            and expires_at > now()
            and poll.id = oidc_attempt.poll_id
            and edition.id = poll.edition_id
        returning
            edition.slug as edition,
            poll.slug as poll,
            edition.id as "edition_id: EditionId",
            poll.id as "poll_id: PollId"
        "#,
        state_hash,
        browser_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(taken)
}

/// A flow that was taken before.
pub(super) struct UsedFlow {
    pub(super) edition: String,
    pub(super) poll: String,
    /// Whether the session that it opens is there.
    pub(super) has_session: bool,
}

/// Returns this browser's flow if it was taken before. `session_hash` is of the session that it opens.
pub(super) async fn find_used_flow(
    connection: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
    session_hash: &[u8],
) -> Result<Option<UsedFlow>> {
    let used = sqlx::query_as!(
        UsedFlow,
        r#"
        select
            edition.slug as edition,
            poll.slug as poll,
            exists (
                select from voter_session
                where voter_session.id_hash = $3
                    and voter_session.poll_id = oidc_attempt.poll_id
                    and voter_session.expires_at > now()
            ) as "has_session!"
        from oidc_attempt
        join poll on poll.id = oidc_attempt.poll_id
        join edition on edition.id = poll.edition_id
        where state_hash = $1
            and browser_hash = $2
            and used_at is not null
            and oidc_attempt.expires_at > now()
        "#,
        state_hash,
        browser_hash,
        session_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(used)
}

/// Deletes flows that have expired.
pub(super) async fn delete_old_flows(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from oidc_attempt where expires_at < now()").execute(connection).await?;
    Ok(())
}

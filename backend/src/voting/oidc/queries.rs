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

/// Checks whether this browser's flow was taken before.
pub(super) async fn is_flow_used(
    connection: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
) -> Result<bool> {
    let used = sqlx::query_scalar!(
        r#"
        select exists (
            select from oidc_attempt
            where state_hash = $1 and browser_hash = $2 and used_at is not null
        ) as "used!"
        "#,
        state_hash,
        browser_hash,
    )
    .fetch_one(connection)
    .await?;
    Ok(used)
}

/// Deletes flows that have expired.
pub(super) async fn delete_old_flows(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from oidc_attempt where expires_at < now()").execute(connection).await?;
    Ok(())
}

//! SQL of the ways to an `OpenID` provider and back.

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;

use crate::Result;

/// A way about to begin.
pub(super) struct Attempt {
    pub(super) state_hash: Vec<u8>,
    pub(super) poll: PollId,
    pub(super) browser_hash: Vec<u8>,
    pub(super) minutes: i32,
}

/// Remembers a way.
pub(super) async fn insert(connection: &mut PgConnection, new: &Attempt) -> Result<()> {
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

/// A way that has come to its end.
pub(super) struct Taken {
    pub(super) edition: String,
    pub(super) poll: String,
    pub(super) edition_id: EditionId,
    pub(super) poll_id: PollId,
}

/// Ends a way of this browser, where it has not ended: of two at the same instant one gets it.
pub(super) async fn take(
    connection: &mut PgConnection,
    state_hash: &[u8],
    browser_hash: &[u8],
) -> Result<Option<Taken>> {
    let taken = sqlx::query_as!(
        Taken,
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

/// Whether this browser's way has ended before.
pub(super) async fn is_used(
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

/// Deletes ways whose time is over.
pub(super) async fn forget(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from oidc_attempt where expires_at < now()").execute(connection).await?;
    Ok(())
}

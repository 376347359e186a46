//! SQL of removing editions.

use domain::ids::EditionId;
use sqlx::PgConnection;

use crate::Result;

/// Takes a rehearsal off the public pages. Returns false if it is not published.
pub(super) async fn mark_unpublished(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update edition set published_at = null
        where id = $1 and rehearsal and published_at is not null
        ",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the short name of an edition with a log from being used again.
pub(super) async fn retire_slug(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!(
        "
        insert into retired_slug (slug)
        select edition.slug
        from edition
        join record on record.edition_id = edition.id
        where edition.id = $1
        on conflict (slug) do nothing
        ",
        edition.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes an edition with everything that belongs to it. Ballots, waiting lines and invitations refer
/// to it without a foreign key, the others are deleted with it.
pub(super) async fn delete_edition(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    // Ballots that are being stored lock their poll; those that come later find none.
    sqlx::query!("select id from poll where edition_id = $1 order by id for update", edition.0)
        .fetch_all(&mut *connection)
        .await?;
    sqlx::query!("insert into removed_edition (edition_id) values ($1)", edition.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "delete from ballot using poll where poll.id = ballot.poll_id and poll.edition_id = $1",
        edition.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from waiting where edition_id = $1", edition.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from invitation where edition_id = $1", edition.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from edition where id = $1", edition.0).execute(connection).await?;
    Ok(())
}

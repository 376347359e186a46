//! SQL of observers' links.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ObserverLink;
use crate::Result;

/// A link about to be stored.
pub(super) struct NewObserverLink<'a> {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) name: &'a str,
    pub(super) hash: Vec<u8>,
    pub(super) days: i32,
}

/// Stores a link.
pub(super) async fn insert_link(
    connection: &mut PgConnection,
    new: &NewObserverLink<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into observer_link (id, edition_id, name, token_hash, expires_at)
        values ($1, $2, $3, $4, now() + make_interval(days => $5))
        ",
        new.id,
        new.edition.0,
        new.name,
        new.hash,
        new.days,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The valid links of an edition, the newest first.
pub(super) async fn list_valid_links(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<ObserverLink>> {
    let links = sqlx::query_as!(
        ObserverLink,
        "
        select id, name, created_at, expires_at
        from observer_link
        where edition_id = $1 and expires_at > now()
        order by created_at desc
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(links)
}

/// Ends a valid link and returns its name.
pub(super) async fn end_link(
    connection: &mut PgConnection,
    edition: EditionId,
    link: Uuid,
) -> Result<Option<String>> {
    let name = sqlx::query_scalar!(
        "
        update observer_link set expires_at = now()
        where edition_id = $1 and id = $2 and expires_at > now()
        returning name
        ",
        edition.0,
        link,
    )
    .fetch_optional(connection)
    .await?;
    Ok(name)
}

/// Checks whether a link with this hash is valid.
pub(super) async fn is_link_valid(
    connection: &mut PgConnection,
    edition: EditionId,
    hash: &[u8],
) -> Result<bool> {
    let works = sqlx::query_scalar!(
        r#"
        select exists (
            select from observer_link
            where edition_id = $1 and token_hash = $2 and expires_at > now()
        ) as "works!"
        "#,
        edition.0,
        hash,
    )
    .fetch_one(connection)
    .await?;
    Ok(works)
}

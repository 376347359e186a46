//! SQL of photographs.

use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Photograph;
use crate::Result;

/// Returns the photographs of an edition, the oldest first.
pub(super) async fn list_photographs(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<Photograph>> {
    let photographs = sqlx::query_as!(
        Photograph,
        "
        select id, caption, width, height
        from photograph
        where edition_id = $1
        order by added_at, id
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(photographs)
}

/// Counts the photographs of an edition.
pub(super) async fn count_photographs(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from photograph where edition_id = $1"#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Stores a photograph.
pub(super) async fn insert_photograph(
    connection: &mut PgConnection,
    edition: EditionId,
    photograph: &Photograph,
    bytes: &[u8],
) -> Result<()> {
    sqlx::query!(
        "
        insert into photograph (id, edition_id, caption, width, height, bytes)
        values ($1, $2, $3, $4, $5, $6)
        ",
        photograph.id,
        edition.0,
        photograph.caption,
        photograph.width,
        photograph.height,
        bytes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a photograph and returns its caption. `None` if the edition has no such photograph.
pub(super) async fn delete_photograph(
    connection: &mut PgConnection,
    edition: EditionId,
    photograph: Uuid,
) -> Result<Option<String>> {
    let caption = sqlx::query_scalar!(
        "delete from photograph where id = $1 and edition_id = $2 returning caption",
        photograph,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(caption)
}

/// Returns the bytes of a photograph, and the short name of its edition.
pub(super) async fn find_photograph(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<(String, Vec<u8>)>> {
    let row = sqlx::query!(
        "
        select edition.slug, photograph.bytes
        from photograph
        join edition on edition.id = photograph.edition_id
        where photograph.id = $1
        ",
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.slug, row.bytes)))
}

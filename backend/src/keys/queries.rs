//! SQL of the key fingerprints, and of the editions that need keys.

use domain::ids::EditionId;
use sqlx::PgConnection;

use crate::Result;

/// Checks whether a key fingerprint is stored.
pub(super) async fn is_key_bound(connection: &mut PgConnection) -> Result<bool> {
    let bound = sqlx::query_scalar!(r#"select exists (select from installation) as "bound!""#)
        .fetch_one(connection)
        .await?;
    Ok(bound)
}

/// Stores this fingerprint if there is no other. Returns the stored one.
pub(super) async fn bind_fingerprint(
    connection: &mut PgConnection,
    fingerprint: &[u8],
) -> Result<Vec<u8>> {
    let bound = sqlx::query_scalar!(
        "
        insert into installation (key_fingerprint) values ($1)
        -- The update changes nothing, but makes the existing row come back.
        on conflict (only_one) do update set only_one = true
        returning key_fingerprint
        ",
        fingerprint,
    )
    .fetch_one(connection)
    .await?;
    Ok(bound)
}

/// Stores this fingerprint of an edition's key if there is no other. Returns the stored one.
pub(super) async fn bind_edition_fingerprint(
    connection: &mut PgConnection,
    edition: EditionId,
    fingerprint: &[u8],
) -> Result<Vec<u8>> {
    let bound = sqlx::query_scalar!(
        r#"
        update edition set key_fingerprint = coalesce(key_fingerprint, $2)
        where id = $1
        returning key_fingerprint as "fingerprint!"
        "#,
        edition.0,
        fingerprint,
    )
    .fetch_one(connection)
    .await?;
    Ok(bound)
}

/// The editions whose keys are not destroyed, with their short names.
pub(super) async fn editions_with_keys(
    connection: &mut PgConnection,
) -> Result<Vec<(EditionId, String)>> {
    let editions = sqlx::query!(
        r#"
        select edition.id as "id: EditionId", edition.slug
        from edition
        left join record on record.edition_id = edition.id
        where record.erased_at is null
        order by edition.slug
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(editions.into_iter().map(|edition| (edition.id, edition.slug)).collect())
}

//! SQL of what observers have signed.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// The result that stands, and the last line of the record that speaks of one.
pub(super) struct Present {
    pub(super) origin: String,
    pub(super) index: i64,
    pub(super) line: String,
    pub(super) sha256: Vec<u8>,
}

/// The present result; none before a checkpoint speaks of one.
pub(super) async fn present(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<Present>> {
    let present = sqlx::query_as!(
        Present,
        r#"
        select record.origin, entry.index, entry.line, result.sha256
        from record
        join result on result.edition_id = record.edition_id
        join entry on entry.edition_id = record.edition_id
        where record.edition_id = $1
            and entry.ballot_id is null
            and entry.line like 'result/v1 %'
            and entry.index < record.signed_size
        order by entry.index desc
        limit 1
        "#,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(present)
}

/// A link that works: its key and its name.
pub(super) struct Link {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// The link with this hash, where it works.
pub(super) async fn link(
    connection: &mut PgConnection,
    edition: EditionId,
    hash: &[u8],
) -> Result<Option<Link>> {
    let link = sqlx::query_as!(
        Link,
        "
        select id, name from observer_link
        where edition_id = $1 and token_hash = $2 and expires_at > now()
        ",
        edition.0,
        hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(link)
}

/// Stores what was signed, in the place of what the same link sent before.
pub(super) async fn store(
    connection: &mut PgConnection,
    link: Uuid,
    key: &str,
    note: &str,
) -> Result<()> {
    sqlx::query!(
        "
        insert into observed (link_id, key, note) values ($1, $2, $3)
        on conflict (link_id) do update
        set key = excluded.key, note = excluded.note, signed_at = now()
        ",
        link,
        key,
        note,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was signed, as it is stored.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) note: String,
    pub(super) signed_at: DateTime<Utc>,
}

/// What observers of an edition have signed, the first one first.
pub(super) async fn all(connection: &mut PgConnection, edition: EditionId) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        "
        select observer_link.name, observed.key, observed.note, observed.signed_at
        from observed
        join observer_link on observer_link.id = observed.link_id
        where observer_link.edition_id = $1
        order by observed.signed_at, observed.link_id
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

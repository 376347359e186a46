//! SQL of the observers' signed statements.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// The current result, and the newest result line of the record.
pub(super) struct PresentResult {
    pub(super) origin: String,
    pub(super) index: i64,
    pub(super) line: String,
    pub(super) sha256: Vec<u8>,
}

/// Returns the current result. `None` before a checkpoint covers a result.
pub(super) async fn read_present_result(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<PresentResult>> {
    let present = sqlx::query_as!(
        PresentResult,
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

/// The id and the name of a valid link.
pub(super) struct ValidLink {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// Returns the link with this hash, if it is valid.
pub(super) async fn find_valid_link(
    connection: &mut PgConnection,
    edition: EditionId,
    hash: &[u8],
) -> Result<Option<ValidLink>> {
    let link = sqlx::query_as!(
        ValidLink,
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

/// Stores a signed statement. It replaces an earlier one from the same link. Returns false if that one says the same,
/// because a button was pressed twice.
pub(super) async fn store_statement(
    connection: &mut PgConnection,
    link: Uuid,
    key: &str,
    note: &str,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into observed (link_id, key, note) values ($1, $2, $3)
        on conflict (link_id) do update
        set key = excluded.key, note = excluded.note, signed_at = now()
        where (observed.key, observed.note) is distinct from (excluded.key, excluded.note)
        ",
        link,
        key,
        note,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A signed statement as it is stored.
pub(super) struct StatementRow {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) note: String,
    pub(super) signed_at: DateTime<Utc>,
}

/// The signed statements of an edition's observers, the oldest first.
pub(super) async fn list_statements(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<StatementRow>> {
    let rows = sqlx::query_as!(
        StatementRow,
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

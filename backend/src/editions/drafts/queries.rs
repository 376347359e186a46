//! SQL of drafts.

use chrono::{DateTime, Utc};
use domain::ids::EditionId;
use domain::season::SeasonDraft;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::EditionDraft;
use crate::Result;

struct DraftRow {
    id: Uuid,
    edition: Option<String>,
    fields: Json<SeasonDraft>,
    revision: i32,
    changed_at: DateTime<Utc>,
}

impl From<DraftRow> for EditionDraft {
    fn from(row: DraftRow) -> Self {
        let DraftRow { id, edition, fields, revision, changed_at } = row;
        Self { id, edition, season: fields.0, revision, changed_at, slug_taken: false }
    }
}

/// Stores a draft of a new edition. False if there are as many as there may be.
pub(super) async fn insert_draft(
    connection: &mut PgConnection,
    id: Uuid,
    season: &SeasonDraft,
    most: i64,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into edition_draft (id, fields)
        select $1, $2
        where (select count(*) from edition_draft where edition_id is null) < $3
        ",
        id,
        Json(season) as _,
        most,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the draft of an edition's settings. Stores this one if there is none.
pub(super) async fn settings_draft(
    connection: &mut PgConnection,
    id: Uuid,
    edition: EditionId,
    season: &SeasonDraft,
) -> Result<Uuid> {
    let id = sqlx::query_scalar!(
        "
        insert into edition_draft (id, edition_id, fields) values ($1, $2, $3)
        -- The update changes nothing, but makes the existing row come back.
        on conflict (edition_id) do update set edition_id = excluded.edition_id
        returning id
        ",
        id,
        edition.0,
        Json(season) as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Finds a draft.
pub(super) async fn find_draft(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<EditionDraft>> {
    let row = sqlx::query_as!(
        DraftRow,
        r#"
        select
            draft.id,
            edition.slug as "edition?",
            draft.fields as "fields: Json<SeasonDraft>",
            draft.revision,
            draft.changed_at
        from edition_draft as draft
        left join edition on edition.id = draft.edition_id
        where draft.id = $1
        "#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(EditionDraft::from))
}

/// Returns the drafts of new editions, the newest first.
pub(super) async fn list_drafts(connection: &mut PgConnection) -> Result<Vec<EditionDraft>> {
    let rows = sqlx::query_as!(
        DraftRow,
        r#"
        select
            id,
            null::text as "edition",
            fields as "fields: Json<SeasonDraft>",
            revision,
            changed_at
        from edition_draft
        where edition_id is null
        order by changed_at desc, id
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(EditionDraft::from).collect())
}

/// Returns when the draft of an edition's settings was saved last.
pub(super) async fn pending_settings(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<DateTime<Utc>>> {
    let changed = sqlx::query_scalar!(
        "select changed_at from edition_draft where edition_id = $1",
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(changed)
}

/// Saves a draft. False if it was saved or deleted since it had this revision.
pub(super) async fn save_draft(
    connection: &mut PgConnection,
    (id, revision): (Uuid, i32),
    season: &SeasonDraft,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update edition_draft set fields = $3, revision = revision + 1, changed_at = now()
        where id = $1 and revision = $2
        ",
        id,
        revision,
        Json(season) as _,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a draft. False if there is none.
pub(super) async fn delete_draft(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let done =
        sqlx::query!("delete from edition_draft where id = $1", id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a draft of this revision. False if it was saved or deleted since.
pub(super) async fn delete_draft_of_revision(
    connection: &mut PgConnection,
    id: Uuid,
    revision: i32,
) -> Result<bool> {
    let done =
        sqlx::query!("delete from edition_draft where id = $1 and revision = $2", id, revision,)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

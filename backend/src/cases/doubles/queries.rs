//! SQL of near-doubles.

use domain::ids::{CaseId, EditionId};
use sqlx::PgConnection;

use crate::Result;

/// A case that was sent in, with the sketch of its story.
pub(super) struct SketchedCase {
    pub(super) id: CaseId,
    pub(super) sketch: Vec<i64>,
}

/// Returns the sketches of all cases of all editions that staff may read.
pub(super) async fn select_sketches(connection: &mut PgConnection) -> Result<Vec<SketchedCase>> {
    let rows = sqlx::query_as!(
        SketchedCase,
        r#"
        select id as "id: CaseId", story_sketch as "sketch!"
        from cases
        where story_sketch is not null and state in ('submitted', 'accepted', 'rejected')
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The head of a case in a list of near-doubles.
pub(super) struct CaseHeadRow {
    pub(super) id: CaseId,
    pub(super) edition: EditionId,
    pub(super) edition_slug: String,
    pub(super) title: String,
    pub(super) organisation_name: String,
}

/// Returns the heads of these cases.
pub(super) async fn select_heads(
    connection: &mut PgConnection,
    cases: &[CaseId],
) -> Result<Vec<CaseHeadRow>> {
    let ids: Vec<_> = cases.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        CaseHeadRow,
        r#"
        select
            cases.id as "id: CaseId",
            edition_id as "edition: EditionId",
            edition.slug as edition_slug,
            title,
            organisation.name as organisation_name
        from cases
        join edition on edition.id = edition_id
        join organisation on organisation.id = organisation_id
        where cases.id = any ($1)
        "#,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

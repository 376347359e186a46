//! SQL of comments and notes.

use domain::ids::{CaseId, EditionId, OrganisationId};
use sqlx::PgConnection;

use crate::Result;

/// Returns the comments of signed sheets on a case of this organisation, by text.
pub(super) async fn signed_comments(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    case: CaseId,
) -> Result<Vec<String>> {
    let comments = sqlx::query_scalar!(
        "
        select sheet.comment
        from sheet
        join cases on cases.id = sheet.case_id
        join edition on edition.id = cases.edition_id
        where sheet.case_id = $1
            and cases.organisation_id = $2
            -- The proof is of some edition; the case's own clock has the last word.
            and edition.released_at <= now() + make_interval(secs => edition.clock_offset_seconds)
            and sheet.signed_at is not null
            and sheet.comment <> ''
        -- By the text, so that the order tells nothing about who wrote it.
        order by sheet.comment
        ",
        case.0,
        organisation.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(comments)
}

/// Returns the notes of signed sheets on the accepted cases, by case and text.
pub(super) async fn signed_notes(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<(CaseId, String)>> {
    let rows = sqlx::query!(
        r#"
        select sheet.case_id as "case_id: CaseId", sheet.note
        from sheet
        join cases on cases.id = sheet.case_id and cases.state = 'accepted'
        where sheet.edition_id = $1 and sheet.signed_at is not null and sheet.note <> ''
        order by sheet.case_id, sheet.note
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.note)).collect())
}

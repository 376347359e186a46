//! SQL of an organisation's own cases.

use domain::ids::{CaseId, OrganisationId};
use sqlx::PgConnection;

use super::OwnCase;
use crate::Result;
use crate::cases::queries::parse_state_word;

/// Returns the cases of an organisation, the newest edition first.
pub(super) async fn cases_of_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<OwnCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            edition.slug,
            title,
            state,
            saved_at,
            submitted_at,
            screened_at,
            cases.reason,
            coalesce(returned_until, late_admission.until) as open_until
        from cases
        join edition on edition.id = cases.edition_id
        left join late_admission on late_admission.edition_id = cases.edition_id
            and late_admission.organisation_id = cases.organisation_id
            and (
                late_admission.case_id = cases.id
                or late_admission.case_id is null and cases.state in ('draft', 'withdrawn')
            )
        where cases.organisation_id = $1
        order by edition.call_opens desc, edition.slug, cases.created_at, cases.id
        "#,
        organisation.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(OwnCase {
                id: row.id,
                edition_slug: row.slug,
                title: row.title,
                state: parse_state_word(&row.state)?,
                saved_at: row.saved_at,
                submitted_at: row.submitted_at,
                screened_at: row.screened_at,
                reason: row.reason,
                open_until: row.open_until,
            })
        })
        .collect()
}

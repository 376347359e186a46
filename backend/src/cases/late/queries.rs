//! SQL of the organisations that may send in one case late.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, EditionId, OrganisationId};
use sqlx::PgConnection;

use super::LateAdmission;
use crate::Result;

/// Returns until when an organisation may begin a case late; `None` if it may not, or has sent one in.
pub(crate) async fn find_late_admission(
    connection: &mut PgConnection,
    edition: EditionId,
    organisation: OrganisationId,
) -> Result<Option<DateTime<Utc>>> {
    let until = sqlx::query_scalar!(
        "
        select until from late_admission
        where edition_id = $1 and organisation_id = $2 and case_id is null
        ",
        edition.0,
        organisation.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(until)
}

/// Returns the admissions of an edition, by the names of the organisations.
pub(super) async fn select_admissions(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<LateAdmission>> {
    let rows = sqlx::query_as!(
        LateAdmission,
        r#"
        select
            late_admission.organisation_id as "organisation: OrganisationId",
            organisation.name as organisation_name,
            until,
            late_admission.reason,
            case_id as "case: CaseId"
        from late_admission
        join organisation on organisation.id = late_admission.organisation_id
        where edition_id = $1
        order by organisation.name, organisation.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Stores an admission, or gives an open one a new end and reason. Returns false if a case was sent in by it already, or the
/// organisation has no account.
pub(super) async fn store_admission(
    connection: &mut PgConnection,
    (edition, organisation): (EditionId, OrganisationId),
    until: DateTime<Utc>,
    reason: &str,
    by: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into late_admission (edition_id, organisation_id, until, reason, granted_by)
        select $1, organisation.id, $3, $4, (select id from account where id = $5)
        from organisation
        where organisation.id = $2
            and exists (
                select from account
                where account.organisation_id = organisation.id and account.closed_at is null
            )
        on conflict (edition_id, organisation_id) do update
        set until = excluded.until,
            reason = excluded.reason,
            granted_by = excluded.granted_by,
            granted_at = now()
        where late_admission.case_id is null
        ",
        edition.0,
        organisation.0,
        until,
        reason,
        by.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes an admission by which nothing was sent in. Returns false if there is none.
pub(super) async fn delete_admission(
    connection: &mut PgConnection,
    edition: EditionId,
    organisation: OrganisationId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        delete from late_admission
        where edition_id = $1 and organisation_id = $2 and case_id is null
        ",
        edition.0,
        organisation.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes the case that was sent in by an admission.
pub(crate) async fn use_admission(connection: &mut PgConnection, case: CaseId) -> Result<()> {
    sqlx::query!(
        "
        update late_admission
        set case_id = cases.id
        from cases
        where cases.id = $1
            and late_admission.edition_id = cases.edition_id
            and late_admission.organisation_id = cases.organisation_id
        ",
        case.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

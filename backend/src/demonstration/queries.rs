//! SQL of the demonstration.

use domain::ids::{AccountId, CaseId, EditionId};
use sqlx::PgConnection;

use crate::Result;

/// Returns those of these addresses that have an account.
pub(super) async fn emails_with_account(
    connection: &mut PgConnection,
    emails: &[String],
) -> Result<Vec<String>> {
    let known = sqlx::query_scalar!("select email from account where email = any($1)", emails)
        .fetch_all(connection)
        .await?;
    Ok(known)
}

/// Returns the judges with these addresses, in the order of the addresses.
pub(super) async fn judges_with_emails(
    connection: &mut PgConnection,
    emails: &[String],
) -> Result<Vec<AccountId>> {
    let judges = sqlx::query_scalar!(
        r#"
        select account.id as "id: AccountId"
        from account
        where email = any($1) and role = 'judge'
        order by array_position($1, email)
        "#,
        emails,
    )
    .fetch_all(connection)
    .await?;
    Ok(judges)
}

/// Returns the accepted cases of an edition in the order of the season file, each with whether it has a
/// picture.
pub(super) async fn cases_with_pictures(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<(CaseId, bool)>> {
    let cases = sqlx::query!(
        r#"
        select
            id as "id: CaseId",
            exists (select from picture where picture.case_id = cases.id) as "pictured!"
        from cases
        where edition_id = $1 and state = 'accepted'
        order by submitted_at, id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(cases.into_iter().map(|case| (case.id, case.pictured)).collect())
}

/// Whether a notice was ever published in an edition.
pub(super) async fn has_had_notice(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let had = sqlx::query_scalar!(
        r#"
        select exists (
            select from audit_event
            where edition_id = $1 and action = 'notice.published'
        ) as "had!"
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(had)
}

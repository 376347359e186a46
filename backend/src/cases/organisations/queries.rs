//! SQL of the organisations that can be named.

use domain::ids::OrganisationId;
use sqlx::PgConnection;

use super::NamedOrganisation;
use crate::Result;

/// Returns the organisations that have an account, by their names.
pub(super) async fn select_organisations(
    connection: &mut PgConnection,
) -> Result<Vec<NamedOrganisation>> {
    let rows = sqlx::query_as!(
        NamedOrganisation,
        r#"
        select id as "id: OrganisationId", name
        from organisation
        where exists (
            select from account
            where account.organisation_id = organisation.id and account.closed_at is null
        )
        order by name, id
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Returns the organisation of this name, if it has an account.
pub(in crate::cases) async fn find_organisation_by_name(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Option<OrganisationId>> {
    let id = sqlx::query_scalar!(
        r#"
        select id as "id: OrganisationId" from organisation
        where name = $1
            and exists (
                select from account
                where account.organisation_id = organisation.id and account.closed_at is null
            )
        "#,
        name,
    )
    .fetch_optional(connection)
    .await?;
    Ok(id)
}

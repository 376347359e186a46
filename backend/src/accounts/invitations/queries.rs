//! SQL of invitations.

use domain::ids::{AccountId, EditionId};
use domain::text::{Email, OrganisationName};
use sqlx::PgConnection;

use super::{Invitation, PendingInvitation};
use crate::Result;
use crate::accounts::Role;
use crate::accounts::queries::parse_role_word;

/// An invitation about to be sent.
pub(super) struct NewInvitation {
    pub(super) token_hash: Vec<u8>,
    pub(super) email: Email,
    pub(super) role: Role,
    pub(super) organisation: Option<OrganisationName>,
    pub(super) edition: EditionId,
    pub(super) invited_by: AccountId,
}

/// Stores an invitation for 14 days and deletes open ones to the same address.
pub(super) async fn insert_invitation(
    connection: &mut PgConnection,
    new: &NewInvitation,
) -> Result<()> {
    sqlx::query!(
        "delete from invitation where email = $1 and accepted_at is null",
        new.email.as_str(),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        insert into invitation
            (token_hash, email, role, organisation_name, edition_id, invited_by, expires_at)
        values ($1, $2, $3, $4, $5, $6, now() + interval '14 days')
        ",
        new.token_hash,
        new.email.as_str(),
        new.role.as_str(),
        new.organisation.as_ref().map(OrganisationName::as_str),
        new.edition.0,
        new.invited_by.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the invitation of a link that is still valid.
pub(super) async fn find_open_invitation(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<Invitation>> {
    let row = sqlx::query!(
        r#"
        select email, role, organisation_name, edition_id as "edition_id: EditionId"
        from invitation
        where token_hash = $1 and accepted_at is null and expires_at > now()
        "#,
        token_hash,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Invitation {
            email: row.email,
            role: parse_role_word(&row.role)?,
            organisation_name: row.organisation_name,
            edition: row.edition_id,
        })
    })
    .transpose()
}

/// Marks an invitation as accepted. Returns false if it is no longer open.
pub(super) async fn mark_invitation_accepted(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update invitation set accepted_at = now()
        where token_hash = $1 and accepted_at is null and expires_at > now()
        ",
        token_hash,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Returns the open invitations of an edition, newest first.
pub(super) async fn pending_invitations(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<PendingInvitation>> {
    let rows = sqlx::query_as!(
        PendingInvitation,
        "
        select email, role, organisation_name, expires_at
        from invitation
        where edition_id = $1 and accepted_at is null and expires_at > now()
        order by created_at desc
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

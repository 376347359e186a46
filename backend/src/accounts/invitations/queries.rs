//! SQL of invitations.

use domain::ids::{AccountId, EditionId, OrganisationId};
use domain::text::{Bilingual, Email, OrganisationName};
use phrases::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use super::pending::InvitationScope;
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
    pub(super) edition: Option<EditionId>,
    pub(super) invited_by: AccountId,
    pub(super) lang: Lang,
}

/// Stores an invitation for 14 days.
pub(super) async fn insert_invitation(
    connection: &mut PgConnection,
    new: &NewInvitation,
) -> Result<()> {
    sqlx::query!(
        "
        insert into invitation
            (token_hash, email, role, organisation_name, edition_id, invited_by, lang, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, now() + interval '14 days')
        ",
        new.token_hash,
        new.email.as_str(),
        new.role.as_str(),
        new.organisation.as_ref().map(OrganisationName::as_str),
        new.edition.map(|edition| edition.0),
        new.invited_by.0,
        new.lang.language_tag(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the open invitations to an address.
pub(super) async fn delete_open_invitations(
    connection: &mut PgConnection,
    email: &str,
) -> Result<()> {
    sqlx::query!("delete from invitation where email = $1 and accepted_at is null", email)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes the open invitations that members of an organisation have sent to an address. Those of
/// staff and of other organisations stay.
pub(super) async fn delete_colleague_invitations(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    email: &str,
) -> Result<()> {
    sqlx::query!(
        "
        delete from invitation using account
        where account.id = invitation.invited_by
            and account.organisation_id = $1
            and invitation.email = $2
            and invitation.accepted_at is null
        ",
        organisation.0,
        email,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks an organisation until the transaction ends and returns its name, so that its open
/// invitations are counted one by one.
pub(super) async fn lock_inviting_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<String> {
    let name = sqlx::query_scalar!(
        "select name from organisation where id = $1 for no key update",
        organisation.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(name)
}

/// What the mail of an invitation says beside the invitation itself.
pub(super) struct InvitationContext {
    /// Title and host of the contest.
    pub(super) edition: Option<(Bilingual, Bilingual)>,
    /// Whether the contest is a rehearsal.
    pub(super) rehearsal: bool,
    /// The name of the person who invites.
    pub(super) inviter: Option<String>,
}

/// Reads what the mail of an invitation says.
pub(super) async fn find_invitation_context(
    connection: &mut PgConnection,
    edition: Option<EditionId>,
    inviter: AccountId,
) -> Result<InvitationContext> {
    let row = sqlx::query!(
        r#"
        select
            edition.title_ko as "title_ko?",
            edition.title_en as "title_en?",
            edition.host_ko as "host_ko?",
            edition.host_en as "host_en?",
            edition.rehearsal as "rehearsal?",
            account.name as "inviter?"
        from (select 1) as one
        left join edition on edition.id = $1
        left join account on account.id = $2
        "#,
        edition.map(|edition| edition.0),
        inviter.0,
    )
    .fetch_one(connection)
    .await?;
    let title = row.title_ko.zip(row.title_en).map(|(ko, en)| Bilingual { ko, en });
    let host = row.host_ko.zip(row.host_en).map(|(ko, en)| Bilingual { ko, en });
    let rehearsal = row.rehearsal.unwrap_or_default();
    Ok(InvitationContext { edition: title.zip(host), rehearsal, inviter: row.inviter })
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

/// Returns the open invitations of an edition, or those that the members of an organisation have
/// sent, newest first.
pub(super) async fn pending_invitations(
    connection: &mut PgConnection,
    scope: InvitationScope,
) -> Result<Vec<PendingInvitation>> {
    let rows = sqlx::query_as!(
        PendingInvitation,
        r#"
        select
            invitation.id,
            invitation.email,
            invitation.role,
            invitation.organisation_name,
            account.name as "invited_by?",
            invitation.expires_at
        from invitation
        left join account on account.id = invitation.invited_by
        where invitation.accepted_at is null
            and invitation.expires_at > now()
            and (invitation.edition_id = $1 or account.organisation_id = $2)
        order by invitation.created_at desc, invitation.email
        "#,
        scope.edition_key(),
        scope.organisation_key(),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// An open invitation that is about to be sent again.
pub(super) struct OpenInvitation {
    pub(super) email: String,
    pub(super) role: String,
    pub(super) organisation_name: Option<String>,
    pub(super) edition: Option<EditionId>,
    pub(super) invited_by: Option<AccountId>,
    pub(super) lang: String,
}

/// Gives an open invitation a new link for 14 days, and returns it. The old link stops working.
pub(super) async fn renew_invitation(
    connection: &mut PgConnection,
    scope: InvitationScope,
    id: Uuid,
    token_hash: &[u8],
) -> Result<Option<OpenInvitation>> {
    let row = sqlx::query_as!(
        OpenInvitation,
        r#"
        update invitation
        set token_hash = $4, expires_at = now() + interval '14 days'
        where id = $3
            and accepted_at is null
            and expires_at > now()
            and (
                edition_id = $1
                or exists (
                    select from account
                    where account.id = invitation.invited_by and account.organisation_id = $2
                )
            )
        returning
            email,
            role,
            organisation_name,
            edition_id as "edition: EditionId",
            invited_by as "invited_by: AccountId",
            lang
        "#,
        scope.edition_key(),
        scope.organisation_key(),
        id,
        token_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// Deletes an open invitation, its address included. Returns its role and its edition.
pub(super) async fn delete_invitation(
    connection: &mut PgConnection,
    scope: InvitationScope,
    id: Uuid,
) -> Result<Option<(String, Option<EditionId>)>> {
    let row = sqlx::query!(
        r#"
        delete from invitation
        where id = $3
            and accepted_at is null
            and (
                edition_id = $1
                or exists (
                    select from account
                    where account.id = invitation.invited_by and account.organisation_id = $2
                )
            )
        returning role, edition_id as "edition: EditionId"
        "#,
        scope.edition_key(),
        scope.organisation_key(),
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.role, row.edition)))
}

/// Counts the open invitations that the members of an organisation have sent.
pub(super) async fn count_colleague_invitations(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<i64> {
    let open = sqlx::query_scalar!(
        r#"
        select count(*) as "open!"
        from invitation
        join account on account.id = invitation.invited_by
        where account.organisation_id = $1
            and invitation.accepted_at is null
            and invitation.expires_at > now()
        "#,
        organisation.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(open)
}

/// Returns which of these addresses have an account or an open invitation.
pub(super) async fn find_invited_addresses(
    connection: &mut PgConnection,
    emails: &[String],
) -> Result<Vec<String>> {
    let known = sqlx::query_scalar!(
        r#"
        select email as "email!" from account where email = any($1)
        union
        select email from invitation
        where email = any($1) and accepted_at is null and expires_at > now()
        "#,
        emails,
    )
    .fetch_all(connection)
    .await?;
    Ok(known)
}

/// Locks an edition until the transaction ends, so that lists of invitations are read one by one.
/// Rows that refer to it can still be written.
pub(super) async fn lock_invited_edition(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    sqlx::query!("select id from edition where id = $1 for no key update", edition.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

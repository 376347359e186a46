//! SQL of accounts, sessions, invitations and resets.

use domain::ids::{AccountId, OrganisationId};
use phrases::Lang;
use sqlx::PgConnection;

use super::invitations::NewAccount;
use super::{OpenSession, Role, SignedIn};
use crate::{Error, Result};

/// Returns the account with this address, and its password hash.
pub(super) async fn find_account_by_email(
    connection: &mut PgConnection,
    email: &str,
) -> Result<Option<(SignedIn, String)>> {
    let row = sqlx::query!(
        r#"
        select
            account.id as "id: AccountId",
            account.name,
            account.email,
            account.role,
            account.lang,
            account.password_hash,
            account.organisation_id as "organisation_id: OrganisationId",
            organisation.name as "organisation_name?"
        from account
        left join organisation on organisation.id = account.organisation_id
        where account.email = $1 and account.closed_at is null
        "#,
        email,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let account = SignedIn {
            id: row.id,
            name: row.name,
            email: row.email,
            role: parse_role_word(&row.role)?,
            organisation: row.organisation_id,
            organisation_name: row.organisation_name,
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
        };
        Ok((account, row.password_hash))
    })
    .transpose()
}

/// Returns the owner of an open session and extends the session by `idle_hours`.
pub(super) async fn extend_session(
    connection: &mut PgConnection,
    id_hash: &[u8],
    idle_hours: i32,
) -> Result<Option<SignedIn>> {
    let row = sqlx::query!(
        r#"
        with touched as (
            update session
            set last_seen_at = now(),
                -- Use keeps it open, but a week after the sign-in it ends all the same.
                expires_at = least(
                    now() + make_interval(hours => $2),
                    created_at + interval '7 days'
                )
            where id_hash = $1 and expires_at > now()
            returning account_id
        )
        select
            account.id as "id: AccountId",
            account.name,
            account.email,
            account.role,
            account.lang,
            account.organisation_id as "organisation_id: OrganisationId",
            organisation.name as "organisation_name?"
        from touched
        join account on account.id = touched.account_id and account.closed_at is null
        left join organisation on organisation.id = account.organisation_id
        "#,
        id_hash,
        idle_hours,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(SignedIn {
            id: row.id,
            name: row.name,
            email: row.email,
            role: parse_role_word(&row.role)?,
            organisation: row.organisation_id,
            organisation_name: row.organisation_name,
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
        })
    })
    .transpose()
}

pub(super) fn parse_role_word(word: &str) -> Result<Role> {
    Role::from_word(word).ok_or(Error::Internal("an account has an unknown role"))
}

/// Opens a session.
pub(super) async fn insert_session(
    connection: &mut PgConnection,
    id_hash: &[u8],
    account: AccountId,
    idle_hours: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into session (id_hash, account_id, expires_at)
        values ($1, $2, now() + make_interval(hours => $3))
        ",
        id_hash,
        account.0,
        idle_hours,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends one session.
pub(super) async fn delete_session(connection: &mut PgConnection, id_hash: &[u8]) -> Result<()> {
    sqlx::query!("delete from session where id_hash = $1", id_hash).execute(connection).await?;
    Ok(())
}

/// Ends every session of an account.
pub(super) async fn delete_all_sessions(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<()> {
    sqlx::query!("delete from session where account_id = $1", account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns the open sessions of an account, newest use first.
pub(super) async fn open_sessions(
    connection: &mut PgConnection,
    account: AccountId,
    current: &[u8],
) -> Result<Vec<OpenSession>> {
    let sessions = sqlx::query_as!(
        OpenSession,
        r#"
        select created_at, last_seen_at, id_hash = $2 as "current!"
        from session
        where account_id = $1 and expires_at > now()
        order by last_seen_at desc
        "#,
        account.0,
        current,
    )
    .fetch_all(connection)
    .await?;
    Ok(sessions)
}

/// Replaces the password hash.
pub(super) async fn update_password(
    connection: &mut PgConnection,
    account: AccountId,
    hash: &str,
) -> Result<()> {
    sqlx::query!("update account set password_hash = $2 where id = $1", account.0, hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores a reset link for one hour.
pub(super) async fn insert_reset_link(
    connection: &mut PgConnection,
    token_hash: &[u8],
    account: AccountId,
) -> Result<()> {
    sqlx::query!(
        "
        insert into password_reset (token_hash, account_id, expires_at)
        values ($1, $2, now() + interval '1 hour')
        ",
        token_hash,
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a reset link is still valid.
pub(super) async fn is_reset_link_open(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<bool> {
    let open = sqlx::query_scalar!(
        r#"
        select exists (
            select from password_reset
            where token_hash = $1 and used_at is null and expires_at > now()
        ) as "open!"
        "#,
        token_hash,
    )
    .fetch_one(connection)
    .await?;
    Ok(open)
}

/// Marks a reset link as used. Returns its account, or `None` if the link is not valid.
pub(super) async fn use_reset_link(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<(AccountId, String)>> {
    let account = sqlx::query!(
        r#"
        update password_reset set used_at = now()
        from account
        where token_hash = $1
            and used_at is null
            and expires_at > now()
            and account.id = password_reset.account_id
            and account.closed_at is null
        returning account.id as "id: AccountId", account.email
        "#,
        token_hash,
    )
    .fetch_optional(connection)
    .await?;
    Ok(account.map(|account| (account.id, account.email)))
}

/// Disables every reset link of an account.
pub(super) async fn disable_reset_links(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<()> {
    sqlx::query!(
        "update password_reset set used_at = now() where account_id = $1 and used_at is null",
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a new account.
pub(super) async fn insert_account(
    connection: &mut PgConnection,
    id: AccountId,
    email: &str,
    account: &NewAccount,
    organisation: Option<OrganisationId>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into account (id, email, name, role, organisation_id, password_hash, lang)
        values ($1, $2, $3, $4, $5, $6, $7)
        ",
        id.0,
        email,
        account.name.as_str(),
        account.role.as_str(),
        organisation.map(|id| id.0),
        account.hash,
        account.lang.language_tag(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the organisation of this name. Stores it under the id `fresh` if it does not exist.
pub(super) async fn upsert_organisation(
    connection: &mut PgConnection,
    fresh: OrganisationId,
    name: &str,
) -> Result<OrganisationId> {
    let id = sqlx::query_scalar!(
        r#"
        insert into organisation (id, name) values ($1, $2)
        -- The update changes nothing, but makes the existing row come back.
        on conflict (name) do update set name = excluded.name
        returning id as "id: OrganisationId"
        "#,
        fresh.0,
        name,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Deletes expired sessions, and links that expired more than 30 days ago.
pub(super) async fn delete_expired_sessions_and_links(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from session where expires_at < now()").execute(&mut *connection).await?;
    sqlx::query!("delete from invitation where expires_at < now() - interval '30 days'")
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from password_reset where expires_at < now() - interval '30 days'")
        .execute(connection)
        .await?;
    Ok(())
}

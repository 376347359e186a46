//! SQL of accounts that are closed and deleted.

use domain::ids::AccountId;
use sqlx::PgConnection;

use crate::Result;

/// Locks the accounts of all administrators until the transaction ends, and returns whether another one than this is open.
pub(super) async fn lock_other_administrators(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<bool> {
    let open = sqlx::query!(
        "
        select id from account
        where role = 'administrator' and closed_at is null
        order by id
        for update
        ",
    )
    .fetch_all(connection)
    .await?;
    Ok(open.iter().any(|row| row.id != account.0))
}

/// Whether an account is an administrator's. `None` if there is no such account.
pub(super) async fn is_administrator(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<Option<bool>> {
    let found = sqlx::query_scalar!(
        r#"select role = 'administrator' as "is!" from account where id = $1 and erased_at is null"#,
        account.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Closes an account. Returns false if it is closed already.
pub(super) async fn mark_closed(connection: &mut PgConnection, account: AccountId) -> Result<bool> {
    let done = sqlx::query!(
        "update account set closed_at = now() where id = $1 and closed_at is null",
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens a closed account again. Returns false if it is not closed, or is deleted.
pub(super) async fn mark_open(connection: &mut PgConnection, account: AccountId) -> Result<bool> {
    let done = sqlx::query!(
        "
        update account set closed_at = null
        where id = $1 and closed_at is not null and erased_at is null
        ",
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes address and password of a closed account, and gives it this name instead of its own. Returns false if it is not closed, or was deleted before.
pub(super) async fn erase_account(
    connection: &mut PgConnection,
    account: AccountId,
    name: &str,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update account
        set email = 'deleted-' || id || '@deleted.invalid',
            name = $2,
            password_hash = '',
            erased_at = now()
        where id = $1 and closed_at is not null and erased_at is null
        ",
        account.0,
        name,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the invitations and requests that name an address.
pub(super) async fn delete_traces(connection: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!(
        "delete from invitation using account where account.id = $1 and invitation.email = account.email",
        account.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        delete from join_request using account
        where account.id = $1 and join_request.email = account.email
        ",
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

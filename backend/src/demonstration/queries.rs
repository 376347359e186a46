//! SQL of the demonstration.

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

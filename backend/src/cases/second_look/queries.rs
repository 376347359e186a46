//! SQL of second looks.

use domain::ids::{AccountId, CaseId};
use sqlx::PgConnection;

use crate::Result;

/// Stores that somebody of the staff wants a second look at a case. Returns false if somebody does already.
pub(super) async fn store_second_look(
    connection: &mut PgConnection,
    case: CaseId,
    reason: &str,
    by: AccountId,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update cases
        set second_look = $2, second_look_by = (select id from account where id = $3)
        where id = $1 and second_look is null
        ",
        case.0,
        reason,
        by.0,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a rejected case wait again, because its organisation asks for a second look. Returns false if it is not rejected, or
/// was looked at again before.
pub(super) async fn reopen_rejected(
    connection: &mut PgConnection,
    case: CaseId,
    why: &str,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        update cases
        set state = 'submitted',
            reason = null,
            screened_at = null,
            second_look = $2,
            second_look_by = null,
            first_look_by = screened_by,
            objected_at = now()
        where id = $1 and state = 'rejected' and objected_at is null
        ",
        case.0,
        why,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

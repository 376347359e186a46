//! SQL of who has a draft open.

use domain::ids::{AccountId, CaseId};
use sqlx::PgConnection;

use crate::Result;

/// Notes that somebody has a draft open now, and forgets who had one open an hour ago.
pub(super) async fn note_reader(
    connection: &mut PgConnection,
    case: CaseId,
    account: AccountId,
) -> Result<()> {
    sqlx::query!("delete from draft_reader where seen_at < now() - interval '1 hour'")
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "
        insert into draft_reader (case_id, account_id) values ($1, $2)
        on conflict (case_id, account_id) do update set seen_at = now()
        ",
        case.0,
        account.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the names of the others who had a draft open in the last two minutes.
pub(super) async fn other_readers(
    connection: &mut PgConnection,
    case: CaseId,
    account: AccountId,
) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        "
        select account.name from draft_reader
        join account on account.id = account_id
        where case_id = $1 and account_id <> $2 and seen_at > now() - interval '2 minutes'
        order by account.name, account.id
        ",
        case.0,
        account.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(names)
}

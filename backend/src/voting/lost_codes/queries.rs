//! SQL of codes whose answer was lost.

use sqlx::PgConnection;
use uuid::Uuid;

use super::AskedCode;
use crate::Result;

/// Finds the newest code that a browser has asked for and nobody has tried to type. The caller knows that
/// a code was sent within the last minute.
pub(super) async fn find_asked_code(
    connection: &mut PgConnection,
    asker: &[u8],
) -> Result<Option<AskedCode>> {
    let found = sqlx::query_as!(
        AskedCode,
        "
        select id, sealed, browser_hash
        from challenge
        where asker_hash = $1 and used_at is null and tries = 0 and expires_at > now()
        order by link_expires_at desc
        limit 1
        ",
        asker,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Binds a code to another secret of the browser. False if somebody has tried to type it meanwhile.
pub(super) async fn hand_over_code(
    connection: &mut PgConnection,
    id: Uuid,
    browser_hash: &[u8],
) -> Result<bool> {
    let done = sqlx::query!(
        "update challenge set browser_hash = $2 where id = $1 and used_at is null and tries = 0",
        id,
        browser_hash,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

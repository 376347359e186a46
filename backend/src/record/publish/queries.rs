//! SQL of the published tables of closed polls.

use domain::ids::PollId;
use sqlx::PgConnection;

use crate::Result;

/// Counts the stored parts of a table.
pub(super) async fn count_parts(
    connection: &mut PgConnection,
    poll: PollId,
    kind: &str,
) -> Result<i32> {
    let parts = sqlx::query_scalar!(
        r#"
        select count(*)::integer as "parts!"
        from published
        where poll_id = $1 and kind = $2
        "#,
        poll.0,
        kind,
    )
    .fetch_one(connection)
    .await?;
    Ok(parts)
}

/// Reads one part of a table.
pub(super) async fn read_part(
    connection: &mut PgConnection,
    poll: PollId,
    kind: &str,
    part: i32,
) -> Result<Option<Vec<u8>>> {
    let content = sqlx::query_scalar!(
        "select content from published where poll_id = $1 and kind = $2 and part = $3",
        poll.0,
        kind,
        part,
    )
    .fetch_optional(connection)
    .await?;
    Ok(content)
}

/// Stores a part. Does nothing if another process has stored it already.
pub(super) async fn insert_part(
    connection: &mut PgConnection,
    poll: PollId,
    kind: &str,
    part: i32,
    content: &[u8],
) -> Result<()> {
    sqlx::query!(
        "
        insert into published (poll_id, kind, part, content)
        values ($1, $2, $3, $4)
        on conflict do nothing
        ",
        poll.0,
        kind,
        part,
        content,
    )
    .execute(connection)
    .await?;
    Ok(())
}

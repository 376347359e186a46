//! SQL of the attempt counters.

use sqlx::PgConnection;

use crate::Result;

/// Counts one try. Returns the tries in this window and the seconds until it ends.
pub(super) async fn count_attempt_in_window(
    connection: &mut PgConnection,
    key: &[u8],
    window_seconds: i64,
) -> Result<(i32, i64)> {
    let row = sqlx::query!(
        r#"
        insert into attempt (key, window_start, tries)
        values (
            $1,
            to_timestamp(floor(extract(epoch from now()) / $2::bigint) * $2::bigint),
            1
        )
        on conflict (key, window_start) do update set tries = attempt.tries + 1
        returning
            tries,
            ceil(extract(epoch from window_start) + $2::bigint - extract(epoch from now()))::bigint
                as "left!"
        "#,
        key,
        window_seconds,
    )
    .fetch_one(connection)
    .await?;
    Ok((row.tries, row.left))
}

/// Reads the tries in this window and the seconds until it ends. `None` if nothing was counted.
pub(super) async fn read_attempts_in_window(
    connection: &mut PgConnection,
    key: &[u8],
    window_seconds: i64,
) -> Result<Option<(i32, i64)>> {
    let row = sqlx::query!(
        r#"
        select
            tries,
            ceil(extract(epoch from window_start) + $2::bigint - extract(epoch from now()))::bigint
                as "left!"
        from attempt
        where key = $1
            and window_start
                = to_timestamp(floor(extract(epoch from now()) / $2::bigint) * $2::bigint)
        "#,
        key,
        window_seconds,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.tries, row.left)))
}

/// Takes one try back from the newest window.
pub(super) async fn refund_newest_attempt(connection: &mut PgConnection, key: &[u8]) -> Result<()> {
    sqlx::query!(
        "
        update attempt set tries = tries - 1
        where key = $1
            and tries > 0
            and window_start = (select max(window_start) from attempt where key = $1)
        ",
        key,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes counters older than a day, which is the longest window.
pub(super) async fn delete_old_attempts(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from attempt where window_start < now() - interval '1 day'")
        .execute(connection)
        .await?;
    Ok(())
}

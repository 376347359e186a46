//! SQL of what the log says of its polls.

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;

use crate::Result;
use crate::record::counted;

/// The lines that are no ballot's and that a checkpoint speaks of.
pub(super) async fn lines(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<String>> {
    let lines = sqlx::query_scalar!(
        "
        select entry.line
        from entry
        join record on record.edition_id = entry.edition_id
        where entry.edition_id = $1
            and entry.ballot_id is null
            and entry.index < record.signed_size
        order by entry.index
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// Ballots after which the same voter cast another one.
pub(super) async fn replaced(connection: &mut PgConnection, poll: PollId) -> Result<u64> {
    let replaced = sqlx::query_scalar!(
        r#"
        select count(*) - count(distinct voter_key) as "replaced!"
        from ballot
        where poll_id = $1
        "#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    counted(replaced)
}

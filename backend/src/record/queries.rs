//! SQL of the record (provisional).

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;

use crate::Result;

pub(super) async fn open(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!("update poll set opened_at = now() where id = $1 and opened_at is null", poll.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn close(connection: &mut PgConnection, edition: EditionId) -> Result<()> {
    sqlx::query!(
        "update poll set closed_at = now() from edition
        where edition.id = $1 and poll.edition_id = edition.id and closed_at is null
        and coalesce(poll.closes, edition.voting_closes) + interval '120 seconds'
            < now() + make_interval(secs => edition.clock_offset_seconds)",
        edition.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

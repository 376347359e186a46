//! SQL of appeals.

use domain::ids::{BallotId, PollId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Held, HeldState, SentAppeal};
use crate::Result;

/// Returns what has become of a held ballot.
pub(super) async fn find_held(
    connection: &mut PgConnection,
    poll: PollId,
    ballot: BallotId,
) -> Result<Option<Held>> {
    let row = sqlx::query!(
        r#"
        select fraud_ruling.verdict as "verdict?", fraud_ruling.decided_at as "decided_at?",
            fraud_ruling.confirmed_at as "confirmed_at?"
        from held_ballot
        left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
        where held_ballot.poll_id = $1 and held_ballot.ballot_id = $2
        "#,
        poll.0,
        ballot.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Held {
        state: match row.verdict.as_deref() {
            None => HeldState::Waiting,
            Some("count") => HeldState::Restored,
            Some(_) => HeldState::Excluded,
        },
        decided_at: row.decided_at,
        confirmed_at: row.confirmed_at,
    }))
}

/// Returns the appeal about a ballot.
pub(super) async fn find_appeal(
    connection: &mut PgConnection,
    poll: PollId,
    ballot: BallotId,
) -> Result<Option<SentAppeal>> {
    let found = sqlx::query_as!(
        SentAppeal,
        "
        select message, sent_at, answer, answered_at
        from appeal
        where poll_id = $1 and ballot_id = $2
        ",
        poll.0,
        ballot.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Stores an appeal, or its new text. False if it was answered, and the ballot not excluded since.
pub(super) async fn put_appeal(
    connection: &mut PgConnection,
    poll: PollId,
    ballot: BallotId,
    message: &str,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into appeal (id, poll_id, ballot_id, message)
        values ($1, $2, $3, $4)
        on conflict (poll_id, ballot_id) do update
        set message = excluded.message, sent_at = excluded.sent_at, revision = appeal.revision + 1,
            answer = null, answered_by = null, answered_at = null
        where appeal.answer is null
            or appeal.answered_at < (
                select fraud_ruling.confirmed_at
                from held_ballot
                join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
                where held_ballot.poll_id = appeal.poll_id
                    and held_ballot.ballot_id = appeal.ballot_id
                    and fraud_ruling.verdict = 'exclude'
            )
        ",
        Uuid::new_v4(),
        poll.0,
        ballot.0,
        message,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

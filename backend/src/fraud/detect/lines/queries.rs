//! SQL of the lines about held ballots.

use domain::ids::{BallotId, EditionId, PollId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Checks whether lines about ballots of this poll are due.
pub(super) async fn has_due_lines(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: PollId,
) -> Result<bool> {
    let due = sqlx::query_scalar!(
        r#"
        select exists (
            select from held_ballot
            where held_ballot.poll_id = $2
                and (
                    not in_record
                        and exists (
                            select from entry
                            where entry.edition_id = $1 and entry.ballot_id = held_ballot.ballot_id
                        )
                    or in_record and ruling_id is distinct from recorded_ruling_id
                )
        ) as "due!"
        "#,
        edition.0,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(due)
}

/// A hold whose line is due.
pub(super) struct DueHold {
    pub(super) ballot: BallotId,
    pub(super) reasons: String,
    pub(super) evidence: String,
}

/// Takes the holds whose ballots are in the log and whose lines are not queued, in an order made by
/// chance: in the order of the looks they would tell when the ballots came.
pub(super) async fn take_due_holds(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: PollId,
) -> Result<Vec<DueHold>> {
    let due = sqlx::query_as!(
        DueHold,
        r#"
        with due as (
            update held_ballot set in_record = true
            from entry
            where held_ballot.poll_id = $2
                and not held_ballot.in_record
                and entry.edition_id = $1
                and entry.ballot_id = held_ballot.ballot_id
            returning held_ballot.ballot_id, held_ballot.reasons, held_ballot.evidence
        )
        select ballot_id as "ballot: BallotId", reasons, evidence
        from due
        order by random()
        "#,
        edition.0,
        poll.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(due)
}

/// A ruling about one ballot whose line is due.
pub(super) struct DueRuling {
    pub(super) ballot: BallotId,
    pub(super) counts: bool,
    pub(super) reason: String,
    pub(super) proposed_by: Uuid,
    pub(super) confirmed_by: Uuid,
}

/// Takes the rulings whose lines are not queued, about ballots whose hold is, in an order made by chance.
pub(super) async fn take_due_rulings(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<Vec<DueRuling>> {
    let due = sqlx::query_as!(
        DueRuling,
        r#"
        with due as (
            update held_ballot set recorded_ruling_id = ruling_id
            where held_ballot.poll_id = $1
                and held_ballot.in_record
                and held_ballot.ruling_id is distinct from held_ballot.recorded_ruling_id
            returning held_ballot.ballot_id, held_ballot.ruling_id
        )
        select
            due.ballot_id as "ballot: BallotId",
            fraud_ruling.verdict = 'count' as "counts!",
            fraud_ruling.reason,
            fraud_ruling.proposed_by,
            fraud_ruling.confirmed_by as "confirmed_by!"
        from due
        join fraud_ruling on fraud_ruling.id = due.ruling_id
        order by random()
        "#,
        poll.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(due)
}

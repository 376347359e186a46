//! SQL of the traces.

use domain::fraud::BallotTrace;
use domain::ids::{BallotId, PollId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{StoredTrace, build_trace};
use crate::Result;

/// Returns the trace of the last ballot of each voter, with its number. A ballot without a trace was
/// written past the program, and has number 0.
pub(in crate::fraud) async fn read_traces(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<Vec<(i64, BallotTrace)>> {
    let rows = sqlx::query_as!(
        StoredTrace,
        r#"
        select
            coalesce(trace.number, 0) as "number!",
            last.id as "ballot!: BallotId",
            trace.cast_at as "cast_at?",
            trace.proof as "proof?",
            trace.request as "request?"
        from (
            select distinct on (voter_key) id
            from ballot
            where poll_id = $1
            order by voter_key, generation desc
        ) as last
        left join ballot_trace as trace on trace.poll_id = $1 and trace.ballot_id = last.id
        "#,
        poll.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(StoredTrace::numbered).collect())
}

/// Returns the traces of the ballots that were stored after this number, the oldest first, with their
/// numbers.
pub(in crate::fraud) async fn read_new_traces(
    connection: &mut PgConnection,
    poll: PollId,
    after: i64,
) -> Result<Vec<(i64, BallotTrace)>> {
    let rows = sqlx::query_as!(
        StoredTrace,
        r#"
        select
            number,
            ballot_id as "ballot: BallotId",
            cast_at as "cast_at?",
            proof as "proof?",
            request as "request?"
        from ballot_trace
        where poll_id = $1 and number > $2
        order by number
        "#,
        poll.0,
        after,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(StoredTrace::numbered).collect())
}

/// Returns the traces of the held ballots of a group, the oldest first, at most so many.
pub(in crate::fraud) async fn read_group_traces(
    connection: &mut PgConnection,
    group: Uuid,
    most: i64,
) -> Result<Vec<BallotTrace>> {
    let rows = sqlx::query_as!(
        StoredTrace,
        r#"
        select
            coalesce(trace.number, 0) as "number!",
            held_ballot.ballot_id as "ballot: BallotId",
            trace.cast_at as "cast_at?",
            trace.proof as "proof?",
            trace.request as "request?"
        from held_ballot
        left join ballot_trace as trace
            on trace.poll_id = held_ballot.poll_id and trace.ballot_id = held_ballot.ballot_id
        where held_ballot.group_id = $1
        order by trace.number, held_ballot.ballot_id
        limit $2
        "#,
        group,
        most,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(build_trace).collect())
}

/// Deletes the traces of editions whose result is public or that are archived: appeals are over. Without a
/// result, thirty days after its planned instant.
pub(in crate::fraud) async fn delete_old_traces(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "
        delete from ballot_trace
        using poll, edition
        where poll.id = ballot_trace.poll_id
            and edition.id = poll.edition_id
            and (
                edition.archived_at is not null
                or least(edition.released_at, edition.announcement + interval '30 days')
                    <= now() + make_interval(secs => edition.clock_offset_seconds)
            )
        ",
    )
    .execute(connection)
    .await?;
    Ok(())
}

//! SQL of the coarsening of instants after the close.

use domain::ids::PollId;
use sqlx::PgConnection;

use crate::Result;

/// Returns the closed polls whose ballots still have their exact instants, and whose receipts no
/// session can show any more.
pub(super) async fn polls_to_coarsen(connection: &mut PgConnection) -> Result<Vec<PollId>> {
    let polls = sqlx::query_scalar!(
        r#"
        select id as "id: PollId"
        from poll
        where closed_at is not null
            and coarsened_at is null
            and not exists (
                select from voter_session
                where voter_session.poll_id = poll.id and voter_session.expires_at > now()
            )
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(polls)
}

/// Coarsens the ballots of the next `at_most` voters after `voter` to the day. Returns the last of
/// these voters; `None` if there is none left.
pub(super) async fn coarsen_ballots(
    connection: &mut PgConnection,
    poll: PollId,
    voter: &[u8],
    at_most: i64,
) -> Result<Option<Vec<u8>>> {
    let last = sqlx::query_scalar!(
        r#"
        with next as (
            select voter_key
            from ballot
            where poll_id = $1 and voter_key > $2
            order by voter_key
            limit $3
        ),
        -- Written anew in the order of the pseudonyms: the table's own order would tell in which
        -- order they came.
        taken as (
            delete from ballot
            where poll_id = $1 and voter_key in (select next.voter_key from next)
            returning *
        ),
        coarsened as (
            insert into ballot (
                poll_id, voter_key, generation, id, idempotency_key, commitment, sealed, admitted_at
            )
            select
                poll_id, voter_key, generation, id, idempotency_key, commitment, sealed,
                date_trunc('day', admitted_at, 'UTC')
            from taken
            order by voter_key, generation
        )
        select voter_key as "voter_key!" from next order by voter_key desc limit 1
        "#,
        poll.0,
        voter,
        at_most,
    )
    .fetch_optional(connection)
    .await?;
    Ok(last)
}

/// Deletes the traces of a poll's ballots that are not held: they have exact instants and an order.
pub(super) async fn delete_unheld_traces(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<()> {
    sqlx::query!(
        "
        delete from ballot_trace
        where poll_id = $1
            and not exists (
                select from held_ballot
                where held_ballot.poll_id = $1 and held_ballot.ballot_id = ballot_trace.ballot_id
            )
        ",
        poll.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Coarsens to the day when ballots of a poll were held, and when their groups were found: that tells when
/// the ballots came. A ballot that was held after an open proposal stays outside it.
pub(super) async fn coarsen_holds(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!(
        "
        with taken as (
            delete from held_ballot where poll_id = $1 returning *
        )
        insert into held_ballot (
            poll_id, ballot_id, group_id, held_at, reasons, evidence, in_record, ruling_id,
            recorded_ruling_id
        )
        select
            poll_id, ballot_id, group_id,
            case
                when exists (
                    select from fraud_ruling
                    where fraud_ruling.group_id = taken.group_id
                        and fraud_ruling.confirmed_by is null
                        and not fraud_ruling.withdrawn
                        and fraud_ruling.held_until < taken.held_at
                ) then now()
                else date_trunc('day', held_at, 'UTC')
            end,
            reasons, evidence, in_record, ruling_id, recorded_ruling_id
        from taken
        -- Written anew in the order of the numbers: the table's own order would tell in which order they
        -- came.
        order by ballot_id
        ",
        poll.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        update fraud_group
        set found_at = date_trunc('day', found_at, 'UTC'),
            -- No look needs the names any more, and some have an hour.
            key = split_part(key, ':', 1) || ':' || id
        where poll_id = $1
        ",
        poll.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the ballots of a poll have no exact instants any more.
pub(super) async fn mark_coarsened(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!("update poll set coarsened_at = now() where id = $1", poll.0)
        .execute(connection)
        .await?;
    Ok(())
}

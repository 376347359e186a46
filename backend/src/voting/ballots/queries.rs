//! SQL of ballots: storing them by the batch, and reading them again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, PollId};
use domain::record::tree::Hash;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::voting::sealed::SealedPicks;
use crate::voting::{Receipt, Voter};
use crate::{Error, Result};

/// A ballot about to be stored.
pub(in crate::voting) struct NewBallot {
    /// The hash of the voter's cookie.
    pub(in crate::voting) session: Vec<u8>,
    pub(in crate::voting) poll: PollId,
    pub(in crate::voting) id: BallotId,
    /// The idempotency key.
    pub(in crate::voting) key: Uuid,
    pub(in crate::voting) picks: SealedPicks,
    /// By the database's clock, when the whole request was read.
    pub(in crate::voting) admitted_at: DateTime<Utc>,
}

/// The receipts of the ballots that were stored.
pub(in crate::voting) type Receipts = HashMap<BallotId, Receipt>;

/// Stores those ballots of a batch that are right, and their lines for the record.
///
/// The lock on the poll is shared by all batches and excludes the close alone: whoever waited for
/// it sees what the close has written, and stores nothing.
pub(in crate::voting) async fn insert_ballots(
    connection: &mut PgConnection,
    ballots: &[NewBallot],
) -> Result<Receipts> {
    let each = |of: fn(&NewBallot) -> Uuid| ballots.iter().map(of).collect::<Vec<_>>();
    let sessions: Vec<&[u8]> = ballots.iter().map(|ballot| ballot.session.as_slice()).collect();
    let commitments: Vec<&[u8]> =
        ballots.iter().map(|ballot| ballot.picks.commitment.as_bytes().as_slice()).collect();
    let sealed: Vec<&[u8]> = ballots.iter().map(|ballot| ballot.picks.sealed.as_slice()).collect();
    let admitted: Vec<DateTime<Utc>> = ballots.iter().map(|ballot| ballot.admitted_at).collect();
    let rows = sqlx::query!(
        r#"
        with asked as (
            select *
            from unnest(
                $1::bytea[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[],
                $7::timestamptz[]
            ) as asked (session, poll_id, id, key, commitment, sealed, admitted_at)
        ),
        open as (
            select
                poll.id,
                poll.slug,
                poll.may_change,
                poll.edition_id,
                make_interval(secs => edition.clock_offset_seconds) as clock_offset,
                coalesce(poll.opens, edition.voting_opens) as opens,
                -- Whatever of these is null is left out of the comparison.
                least(
                    coalesce(poll.closes, edition.voting_closes),
                    edition.released_at,
                    edition.archived_at
                ) as closes
            from poll
            join edition on edition.id = poll.edition_id
            where poll.id = any ($2::uuid[])
                and poll.opened_at is not null
                and poll.closed_at is null
                and edition.published_at is not null
            order by poll.id
            for share of poll
        ),
        -- In one order in every batch, so that two that hold the same voters wait for each other
        -- and never in a circle.
        timely as (
            select distinct on (asked.poll_id, voter_session.voter_key)
                asked.*,
                voter_session.voter_key,
                open.slug,
                open.edition_id,
                case
                    when open.may_change then (
                        select coalesce(max(before.generation) + 1, 0)
                        from ballot as before
                        where before.poll_id = asked.poll_id
                            and before.voter_key = voter_session.voter_key
                    )
                    else 0
                end as generation,
                asked.admitted_at + open.clock_offset as at
            from asked
            join open on open.id = asked.poll_id
            join voter_session
                on voter_session.id_hash = asked.session
                and voter_session.poll_id = asked.poll_id
                and voter_session.expires_at > now()
            where asked.admitted_at > now() - interval '120 seconds'
                and asked.admitted_at + open.clock_offset >= open.opens
                and asked.admitted_at + open.clock_offset < open.closes
                and not (
                    open.may_change
                    and exists (
                        select 1
                        from ballot as before
                        where before.poll_id = asked.poll_id
                            and before.voter_key = voter_session.voter_key
                            and before.idempotency_key = asked.key
                    )
                )
            order by asked.poll_id, voter_session.voter_key, asked.id
        ),
        stored as (
            insert into ballot (
                poll_id, voter_key, generation, id, idempotency_key, commitment, sealed,
                admitted_at
            )
            select poll_id, voter_key, generation, id, key, commitment, sealed, at
            from timely
            on conflict (poll_id, voter_key, generation) do nothing
            returning id, voter_key, commitment, admitted_at
        ),
        queued as (
            insert into waiting (edition_id, rank, ballot_id, line)
            select
                timely.edition_id,
                2,
                stored.id,
                'ballot/v1 ' || timely.slug
                    || ' ' || encode(uuid_send(stored.id), 'hex')
                    || ' ' || encode(stored.voter_key, 'hex')
                    || ' ' || encode(stored.commitment, 'hex')
                    || ' ' || to_char(
                        stored.admitted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'
                    )
            from stored
            join timely on timely.id = stored.id
        )
        select id as "id: BallotId", commitment, admitted_at
        from stored
        "#,
        &sessions as &[&[u8]],
        &each(|ballot| ballot.poll.0),
        &each(|ballot| ballot.id.0),
        &each(|ballot| ballot.key),
        &commitments as &[&[u8]],
        &sealed as &[&[u8]],
        &admitted,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.id, receipt(row.id, &row.commitment, row.admitted_at)?)))
        .collect()
}

fn receipt(ballot: BallotId, commitment: &[u8], admitted_at: DateTime<Utc>) -> Result<Receipt> {
    let commitment = hash(commitment)?;
    Ok(Receipt { ballot, commitment, admitted_at })
}

fn hash(bytes: &[u8]) -> Result<Hash> {
    Hash::from_slice(bytes).ok_or(Error::Internal("a commitment that is no hash"))
}

/// The receipts of a voter's ballots and the keys they were cast with, the oldest first; `None`
/// where the browser's session is over or none.
pub(in crate::voting) async fn ballots_of(
    connection: &mut PgConnection,
    voter: &Voter,
) -> Result<Option<Vec<(Receipt, Uuid)>>> {
    let rows = sqlx::query!(
        r#"
        select
            ballot.id as "id?: BallotId",
            ballot.commitment as "commitment?",
            ballot.admitted_at as "admitted_at?",
            ballot.idempotency_key as "key?"
        from voter_session
        left join ballot
            on ballot.poll_id = voter_session.poll_id
            and ballot.voter_key = voter_session.voter_key
        where voter_session.id_hash = $1
            and voter_session.poll_id = $2
            and voter_session.expires_at > now()
        order by ballot.generation
        "#,
        voter.session,
        voter.poll.0,
    )
    .fetch_all(connection)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let ballots = rows.into_iter().filter_map(|row| {
        let (id, commitment) = (row.id?, row.commitment?);
        let (admitted_at, key) = (row.admitted_at?, row.key?);
        Some(receipt(id, &commitment, admitted_at).map(|receipt| (receipt, key)))
    });
    ballots.collect::<Result<_>>().map(Some)
}

/// The voter's last ballot, sealed.
pub(in crate::voting) async fn sealed_of(
    connection: &mut PgConnection,
    voter: &Voter,
) -> Result<Option<(BallotId, SealedPicks)>> {
    let row = sqlx::query!(
        r#"
        select ballot.id as "id: BallotId", ballot.commitment, ballot.sealed
        from voter_session
        join ballot
            on ballot.poll_id = voter_session.poll_id
            and ballot.voter_key = voter_session.voter_key
        where voter_session.id_hash = $1
            and voter_session.poll_id = $2
            and voter_session.expires_at > now()
        order by ballot.generation desc
        limit 1
        "#,
        voter.session,
        voter.poll.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let commitment = hash(&row.commitment)?;
        Ok((row.id, SealedPicks { commitment, sealed: row.sealed }))
    })
    .transpose()
}

/// Whether the record has closed a poll.
pub(in crate::voting) async fn is_closed(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<bool> {
    let closed = sqlx::query_scalar!(
        r#"select closed_at is not null as "closed!" from poll where id = $1"#,
        poll.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(closed.unwrap_or_default())
}

/// Hands over the ballots that count, one by one.
pub(in crate::voting) async fn each_sealed(
    connection: &mut PgConnection,
    poll: PollId,
    mut take: impl FnMut(BallotId, SealedPicks) -> Result<()> + Send,
) -> Result<()> {
    let mut rows = sqlx::query!(
        r#"
        select distinct on (voter_key) id as "id: BallotId", commitment, sealed
        from ballot
        where poll_id = $1
        order by voter_key, generation desc
        "#,
        poll.0,
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let commitment = hash(&row.commitment)?;
        take(row.id, SealedPicks { commitment, sealed: row.sealed })?;
    }
    Ok(())
}

/// The database's clock.
pub(in crate::voting) async fn clock(connection: &mut PgConnection) -> Result<DateTime<Utc>> {
    let now =
        sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(connection).await?;
    Ok(now)
}

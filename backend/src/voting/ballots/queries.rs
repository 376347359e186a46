//! SQL of ballots: storing them in batches, and reading them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{BallotId, PollId};
use domain::record::tree::Hash;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::voting::sealed_picks::SealedPicks;
use crate::voting::{Receipt, VoterToken};
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
    /// When the whole request had been read, by the database's clock.
    pub(in crate::voting) admitted_at: DateTime<Utc>,
    /// What the request tells the detector, as JSON.
    pub(in crate::voting) request: Vec<u8>,
}

/// The receipts of the ballots that were stored.
pub(in crate::voting) type StoredReceipts = HashMap<BallotId, Receipt>;

/// Stores the valid ballots of a batch, and their lines for the record.
///
/// All batches share the lock on the poll, and only the close excludes them. A statement that
/// waited for that lock sees that the poll is closed and stores nothing.
pub(in crate::voting) async fn insert_ballots(
    connection: &mut PgConnection,
    ballots: &[NewBallot],
) -> Result<StoredReceipts> {
    let each = |of: fn(&NewBallot) -> Uuid| ballots.iter().map(of).collect::<Vec<_>>();
    let sessions: Vec<&[u8]> = ballots.iter().map(|ballot| ballot.session.as_slice()).collect();
    let commitments: Vec<&[u8]> =
        ballots.iter().map(|ballot| ballot.picks.commitment.as_bytes().as_slice()).collect();
    let sealed: Vec<&[u8]> = ballots.iter().map(|ballot| ballot.picks.sealed.as_slice()).collect();
    let admitted: Vec<DateTime<Utc>> = ballots.iter().map(|ballot| ballot.admitted_at).collect();
    let requests: Vec<&[u8]> = ballots.iter().map(|ballot| ballot.request.as_slice()).collect();
    let rows = sqlx::query_file!(
        "src/voting/ballots/store.sql",
        &sessions as &[&[u8]],
        &each(|ballot| ballot.poll.0),
        &each(|ballot| ballot.id.0),
        &each(|ballot| ballot.key),
        &commitments as &[&[u8]],
        &sealed as &[&[u8]],
        &admitted,
        &requests as &[&[u8]],
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.id, build_receipt(row.id, &row.commitment, row.admitted_at)?)))
        .collect()
}

fn build_receipt(
    ballot: BallotId,
    commitment: &[u8],
    admitted_at: DateTime<Utc>,
) -> Result<Receipt> {
    let commitment = parse_commitment(commitment)?;
    Ok(Receipt { ballot, commitment, admitted_at })
}

fn parse_commitment(bytes: &[u8]) -> Result<Hash> {
    Hash::from_slice(bytes).ok_or(Error::Internal("a commitment that is no hash"))
}

/// Returns the receipts of a voter's ballots with their idempotency keys, the oldest first; none to a
/// session that is told nothing. `None` if the browser's session has ended or never existed.
pub(in crate::voting) async fn list_voter_ballots(
    connection: &mut PgConnection,
    voter: &VoterToken,
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
            and not voter_session.told_nothing
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
        Some(build_receipt(id, &commitment, admitted_at).map(|receipt| (receipt, key)))
    });
    ballots.collect::<Result<_>>().map(Some)
}

/// Returns the ballot that this browser's session has cast, sealed. `None` in every other browser of
/// the voter, because somebody who can read the voter's mail must not see the choice.
pub(in crate::voting) async fn sealed_ballot_of_session(
    connection: &mut PgConnection,
    voter: &VoterToken,
) -> Result<Option<(BallotId, SealedPicks)>> {
    let row = sqlx::query!(
        r#"
        select ballot.id as "id: BallotId", ballot.commitment, ballot.sealed
        from voter_session
        join ballot
            on ballot.poll_id = voter_session.poll_id
            and ballot.voter_key = voter_session.voter_key
            and (
                ballot.cast_by = voter_session.id_hash
                or ballot.id = voter_session.ballot_id
            )
            and not voter_session.told_nothing
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
        let commitment = parse_commitment(&row.commitment)?;
        Ok((row.id, SealedPicks { commitment, sealed: row.sealed }))
    })
    .transpose()
}

/// Checks whether a voter's session is told nothing about ballots.
pub(in crate::voting) async fn is_told_nothing(
    connection: &mut PgConnection,
    voter: &VoterToken,
) -> Result<bool> {
    let told_nothing = sqlx::query_scalar!(
        "
        select told_nothing
        from voter_session
        where id_hash = $1 and poll_id = $2 and expires_at > now()
        ",
        voter.session,
        voter.poll.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(told_nothing.unwrap_or_default())
}

/// Checks whether the record has closed a poll.
pub(in crate::voting) async fn is_poll_closed(
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

/// The last ballot of a voter, sealed.
pub(in crate::voting) struct LastBallot {
    pub(in crate::voting) voter_key: Vec<u8>,
    pub(in crate::voting) id: BallotId,
    pub(in crate::voting) picks: SealedPicks,
    /// Whether it is held, or excluded by two people.
    pub(in crate::voting) set_aside: bool,
    /// Whether it was ever held.
    pub(in crate::voting) ever_held: bool,
}

/// The final ballots of the next `at_most` voters after `voter_key`, with their keys.
pub(in crate::voting) async fn sealed_ballots_after(
    connection: &mut PgConnection,
    poll: PollId,
    voter_key: &[u8],
    at_most: i64,
) -> Result<Vec<LastBallot>> {
    let rows = sqlx::query!(
        r#"
        select
            last.voter_key,
            last.id as "id: BallotId",
            last.commitment,
            last.sealed,
            exists (
                select from set_aside
                where set_aside.poll_id = $1 and set_aside.ballot_id = last.id
            ) as "set_aside!",
            exists (
                select from held_ballot
                where held_ballot.poll_id = $1 and held_ballot.ballot_id = last.id
            ) as "ever_held!"
        from (
            select distinct on (voter_key) voter_key, id, commitment, sealed
            from ballot
            where poll_id = $1 and voter_key > $2
            order by voter_key, generation desc
            limit $3
        ) as last
        order by last.voter_key
        "#,
        poll.0,
        voter_key,
        at_most,
    )
    .fetch_all(connection)
    .await?;
    let sealed = rows.into_iter().map(|row| {
        let commitment = parse_commitment(&row.commitment)?;
        Ok(LastBallot {
            voter_key: row.voter_key,
            id: row.id,
            picks: SealedPicks { commitment, sealed: row.sealed },
            set_aside: row.set_aside,
            ever_held: row.ever_held,
        })
    });
    sealed.collect()
}

/// Reads the database's clock.
pub(in crate::voting) async fn read_database_clock(
    connection: &mut PgConnection,
) -> Result<DateTime<Utc>> {
    let now =
        sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(connection).await?;
    Ok(now)
}

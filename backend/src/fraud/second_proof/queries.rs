//! SQL of second proofs.

use domain::ids::{BallotId, PollId};
use domain::refusal::{FraudRefusal, VotingRefusal};
use sqlx::PgConnection;

use super::{SecondProof, SecondWay};
use crate::{Error, Refusal, Result};

/// A code about to be stored.
pub(super) struct NewProof {
    pub(super) poll: PollId,
    pub(super) ballot: BallotId,
    pub(super) way: SecondWay,
    pub(super) contact_hash: Vec<u8>,
    pub(super) code_hash: Vec<u8>,
    pub(super) minutes: i32,
}

/// Stores a code for a ballot in place of its last one. False if the ballot has been proven again.
pub(super) async fn put_code(connection: &mut PgConnection, new: &NewProof) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into second_proof (poll_id, ballot_id, way, contact_hash, code_hash, expires_at)
        values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))
        on conflict (poll_id, ballot_id) do update
        set way = excluded.way,
            contact_hash = excluded.contact_hash,
            code_hash = excluded.code_hash,
            expires_at = excluded.expires_at,
            tries = 0
        where second_proof.code_hash is not null
        ",
        new.poll.0,
        new.ballot.0,
        new.way.way_name(),
        new.contact_hash,
        new.code_hash,
        new.minutes,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts a try at a ballot's code before anything is compared. Returns the hash of the code and how
/// many tries there were; `None` for a code that is over.
pub(super) async fn count_try(
    connection: &mut PgConnection,
    (poll, ballot): (PollId, BallotId),
    most: i32,
) -> Result<Option<(Vec<u8>, i32)>> {
    let tried = sqlx::query!(
        r#"
        update second_proof set tries = tries + 1
        where poll_id = $1 and ballot_id = $2
            and expires_at > now() and tries < $3
        returning code_hash as "code_hash!", tries
        "#,
        poll.0,
        ballot.0,
        most,
    )
    .fetch_optional(connection)
    .await?;
    Ok(tried.map(|row| (row.code_hash, row.tries)))
}

/// Notes that a ballot was proven again.
///
/// # Errors
/// [`FraudRefusal::ContactUsed`] if another ballot was, by the same contact; [`VotingRefusal::CodeOver`] if
/// another code was sent since this one was compared.
pub(super) async fn note_proof(
    connection: &mut PgConnection,
    (poll, ballot): (PollId, BallotId),
    compared: &[u8],
) -> Result<()> {
    let noted = sqlx::query!(
        "
        update second_proof set code_hash = null, expires_at = null
        where poll_id = $1 and ballot_id = $2 and code_hash = $3
        ",
        poll.0,
        ballot.0,
        compared,
    )
    .execute(connection)
    .await;
    let used = Refusal::Fraud(FraudRefusal::ContactUsed);
    let noted =
        noted.map_err(|error| Error::from(error).refuse_on_constraint("one_second_proof", used))?;
    if noted.rows_affected() == 0 {
        return Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)));
    }
    Ok(())
}

/// Deletes codes that are over.
pub(super) async fn delete_old_codes(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from second_proof where expires_at < now()").execute(connection).await?;
    Ok(())
}

/// Returns how far the second proof of a ballot is.
pub(in crate::fraud) async fn find_proof(
    connection: &mut PgConnection,
    (poll, ballot): (PollId, BallotId),
) -> Result<Option<SecondProof>> {
    let row = sqlx::query!(
        r#"
        select
            way,
            coalesce(expires_at > now(), false) as "waits!",
            code_hash is null as "proven!"
        from second_proof
        where poll_id = $1 and ballot_id = $2
        "#,
        poll.0,
        ballot.0,
    )
    .fetch_optional(connection)
    .await?;
    let proof = row.and_then(|row| {
        let way = SecondWay::from_name(&row.way)?;
        Some(SecondProof { way, waits: row.waits, proven: row.proven })
    });
    Ok(proof)
}

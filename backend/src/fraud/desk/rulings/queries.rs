//! SQL of rulings and answers.

use chrono::{DateTime, Utc};
use domain::fraud::RulingReason;
use domain::ids::{AccountId, BallotId, EditionId};
use domain::record::entry::Verdict;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Whether the group has held ballots, or holds this one.
pub(super) async fn has_held_ballots(
    connection: &mut PgConnection,
    edition: EditionId,
    group: Uuid,
    ballot: Option<BallotId>,
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        select exists (
            select from held_ballot
            join poll on poll.id = held_ballot.poll_id
            where poll.edition_id = $1
                and held_ballot.group_id = $2
                and ($3::uuid is null or held_ballot.ballot_id = $3)
        ) as "found!"
        "#,
        edition.0,
        group,
        ballot.map(|ballot| ballot.0),
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Withdraws the proposals about the same ballots that nobody has confirmed. Returns how many.
pub(super) async fn withdraw_proposals(
    connection: &mut PgConnection,
    group: Uuid,
    ballot: Option<BallotId>,
) -> Result<u64> {
    let done = sqlx::query!(
        "
        update fraud_ruling set withdrawn = true
        where group_id = $1
            and ballot_id is not distinct from $2
            and confirmed_by is null
            and not withdrawn
        ",
        group,
        ballot.map(|ballot| ballot.0),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// A proposal that is about to be stored.
pub(super) struct NewProposal<'a> {
    pub(super) id: Uuid,
    pub(super) group: Uuid,
    pub(super) ballot: Option<BallotId>,
    pub(super) reason: RulingReason,
    pub(super) note: &'a str,
    pub(super) actor: AccountId,
    pub(super) browser: Vec<u8>,
    pub(super) held_until: DateTime<Utc>,
}

/// Stores a proposal.
pub(super) async fn insert_proposal(
    connection: &mut PgConnection,
    row: &NewProposal<'_>,
) -> Result<()> {
    let verdict = match row.reason.verdict() {
        Verdict::Count => "count",
        Verdict::Exclude => "exclude",
    };
    sqlx::query!(
        "
        insert into fraud_ruling
            (id, group_id, ballot_id, verdict, reason, note, proposed_by, proposed_on, held_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ",
        row.id,
        row.group,
        row.ballot.map(|ballot| ballot.0),
        verdict,
        row.reason.code(),
        row.note,
        row.actor.0,
        row.browser,
        row.held_until,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A proposal that nobody has confirmed.
pub(super) struct Proposal {
    pub(super) group: Uuid,
    pub(super) ballot: Option<BallotId>,
    pub(super) reason: String,
    pub(super) proposed_by: AccountId,
    pub(super) proposed_at: DateTime<Utc>,
}

/// Returns a proposal of this edition that nobody has confirmed or withdrawn.
pub(super) async fn find_open_proposal(
    connection: &mut PgConnection,
    edition: EditionId,
    proposal: Uuid,
) -> Result<Option<Proposal>> {
    let found = sqlx::query_as!(
        Proposal,
        r#"
        select
            fraud_ruling.group_id as "group",
            fraud_ruling.ballot_id as "ballot: BallotId",
            fraud_ruling.reason,
            fraud_ruling.proposed_by as "proposed_by: AccountId",
            fraud_ruling.proposed_at
        from fraud_ruling
        join fraud_group on fraud_group.id = fraud_ruling.group_id
        join poll on poll.id = fraud_group.poll_id
        where poll.edition_id = $1
            and fraud_ruling.id = $2
            and fraud_ruling.confirmed_by is null
            and not fraud_ruling.withdrawn
        "#,
        edition.0,
        proposal,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// Returns when a person has last begun to read the group's evidence.
pub(super) async fn find_last_view(
    connection: &mut PgConnection,
    group: Uuid,
    account: AccountId,
) -> Result<Option<DateTime<Utc>>> {
    let seen = sqlx::query_scalar!(
        "select opened_at from fraud_view where group_id = $1 and account_id = $2",
        group,
        account.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(seen)
}

/// Whether a person has begun to read the group's evidence since the proposal.
pub(super) async fn has_seen_since(
    connection: &mut PgConnection,
    proposal: &Proposal,
    account: AccountId,
) -> Result<bool> {
    let seen = sqlx::query_scalar!(
        r#"
        select exists (
            select from fraud_view
            where group_id = $1 and account_id = $2 and opened_at >= $3
        ) as "seen!"
        "#,
        proposal.group,
        account.0,
        proposal.proposed_at,
    )
    .fetch_one(connection)
    .await?;
    Ok(seen)
}

/// Stores who has confirmed a proposal, and when by the edition's clock.
pub(super) async fn confirm_proposal(
    connection: &mut PgConnection,
    proposal: Uuid,
    (account, decided_at): (AccountId, DateTime<Utc>),
) -> Result<()> {
    sqlx::query!(
        "
        update fraud_ruling
        set confirmed_by = $2, confirmed_at = clock_timestamp(), decided_at = $3
        where id = $1
        ",
        proposal,
        account.0,
        decided_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Applies a ruling to the ballots of its group that both people saw, or to its one ballot. A ballot
/// that has a ruling of its own keeps it. Returns how many.
pub(super) async fn apply_ruling(
    connection: &mut PgConnection,
    ruling: Uuid,
    proposal: &Proposal,
) -> Result<u64> {
    let done = sqlx::query!(
        "
        update held_ballot
        set ruling_id = $1
        where group_id = $2
            and held_at <= (select held_until from fraud_ruling where id = $1)
            -- The same ruling again would begin the time for appeals anew.
            and not exists (
                select
                from fraud_ruling as last
                join fraud_ruling as next on next.verdict = last.verdict and next.reason = last.reason
                where last.id = held_ballot.ruling_id and next.id = $1
            )
            and case
                when $3::uuid is not null then ballot_id = $3
                else not exists (
                    select from fraud_ruling
                    where fraud_ruling.id = held_ballot.ruling_id
                        and fraud_ruling.ballot_id is not null
                )
            end
        ",
        ruling,
        proposal.group,
        proposal.ballot.map(|ballot| ballot.0),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Stores one answer to these revisions of appeals about ballots of a group. Returns those that it
/// answers: the others have another text or an answer.
pub(super) async fn store_answers(
    connection: &mut PgConnection,
    (edition, group, account): (EditionId, Uuid, AccountId),
    shown: &[(Uuid, i32)],
    answer: &str,
) -> Result<Vec<Uuid>> {
    let (appeals, revisions): (Vec<Uuid>, Vec<i32>) = shown.iter().copied().unzip();
    let answered = sqlx::query_scalar!(
        "
        update appeal
        set answer = $5, answered_by = $3, answered_at = now()
        from poll, held_ballot, unnest($4::uuid[], $6::integer[]) as shown (appeal, revision)
        where appeal.id = shown.appeal
            and appeal.revision = shown.revision
            and appeal.answer is null
            and poll.id = appeal.poll_id
            and poll.edition_id = $1
            and held_ballot.poll_id = appeal.poll_id
            and held_ballot.ballot_id = appeal.ballot_id
            and held_ballot.group_id = $2
        returning appeal.id
        ",
        edition.0,
        group,
        account.0,
        &appeals,
        answer,
        &revisions,
    )
    .fetch_all(connection)
    .await?;
    Ok(answered)
}

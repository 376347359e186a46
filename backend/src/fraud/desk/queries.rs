//! SQL of the desk: arrivals, groups, and what it shows of rulings and appeals.

use chrono::{DateTime, Utc};
use domain::fraud::RulingReason;
use domain::ids::{AccountId, BallotId, EditionId, PollId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Appeal, Arrivals, COUNT_STEP, GivenRuling, GroupFilter, PollCounts};
use crate::Result;
use crate::fraud::pace::Pace;
use crate::fraud::second_proof::SecondWay;

/// Counts the voters of the last hour by the minute, in steps for each poll, without a word about whom
/// their ballots are for. Changed votes are not counted again: whoever may change a vote must not bring
/// a minute to the edge of a step.
pub(super) async fn count_arrivals(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<Arrivals>> {
    let rows = sqlx::query_as!(
        Arrivals,
        r#"
        select
            minute as "minute!",
            coalesce(sum(trace.ballots), 0)::bigint as "ballots!"
        from generate_series(
            date_trunc('minute', now()) - interval '59 minutes', now(), interval '1 minute'
        ) as minute
        left join (
            select
                date_trunc('minute', ballot_trace.cast_at) as at,
                count(*) / $2 * $2 as ballots
            from ballot_trace
            join poll on poll.id = ballot_trace.poll_id
            where poll.edition_id = $1
                and ballot_trace.cast_at > now() - interval '61 minutes'
                and not ballot_trace.changed
            group by ballot_trace.poll_id, date_trunc('minute', ballot_trace.cast_at)
        ) as trace on trace.at = minute
        group by minute
        order by minute
        "#,
        edition.0,
        i64::from(COUNT_STEP),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Counts what became of the held ballots of each poll, in the order of the polls.
pub(super) async fn count_by_poll(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<PollCounts>> {
    let rows = sqlx::query_as!(
        PollCounts,
        r#"
        select
            poll.id as "poll: PollId",
            poll.traced,
            step.size = 1 as "exact!",
            (poll.analysed_at is not null or poll.coarsened_at is not null) as "analysed!",
            count(held_ballot.ballot_id) filter (where held_ballot.ruling_id is null)
                / step.size * step.size as "held!",
            count(*) filter (where fraud_ruling.verdict = 'exclude')
                / step.size * step.size as "excluded!",
            count(*) filter (where fraud_ruling.verdict = 'count')
                / step.size * step.size as "restored!",
            (
                select count(*)
                from fraud_group
                where fraud_group.poll_id = poll.id
                    and not fraud_group.held
                    and fraud_group.ballots >= step.size
            ) as "cleared_groups!"
        from poll
        cross join lateral (
            select case when poll.closed_at is null then $2 else 1::bigint end
        ) as step (size)
        left join held_ballot on held_ballot.poll_id = poll.id
        left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
        where poll.edition_id = $1
        group by poll.id, step.size
        order by poll.position
        "#,
        edition.0,
        i64::from(COUNT_STEP),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// A group with what became of its ballots.
pub(super) struct GroupRow {
    pub(super) id: Uuid,
    pub(super) poll: PollId,
    pub(super) key: String,
    pub(super) held: bool,
    pub(super) points: i64,
    pub(super) terms: serde_json::Value,
    pub(super) exact: bool,
    pub(super) ballots: i64,
    pub(super) found_at: DateTime<Utc>,
    pub(super) waiting: i64,
    pub(super) excluded: i64,
    pub(super) restored: i64,
    pub(super) proposed: bool,
    pub(super) appeals: i64,
    pub(super) proven: i64,
}

/// Counts the groups of a kind.
pub(super) async fn count_groups(
    connection: &mut PgConnection,
    edition: EditionId,
    filter: GroupFilter,
) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from desk_group where edition_id = $1 and list = $2"#,
        edition.0,
        filter.filter_name(),
    )
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Returns the groups of a kind, the strongest first, or one group by its id.
pub(super) async fn read_groups(
    connection: &mut PgConnection,
    edition: EditionId,
    filter: Option<GroupFilter>,
    only: Option<Uuid>,
    (most, skip): (i64, i64),
) -> Result<Vec<GroupRow>> {
    let rows = sqlx::query_as!(
        GroupRow,
        r#"
        select
            id as "id!",
            poll_id as "poll!: PollId",
            key as "key!",
            held as "held!",
            points as "points!",
            terms as "terms!",
            exact as "exact!",
            ballots as "ballots!",
            found_at as "found_at!",
            waiting as "waiting!",
            excluded as "excluded!",
            restored as "restored!",
            proposed as "proposed!",
            appeals as "appeals!",
            proven as "proven!"
        from desk_group
        where edition_id = $1
            and ($2::text is null or list = $2)
            and ($3::uuid is null or id = $3)
        order by appeals > 0 desc, points desc, id
        limit $4 offset $5
        "#,
        edition.0,
        filter.map(GroupFilter::filter_name),
        only,
        most,
        skip,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Notes that somebody has opened a group's evidence, and in which browser.
pub(super) async fn note_view(
    connection: &mut PgConnection,
    group: Uuid,
    account: AccountId,
) -> Result<bool> {
    let first = sqlx::query_scalar!(
        r#"
        insert into fraud_view (group_id, account_id)
        values ($1, $2)
        on conflict (group_id, account_id) do update set opened_at = clock_timestamp()
        returning xmax = 0 as "first!"
        "#,
        group,
        account.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(first)
}

/// Returns the rulings of a group that were not withdrawn, newest first.
pub(super) async fn read_rulings(
    connection: &mut PgConnection,
    group: Uuid,
) -> Result<Vec<GivenRuling>> {
    let rows = sqlx::query!(
        r#"
        select
            fraud_ruling.id,
            fraud_ruling.ballot_id as "ballot: BallotId",
            fraud_ruling.reason,
            fraud_ruling.note,
            fraud_ruling.proposed_by as "proposed_by: AccountId",
            proposer.name as "proposer?",
            fraud_ruling.proposed_at,
            fraud_ruling.proposed_on,
            confirmer.name as "confirmer?",
            fraud_ruling.confirmed_at
        from fraud_ruling
        left join account as proposer on proposer.id = fraud_ruling.proposed_by
        left join account as confirmer on confirmer.id = fraud_ruling.confirmed_by
        where fraud_ruling.group_id = $1 and not fraud_ruling.withdrawn
        order by fraud_ruling.proposed_at desc
        limit 100
        "#,
        group,
    )
    .fetch_all(connection)
    .await?;
    let given = rows.into_iter().filter_map(|row| {
        Some(GivenRuling {
            id: row.id,
            ballot: row.ballot,
            reason: RulingReason::from_code(&row.reason)?,
            note: row.note,
            proposed_by: row.proposed_by,
            proposer: row.proposer.unwrap_or_default(),
            proposed_at: row.proposed_at,
            proposed_on: row.proposed_on,
            same_browser: false,
            confirmer: row.confirmed_at.map(|_| row.confirmer.unwrap_or_default()),
            confirmed_at: row.confirmed_at,
        })
    });
    Ok(given.collect())
}

struct AppealRow {
    id: Uuid,
    ballot: BallotId,
    message: String,
    sent_at: DateTime<Utc>,
    revision: i32,
    answer: Option<String>,
    answered_at: Option<DateTime<Utc>>,
    verdict: Option<String>,
    way: Option<String>,
}

/// Returns the appeals about the ballots of a group, those without an answer first.
pub(super) async fn read_appeals(
    connection: &mut PgConnection,
    group: Uuid,
) -> Result<Vec<Appeal>> {
    let rows = sqlx::query_as!(
        AppealRow,
        r#"
        select
            appeal.id,
            appeal.ballot_id as "ballot: BallotId",
            appeal.message,
            appeal.sent_at,
            appeal.revision,
            appeal.answer,
            appeal.answered_at,
            fraud_ruling.verdict as "verdict?",
            second_proof.way as "way?"
        from appeal
        join held_ballot
            on held_ballot.poll_id = appeal.poll_id and held_ballot.ballot_id = appeal.ballot_id
        left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
        left join second_proof
            on second_proof.poll_id = appeal.poll_id
            and second_proof.ballot_id = appeal.ballot_id
            and second_proof.code_hash is null
        where held_ballot.group_id = $1
        order by appeal.answer is not null, appeal.sent_at, appeal.id
        limit 200
        "#,
        group,
    )
    .fetch_all(connection)
    .await?;
    let appeal = |row: AppealRow| Appeal {
        id: row.id,
        ballot: row.ballot,
        message: row.message,
        sent_at: row.sent_at,
        revision: row.revision,
        answer: row.answer,
        answered_at: row.answered_at,
        verdict: row.verdict,
        proven: row.way.as_deref().and_then(SecondWay::from_name),
    };
    Ok(rows.into_iter().map(appeal).collect())
}

/// Returns how long the steps took everybody in a poll, as of the last look.
pub(super) async fn find_pace(connection: &mut PgConnection, poll: PollId) -> Result<Option<Pace>> {
    let pace = sqlx::query_scalar!(
        r#"select pace as "pace: Json<Pace>" from fraud_look where poll_id = $1"#,
        poll.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(pace.flatten().map(|pace| pace.0))
}

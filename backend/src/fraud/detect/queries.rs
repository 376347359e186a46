//! SQL of the detector's job.

use chrono::{DateTime, Utc};
use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::WatchedPoll;
use crate::Result;
use crate::fraud::COUNT_STEP;
use crate::fraud::pace::Pace;

/// Returns the polls with traces whose result is not announced.
pub(super) async fn list_watched_polls(connection: &mut PgConnection) -> Result<Vec<WatchedPoll>> {
    let polls = sqlx::query_as!(
        WatchedPoll,
        r#"
        select
            poll.id as "poll: PollId",
            poll.edition_id as "edition: EditionId",
            poll.slug,
            poll.closed_at is not null as "closed!",
            (poll.analysed_at is not null or poll.coarsened_at is not null) as "analysed!",
            poll.may_change,
            coalesce(
                (select max(number) from ballot_trace where ballot_trace.poll_id = poll.id), 0
            ) as "newest!"
        from poll
        join edition on edition.id = poll.edition_id
        where poll.traced
            and edition.counts_read_at is null
            and edition.released_at is null
            and edition.archived_at is null
        order by poll.id
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(polls)
}

/// Locks the edition of a poll against the reading of counts. False if they were read, or if there is
/// a result: then the log takes no line about a ballot any more.
pub(super) async fn lock_before_counts(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<bool> {
    let found = sqlx::query!(
        r#"
        select
            edition.id as "edition: EditionId",
            edition.counts_read_at is null
                and edition.released_at is null
                and edition.archived_at is null as "open!"
        from edition
        join poll on poll.edition_id = edition.id
        where poll.id = $1
        for share of edition
        "#,
        poll.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(found) = found.filter(|found| found.open) else { return Ok(false) };
    Ok(!has_result_line(connection, found.edition).await?)
}

/// Whether the log has, or will have, the line of a result. An announcement that was withdrawn leaves
/// one.
pub(in crate::fraud) async fn has_result_line(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        select
            exists (
                select from entry
                join edition on edition.id = entry.edition_id
                where entry.edition_id = $1
                    and entry.ballot_id is null
                    and split_part(entry.line, ' ', 2) = edition.slug
                    and entry.line like 'result/v1 %'
            )
            or exists (
                select from waiting
                where waiting.edition_id = $1
                    and waiting.ballot_id is null
                    and waiting.line like 'result/v1 %'
            ) as "found!"
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// What has to be done before counts are read.
pub(super) struct OpenMatters {
    /// Closed polls that were not looked at since.
    pub(super) unlooked: i64,
    /// Groups with held ballots that have no ruling.
    pub(super) groups: i64,
    /// Appeals without an answer.
    pub(super) appeals: i64,
    /// Proposals of a ruling that nobody has confirmed or withdrawn.
    pub(super) proposals: i64,
    /// Ballots with a hold or a ruling whose line is not queued.
    pub(super) unwritten: i64,
    /// When the last ruling that excludes was confirmed, by the edition's clock.
    pub(super) last_exclusion: Option<DateTime<Utc>>,
}

/// Counts what has to be done before counts are read.
pub(super) async fn count_open_matters(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<OpenMatters> {
    let counted = sqlx::query_as!(
        OpenMatters,
        r#"
        select
            (
                select count(*) from poll
                where edition_id = $1
                    and traced
                    and closed_at is not null
                    and analysed_at is null
                    and coarsened_at is null
            ) as "unlooked!",
            count(distinct held_ballot.group_id)
                filter (where held_ballot.ruling_id is null) as "groups!",
            (
                select count(*)
                from appeal
                join poll on poll.id = appeal.poll_id
                where poll.edition_id = $1 and appeal.answer is null
            ) as "appeals!",
            (
                select count(*)
                from fraud_ruling as proposal
                join fraud_group on fraud_group.id = proposal.group_id
                join poll as its_poll on its_poll.id = fraud_group.poll_id
                where its_poll.edition_id = $1
                    and proposal.confirmed_by is null
                    and not proposal.withdrawn
            ) as "proposals!",
            count(*) filter (
                where held_ballot.ballot_id is not null
                    and (
                        not held_ballot.in_record
                        or held_ballot.ruling_id is distinct from held_ballot.recorded_ruling_id
                    )
            ) as "unwritten!",
            max(fraud_ruling.decided_at) filter (where fraud_ruling.verdict = 'exclude')
                as last_exclusion
        from poll
        left join held_ballot on held_ballot.poll_id = poll.id
        left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
        where poll.edition_id = $1
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(counted)
}

/// Locks the looks at a poll until the transaction ends. Not the poll itself: ballots lock it.
pub(crate) async fn lock_looks(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!(
        "
        insert into fraud_look (poll_id) values ($1)
        on conflict (poll_id) do update set poll_id = excluded.poll_id
        ",
        poll.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a closed poll was looked at since its close, or has no traces to look at any more. The
/// caller has locked the looks.
pub(super) async fn is_poll_analysed(connection: &mut PgConnection, poll: PollId) -> Result<bool> {
    let done = sqlx::query_scalar!(
        r#"
        select (analysed_at is not null or coarsened_at is not null) as "done!"
        from poll
        where id = $1
        "#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(done)
}

/// Notes how long the steps took everybody. While the poll is open, only if its voters have grown by a
/// step: the desk must not show the next ballot.
pub(super) async fn note_look(
    connection: &mut PgConnection,
    (poll, closed): (PollId, bool),
    voters: i64,
    pace: &Pace,
) -> Result<()> {
    sqlx::query!(
        "
        update fraud_look set voters = $2, pace = $3
        where poll_id = $1 and ($4 or $2::bigint / $5::bigint <> voters / $5)
        ",
        poll.0,
        voters,
        Json(pace) as _,
        closed,
        i64::from(COUNT_STEP),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that all ballots of a closed poll were looked at.
pub(super) async fn mark_poll_analysed(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!(
        "update poll set analysed_at = now() where id = $1 and analysed_at is null",
        poll.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A group as the detector found it.
pub(super) struct FoundGroup {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) held: bool,
    pub(super) points: i64,
    pub(super) terms: serde_json::Value,
    pub(super) ballots: i64,
}

/// Stores a group, or what is new about it. A group that was held stays one. While the poll is open a
/// group that has grown by less than a step stays as it was: the desk must not show the next ballot. Its
/// ballots are held all the same. Returns its id.
pub(super) async fn upsert_group(
    connection: &mut PgConnection,
    (poll, closed): (PollId, bool),
    found: &FoundGroup,
) -> Result<Uuid> {
    let id = sqlx::query_scalar!(
        "
        insert into fraud_group (id, poll_id, key, held, points, terms, ballots)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (poll_id, key) do update
        set (held, points, terms, ballots) = (
                select
                    fraud_group.held or (anew and excluded.held),
                    case when anew then excluded.points else fraud_group.points end,
                    case when anew then excluded.terms else fraud_group.terms end,
                    case when anew then excluded.ballots else fraud_group.ballots end
                from (
                    select $8 or excluded.ballots / $9 <> fraud_group.ballots / $9
                ) as look (anew)
            )
        returning id
        ",
        found.id,
        poll.0,
        found.key,
        found.held,
        found.points,
        found.terms,
        found.ballots,
        closed,
        i64::from(COUNT_STEP),
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Holds those of these ballots that are not held, each with a random number before its evidence. A
/// ruling about the group applies to them only if two people give it again.
pub(super) async fn hold_ballots(
    connection: &mut PgConnection,
    poll: PollId,
    group: Uuid,
    ballots: &[Uuid],
    reasons: &str,
    evidence: &str,
) -> Result<()> {
    if ballots.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "
        insert into held_ballot (poll_id, ballot_id, group_id, reasons, evidence)
        select $1, ballot, $2, $4, gen_random_uuid() || ' ' || $5
        from unnest($3::uuid[]) as ballot
        order by ballot
        on conflict (poll_id, ballot_id) do nothing
        ",
        poll.0,
        group,
        ballots,
        reasons,
        evidence,
    )
    .execute(connection)
    .await?;
    Ok(())
}

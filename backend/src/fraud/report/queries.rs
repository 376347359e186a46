//! SQL of the public report.

use std::collections::HashMap;

use domain::ids::{EditionId, PollId};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::RankCheck;
use crate::Result;

/// What the checks did in one poll, in numbers.
pub(super) struct Outcome {
    pub(super) traced: bool,
    pub(super) families: Vec<String>,
    pub(super) held_groups: i64,
    pub(super) cleared_groups: i64,
    pub(super) restored: i64,
    pub(super) appeals: i64,
    pub(super) answered: i64,
    pub(super) granted: i64,
}

/// Counts what the checks did in each poll.
pub(super) async fn count_outcomes(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<HashMap<PollId, Outcome>> {
    let rows = sqlx::query!(
        r#"
        select
            poll.id as "id: PollId",
            poll.traced,
            array(
                select distinct family
                from held_ballot
                cross join unnest(string_to_array(held_ballot.reasons, ',')) as family
                where held_ballot.poll_id = poll.id
                order by family
            ) as "families!",
            (
                select count(distinct group_id) from held_ballot where poll_id = poll.id
            ) as "held_groups!",
            (
                select count(*) from fraud_group where poll_id = poll.id and not held
            ) as "cleared_groups!",
            (
                select count(*)
                from held_ballot
                join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
                where held_ballot.poll_id = poll.id and fraud_ruling.verdict = 'count'
            ) as "restored!",
            (select count(*) from appeal where poll_id = poll.id) as "appeals!",
            (
                select count(*) from appeal where poll_id = poll.id and answer is not null
            ) as "answered!",
            (
                select count(*)
                from appeal
                join held_ballot
                    on held_ballot.poll_id = appeal.poll_id
                    and held_ballot.ballot_id = appeal.ballot_id
                join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
                where appeal.poll_id = poll.id and fraud_ruling.verdict = 'count'
            ) as "granted!"
        from poll
        where poll.edition_id = $1
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    let outcomes = rows.into_iter().map(|row| {
        let outcome = Outcome {
            traced: row.traced,
            families: row.families,
            held_groups: row.held_groups,
            cleared_groups: row.cleared_groups,
            restored: row.restored,
            appeals: row.appeals,
            answered: row.answered,
            granted: row.granted,
        };
        (row.id, outcome)
    });
    Ok(outcomes.collect())
}

/// Returns how much the announced result hangs on doubtful ballots.
pub(super) async fn find_rank_check(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<RankCheck>> {
    let found = sqlx::query_scalar!(
        r#"select changes as "changes: Json<RankCheck>" from fraud_rank_check where edition_id = $1"#,
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| found.0))
}

/// Stores it, in place of that of an announcement that was withdrawn.
pub(super) async fn store_rank_check(
    connection: &mut PgConnection,
    edition: EditionId,
    check: &RankCheck,
) -> Result<()> {
    sqlx::query!(
        "
        insert into fraud_rank_check (edition_id, changes)
        values ($1, $2)
        on conflict (edition_id) do update set changes = excluded.changes
        ",
        edition.0,
        Json(check) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

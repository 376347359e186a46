//! SQL of what the log says about its polls.

use domain::ids::{BallotId, EditionId, PollId};
use sqlx::PgConnection;

use crate::Result;
use crate::record::count_from_i64;

/// The lines that a checkpoint covers, except those of ballots.
pub(super) async fn signed_lines_without_ballots(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<String>> {
    let lines = sqlx::query_scalar!(
        "
        select entry.line
        from entry
        join record on record.edition_id = entry.edition_id
        where entry.edition_id = $1
            and entry.ballot_id is null
            -- By the index: sheets are not read.
            and split_part(entry.line, ' ', 2) in (select slug from poll where edition_id = $1)
            and entry.index < record.signed_size
        order by entry.index
        ",
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// The lines that a checkpoint covers and that decide the status of one ballot: the close of its
/// poll, and what was ruled about the ballot itself. An index finds them by the poll, so sheets and
/// other polls are not read.
pub(super) async fn signed_lines_about_ballot(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: &str,
    ballot: BallotId,
) -> Result<Vec<String>> {
    let ballot = ballot.0.simple().to_string();
    let lines = sqlx::query_scalar!(
        "
        select entry.line
        from entry
        join record on record.edition_id = entry.edition_id
        where entry.edition_id = $1
            and entry.ballot_id is null
            and entry.index < record.signed_size
            and entry.index in (
                select index
                from (
                    select index
                    from entry
                    where edition_id = $1
                        and ballot_id is null
                        and line like 'close/v1 %'
                        and split_part(line, ' ', 2) = $2
                    limit 1
                ) as closing
                union all
                select index
                from entry
                where edition_id = $1
                    and ballot_id is null
                    and split_part(line, ' ', 1) in ('hold/v1', 'ruling/v1')
                    and split_part(line, ' ', 2) = $2
                    and split_part(line, ' ', 3) = $3
            )
        order by entry.index
        ",
        edition.0,
        poll,
        ballot,
    )
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// Returns those of the given ballots that a later ballot of the same voter replaced, by the lines that a
/// checkpoint covers: before, nobody must see that a voter has voted again. The query takes the voter's
/// key from the ballot's line, because no index finds a ballot by its number alone.
pub(super) async fn find_replaced_ballots(
    connection: &mut PgConnection,
    edition: EditionId,
    ballots: &[BallotId],
) -> Result<Vec<BallotId>> {
    let ids: Vec<_> = ballots.iter().map(|ballot| ballot.0).collect();
    let replaced = sqlx::query_scalar!(
        r#"
        select ballot.id as "id: BallotId"
        from entry
        join record on record.edition_id = entry.edition_id
        join poll
            on poll.edition_id = entry.edition_id
            and poll.slug = split_part(entry.line, ' ', 2)
        join ballot
            on ballot.poll_id = poll.id
            and ballot.voter_key = decode(split_part(entry.line, ' ', 4), 'hex')
            and ballot.id = entry.ballot_id
        where entry.edition_id = $1
            and entry.ballot_id = any ($2)
            and exists (
                select
                from ballot as later
                join entry as its_line on its_line.ballot_id = later.id
                where later.poll_id = ballot.poll_id
                    and later.voter_key = ballot.voter_key
                    and later.generation > ballot.generation
                    and its_line.edition_id = entry.edition_id
                    and its_line.index < record.signed_size
            )
        "#,
        edition.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(replaced)
}

/// Counts the ballots of a closed poll that a later ballot of the same voter replaced.
pub(super) async fn count_replaced_ballots(
    connection: &mut PgConnection,
    poll: PollId,
) -> Result<u64> {
    let replaced = sqlx::query_scalar!(
        r#"select coalesce(replaced, 0) as "replaced!" from poll where id = $1"#,
        poll.0,
    )
    .fetch_one(connection)
    .await?;
    count_from_i64(replaced)
}

/// A hold of a ballot with the ruling that applies.
pub(super) struct StoredHold {
    pub(super) reasons: String,
    pub(super) verdict: Option<String>,
    pub(super) reason: Option<String>,
}

/// Returns the hold of a ballot of this edition.
pub(super) async fn find_hold(
    connection: &mut PgConnection,
    edition: EditionId,
    ballot: BallotId,
) -> Result<Option<StoredHold>> {
    let found = sqlx::query_as!(
        StoredHold,
        r#"
        select
            held_ballot.reasons,
            fraud_ruling.verdict as "verdict?",
            fraud_ruling.reason as "reason?"
        from held_ballot
        join poll on poll.id = held_ballot.poll_id
        left join fraud_ruling on fraud_ruling.id = held_ballot.ruling_id
        where poll.edition_id = $1 and held_ballot.ballot_id = $2
        "#,
        edition.0,
        ballot.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

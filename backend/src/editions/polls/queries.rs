//! SQL of polls and their ballot papers.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, EditionId, PollId, TrackId};
use domain::rulebook::{BallotPaper, PollRules, Rulebook};
use domain::text::Bilingual;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{BallotPapers, ListedCase};
use crate::Result;

/// The rules that a poll's row repeats, so that SQL can read them.
struct PollColumns<'a> {
    paper: &'static str,
    track: Option<&'a str>,
    opens: Option<DateTime<Utc>>,
    closes: Option<DateTime<Utc>>,
}

fn poll_columns(rules: &PollRules) -> PollColumns<'_> {
    let (paper, track) = match &rules.cases {
        BallotPaper::All => ("all", None),
        BallotPaper::Track(track) => ("track", Some(track.as_str())),
        BallotPaper::List => ("list", None),
    };
    let (opens, closes) = (rules.window.map(|own| own.opens), rules.window.map(|own| own.closes));
    PollColumns { paper, track, opens, closes }
}

/// Stores a poll. The edition's tracks must be stored first.
pub(crate) async fn insert_poll(
    connection: &mut PgConnection,
    edition: EditionId,
    rules: &PollRules,
    position: i32,
) -> Result<PollId> {
    let id = PollId(Uuid::new_v4());
    let PollColumns { paper, track, opens, closes } = poll_columns(rules);
    sqlx::query!(
        "
        insert into poll (
            id, edition_id, slug, position, paper, track_id, opens, closes, may_change
        )
        values (
            $1, $2, $3, $4, $5,
            (select id from track where edition_id = $2 and slug = $6), $7, $8, $9
        )
        ",
        id.0,
        edition.0,
        rules.slug,
        position,
        paper,
        track,
        opens,
        closes,
        rules.may_change,
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Changes a poll that has not opened.
pub(super) async fn update_poll(
    connection: &mut PgConnection,
    poll: PollId,
    rules: &PollRules,
) -> Result<()> {
    let PollColumns { paper, track, opens, closes } = poll_columns(rules);
    sqlx::query!(
        "
        update poll
        set slug = $2,
            paper = $3,
            track_id = (
                select track.id from track
                where track.edition_id = poll.edition_id and track.slug = $4
            ),
            opens = $5,
            closes = $6,
            may_change = $7
        where id = $1 and opened_at is null
        ",
        poll.0,
        rules.slug,
        paper,
        track,
        opens,
        closes,
        rules.may_change,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes a poll that has not opened.
pub(super) async fn delete_poll(connection: &mut PgConnection, poll: PollId) -> Result<()> {
    sqlx::query!("delete from poll where id = $1 and opened_at is null", poll.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores the rules of an edition.
pub(crate) async fn update_rulebook(
    connection: &mut PgConnection,
    edition: EditionId,
    rulebook: &Rulebook,
) -> Result<()> {
    sqlx::query!("update edition set rulebook = $2 where id = $1", edition.0, Json(rulebook) as _,)
        .execute(connection)
        .await?;
    Ok(())
}

/// Replaces the list of a poll by these cases. Returns false if one of them is not an accepted case
/// of the edition.
pub(super) async fn replace_poll_list(
    connection: &mut PgConnection,
    edition: EditionId,
    poll: PollId,
    cases: &[CaseId],
) -> Result<bool> {
    sqlx::query!("delete from poll_case where poll_id = $1", poll.0)
        .execute(&mut *connection)
        .await?;
    let mut ids: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let done = sqlx::query!(
        "
        insert into poll_case (poll_id, case_id)
        select $1, cases.id from cases
        where cases.id = any ($3::uuid[]) and cases.edition_id = $2 and cases.state = 'accepted'
        ",
        poll.0,
        edition.0,
        &ids,
    )
    .execute(connection)
    .await?;
    Ok(usize::try_from(done.rows_affected()) == Ok(ids.len()))
}

/// Returns the cases on each ballot paper.
pub(crate) async fn ballot_papers(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<BallotPapers> {
    let rows = sqlx::query!(
        r#"
        select
            ballot_paper.poll_id as "poll!: PollId",
            array_agg(ballot_paper.case_id order by ballot_paper.case_id) as "cases!: Vec<CaseId>"
        from ballot_paper
        join poll on poll.id = ballot_paper.poll_id
        where poll.edition_id = $1
        group by ballot_paper.poll_id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.poll, row.cases)).collect())
}

/// Returns the keys of the accepted cases.
pub(super) async fn accepted_case_ids(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<CaseId>> {
    let cases = sqlx::query_scalar!(
        r#"select id as "id: CaseId" from cases where edition_id = $1 and state = 'accepted'"#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(cases)
}

/// Returns the accepted cases and the polls whose lists contain them.
pub(super) async fn listed_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<ListedCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation,
            cases.track_id as "track: TrackId",
            array(
                select poll_id from poll_case where poll_case.case_id = cases.id
            ) as "polls!: Vec<PollId>"
        from cases
        join organisation on organisation.id = cases.organisation_id
        where cases.edition_id = $1 and cases.state = 'accepted'
        order by cases.title, cases.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ListedCase {
            id: row.id,
            title: Bilingual::new(row.title, row.title_en),
            organisation: row.organisation,
            track: row.track,
            polls: row.polls,
        })
        .collect())
}

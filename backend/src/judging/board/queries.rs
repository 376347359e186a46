//! SQL of the chair's board: counts, never scores.

use domain::ids::{CaseId, EditionId, TrackId};
use domain::text::Bilingual;
use sqlx::PgConnection;

use super::{CaseProgress, JudgeProgress};
use crate::Result;

/// Returns the progress of each judge on the panel, by name.
pub(super) async fn judge_progress(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<JudgeProgress>> {
    let judges = sqlx::query_as!(
        JudgeProgress,
        r#"
        select
            account.name,
            count(sheet.id) as "started!",
            count(sheet.id) filter (
                where array_position(sheet.scores, null::integer) is null
            ) as "complete!",
            count(sheet.signed_at) as "signed!",
            (
                select count(*) from recusal
                join cases as left_out
                    on left_out.id = recusal.case_id and left_out.state = 'accepted'
                where recusal.judge_id = account.id and recusal.edition_id = $1
            ) as "stepped_back!",
            max(sheet.saved_at) as last_saved
        from panel_member
        join account on account.id = panel_member.judge_id
        left join cases
            on cases.edition_id = panel_member.edition_id
            and cases.state = 'accepted'
            and not exists (
                select from recusal
                where recusal.judge_id = panel_member.judge_id and recusal.case_id = cases.id
            )
        left join sheet on sheet.judge_id = panel_member.judge_id and sheet.case_id = cases.id
        where panel_member.edition_id = $1
        group by account.id, account.name
        order by account.name, account.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(judges)
}

/// Returns the progress of the panel with each accepted case. Sheets of recused judges do not
/// count.
pub(super) async fn case_progress(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<CaseProgress>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            cases.track_id as "track: TrackId",
            cases.sample,
            count(sheet.signed_at) as "signed!",
            count(recusal.judge_id) as "stepped_back!",
            max(sheet.saved_at) as last_saved
        from cases
        join track on track.id = cases.track_id
        left join panel_member on panel_member.edition_id = cases.edition_id
        left join recusal
            on recusal.judge_id = panel_member.judge_id and recusal.case_id = cases.id
        left join sheet
            on sheet.judge_id = panel_member.judge_id
            and sheet.case_id = cases.id
            and recusal.judge_id is null
        where cases.edition_id = $1 and cases.state = 'accepted'
        group by cases.id, track.position
        order by track.position, cases.submitted_at, cases.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    let progress = rows.into_iter().map(|row| CaseProgress {
        id: row.id,
        title: Bilingual::new(row.title, row.title_en),
        track: row.track,
        sample: row.sample,
        signed: row.signed,
        stepped_back: row.stepped_back,
        last_saved: row.last_saved,
    });
    Ok(progress.collect())
}

/// A judge with an unsigned sheet.
pub(crate) struct UnsignedJudge {
    pub(in crate::judging) email: String,
    pub(crate) name: String,
    pub(in crate::judging) lang: String,
    pub(in crate::judging) open: i64,
    /// Whether the account is closed. Its sheets are missing all the same, but nobody is there to be reminded.
    pub(in crate::judging) closed: bool,
}

/// Returns the judges of a panel with an unsigned sheet.
pub(crate) async fn judges_with_unsigned_sheets(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<UnsignedJudge>> {
    let judges = sqlx::query_as!(
        UnsignedJudge,
        r#"
        select
            account.email, account.name, account.lang, count(cases.id) as "open!",
            account.closed_at is not null as "closed!"
        from panel_member
        join account on account.id = panel_member.judge_id
        join cases on cases.edition_id = panel_member.edition_id and cases.state = 'accepted'
        where panel_member.edition_id = $1
            and not exists (
                select from recusal
                where recusal.judge_id = account.id and recusal.case_id = cases.id
            )
            and not exists (
                select from sheet
                where sheet.judge_id = account.id
                    and sheet.case_id = cases.id
                    and sheet.signed_at is not null
            )
        group by account.id
        order by account.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(judges)
}

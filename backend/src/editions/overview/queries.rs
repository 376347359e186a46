//! SQL of the administrators' overview.

use domain::ids::{AccountId, CaseId, DistrictId, EditionId, PictureId, TrackId};
use domain::text::Bilingual;
use sqlx::PgConnection;

use super::{JudgeAccount, MemberAccount, RandomCase, SeasonWork};
use crate::Result;

/// Counts the open work of an edition in one statement.
pub(super) async fn count_open_work(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<SeasonWork> {
    let work = sqlx::query_as!(
        SeasonWork,
        r#"
        select
            (select count(*) from cases where edition_id = $1 and state = 'submitted')
                as "to_screen!",
            (select count(*) from cases where edition_id = $1 and state = 'accepted')
                as "accepted!",
            (
                select count(*) from join_request
                where edition_id = $1 and confirmed_at is not null and decided_at is null
            )
                as "join_requests!",
            (
                select count(*) from invitation
                where edition_id = $1 and accepted_at is null and expires_at > now()
            ) as "invitations!",
            (select count(*) from panel_member where edition_id = $1) as "judges!",
            (
                select count(*) from panel_member
                where edition_id = $1 and exists (
                    select from cases
                    where cases.edition_id = $1
                        and cases.state = 'accepted'
                        and not exists (
                            select from recusal
                            where recusal.judge_id = panel_member.judge_id
                                and recusal.case_id = cases.id
                        )
                        and not exists (
                            select from sheet
                            where sheet.judge_id = panel_member.judge_id
                                and sheet.case_id = cases.id
                                and sheet.signed_at is not null
                        )
                )
            ) as "judges_unsigned!",
            (
                -- As the desk counts them: in an open poll one ballot alone does not show.
                (
                    select count(*) from desk_group
                    where edition_id = $1 and list = 'waiting'
                )
                + (
                    select count(*)
                    from appeal
                    join poll on poll.id = appeal.poll_id
                    where poll.edition_id = $1 and appeal.answer is null
                )
            ) as "fraud_matters!",
            (select count(*) from mail where tries >= 2 and sent_at is null and refused_at is null)
                as "mails_failing!"
        "#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(work)
}

/// Returns every judge, and whether they are on this panel.
pub(super) async fn all_judges(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<JudgeAccount>> {
    let judges = sqlx::query_as!(
        JudgeAccount,
        r#"
        select
            account.id as "id: AccountId",
            account.name,
            account.email,
            panel_member.judge_id is not null as "on_panel!",
            account.closed_at is not null as "closed!"
        from account
        left join panel_member
            on panel_member.judge_id = account.id and panel_member.edition_id = $1
        where account.role = 'judge'
            and (account.erased_at is null or panel_member.judge_id is not null)
        order by account.name, account.email
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(judges)
}

/// Returns every member with their organisation.
pub(super) async fn all_members(connection: &mut PgConnection) -> Result<Vec<MemberAccount>> {
    let members = sqlx::query_as!(
        MemberAccount,
        r#"
        select
            account.id as "id: AccountId",
            account.name,
            account.email,
            organisation.name as organisation,
            account.closed_at is not null as "closed!"
        from account
        join organisation on organisation.id = account.organisation_id
        where account.role = 'member' and account.erased_at is null
        order by organisation.name, account.name, account.email
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(members)
}

/// Counts the accepted cases.
pub(super) async fn count_accepted_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from cases where edition_id = $1 and state = 'accepted'"#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Returns `count` random accepted cases.
pub(super) async fn random_accepted_cases(
    connection: &mut PgConnection,
    edition: EditionId,
    count: i64,
) -> Result<Vec<RandomCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            cases.summary,
            cases.track_id as "track: TrackId",
            cases.district_id as "district: DistrictId",
            cases.sample,
            organisation.name as organisation,
            picture.id as "picture?: PictureId"
        from cases
        join organisation on organisation.id = cases.organisation_id
        left join picture on picture.case_id = cases.id
        where cases.edition_id = $1 and cases.state = 'accepted'
        order by random()
        limit $2
        "#,
        edition.0,
        count,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| RandomCase {
            id: row.id,
            title: Bilingual::new(row.title, row.title_en),
            summary: row.summary,
            organisation: row.organisation,
            track: row.track,
            district: row.district,
            picture: row.picture,
            sample: row.sample,
        })
        .collect())
}

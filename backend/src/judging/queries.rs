//! SQL of judging. A judge sees and scores only accepted cases of an edition whose panel they are
//! on, and no case from which they are recused.

use chrono::{DateTime, Utc};
use domain::ids::{
    AccountId, CaseId, DistrictId, EditionId, NeighbourhoodId, PictureId, SheetId, TrackId,
};
use domain::sheet::{ScoreForm, Sheet};
use domain::text::{Bilingual, Reason};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{AssignedCase, CaseText, SheetState, StoredSheet};
use crate::{Error, Result};

/// A seat on a panel, with the judge's progress.
pub(super) struct PanelSeat {
    pub(super) edition: EditionId,
    pub(super) assigned: i64,
    pub(super) signed: i64,
}

/// Returns every seat of a judge.
pub(super) async fn seats_of_judge(
    connection: &mut PgConnection,
    judge: AccountId,
) -> Result<Vec<PanelSeat>> {
    let seats = sqlx::query_as!(
        PanelSeat,
        r#"
        select
            panel_member.edition_id as "edition: EditionId",
            count(cases.id) as "assigned!",
            count(sheet.signed_at) as "signed!"
        from panel_member
        left join cases
            on cases.edition_id = panel_member.edition_id
            and cases.state = 'accepted'
            and not exists (
                select from recusal
                where recusal.judge_id = panel_member.judge_id and recusal.case_id = cases.id
            )
        left join sheet on sheet.judge_id = panel_member.judge_id and sheet.case_id = cases.id
        where panel_member.judge_id = $1
        group by panel_member.edition_id
        "#,
        judge.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(seats)
}

/// Whether the judge is on the panel.
pub(super) async fn is_on_panel(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<bool> {
    let sits = sqlx::query_scalar!(
        r#"
        select exists (
            select from panel_member where edition_id = $1 and judge_id = $2
        ) as "sits!"
        "#,
        edition.0,
        judge.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(sits)
}

/// Locks the judge's seat until the transaction ends.
pub(super) async fn lock_seat(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<()> {
    sqlx::query!(
        "select judge_id from panel_member where edition_id = $1 and judge_id = $2 for update",
        edition.0,
        judge.0,
    )
    .fetch_optional(connection)
    .await?
    .map(drop)
    .ok_or(Error::NotFound)
}

/// Returns the cases on a judge's list.
pub(super) async fn assigned_cases(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<Vec<AssignedCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation,
            cases.track_id as "track: TrackId",
            cases.sample,
            sheet.id is not null as "started!",
            array_position(sheet.scores, null::integer) is null as "complete!",
            sheet.signed_at is not null as "signed!"
        from cases
        join organisation on organisation.id = cases.organisation_id
        join track on track.id = cases.track_id
        left join sheet on sheet.case_id = cases.id and sheet.judge_id = $2
        where cases.edition_id = $1
            and cases.state = 'accepted'
            and not exists (
                select from recusal where recusal.judge_id = $2 and recusal.case_id = cases.id
            )
        order by track.position, cases.submitted_at, cases.id
        "#,
        edition.0,
        judge.0,
    )
    .fetch_all(connection)
    .await?;
    let assigned = rows.into_iter().map(|row| AssignedCase {
        id: row.id,
        title: Bilingual::new(row.title, row.title_en),
        organisation: row.organisation,
        track: row.track,
        sample: row.sample,
        state: match (row.started, row.complete, row.signed) {
            (false, ..) => SheetState::NotStarted,
            (true, _, true) => SheetState::Signed,
            (true, true, false) => SheetState::Complete,
            (true, false, false) => SheetState::InProgress,
        },
    });
    Ok(assigned.collect())
}

/// Counts the accepted cases from which the judge is recused.
pub(super) async fn count_recusals(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!" from recusal
        join cases on cases.id = recusal.case_id and cases.state = 'accepted'
        where recusal.edition_id = $1 and recusal.judge_id = $2
        "#,
        edition.0,
        judge.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Returns a case if this judge may score it.
pub(super) async fn find_scorable_case(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
    case: CaseId,
) -> Result<Option<CaseText>> {
    let row = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation,
            cases.track_id as "track: TrackId",
            cases.district_id as "district: DistrictId",
            cases.neighbourhood_id as "neighbourhood: NeighbourhoodId",
            cases.summary,
            cases.body,
            cases.sample,
            picture.id as "picture?: PictureId",
            picture.alt as "alt?"
        from cases
        join panel_member
            on panel_member.edition_id = cases.edition_id and panel_member.judge_id = $2
        join organisation on organisation.id = cases.organisation_id
        left join picture on picture.case_id = cases.id
        where cases.id = $3
            and cases.edition_id = $1
            and cases.state = 'accepted'
            and not exists (
                select from recusal where recusal.judge_id = $2 and recusal.case_id = cases.id
            )
        "#,
        edition.0,
        judge.0,
        case.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| CaseText {
        id: row.id,
        title: Bilingual::new(row.title, row.title_en),
        organisation: row.organisation,
        track: row.track,
        district: row.district,
        neighbourhood: row.neighbourhood,
        summary: row.summary,
        body: row.body,
        sample: row.sample,
        picture: row.picture.zip(row.alt),
    }))
}

/// Returns the judge's sheet for a case.
pub(super) async fn find_sheet(
    connection: &mut PgConnection,
    judge: AccountId,
    case: CaseId,
) -> Result<Option<StoredSheet>> {
    let row = sqlx::query!(
        r#"
        select
            scores as "scores: Vec<Option<i32>>",
            comment,
            note,
            version,
            saved_at,
            signed_at
        from sheet
        where judge_id = $1 and case_id = $2
        "#,
        judge.0,
        case.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| StoredSheet {
        version: row.version,
        saved_at: Some(row.saved_at),
        signed_at: row.signed_at,
        form: ScoreForm {
            scores: row
                .scores
                .into_iter()
                .map(|score| score.and_then(|score| u32::try_from(score).ok()))
                .collect(),
            comment: row.comment,
            note: row.note,
        },
    }))
}

/// The edition, the judge and the case of a sheet.
#[derive(Clone, Copy)]
pub(super) struct SheetKey {
    pub(super) edition: EditionId,
    pub(super) judge: AccountId,
    pub(super) case: CaseId,
}

/// Stores a sheet that was made from this version. Returns `None` if the version, a signature, the
/// panel or a recusal forbids it. One statement, so nothing can change between check and write.
pub(super) async fn save_sheet_version(
    connection: &mut PgConnection,
    place: SheetKey,
    version: i32,
    sheet: &Sheet,
) -> Result<Option<(i32, DateTime<Utc>)>> {
    let scores: Vec<Option<i32>> =
        sheet.scores().iter().map(|score| score.and_then(|s| i32::try_from(s).ok())).collect();
    let row = sqlx::query!(
        r#"
        insert into sheet (id, edition_id, judge_id, case_id, scores, comment, note)
        select $1::uuid, cases.edition_id, panel_member.judge_id, cases.id,
            $5::integer[], $6::text, $7::text
        from cases
        join panel_member on panel_member.edition_id = cases.edition_id
        where cases.id = $4
            and cases.edition_id = $2
            and cases.state = 'accepted'
            and panel_member.judge_id = $3
            and not exists (
                select from recusal where recusal.judge_id = $3 and recusal.case_id = cases.id
            )
            -- A later version of a sheet that is gone must not come back as a first one.
            and ($8::integer = 0 or exists (
                select from sheet as known where known.judge_id = $3 and known.case_id = cases.id
            ))
        on conflict on constraint sheet_of_judge do update
        set
            scores = excluded.scores,
            comment = excluded.comment,
            note = excluded.note,
            version = sheet.version + 1,
            saved_at = now()
        where sheet.version = $8::integer and sheet.signed_at is null
        returning sheet.version, sheet.saved_at
        "#,
        Uuid::new_v4(),
        place.edition.0,
        place.judge.0,
        place.case.0,
        scores as Vec<Option<i32>>,
        sheet.comment(),
        sheet.note(),
        version,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.version, row.saved_at)))
}

/// Signs this version by the edition's clock. Returns `None` if the sheet is signed already or has
/// another version.
pub(super) async fn sign_sheet_version(
    connection: &mut PgConnection,
    judge: AccountId,
    case: CaseId,
    version: i32,
) -> Result<Option<(SheetId, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"
        update sheet
        set signed_at = clock_timestamp() + make_interval(secs => edition.clock_offset_seconds)
        from edition
        where edition.id = sheet.edition_id
            and sheet.judge_id = $1
            and sheet.case_id = $2
            and sheet.version = $3
            and sheet.signed_at is null
        returning sheet.id as "id: SheetId", sheet.signed_at as "signed_at!"
        "#,
        judge.0,
        case.0,
        version,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.id, row.signed_at)))
}

/// Stores a recusal and its reason.
pub(super) async fn insert_recusal(
    connection: &mut PgConnection,
    edition: EditionId,
    judge: AccountId,
    case: CaseId,
    reason: &Reason,
) -> Result<()> {
    sqlx::query!(
        "insert into recusal (judge_id, case_id, edition_id, reason) values ($1, $2, $3, $4)",
        judge.0,
        case.0,
        edition.0,
        reason.as_text(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a sheet that was not signed.
pub(super) async fn delete_unsigned_sheet(
    connection: &mut PgConnection,
    judge: AccountId,
    case: CaseId,
) -> Result<()> {
    sqlx::query!(
        "delete from sheet where judge_id = $1 and case_id = $2 and signed_at is null",
        judge.0,
        case.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

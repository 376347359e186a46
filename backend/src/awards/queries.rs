//! SQL of the awards: the cases and sheets to count, and the announced result.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, EditionId, PictureId};
use domain::schedule::Instant;
use domain::text::Bilingual;
use sqlx::PgConnection;

use super::{CaseMark, ResultApproval, UnscoredCase};
use crate::{Error, Result};

/// An accepted case.
pub(super) struct AcceptedCase {
    pub(super) id: CaseId,
    pub(super) title: Bilingual,
    pub(super) organisation: String,
    pub(super) sample: bool,
    pub(super) submitted_at: DateTime<Utc>,
}

/// Returns the accepted cases of an edition, in no order.
pub(super) async fn accepted_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<AcceptedCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation,
            cases.sample,
            cases.submitted_at as "submitted_at!"
        from cases
        join organisation on organisation.id = cases.organisation_id
        where cases.edition_id = $1 and cases.state = 'accepted'
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AcceptedCase {
            id: row.id,
            title: bilingual_or_korean(row.title, row.title_en),
            organisation: row.organisation,
            sample: row.sample,
            submitted_at: row.submitted_at,
        })
        .collect())
}

/// Makes a text in both languages. Without a translation the Korean text is used for both.
pub(super) fn bilingual_or_korean(ko: String, en: String) -> Bilingual {
    let en = if en.is_empty() { ko.clone() } else { en };
    Bilingual { ko, en }
}

/// Returns the scores of every signed sheet, by case. Sheets of recused judges do not count.
pub(super) async fn signed_scores_by_case(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<HashMap<CaseId, Vec<Vec<u32>>>> {
    let rows = sqlx::query!(
        r#"
        select
            sheet.case_id as "case_id: CaseId",
            sheet.scores as "scores!: Vec<Option<i32>>"
        from sheet
        left join recusal
            on recusal.judge_id = sheet.judge_id and recusal.case_id = sheet.case_id
        where sheet.edition_id = $1
            and sheet.signed_at is not null
            and recusal.judge_id is null
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    let mut sheets: HashMap<CaseId, Vec<Vec<u32>>> = HashMap::new();
    for row in rows {
        let scores = row.scores.into_iter().map(|score| u32::try_from(score?).ok());
        let scores: Option<Vec<u32>> = scores.collect();
        let scores = scores.ok_or(Error::Internal("a signed sheet has a gap"))?;
        sheets.entry(row.case_id).or_default().push(scores);
    }
    Ok(sheets)
}

/// Returns the accepted cases without a signed sheet that counts, by title.
pub(super) async fn unscored_cases(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<UnscoredCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.title,
            cases.title_en,
            organisation.name as organisation
        from cases
        join organisation on organisation.id = cases.organisation_id
        where cases.edition_id = $1
            and cases.state = 'accepted'
            and not exists (
                select 1
                from sheet
                left join recusal
                    on recusal.judge_id = sheet.judge_id and recusal.case_id = sheet.case_id
                where sheet.case_id = cases.id
                    and sheet.signed_at is not null
                    and recusal.judge_id is null
            )
        order by cases.title, cases.id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| UnscoredCase {
            id: row.id,
            title: bilingual_or_korean(row.title, row.title_en),
            organisation: row.organisation,
        })
        .collect())
}

/// Returns what a list of results shows beside each accepted case.
pub(super) async fn case_marks(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<HashMap<CaseId, CaseMark>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            cases.sample,
            track.position,
            picture.id as "picture?: PictureId"
        from cases
        join track on track.id = cases.track_id
        left join picture on picture.case_id = cases.id
        where cases.edition_id = $1 and cases.state = 'accepted'
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let track_index = usize::try_from(row.position).unwrap_or_default();
            (row.id, CaseMark { sample: row.sample, track_index, picture: row.picture })
        })
        .collect())
}

/// A new row of the table `result`.
pub(super) struct ResultRow<'a> {
    pub(super) edition: EditionId,
    pub(super) document: &'a [u8],
    pub(super) sha256: &'a [u8],
    pub(super) approved_by: AccountId,
    pub(super) minutes: &'a str,
}

/// Stores the result. The primary key refuses a second one for the same edition.
pub(super) async fn insert_result(
    connection: &mut PgConnection,
    row: &ResultRow<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into result (edition_id, document, sha256, approved_by, minutes)
        values ($1, $2, $3, $4, $5)
        ",
        row.edition.0,
        row.document,
        row.sha256,
        row.approved_by.0,
        row.minutes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the result.
pub(super) async fn delete_result(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<String> {
    let minutes = sqlx::query_scalar!(
        "delete from result where edition_id = $1 returning minutes",
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(minutes)
}

/// Sets the time of the release, or removes it.
pub(super) async fn set_release_time(
    connection: &mut PgConnection,
    edition: EditionId,
    released_at: Option<Instant>,
) -> Result<()> {
    sqlx::query!("update edition set released_at = $2 where id = $1", edition.0, released_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns the hash and the time of the announced result.
pub(super) async fn find_result_approval(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<ResultApproval>> {
    let row =
        sqlx::query!("select sha256, approved_at from result where edition_id = $1", edition.0)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|row| ResultApproval {
        sha256: hex::encode(row.sha256),
        approved_at: row.approved_at,
    }))
}

/// A result as it is stored.
pub(super) struct StoredResult {
    pub(super) document: Vec<u8>,
    pub(super) sha256: Vec<u8>,
    pub(super) minutes: String,
}

/// Returns the result if the edition's own clock has passed its release.
pub(super) async fn find_released_result(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Option<StoredResult>> {
    let stored = sqlx::query_as!(
        StoredResult,
        "
        select result.document, result.sha256, result.minutes
        from result
        join edition on edition.id = result.edition_id
        where result.edition_id = $1
            and edition.published_at is not null
            and edition.released_at <= now() + make_interval(secs => clock_offset_seconds)
        ",
        edition.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(stored)
}

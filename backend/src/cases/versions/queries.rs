//! SQL of the versions of a case.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{AccountId, CaseId, DistrictId, FileId, NeighbourhoodId, TrackId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::CaseVersion;
use crate::Result;

/// Keeps the stored texts of a case as a version. It takes the place of the newest one if that is of the same person, was not
/// sent in, and stands for the last ten minutes: the autosave saves every few seconds.
pub(crate) async fn keep_version(
    connection: &mut PgConnection,
    case: CaseId,
    by: AccountId,
    sent: bool,
) -> Result<()> {
    sqlx::query!(
        "
        with replaced as (
            delete from case_version
            where case_id = $1
                and not sent
                and saved_by = $2
                and begun_at > now() - interval '10 minutes'
                and version = (select max(version) from case_version where case_id = $1)
            returning begun_at
        )
        insert into case_version (
            case_id, version, begun_at, saved_by, sent,
            title, title_en, summary, body, film, track_id, district_id, neighbourhood_id,
            agreement_title, agreement_on, agreement_file
        )
        select
            id, version, coalesce((select begun_at from replaced), now()), $2, $3,
            title, title_en, summary, body, film, track_id, district_id, neighbourhood_id,
            agreement_title, agreement_on, agreement_file
        from cases
        where id = $1
        ",
        case.0,
        by.0,
        sent,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the oldest versions that were not sent in, beyond this many.
pub(super) async fn trim_versions(
    connection: &mut PgConnection,
    case: CaseId,
    keep: i64,
) -> Result<()> {
    sqlx::query!(
        "
        delete from case_version
        where case_id = $1 and not sent and version in (
            select version from case_version
            where case_id = $1 and not sent
            order by version desc
            offset $2
        )
        ",
        case.0,
        keep,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A row of a version.
struct Row {
    version: i32,
    saved_at: DateTime<Utc>,
    saved_by: Option<String>,
    sent: bool,
    title: String,
    title_en: String,
    summary: String,
    body: String,
    film: String,
    track: TrackId,
    district: Option<DistrictId>,
    neighbourhood: Option<NeighbourhoodId>,
    agreement_title: String,
    agreement_on: Option<NaiveDate>,
    agreement_file: Option<FileId>,
}

impl Row {
    fn into_version(self) -> CaseVersion {
        let place: Option<Uuid> =
            self.neighbourhood.map(|id| id.0).or(self.district.map(|id| id.0));
        CaseVersion {
            version: self.version,
            saved_at: self.saved_at,
            saved_by: self.saved_by,
            sent: self.sent,
            draft: super::CaseDraft {
                title: self.title,
                title_en: self.title_en,
                summary: self.summary,
                body: self.body,
                film: self.film,
                track: self.track.to_string(),
                place: place.map(|id| id.to_string()).unwrap_or_default(),
                alt: String::new(),
            },
            track: self.track,
            district: self.district,
            neighbourhood: self.neighbourhood,
            agreement_title: self.agreement_title,
            agreement_on: self.agreement_on,
            agreement_file: self.agreement_file,
        }
    }
}

/// Returns the versions of a case, the newest first; only those that were sent in if `sent`.
pub(super) async fn select_versions(
    connection: &mut PgConnection,
    case: CaseId,
    sent: bool,
) -> Result<Vec<CaseVersion>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select
            version, saved_at, sent,
            case when account.erased_at is null then account.email end as "saved_by?",
            title, title_en, summary, body, film,
            track_id as "track: TrackId",
            district_id as "district: DistrictId",
            neighbourhood_id as "neighbourhood: NeighbourhoodId",
            agreement_title, agreement_on, agreement_file as "agreement_file: FileId"
        from case_version
        left join account on account.id = saved_by
        where case_id = $1 and (sent or not $2)
        order by version desc
        "#,
        case.0,
        sent,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Row::into_version).collect())
}

/// Removes these versions of a case.
pub(super) async fn delete_versions(
    connection: &mut PgConnection,
    case: CaseId,
    versions: &[i32],
) -> Result<()> {
    sqlx::query!(
        "delete from case_version where case_id = $1 and version = any ($2)",
        case.0,
        versions,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Replaces the texts of a version.
pub(super) async fn update_version(
    connection: &mut PgConnection,
    case: CaseId,
    version: i32,
    [title, title_en, summary, body]: &[String; 4],
) -> Result<()> {
    sqlx::query!(
        "
        update case_version set title = $3, title_en = $4, summary = $5, body = $6
        where case_id = $1 and version = $2
        ",
        case.0,
        version,
        title,
        title_en,
        summary,
        body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives a case back what was sent in last: texts and agreement. What was added since it was sent back goes: picture,
/// documents, partners.
pub(in crate::cases) async fn restore_sent(
    connection: &mut PgConnection,
    case: CaseId,
) -> Result<()> {
    sqlx::query!(
        "
        update cases
        set title = sent.title,
            title_en = sent.title_en,
            summary = sent.summary,
            body = sent.body,
            film = sent.film,
            track_id = sent.track_id,
            district_id = sent.district_id,
            neighbourhood_id = sent.neighbourhood_id,
            agreement_title = sent.agreement_title,
            agreement_on = sent.agreement_on,
            agreement_file = (select id from case_file where id = sent.agreement_file),
            version = cases.version + 1,
            written_since = false
        from (
            select * from case_version
            where case_id = $1 and sent
            order by version desc
            limit 1
        ) as sent
        where cases.id = $1
        ",
        case.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        delete from picture using cases
        where case_id = $1 and cases.id = case_id and added_at > cases.returned_at
        ",
        case.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        delete from case_file using cases
        where case_id = $1 and cases.id = case_id and added_at > cases.returned_at
        ",
        case.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "
        delete from case_partner using cases
        where case_id = $1 and cases.id = case_id and asked_at > cases.returned_at
        ",
        case.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

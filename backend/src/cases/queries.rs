//! SQL of cases.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{
    AccountId, CaseId, DistrictId, EditionId, FileId, NeighbourhoodId, OrganisationId, PictureId,
    TrackId,
};
use phrases::Lang;
use sqlx::PgConnection;

use super::access::CaseFacts;
use super::write::ParsedDraft;
use super::{Case, CaseState, Picture, SavedCase};
use crate::{Error, Result};

pub(crate) fn parse_state_word(word: &str) -> Result<CaseState> {
    CaseState::from_word(word).ok_or(Error::Internal("a case has an unknown state"))
}

/// A row of a case.
struct CaseRow {
    edition: EditionId,
    slug: String,
    organisation: OrganisationId,
    organisation_name: String,
    track: TrackId,
    district: Option<DistrictId>,
    neighbourhood: Option<NeighbourhoodId>,
    title: String,
    title_en: String,
    summary: String,
    body: String,
    film: String,
    sample: bool,
    state: String,
    version: i32,
    saved_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    screened_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    personal_reason: Option<String>,
    late: bool,
    receipt_number: Option<i32>,
    objected: bool,
    written_since: bool,
    second_look: Option<String>,
    second_look_of_organisation: bool,
    open_until: Option<DateTime<Utc>>,
    agreement_title: String,
    agreement_on: Option<NaiveDate>,
    agreement_file: Option<FileId>,
    partners: Vec<String>,
    recommended_by: Option<String>,
    picture_id: Option<PictureId>,
    alt: Option<String>,
}

impl CaseRow {
    fn into_case(self, id: CaseId) -> Result<Case> {
        Ok(Case {
            id,
            edition: self.edition,
            edition_slug: self.slug,
            organisation: self.organisation,
            organisation_name: self.organisation_name,
            track: self.track,
            district: self.district,
            neighbourhood: self.neighbourhood,
            title: self.title,
            title_en: self.title_en,
            summary: self.summary,
            body: self.body,
            film: self.film,
            sample: self.sample,
            state: parse_state_word(&self.state)?,
            version: self.version,
            saved_at: self.saved_at,
            submitted_at: self.submitted_at,
            screened_at: self.screened_at,
            reason: self.reason,
            personal_reason: self.personal_reason,
            open_until: self.open_until,
            late: self.late,
            receipt_number: self.receipt_number,
            second_look: self.second_look,
            objected: self.objected,
            second_look_of_organisation: self.second_look_of_organisation,
            written_since: self.written_since,
            partners: self.partners,
            agreement_title: self.agreement_title,
            agreement_on: self.agreement_on,
            agreement_file: self.agreement_file,
            recommended_by: self.recommended_by,
            picture: self.picture_id.map(|id| Picture { id, alt: self.alt.unwrap_or_default() }),
        })
    }
}

/// Returns a case. The caller must check that the user may see it.
pub(crate) async fn find_case(connection: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    let row = sqlx::query_as!(
        CaseRow,
        r#"
        select
            cases.edition_id as "edition: EditionId",
            edition.slug,
            cases.organisation_id as "organisation: OrganisationId",
            organisation.name as organisation_name,
            track_id as "track: TrackId",
            district_id as "district: DistrictId",
            neighbourhood_id as "neighbourhood: NeighbourhoodId",
            title, cases.title_en, summary, body, film, sample, state, version,
            saved_at, submitted_at, screened_at,
            cases.reason, personal_reason,
            late, receipt_number, objected_at is not null as "objected!", written_since,
            case when state = 'submitted' then second_look end as second_look,
            second_look_by is null as "second_look_of_organisation!",
            coalesce(returned_until, late_admission.until) as open_until,
            agreement_title, agreement_on, agreement_file as "agreement_file: FileId",
            array(
                select partner.name from case_partner
                join organisation as partner on partner.id = case_partner.organisation_id
                where case_partner.case_id = cases.id and case_partner.state = 'confirmed'
                order by partner.name
            ) as "partners!",
            recommender.name as "recommended_by?",
            picture.id as "picture_id?: PictureId",
            picture.alt as "alt?"
        from cases
        join edition on edition.id = cases.edition_id
        join organisation on organisation.id = cases.organisation_id
        left join picture on picture.case_id = cases.id
        left join organisation as recommender on recommender.id = cases.recommended_by
        -- Who may send in one case late may write one that is not sent in, until another was.
        left join late_admission on late_admission.edition_id = cases.edition_id
            and late_admission.organisation_id = cases.organisation_id
            and (
                late_admission.case_id = cases.id
                or late_admission.case_id is null and cases.state in ('draft', 'withdrawn')
            )
        where cases.id = $1
        "#,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| row.into_case(id)).transpose()
}

/// Locks a case until the transaction ends.
pub(super) async fn lock_case(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("select id from cases where id = $1 for update", id.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// A new row of the table `cases`.
pub(super) struct NewCase<'a> {
    pub(super) id: CaseId,
    pub(super) edition: EditionId,
    pub(super) organisation: OrganisationId,
    pub(super) track: TrackId,
    pub(super) title: &'a str,
}

/// Locks an organisation until the transaction ends, so that new cases are counted one by one.
/// Rows that refer to it can still be written.
pub(super) async fn lock_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<()> {
    sqlx::query!("select id from organisation where id = $1 for no key update", organisation.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Stores a new draft. The caller has locked the organisation. Returns false if the organisation
/// already has the most cases allowed.
pub(super) async fn insert_case(connection: &mut PgConnection, new: &NewCase<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into cases (id, edition_id, organisation_id, track_id, title)
        select $1, $2, $3, $4, $5
        where (
            select count(*) from cases where edition_id = $2 and organisation_id = $3
        ) < $6
        ",
        new.id.0,
        new.edition.0,
        new.organisation.0,
        new.track.0,
        new.title,
        i64::from(domain::limits::CASES_OF_AN_ORGANISATION),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Copies the texts of a case into one that was just begun, whose title stays if it has one.
pub(super) async fn copy_texts(
    connection: &mut PgConnection,
    into: CaseId,
    from: CaseId,
) -> Result<()> {
    sqlx::query!(
        "
        update cases
        set title = case when cases.title = '' then older.title else cases.title end,
            title_en = older.title_en,
            summary = older.summary,
            body = older.body,
            film = older.film,
            version = cases.version + 1,
            saved_at = now()
        from cases as older
        where cases.id = $1 and older.id = $2
        ",
        into.0,
        from.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the texts and the place of a draft and increases its version.
pub(super) async fn update_draft(
    connection: &mut PgConnection,
    id: CaseId,
    draft: &ParsedDraft,
) -> Result<SavedCase> {
    let saved = sqlx::query_as!(
        SavedCase,
        "
        update cases
        set title = $2,
            title_en = $3,
            summary = $4,
            body = $5,
            track_id = $6,
            district_id = $7,
            neighbourhood_id = $8,
            film = $9,
            version = version + 1,
            saved_at = now()
        where id = $1
        returning version, saved_at
        ",
        id.0,
        draft.title,
        draft.title_en,
        draft.summary,
        draft.body,
        draft.track.0,
        draft.district.map(|id| id.0),
        draft.neighbourhood.map(|id| id.0),
        draft.film,
    )
    .fetch_one(connection)
    .await?;
    Ok(saved)
}

/// Returns the address and the language of each member of an organisation.
pub(super) async fn member_contacts(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<(String, Lang)>> {
    let rows = sqlx::query!(
        "
        select email, lang from account
        where organisation_id = $1 and closed_at is null
        order by created_at
        ",
        organisation.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.email, Lang::from_tag(&row.lang).unwrap_or_default()))
        .collect())
}

/// Returns who owns a case, its state, and whether the asker judges it.
pub(super) async fn find_case_facts(
    connection: &mut PgConnection,
    id: CaseId,
    asker: Option<AccountId>,
) -> Result<Option<CaseFacts>> {
    let row = sqlx::query!(
        r#"
        select
            edition.slug,
            cases.organisation_id as "organisation_id: OrganisationId",
            cases.state,
            exists (
                select from panel_member
                where panel_member.edition_id = cases.edition_id and panel_member.judge_id = $2
            )
            and not exists (
                select from recusal
                where recusal.case_id = cases.id and recusal.judge_id = $2
            ) as "on_panel!"
        from cases
        join edition on edition.id = cases.edition_id
        where cases.id = $1
        "#,
        id.0,
        asker.map(|id| id.0),
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(CaseFacts {
            edition_slug: row.slug,
            organisation: row.organisation_id,
            state: parse_state_word(&row.state)?,
            on_panel: row.on_panel,
        })
    })
    .transpose()
}

//! SQL of cases.

use chrono::{DateTime, Utc};
use domain::ids::{
    AccountId, CaseId, DistrictId, EditionId, FileId, NeighbourhoodId, OrganisationId, PictureId,
    TrackId,
};
use domain::search::CaseKeys;
use phrases::Lang;
use sqlx::PgConnection;

use super::access::CaseFacts;
use super::write::ParsedDraft;
use super::{Case, CaseState, OwnCase, Picture, SavedCase};
use crate::{Error, Result};

pub(super) fn parse_state_word(word: &str) -> Result<CaseState> {
    CaseState::from_word(word).ok_or(Error::Internal("a case has an unknown state"))
}

/// Returns a case. The caller must check that the user may see it.
pub(crate) async fn find_case(connection: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    let row = sqlx::query!(
        r#"
        select
            cases.edition_id as "edition_id: EditionId",
            edition.slug,
            cases.organisation_id as "organisation_id: OrganisationId",
            organisation.name as organisation_name,
            track_id as "track_id: TrackId",
            district_id as "district_id: DistrictId",
            neighbourhood_id as "neighbourhood_id: NeighbourhoodId",
            title,
            cases.title_en,
            summary,
            body,
            film,
            sample,
            state,
            version,
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
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Case {
        id,
        edition: row.edition_id,
        edition_slug: row.slug,
        organisation: row.organisation_id,
        organisation_name: row.organisation_name,
        track: row.track_id,
        district: row.district_id,
        neighbourhood: row.neighbourhood_id,
        title: row.title,
        title_en: row.title_en,
        summary: row.summary,
        body: row.body,
        film: row.film,
        sample: row.sample,
        state: parse_state_word(&row.state)?,
        version: row.version,
        saved_at: row.saved_at,
        submitted_at: row.submitted_at,
        screened_at: row.screened_at,
        reason: row.reason,
        personal_reason: row.personal_reason,
        open_until: row.open_until,
        late: row.late,
        receipt_number: row.receipt_number,
        second_look: row.second_look,
        objected: row.objected,
        second_look_of_organisation: row.second_look_of_organisation,
        written_since: row.written_since,
        partners: row.partners,
        agreement_title: row.agreement_title,
        agreement_on: row.agreement_on,
        agreement_file: row.agreement_file,
        recommended_by: row.recommended_by,
        picture: row.picture_id.map(|id| Picture { id, alt: row.alt.unwrap_or_default() }),
    }))
}

/// Locks a case until the transaction ends.
pub(super) async fn lock_case(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("select id from cases where id = $1 for update", id.0)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Returns the cases of an organisation, the newest edition first.
pub(super) async fn cases_of_organisation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<OwnCase>> {
    let rows = sqlx::query!(
        r#"
        select
            cases.id as "id: CaseId",
            edition.slug,
            title,
            state,
            saved_at,
            submitted_at,
            screened_at,
            cases.reason,
            coalesce(returned_until, late_admission.until) as open_until
        from cases
        join edition on edition.id = cases.edition_id
        left join late_admission on late_admission.edition_id = cases.edition_id
            and late_admission.organisation_id = cases.organisation_id
            and (
                late_admission.case_id = cases.id
                or late_admission.case_id is null and cases.state in ('draft', 'withdrawn')
            )
        where cases.organisation_id = $1
        order by edition.call_opens desc, edition.slug, cases.created_at, cases.id
        "#,
        organisation.0,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(OwnCase {
                id: row.id,
                edition_slug: row.slug,
                title: row.title,
                state: parse_state_word(&row.state)?,
                saved_at: row.saved_at,
                submitted_at: row.submitted_at,
                screened_at: row.screened_at,
                reason: row.reason,
                open_until: row.open_until,
            })
        })
        .collect()
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

/// What a case gets when it is sent in.
pub(super) struct Sending<'a> {
    /// When, by the edition's clock.
    pub(super) now: DateTime<Utc>,
    pub(super) personal_reason: Option<&'a str>,
    pub(super) keys: &'a CaseKeys,
    /// The sketch of its story.
    pub(super) sketch: &'a [i64],
    /// Whether it is sent in for the first time after the close.
    pub(super) late: bool,
    pub(super) receipt_number: i32,
    pub(super) receipt: &'a str,
}

/// Marks a case as submitted.
pub(super) async fn mark_submitted(
    connection: &mut PgConnection,
    id: CaseId,
    sending: &Sending<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        update cases
        set state = 'submitted',
            submitted_at = $2,
            personal_reason = $3,
            head_keys = $4,
            story_keys = $5,
            story_sketch = $9,
            late = late or $6,
            receipt_number = $7,
            receipt = $8,
            screened_at = null,
            reason = null,
            returned_until = null,
            returned_at = null,
            written_since = false,
            second_look = null,
            second_look_by = null,
            first_look_by = null,
            -- The picture may have changed since: whoever screens must have read this sending.
            version = version + 1
        where id = $1
        ",
        id.0,
        sending.now,
        sending.personal_reason,
        sending.keys.head,
        sending.keys.story,
        sending.late,
        sending.receipt_number,
        sending.receipt,
        sending.sketch,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the organisation has begun to write a case that was sent back.
pub(super) async fn mark_written(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("update cases set written_since = true where id = $1", id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks a case as withdrawn.
pub(super) async fn mark_withdrawn(connection: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("update cases set state = 'withdrawn', screened_at = null where id = $1", id.0)
        .execute(connection)
        .await?;
    Ok(())
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

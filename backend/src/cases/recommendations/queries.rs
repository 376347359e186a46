//! SQL of the recommendations.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId, EditionId, OrganisationId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Recommendation, RecommendationState};
use crate::{Error, Result};

/// A new row of the table `recommendation`.
pub(super) struct NewRecommendation<'a> {
    pub(super) id: Uuid,
    pub(super) edition: EditionId,
    pub(super) by: OrganisationId,
    pub(super) asked_by: AccountId,
    pub(super) organisation: Option<OrganisationId>,
    /// Name and address.
    pub(super) person: Option<(&'a str, &'a str)>,
    pub(super) token_hash: Option<Vec<u8>>,
    pub(super) subject: &'a str,
    pub(super) reason: &'a str,
}

/// Stores a recommendation. The caller has locked the organisation that makes it. Returns false if it has made the most
/// allowed in this edition.
pub(super) async fn insert_recommendation(
    connection: &mut PgConnection,
    new: &NewRecommendation<'_>,
    most: i64,
) -> Result<bool> {
    let done = sqlx::query!(
        "
        insert into recommendation (
            id, edition_id, recommended_by, asked_by, organisation_id,
            person_name, person_email, token_hash, subject, reason
        )
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
        where (
            select count(*) from recommendation where edition_id = $2 and recommended_by = $3
        ) < $11
        ",
        new.id,
        new.edition.0,
        new.by.0,
        new.asked_by.0,
        new.organisation.map(|id| id.0),
        new.person.map(|(name, _)| name),
        new.person.map(|(_, email)| email),
        new.token_hash,
        new.subject,
        new.reason,
        most,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Which recommendations are wanted. `None` is any.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) id: Option<Uuid>,
    pub(super) edition: Option<EditionId>,
    pub(super) by: Option<OrganisationId>,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) token_hash: Option<&'a [u8]>,
}

/// A row of a recommendation.
struct Row {
    id: Uuid,
    edition: EditionId,
    edition_slug: String,
    by_name: String,
    by: OrganisationId,
    organisation: Option<OrganisationId>,
    organisation_name: Option<String>,
    person_name: Option<String>,
    person_email: Option<String>,
    subject: String,
    reason: String,
    state: String,
    asked_at: DateTime<Utc>,
}

impl Row {
    fn into_recommendation(self) -> Result<Recommendation> {
        let state = RecommendationState::from_word(&self.state);
        Ok(Recommendation {
            id: self.id,
            edition: self.edition,
            edition_slug: self.edition_slug,
            by: self.by,
            by_name: self.by_name,
            organisation: self.organisation,
            organisation_name: self.organisation_name,
            person_name: self.person_name,
            person_email: self.person_email,
            subject: self.subject,
            reason: self.reason,
            state: state.ok_or(Error::Internal("a recommendation has an unknown state"))?,
            asked_at: self.asked_at,
        })
    }
}

/// Returns recommendations, the newest first.
pub(super) async fn select_recommendations(
    connection: &mut PgConnection,
    wanted: &Wanted<'_>,
) -> Result<Vec<Recommendation>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select
            recommendation.id,
            edition_id as "edition: EditionId",
            edition.slug as edition_slug,
            maker.name as by_name,
            maker.id as "by: OrganisationId",
            organisation_id as "organisation: OrganisationId",
            named.name as "organisation_name?",
            person_name, person_email, subject, reason, state, asked_at
        from recommendation
        join edition on edition.id = edition_id
        join organisation as maker on maker.id = recommended_by
        left join organisation as named on named.id = organisation_id
        where ($1::uuid is null or recommendation.id = $1)
            and ($2::uuid is null or edition_id = $2)
            and ($3::uuid is null or recommended_by = $3)
            and ($4::uuid is null or organisation_id = $4)
            and ($5::bytea is null or token_hash = $5)
        order by asked_at desc, recommendation.id
        "#,
        wanted.id,
        wanted.edition.map(|id| id.0),
        wanted.by.map(|id| id.0),
        wanted.organisation.map(|id| id.0),
        wanted.token_hash,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_recommendation).collect()
}

/// Stores an answer. What a person who declines is called goes at once. Returns false if it was answered before.
pub(super) async fn store_answer(
    connection: &mut PgConnection,
    id: Uuid,
    state: RecommendationState,
    case: Option<CaseId>,
) -> Result<bool> {
    let accepted = state == RecommendationState::Accepted;
    let done = sqlx::query!(
        "
        update recommendation
        set state = $2,
            answered_at = now(),
            case_id = $3,
            person_name = case when $4 then person_name end,
            person_email = case when $4 then person_email end
        where id = $1
            -- A person may take a yes back.
            and (state = 'asked' or state = 'accepted' and not $4 and organisation_id is null)
        ",
        id,
        state.stored_word(),
        case.map(|id| id.0),
        accepted,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes at a case by whom it was recommended.
pub(super) async fn mark_recommended(
    connection: &mut PgConnection,
    case: CaseId,
    by: OrganisationId,
) -> Result<()> {
    sqlx::query!("update cases set recommended_by = $2 where id = $1", case.0, by.0)
        .execute(connection)
        .await?;
    Ok(())
}

//! SQL of the gallery.

use domain::ids::{CaseId, DistrictId, EditionId, NeighbourhoodId, PictureId, TrackId};
use domain::search::CaseKeys;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{GalleryCard, GalleryFilter};
use crate::Result;

/// Returns the accepted cases that a filter keeps, in no order.
pub(super) async fn accepted_case_ids(
    connection: &mut PgConnection,
    edition: EditionId,
    filter: &GalleryFilter,
) -> Result<Vec<CaseId>> {
    let ids = sqlx::query_scalar!(
        r#"
        select cases.id as "id: CaseId"
        from cases
        where edition_id = $1
            and state = 'accepted'
            and ($2::uuid is null or track_id = $2)
            and ($3::uuid is null or district_id = $3)
            and ($4::uuid is null or neighbourhood_id = $4)
            and (
                $5::uuid is null
                or exists (
                    select from poll_case
                    where poll_case.poll_id = $5 and poll_case.case_id = cases.id
                )
            )
        "#,
        edition.0,
        filter.track.map(|id| id.0),
        filter.district.map(|id| id.0),
        filter.neighbourhood.map(|id| id.0),
        filter.listed.map(|id| id.0),
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

/// Returns how many accepted cases each neighbourhood has.
pub(super) async fn count_by_neighbourhood(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<Vec<(NeighbourhoodId, i64)>> {
    let rows = sqlx::query!(
        r#"
        select neighbourhood_id as "id!: NeighbourhoodId", count(*) as "cases!"
        from cases
        where edition_id = $1 and state = 'accepted' and neighbourhood_id is not null
        group by neighbourhood_id
        "#,
        edition.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.cases)).collect())
}

/// An accepted case that a search may mean, with the keys of its shorter fields.
pub(super) struct SearchedCase {
    pub(super) id: CaseId,
    pub(super) title: String,
    pub(super) title_en: String,
    pub(super) organisation: String,
    pub(super) summary: String,
}

/// Patterns for `like` on the keys of cases.
pub(super) struct KeyPatterns {
    /// One of these two fits the short fields, or
    pub(super) head: [String; 2],
    /// this one the story, if there is one. Reading the stories takes long.
    pub(super) story: Option<String>,
    /// All of these fit somewhere, too. Reading a story for them takes long.
    pub(super) all: Vec<String>,
}

/// Returns the accepted cases that a filter keeps and whose keys fit the patterns, in no order, at most `most`.
pub(super) async fn find_searched_cases(
    connection: &mut PgConnection,
    edition: EditionId,
    filter: &GalleryFilter,
    patterns: &KeyPatterns,
    most: i64,
) -> Result<Vec<SearchedCase>> {
    let cases = sqlx::query_as!(
        SearchedCase,
        r#"
        select
            cases.id as "id: CaseId",
            split_part(head_keys, E'\n', 1) as "title!",
            split_part(head_keys, E'\n', 2) as "title_en!",
            split_part(head_keys, E'\n', 3) as "organisation!",
            split_part(head_keys, E'\n', 4) as "summary!"
        from cases
        where (head_keys like $6 or head_keys like $7 or story_keys like $8)
            and ($9::text[] = '{}' or head_keys || E'\n' || story_keys like all ($9::text[]))
            and edition_id = $1
            and state = 'accepted'
            and ($2::uuid is null or track_id = $2)
            and ($3::uuid is null or district_id = $3)
            and ($4::uuid is null or neighbourhood_id = $4)
            and (
                $5::uuid is null
                or exists (
                    select from poll_case
                    where poll_case.poll_id = $5 and poll_case.case_id = cases.id
                )
            )
        limit $10
        "#,
        edition.0,
        filter.track.map(|id| id.0),
        filter.district.map(|id| id.0),
        filter.neighbourhood.map(|id| id.0),
        filter.listed.map(|id| id.0),
        patterns.head[0],
        patterns.head[1],
        patterns.story.as_deref() as _,
        &patterns.all,
        most,
    )
    .fetch_all(connection)
    .await?;
    Ok(cases)
}

/// Returns submitted cases whose keys are not stored yet, at most a hundred.
pub(super) async fn cases_without_keys(connection: &mut PgConnection) -> Result<Vec<CaseId>> {
    let ids = sqlx::query_scalar!(
        r#"
        select id as "id: CaseId"
        from cases
        where head_keys is null and state in ('submitted', 'accepted', 'rejected')
        limit 100
        "#,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

/// Stores the keys by which a case is found.
pub(super) async fn store_search_keys(
    connection: &mut PgConnection,
    case: CaseId,
    keys: &CaseKeys,
) -> Result<()> {
    sqlx::query!(
        "update cases set head_keys = $2, story_keys = $3 where id = $1",
        case.0,
        keys.head,
        keys.story,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns the cards of accepted cases, in the given order.
pub(super) async fn accepted_case_cards(
    connection: &mut PgConnection,
    edition: EditionId,
    cases: &[CaseId],
) -> Result<Vec<GalleryCard>> {
    let ids: Vec<Uuid> = cases.iter().map(|id| id.0).collect();
    let cards = sqlx::query_as!(
        GalleryCard,
        r#"
        select
            cases.id as "id: CaseId",
            title,
            title_en,
            summary,
            organisation.name as organisation_name,
            track_id as "track: TrackId",
            district_id as "district: DistrictId",
            neighbourhood_id as "neighbourhood: NeighbourhoodId",
            sample,
            picture.id as "picture?: PictureId"
        from unnest($2::uuid[]) with ordinality as wanted (id, place)
        join cases on cases.id = wanted.id
        join organisation on organisation.id = cases.organisation_id
        left join picture on picture.case_id = cases.id
        where cases.edition_id = $1 and state = 'accepted'
        order by wanted.place
        "#,
        edition.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(cards)
}

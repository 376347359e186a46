//! SQL that stores a new edition, its places and the cases of its file.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, DistrictId, EditionId, NeighbourhoodId, OrganisationId, TrackId};
use domain::rulebook::Rulebook;
use domain::schedule::Windows;
use domain::search::CaseKeys;
use domain::text::Bilingual;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Result;
use crate::editions::{District, Track};

/// A new row of the table `edition`.
pub(super) struct NewEditionRow<'a> {
    pub(super) id: EditionId,
    pub(super) slug: &'a str,
    pub(super) title: &'a Bilingual,
    pub(super) host: &'a Bilingual,
    pub(super) windows: &'a Windows,
    pub(super) rulebook: &'a Rulebook,
    pub(super) rehearsal: bool,
    pub(super) key_fingerprint: [u8; 32],
}

/// Whether an edition has this short name, or one with a log had it and was removed.
pub(in crate::editions) async fn is_slug_taken(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"
        select exists (select from retired_slug where slug = $1)
            or exists (select from edition where slug = $1) as "taken!"
        "#,
        slug,
    )
    .fetch_one(connection)
    .await?;
    Ok(taken)
}

/// Stores a new edition.
pub(super) async fn insert_edition(
    connection: &mut PgConnection,
    row: &NewEditionRow<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into edition (
            id, slug, title_ko, title_en, host_ko, host_en, call_opens, call_closes, voting_opens,
            voting_closes, judging_opens, judging_closes, announcement, rulebook, rehearsal,
            key_fingerprint
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ",
        row.id.0,
        row.slug,
        row.title.ko,
        row.title.en,
        row.host.ko,
        row.host.en,
        row.windows.call.opens,
        row.windows.call.closes,
        row.windows.voting.opens,
        row.windows.voting.closes,
        row.windows.judging.opens,
        row.windows.judging.closes,
        row.windows.announcement,
        Json(row.rulebook) as _,
        row.rehearsal,
        &row.key_fingerprint,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a track.
pub(super) async fn insert_track(
    connection: &mut PgConnection,
    edition: EditionId,
    track: &Track,
    position: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into track (id, edition_id, slug, name_ko, name_en, position)
        values ($1, $2, $3, $4, $5, $6)
        ",
        track.id.0,
        edition.0,
        track.slug,
        track.name.ko,
        track.name.en,
        position,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a district and its neighbourhoods.
pub(super) async fn insert_district(
    connection: &mut PgConnection,
    edition: EditionId,
    district: &District,
    position: i32,
) -> Result<()> {
    sqlx::query!(
        "
        insert into district (id, edition_id, slug, name_ko, name_en, position)
        values ($1, $2, $3, $4, $5, $6)
        ",
        district.id.0,
        edition.0,
        district.slug,
        district.name.ko,
        district.name.en,
        position,
    )
    .execute(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = district.neighbourhoods.iter().map(|place| place.id.0).collect();
    let names: Vec<String> =
        district.neighbourhoods.iter().map(|place| place.name.clone()).collect();
    sqlx::query!(
        "
        insert into neighbourhood (id, edition_id, district_id, name, position)
        select new.id, $1, $2, new.name, new.position
        from unnest($3::uuid[], $4::text[]) with ordinality as new (id, name, position)
        ",
        edition.0,
        district.id.0,
        &ids,
        &names,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A case of the season file.
pub(super) struct SeasonCaseRow<'a> {
    pub(super) id: CaseId,
    pub(super) edition: EditionId,
    pub(super) organisation: OrganisationId,
    pub(super) track: TrackId,
    pub(super) district: DistrictId,
    pub(super) neighbourhood: Option<NeighbourhoodId>,
    pub(super) title: &'a Bilingual,
    pub(super) summary: &'a str,
    pub(super) body: &'a str,
    pub(super) sample: bool,
    pub(super) submitted_at: DateTime<Utc>,
    pub(super) keys: &'a CaseKeys,
}

/// Stores a case of the season file as accepted.
pub(super) async fn insert_accepted_case(
    connection: &mut PgConnection,
    row: &SeasonCaseRow<'_>,
) -> Result<()> {
    sqlx::query!(
        "
        insert into cases (
            id, edition_id, organisation_id, track_id, district_id, neighbourhood_id, title,
            title_en, summary, body, sample, state, submitted_at, screened_at, head_keys,
            story_keys
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'accepted', $12, $12, $13, $14)
        ",
        row.id.0,
        row.edition.0,
        row.organisation.0,
        row.track.0,
        row.district.0,
        row.neighbourhood.map(|id| id.0),
        row.title.ko,
        row.title.en,
        row.summary,
        row.body,
        row.sample,
        row.submitted_at,
        row.keys.head,
        row.keys.story,
    )
    .execute(connection)
    .await?;
    Ok(())
}

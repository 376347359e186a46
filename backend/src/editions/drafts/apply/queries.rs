//! SQL that changes the names and the places of an edition.

use domain::ids::{DistrictId, EditionId, TrackId};
use domain::season::{District, Track};
use domain::text::Bilingual;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Stores the title and the host.
pub(super) async fn update_names(
    connection: &mut PgConnection,
    edition: EditionId,
    title: &Bilingual,
    host: &Bilingual,
) -> Result<()> {
    sqlx::query!(
        "
        update edition set title_ko = $2, title_en = $3, host_ko = $4, host_en = $5
        where id = $1
        ",
        edition.0,
        title.ko,
        title.en,
        host.ko,
        host.en,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a judge has begun a sheet.
pub(super) async fn has_sheets(connection: &mut PgConnection, edition: EditionId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from sheet where edition_id = $1) as "found!""#,
        edition.0,
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}

fn split_pairs(pairs: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).unzip()
}

fn to_owned_names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Whether a case is about a place that is none of these. Neighbourhoods are pairs of their district's
/// short name and their name.
pub(super) async fn are_places_in_use(
    connection: &mut PgConnection,
    edition: EditionId,
    tracks: &[&str],
    districts: &[&str],
    neighbourhoods: &[(&str, &str)],
) -> Result<bool> {
    let (of_districts, names) = split_pairs(neighbourhoods);
    let used = sqlx::query_scalar!(
        r#"
        select exists (
            select from cases
            join track on track.id = cases.track_id
            left join district on district.id = cases.district_id
            left join neighbourhood on neighbourhood.id = cases.neighbourhood_id
            where cases.edition_id = $1
                and (
                    track.slug <> all ($2)
                    or district.slug <> all ($3)
                    or (
                        neighbourhood.id is not null
                        and not exists (
                            select from unnest($4::text[], $5::text[]) as kept (district, name)
                            where kept.district = district.slug and kept.name = neighbourhood.name
                        )
                    )
                )
        ) as "used!"
        "#,
        edition.0,
        &to_owned_names(tracks),
        &to_owned_names(districts),
        &of_districts,
        &names,
    )
    .fetch_one(connection)
    .await?;
    Ok(used)
}

/// Deletes every place that is none of these.
pub(super) async fn delete_other_places(
    connection: &mut PgConnection,
    edition: EditionId,
    tracks: &[&str],
    districts: &[&str],
    neighbourhoods: &[(&str, &str)],
) -> Result<()> {
    let (of_districts, names) = split_pairs(neighbourhoods);
    sqlx::query!(
        "
        delete from neighbourhood using district
        where district.id = neighbourhood.district_id
            and neighbourhood.edition_id = $1
            and not exists (
                select from unnest($2::text[], $3::text[]) as kept (district, name)
                where kept.district = district.slug and kept.name = neighbourhood.name
            )
        ",
        edition.0,
        &of_districts,
        &names,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from district where edition_id = $1 and slug <> all ($2)",
        edition.0,
        &to_owned_names(districts),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from track where edition_id = $1 and slug <> all ($2)",
        edition.0,
        &to_owned_names(tracks),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a track, or the new name and position of one.
pub(super) async fn put_track(
    connection: &mut PgConnection,
    edition: EditionId,
    (id, position): (TrackId, i32),
    track: &Track,
) -> Result<()> {
    sqlx::query!(
        "
        insert into track (id, edition_id, slug, name_ko, name_en, position)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (edition_id, slug) do update
        set name_ko = excluded.name_ko, name_en = excluded.name_en, position = excluded.position
        ",
        id.0,
        edition.0,
        track.slug.as_str(),
        track.name.ko,
        track.name.en,
        position,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a district, or the new name and position of one, with its neighbourhoods.
pub(super) async fn put_district(
    connection: &mut PgConnection,
    edition: EditionId,
    (id, position): (DistrictId, i32),
    district: &District,
) -> Result<()> {
    let id = sqlx::query_scalar!(
        "
        insert into district (id, edition_id, slug, name_ko, name_en, position)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (edition_id, slug) do update
        set name_ko = excluded.name_ko, name_en = excluded.name_en, position = excluded.position
        returning id
        ",
        id.0,
        edition.0,
        district.slug.as_str(),
        district.name.ko,
        district.name.en,
        position,
    )
    .fetch_one(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = district.neighbourhoods.iter().map(|_| Uuid::new_v4()).collect();
    sqlx::query!(
        "
        insert into neighbourhood (id, edition_id, district_id, name, position)
        select new.id, $1, $2, new.name, new.position
        from unnest($3::uuid[], $4::text[]) with ordinality as new (id, name, position)
        on conflict (district_id, name) do update set position = excluded.position
        ",
        edition.0,
        id,
        &ids,
        &district.neighbourhoods,
    )
    .execute(connection)
    .await?;
    Ok(())
}

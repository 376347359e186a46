//! Makes a new edition from a season file. It stores all of it, or nothing and reports every fault.

pub(super) mod queries;

use domain::refusal::EditionRefusal;
use std::collections::HashMap;

use chrono::Duration;
use domain::ids::{AccountId, CaseId, DistrictId, EditionId, NeighbourhoodId, TrackId};
use domain::search::CaseKeys;
use domain::season::{Season, SeasonCase};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{District, Neighbourhood, Track, TracksAndDistricts, polls};
use crate::accounts::{Admin, find_or_create_organisation};
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::keys::Keys;
use crate::{Backend, Error, Refusal, Result};

/// The fields of the form for a new edition.
#[derive(Clone, Debug)]
pub struct NewEdition {
    /// The season file as it was uploaded or typed.
    pub file: String,
    /// Whether its clock may be moved. This cannot be changed later, because nobody may move the
    /// clock of an edition in which people have voted.
    pub rehearsal: bool,
}

impl Backend {
    /// Makes an edition with its polls, its places and the cases of the file.
    ///
    /// # Errors
    /// [`Error::Season`] with the line and the reason of every fault; then nothing is stored.
    /// [`EditionRefusal::SlugTaken`].
    pub async fn create_edition(&self, admin: &Admin, new: &NewEdition) -> Result<EditionId> {
        let season = Season::parse_season_file(&new.file).map_err(Error::Season)?;
        let (actor, rehearsal, keys) = (admin.account_id(), new.rehearsal, self.keys.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                store_new_edition(connection, &keys, &season, (actor, rehearsal)).await
            })
        })
        .await
    }
}

/// Stores an edition with its polls, its places and its cases, and records the act.
///
/// # Errors
/// [`EditionRefusal::SlugTaken`].
pub(super) async fn store_new_edition(
    connection: &mut PgConnection,
    keys: &Keys,
    season: &Season,
    (actor, rehearsal): (AccountId, bool),
) -> Result<EditionId> {
    let edition = store_edition(connection, keys, season, rehearsal).await?;
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(edition),
        action: AuditAction::EditionCreated,
        subject: season.slug.as_str(),
        detail: json!({ "rehearsal": rehearsal, "cases": season.cases.len() }),
    };
    audit::record_event(connection, act).await?;
    Ok(edition)
}

async fn store_edition(
    connection: &mut PgConnection,
    keys: &Keys,
    season: &Season,
    rehearsal: bool,
) -> Result<EditionId> {
    let id = EditionId(Uuid::new_v4());
    let key_fingerprint = keys.make_edition_key(id)?;
    let row = queries::NewEditionRow {
        id,
        slug: season.slug.as_str(),
        title: &season.title,
        host: &season.host,
        windows: &season.windows,
        rulebook: &season.rulebook,
        rehearsal,
        key_fingerprint,
    };
    if queries::is_slug_taken(connection, row.slug).await? {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::SlugTaken)));
    }
    queries::insert_edition(connection, &row).await.map_err(|error| {
        error.refuse_on_constraint("edition_slug", Refusal::Edition(EditionRefusal::SlugTaken))
    })?;
    let places = new_tracks_and_districts(season);
    for (position, track) in (0..).zip(&places.tracks) {
        queries::insert_track(connection, id, track, position).await?;
    }
    for (position, district) in (0..).zip(&places.districts) {
        queries::insert_district(connection, id, district, position).await?;
    }
    for (position, poll) in (0..).zip(&season.rulebook.polls) {
        polls::queries::insert_poll(connection, id, poll, position).await?;
    }
    store_season_cases(connection, id, season, &places).await?;
    Ok(id)
}

fn new_tracks_and_districts(season: &Season) -> TracksAndDistricts {
    let tracks = season.tracks.iter().map(|track| Track {
        id: TrackId(Uuid::new_v4()),
        slug: track.slug.as_str().to_owned(),
        name: track.name.clone(),
    });
    let districts = season.districts.iter().map(|district| District {
        id: DistrictId(Uuid::new_v4()),
        slug: district.slug.as_str().to_owned(),
        name: district.name.clone(),
        neighbourhoods: district
            .neighbourhoods
            .iter()
            .map(|name| new_neighbourhood(name))
            .collect(),
    });
    TracksAndDistricts { tracks: tracks.collect(), districts: districts.collect() }
}

fn new_neighbourhood(name: &str) -> Neighbourhood {
    Neighbourhood { id: NeighbourhoodId(Uuid::new_v4()), name: name.to_owned() }
}

/// Stores the cases of the file as accepted. Each is submitted one minute after the one before it,
/// from the opening of the call, because the last tie rule prefers the earlier submission.
async fn store_season_cases(
    connection: &mut PgConnection,
    edition: EditionId,
    season: &Season,
    places: &TracksAndDistricts,
) -> Result<()> {
    let tracks: HashMap<&str, TrackId> =
        places.tracks.iter().map(|track| (track.slug.as_str(), track.id)).collect();
    let districts: HashMap<&str, &District> =
        places.districts.iter().map(|district| (district.slug.as_str(), district)).collect();
    for (minute, case) in (0..).zip(&season.cases) {
        let track = *tracks.get(case.track.as_str()).ok_or(UNKNOWN_PLACE)?;
        let district = *districts.get(case.district.as_str()).ok_or(UNKNOWN_PLACE)?;
        let body = case.body.as_ref().map_or("", |body| body.as_text());
        let organisation = case.organisation.as_str();
        let summary = case.summary.as_text();
        let head = [&*case.title.ko, &case.title.en, organisation, summary];
        let keys = CaseKeys::from_texts(head, body);
        let row = queries::SeasonCaseRow {
            id: CaseId(Uuid::new_v4()),
            edition,
            organisation: find_or_create_organisation(connection, organisation).await?,
            track,
            district: district.id,
            neighbourhood: find_neighbourhood_id(case, district),
            title: &case.title,
            summary,
            body,
            sample: case.sample,
            submitted_at: season.windows.call.opens + Duration::minutes(minute),
            keys: &keys,
        };
        queries::insert_accepted_case(connection, &row).await?;
    }
    Ok(())
}

/// Cannot happen, because `Season::parse` refuses cases with unknown places.
const UNKNOWN_PLACE: Error = Error::Internal("a parsed season names a place it does not have");

fn find_neighbourhood_id(case: &SeasonCase, district: &District) -> Option<NeighbourhoodId> {
    let name = case.neighbourhood.as_ref()?;
    district.neighbourhoods.iter().find(|place| place.name == *name).map(|place| place.id)
}

//! Changes of an edition's settings: its names, its places, its panel and its awards, until its rules are
//! sealed. Windows and polls have pages of their own.

mod queries;

use domain::ids::{AccountId, DistrictId, TrackId};
use domain::refusal::EditionRefusal;
use domain::season::{DraftStep, Season, SeasonDraft};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::write_season_file;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::polls::queries::update_rulebook;
use crate::editions::{District, Edition, TracksAndDistricts, queries as editions};
use crate::{Error, Refusal, Result};

/// Refuses an edition whose settings are fixed.
pub(super) fn refuse_fixed_settings(edition: &Edition) -> Result<()> {
    if edition.sealed {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)));
    }
    if edition.schedule.released_at.is_some() {
        return Err(Error::Refused(Refusal::WrongState));
    }
    Ok(())
}

/// Whether a draft changes this part of an edition. The other parts have pages of their own.
pub(super) const fn is_changed_by_draft(step: DraftStep) -> bool {
    !matches!(step, DraftStep::Schedule | DraftStep::Polls)
}

/// Takes the parts that have pages of their own from the edition as it is now.
pub(super) fn refresh_draft(
    draft: &mut SeasonDraft,
    edition: &Edition,
    places: &TracksAndDistricts,
) {
    if let Some(now) = SeasonDraft::from_season_file(&write_season_file(edition, places)) {
        for step in DraftStep::ALL.into_iter().filter(|step| !is_changed_by_draft(*step)) {
            draft.copy_step(step, &now);
        }
    }
}

/// Stores the settings of an edition that exists.
pub(super) async fn apply_settings(
    connection: &mut PgConnection,
    season: &Season,
    actor: AccountId,
) -> Result<()> {
    let slug = season.slug.as_str();
    let seen = editions::find_edition(connection, slug).await?.ok_or(Error::NotFound)?;
    editions::lock_edition(connection, seen.id).await?;
    let edition = editions::find_edition(connection, slug).await?.ok_or(Error::NotFound)?;
    refuse_fixed_settings(&edition)?;
    // The draft was checked with the polls and the windows that it found.
    let same_polls = edition.rulebook.polls == season.rulebook.polls;
    if !same_polls || edition.schedule.windows != season.windows {
        return Err(Error::Refused(Refusal::Stale));
    }
    refuse_other_panel(connection, &edition, season).await?;
    let places = TracksAndDistricts {
        tracks: editions::tracks_in_order(connection, edition.id).await?,
        districts: editions::districts_in_order(connection, edition.id).await?,
    };
    queries::update_names(connection, edition.id, &season.title, &season.host).await?;
    update_rulebook(connection, edition.id, &season.rulebook).await?;
    replace_places(connection, &edition, season).await?;
    let old = &edition.rulebook;
    let new = &season.rulebook;
    let act = NewAuditEvent {
        actor: Some(actor),
        edition: Some(edition.id),
        action: AuditAction::EditionChanged,
        subject: slug,
        detail: json!({
            "from": {
                "title": edition.title, "host": edition.host,
                "panel": old.panel, "awards": old.awards, "record": old.record,
                "tracks": places.tracks.iter().map(|it| &it.name).collect::<Vec<_>>(),
                "districts": places.districts.iter().map(describe_district).collect::<Vec<_>>(),
            },
            "to": {
                "title": season.title, "host": season.host,
                "panel": new.panel, "awards": new.awards, "record": new.record,
                "tracks": season.tracks.iter().map(|it| &it.name).collect::<Vec<_>>(),
                "districts": season.districts.iter().map(describe_new_district).collect::<Vec<_>>(),
            },
        }),
    };
    audit::record_event(connection, act).await
}

/// Refuses other rules of the panel once the judging has opened, or while a sheet exists: judges score by
/// them. Its weight may change, because sealing may need it.
async fn refuse_other_panel(
    connection: &mut PgConnection,
    edition: &Edition,
    season: &Season,
) -> Result<()> {
    let (old, new) = (&edition.rulebook.panel, &season.rulebook.panel);
    let same = old.rubric == new.rubric
        && old.judges == new.judges
        && old.quorum == new.quorum
        && old.method == new.method;
    let begun = edition.is_panel_fixed() || queries::has_sheets(connection, edition.id).await?;
    if same || !begun {
        return Ok(());
    }
    Err(Error::Refused(Refusal::Edition(EditionRefusal::PanelFixed)))
}

fn describe_district(district: &District) -> serde_json::Value {
    let names: Vec<&str> = district.neighbourhoods.iter().map(|it| it.name.as_str()).collect();
    json!({ "name": district.name, "neighbourhoods": names })
}

fn describe_new_district(district: &domain::season::District) -> serde_json::Value {
    json!({ "name": district.name, "neighbourhoods": district.neighbourhoods })
}

/// Stores the places: known ones get their new names, new ones are added, and the others go unless a case
/// is about them. (A track that a poll is about is missed by the check of the rules.)
async fn replace_places(
    connection: &mut PgConnection,
    edition: &Edition,
    season: &Season,
) -> Result<()> {
    let tracks: Vec<&str> = season.tracks.iter().map(|track| track.slug.as_str()).collect();
    let districts: Vec<&str> =
        season.districts.iter().map(|district| district.slug.as_str()).collect();
    let neighbourhoods: Vec<(&str, &str)> = season
        .districts
        .iter()
        .flat_map(|district| {
            let names = district.neighbourhoods.iter();
            names.map(|name| (district.slug.as_str(), name.as_str()))
        })
        .collect();
    if queries::are_places_in_use(connection, edition.id, &tracks, &districts, &neighbourhoods)
        .await?
    {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::PlaceInUse)));
    }
    queries::delete_other_places(connection, edition.id, &tracks, &districts, &neighbourhoods)
        .await?;
    for (position, track) in (0..).zip(&season.tracks) {
        let id = TrackId(Uuid::new_v4());
        queries::put_track(connection, edition.id, (id, position), track).await?;
    }
    for (position, district) in (0..).zip(&season.districts) {
        let id = DistrictId(Uuid::new_v4());
        queries::put_district(connection, edition.id, (id, position), district).await?;
    }
    Ok(())
}

//! Editions that are set up in steps. A draft is kept while it is incomplete, all administrators share it,
//! and in the end it is checked and stored by the code that reads season files. The settings of an edition
//! whose rules are not sealed are changed by a draft, too.

mod apply;
mod queries;

use chrono::{DateTime, Utc};
use domain::season::{DraftProblem, DraftStep, Season, SeasonDraft, SeasonProblem};
use domain::text::narrow_line;
use serde_json::json;
use uuid::Uuid;

use super::create::queries::is_slug_taken;
use super::create::store_new_edition;
use super::{Edition, TracksAndDistricts};
use crate::accounts::Admin;
use crate::{Backend, Error, Refusal, Result};

/// Most drafts of new editions at a time.
pub const MOST_DRAFTS: i64 = 50;

/// How often a step is saved again if others save their steps at the same instant.
const SAVE_TRIES: usize = 5;

/// A draft as it is stored.
#[derive(Clone, Debug)]
pub struct EditionDraft {
    /// Its key.
    pub id: Uuid,
    /// The short name of the edition whose settings it changes; `None` for a new edition.
    pub edition: Option<String>,
    /// What was typed.
    pub season: SeasonDraft,
    /// Goes up with each save.
    pub revision: i32,
    /// When it was saved last.
    pub changed_at: DateTime<Utc>,
    /// Whether another edition has or had the short name that was typed.
    slug_taken: bool,
}

impl EditionDraft {
    /// Returns the season that was typed.
    ///
    /// # Errors
    /// Returns everything that is wrong with it, as [`SeasonDraft::check`], and a short name that is
    /// taken.
    pub fn check(&self) -> std::result::Result<Season, Vec<DraftProblem>> {
        let taken = DraftProblem { field: "slug".to_owned(), reason: SeasonProblem::SlugTaken };
        match self.season.check() {
            Ok(_) if self.slug_taken => Err(vec![taken]),
            Err(problems) if self.slug_taken => Err([problems, vec![taken]].concat()),
            checked => checked,
        }
    }
}

/// What became of a draft that was to be used.
#[derive(Debug)]
pub enum DraftUse {
    /// The edition with this short name was made or changed.
    Done(String),
    /// The draft is no season yet.
    Incomplete(Vec<DraftProblem>),
}

/// Writes the settings of an edition as a season file, without its cases.
#[must_use]
pub fn write_season_file(edition: &Edition, places: &TracksAndDistricts) -> String {
    let windows = &edition.schedule.windows;
    let tracks = places.tracks.iter();
    let tracks = tracks.map(|track| json!({ "slug": track.slug, "name": track.name }));
    let districts = places.districts.iter().map(|district| {
        let names: Vec<&str> =
            district.neighbourhoods.iter().map(|place| place.name.as_str()).collect();
        json!({ "slug": district.slug, "name": district.name, "neighbourhoods": names })
    });
    let season = json!({
        "slug": edition.slug,
        "title": edition.title,
        "host": edition.host,
        "time_zone": "Asia/Seoul",
        "windows": {
            "call": [windows.call.opens, windows.call.closes],
            "voting": [windows.voting.opens, windows.voting.closes],
            "judging": [windows.judging.opens, windows.judging.closes],
            "announcement": windows.announcement,
        },
        "tracks": tracks.collect::<Vec<_>>(),
        "polls": edition.rulebook.polls,
        "panel": edition.rulebook.panel,
        "awards": edition.rulebook.awards,
        "record": edition.rulebook.record,
        "ranks": edition.rulebook.ranks,
        "districts": districts.collect::<Vec<_>>(),
        "cases": [],
    });
    serde_json::to_string_pretty(&season).unwrap_or_default()
}

impl Backend {
    /// Begins a draft of a new edition from the text of a season file. Returns its key.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the text is no season file; [`Refusal::WrongState`] if there are too many
    /// drafts.
    pub async fn begin_draft(&self, _admin: &Admin, season_file: &str) -> Result<Uuid> {
        let season = SeasonDraft::from_season_file(season_file).ok_or(Error::NotFound)?;
        let mut connection = self.acquire_connection().await?;
        let id = Uuid::new_v4();
        if queries::insert_draft(&mut connection, id, &season, MOST_DRAFTS).await? {
            Ok(id)
        } else {
            Err(Error::Refused(Refusal::WrongState))
        }
    }

    /// Returns the draft that changes the settings of an edition. Begins one if there is none.
    ///
    /// # Errors
    /// [`Sealed`](domain::refusal::EditionRefusal::Sealed) once the rules are sealed;
    /// [`Refusal::WrongState`] after the announcement.
    pub async fn settings_draft(&self, _admin: &Admin, edition: &Edition) -> Result<Uuid> {
        apply::refuse_fixed_settings(edition)?;
        let places = self.tracks_and_districts(edition.id).await?;
        let season = SeasonDraft::from_season_file(&write_season_file(edition, &places));
        let season = season.ok_or(Error::Internal("an edition that is no season"))?;
        let mut connection = self.acquire_connection().await?;
        queries::settings_draft(&mut connection, Uuid::new_v4(), edition.id, &season).await
    }

    /// Finds a draft. One of an edition's settings has the edition's windows and polls of now, because
    /// these are changed on pages of their own.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_draft(&self, _admin: &Admin, id: Uuid) -> Result<EditionDraft> {
        let found = queries::find_draft(&mut *self.acquire_connection().await?, id).await?;
        let mut draft = found.ok_or(Error::NotFound)?;
        let Some(slug) = &draft.edition else {
            let typed = narrow_line(draft.season.field_text("slug"));
            let mut connection = self.acquire_connection().await?;
            draft.slug_taken = is_slug_taken(&mut connection, &typed).await?;
            if draft.slug_taken {
                // Since it was read, this draft itself may have become the edition of that name.
                queries::find_draft(&mut connection, id).await?.ok_or(Error::NotFound)?;
            }
            return Ok(draft);
        };
        let edition = self.find_edition(slug).await?;
        let places = self.tracks_and_districts(edition.id).await?;
        apply::refresh_draft(&mut draft.season, &edition, &places);
        Ok(draft)
    }

    /// Returns the drafts of new editions, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list_drafts(&self, _admin: &Admin) -> Result<Vec<EditionDraft>> {
        queries::list_drafts(&mut *self.acquire_connection().await?).await
    }

    /// Saves the typed fields of a step. `shown` is the mark of the step that was shown
    /// ([`SeasonDraft::mark_of_step`]).
    ///
    /// # Errors
    /// [`Refusal::Stale`] if somebody else has saved this step since; [`Error::NotFound`];
    /// [`Refusal::WrongState`] for a step that an edition changes elsewhere.
    pub async fn save_draft_step(
        &self,
        admin: &Admin,
        (id, shown): (Uuid, &str),
        step: DraftStep,
        typed: Vec<(String, String)>,
    ) -> Result<()> {
        // Somebody who saves another step at this instant is waited for by trying again.
        for _ in 0..SAVE_TRIES {
            if self.try_to_save_step(admin, (id, shown), step, &typed).await? {
                return Ok(());
            }
        }
        Err(Error::Refused(Refusal::Stale))
    }

    /// Saves once. False if the draft was saved between reading and writing.
    async fn try_to_save_step(
        &self,
        admin: &Admin,
        (id, shown): (Uuid, &str),
        step: DraftStep,
        typed: &[(String, String)],
    ) -> Result<bool> {
        let mut draft = self.find_draft(admin, id).await?;
        if draft.edition.is_some() && !apply::is_changed_by_draft(step) {
            return Err(Error::Refused(Refusal::WrongState));
        }
        let stored = draft.season.mark_of_step(step);
        let slug = draft.season.field_text("slug").to_owned();
        draft.season.replace_step(step, typed.iter().cloned());
        if draft.edition.is_some() && step == DraftStep::Basics {
            // The address of an edition stays.
            draft.season.set_field("slug", &slug);
        }
        if stored == draft.season.mark_of_step(step) {
            // Saved in these words before: the answer was lost, or somebody typed the same.
            return Ok(true);
        }
        if stored != shown {
            return Err(Error::Refused(Refusal::Stale));
        }
        let mut connection = self.acquire_connection().await?;
        queries::save_draft(&mut connection, (id, draft.revision), &draft.season).await
    }

    /// Returns when the open draft of an edition's settings was saved last; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn pending_settings(
        &self,
        _admin: &Admin,
        edition: &Edition,
    ) -> Result<Option<DateTime<Utc>>> {
        queries::pending_settings(&mut *self.acquire_connection().await?, edition.id).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_draft(&self, _admin: &Admin, id: Uuid) -> Result<()> {
        if queries::delete_draft(&mut *self.acquire_connection().await?, id).await? {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Makes the edition of a draft, or changes the settings of its edition, and deletes the draft.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::Stale`] if the draft was saved since it was read;
    /// [`SlugTaken`](domain::refusal::EditionRefusal::SlugTaken); for the settings of an edition those of
    /// [`Backend::settings_draft`], [`PlaceInUse`](domain::refusal::EditionRefusal::PlaceInUse), and
    /// [`PanelFixed`](domain::refusal::EditionRefusal::PanelFixed) for judges, quorum, method or criteria once
    /// the judging has opened or a sheet exists.
    pub async fn use_draft(&self, admin: &Admin, (id, revision): (Uuid, i32)) -> Result<DraftUse> {
        let draft = self.find_draft(admin, id).await?;
        if draft.revision != revision {
            return Err(Error::Refused(Refusal::Stale));
        }
        let season = match draft.check() {
            Ok(season) => season,
            Err(problems) => return Ok(DraftUse::Incomplete(problems)),
        };
        let slug = season.slug.as_str().to_owned();
        let (actor, keys) = (admin.account_id(), self.keys.clone());
        let rehearsal = draft.season.field_text("rehearsal") == "yes";
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // First, so that of two buttons one finds no draft.
                if !queries::delete_draft_of_revision(connection, id, revision).await? {
                    return Err(Error::Refused(Refusal::Stale));
                }
                match draft.edition {
                    None => store_new_edition(connection, &keys, &season, (actor, rehearsal))
                        .await
                        .map(drop),
                    Some(_) => apply::apply_settings(connection, &season, actor).await,
                }
            })
        })
        .await?;
        Ok(DraftUse::Done(slug))
    }
}

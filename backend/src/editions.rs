//! Editions: the seasons of a contest, each with its rules, its places and its clock.

mod create;
mod drafts;
mod office;
mod overview;
pub(crate) mod panel;
pub(crate) mod polls;
pub(crate) mod queries;
mod remove;
mod steer;

use domain::ids::{DistrictId, EditionId, NeighbourhoodId, PollId, TrackId};
use domain::rulebook::{PollRules, Rulebook};
use domain::schedule::{
    DeliberationOpen, GalleryPublic, Instant, JudgingOpen, Phase, PhaseError, ResultsPublic,
    Schedule, ScreeningOpen, SubmissionsOpen, VotingClosed, VotingOpen, Window,
};
use domain::text::Bilingual;
use sqlx::PgConnection;

use crate::accounts::Admin;
use crate::demonstration::{DemoPhase, is_past_sample};
use crate::{Backend, Error, Result};

pub use create::NewEdition;
pub use drafts::{DraftUse, EditionDraft, MOST_DRAFTS, write_season_file};
pub use office::{Office, PublicNotice};
pub use overview::{JudgeAccount, MemberAccount, RandomCase, SeasonPeople, SeasonWork};
pub use polls::{BallotPapers, ListedCase, PollChange};
pub use remove::can_be_removed;
pub use steer::ClockMove;

/// A season, read at one instant of its own clock.
///
/// `now` is the database's clock plus an offset, which only a rehearsal may have. Every proof of a
/// phase is made from this one reading, so a page never contradicts itself.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Its key.
    pub id: EditionId,
    /// Its polls, in the order in which they are shown; at least one.
    pub polls: Vec<Poll>,
    /// Its short name in URLs.
    pub slug: String,
    /// Its title.
    pub title: Bilingual,
    /// The body that holds it.
    pub host: Bilingual,
    /// Its windows, and when it was published, released and archived.
    pub schedule: Schedule,
    /// Its rules.
    pub rulebook: Rulebook,
    /// Whether its rules are sealed in the record. Then nobody can change them.
    pub sealed: bool,
    /// Whether somebody has read counts. Then nothing that decides can change any more.
    pub counts_read: bool,
    /// Whether its clock may be moved.
    pub rehearsal: bool,
    /// How far its clock is ahead of the real one, in seconds.
    pub clock_offset_seconds: i64,
    /// The instant of this reading, by its own clock.
    pub now: Instant,
}

/// A public vote of an edition.
#[derive(Clone, Debug)]
pub struct Poll {
    /// Its key.
    pub id: PollId,
    /// Its rules.
    pub rules: PollRules,
    /// When it is open.
    pub window: Window,
    /// When the record opened it, by the edition's clock.
    pub opened_at: Option<Instant>,
    /// When the record closed it, by the edition's clock. After that no ballot is accepted.
    pub closed_at: Option<Instant>,
}

impl Poll {
    /// Its short name in URLs and in the record.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.rules.slug
    }
}

impl Edition {
    /// Returns the poll with this short name.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn find_poll(&self, slug: &str) -> Result<&Poll> {
        self.polls.iter().find(|poll| poll.slug() == slug).ok_or(Error::NotFound)
    }

    /// Proves that citizens may vote in this poll. The ballot statement checks the clock again.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn poll_open(&self, poll: &Poll) -> std::result::Result<VotingOpen, PhaseError> {
        let open = self.schedule.poll_open(poll.window, self.now)?;
        // A poll that the record has closed stays closed, even if a rehearsal's clock goes back.
        poll.closed_at.map_or(Ok(open), |closed| Err(PhaseError::Over { closed }))
    }

    /// Returns the current phase of the season.
    #[must_use]
    pub fn current_phase(&self) -> Phase {
        self.schedule.phase(self.now)
    }

    /// Proves that organisations may submit cases.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn submissions_open(&self) -> std::result::Result<SubmissionsOpen, PhaseError> {
        self.schedule.submissions_open(self.now)
    }

    /// Proves that one organisation may still submit: in the call, and afterwards until an instant that the
    /// staff have set for it, as long as they could decide on its case.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn submissions_open_until(
        &self,
        until: Option<Instant>,
    ) -> std::result::Result<SubmissionsOpen, PhaseError> {
        match (self.submissions_open(), until) {
            (Err(PhaseError::Over { .. }), Some(until)) => {
                self.screening_open()?;
                self.schedule.submissions_open_until(until, self.now)
            }
            (usual, _) => usual,
        }
    }

    /// Proves that staff may decide on cases: until the vote opens, and afterwards while its rules could
    /// not be sealed.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn screening_open(&self) -> std::result::Result<ScreeningOpen, PhaseError> {
        match self.schedule.screening_open(self.now) {
            // The vote could not begin, for example because too few cases were accepted.
            Err(PhaseError::Over { .. }) if !self.sealed => {
                self.schedule.late_screening_open(self.now)
            }
            usual => usual,
        }
    }

    /// Proves that anybody may read the accepted cases.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn gallery_public(&self) -> std::result::Result<GalleryPublic, PhaseError> {
        self.schedule.gallery_public(self.now)
    }

    /// Proves that citizens may vote. The ballot statement checks the clock again.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn voting_open(&self) -> std::result::Result<VotingOpen, PhaseError> {
        self.schedule.voting_open(self.now)
    }

    /// Proves that the vote is over, so counts may be read.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn voting_closed(&self) -> std::result::Result<VotingClosed, PhaseError> {
        self.schedule.voting_closed(self.now)
    }

    /// Proves that judges may score.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn judging_open(&self) -> std::result::Result<JudgingOpen, PhaseError> {
        self.schedule.judging_open(self.now)
    }

    /// Proves that voting and judging are over and that nothing is released yet.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn deliberation_open(&self) -> std::result::Result<DeliberationOpen, PhaseError> {
        self.schedule.deliberation_open(self.now)
    }

    /// Proves that the result is public.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn results_public(&self) -> std::result::Result<ResultsPublic, PhaseError> {
        self.schedule.results_public(self.now)
    }
}

/// Reads the edition again inside a transaction and checks its phase, by the clock after all waits.
/// A proof of the phase may be older than a wait for a connection or for a lock. Until the
/// transaction ends nobody can move the windows or the clock, seal the rules or announce a result.
///
/// # Errors
/// [`Error::Phase`] if the phase is over.
pub(crate) async fn check_phase_again<P>(
    connection: &mut PgConnection,
    edition: &Edition,
    phase: impl FnOnce(&Edition) -> std::result::Result<P, PhaseError>,
) -> Result<Edition> {
    queries::lock_edition_shared(connection, edition.id).await?;
    let found = queries::find_edition(connection, &edition.slug).await?.ok_or(Error::NotFound)?;
    phase(&found)?;
    Ok(found)
}

/// A field in which cases compete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// Its key.
    pub id: TrackId,
    /// Its short name in URLs.
    pub slug: String,
    /// Its name.
    pub name: Bilingual,
}

/// A district of the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its key.
    pub id: DistrictId,
    /// Its short name in URLs.
    pub slug: String,
    /// Its name.
    pub name: Bilingual,
    /// Its neighbourhoods, in the order of the season file.
    pub neighbourhoods: Vec<Neighbourhood>,
}

/// A neighbourhood (동).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbourhood {
    /// Its key.
    pub id: NeighbourhoodId,
    /// Its name, which exists only in Korean.
    pub name: String,
}

/// The tracks and districts of an edition.
#[derive(Clone, Debug, Default)]
pub struct TracksAndDistricts {
    /// Its tracks.
    pub tracks: Vec<Track>,
    /// Its districts.
    pub districts: Vec<District>,
}

impl TracksAndDistricts {
    /// Returns the track with this key.
    #[must_use]
    pub fn find_track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// Returns the district with this key.
    #[must_use]
    pub fn find_district(&self, id: DistrictId) -> Option<&District> {
        self.districts.iter().find(|district| district.id == id)
    }

    /// Returns the neighbourhood with this key.
    #[must_use]
    pub fn find_neighbourhood(&self, id: NeighbourhoodId) -> Option<&Neighbourhood> {
        let mut all = self.districts.iter().flat_map(|district| &district.neighbourhoods);
        all.find(|neighbourhood| neighbourhood.id == id)
    }
}

impl Backend {
    /// Returns the edition with this short name, published or not. Public pages use
    /// [`Backend::find_public_edition`].
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_edition(&self, slug: &str) -> Result<Edition> {
        queries::find_edition(&mut *self.acquire_connection().await?, slug)
            .await?
            .ok_or(Error::NotFound)
    }

    /// Returns a published edition.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for an edition that is not published.
    pub async fn find_public_edition(&self, slug: &str) -> Result<Edition> {
        let edition = self.find_edition(slug).await?;
        if edition.schedule.published { Ok(edition) } else { Err(Error::NotFound) }
    }

    /// Returns every published edition, newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn public_editions(&self) -> Result<Vec<Edition>> {
        let mut editions = queries::all_editions(&mut *self.acquire_connection().await?).await?;
        editions.retain(|edition| edition.schedule.published);
        Ok(editions)
    }

    /// Returns the editions that the public pages list: real ones, newest first, and in a
    /// demonstration its own rehearsals after them, without the other phases of its season. Rehearsals
    /// can be opened by their address alone.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn listed_editions(&self) -> Result<Vec<Edition>> {
        let mut editions = self.public_editions().await?;
        let demonstration = self.settings().demonstration;
        let is_listed = |slug: &str| match self.demonstrated_phase(slug) {
            Some(phase) => phase == DemoPhase::Vote,
            // Once its own editions are loaded, others are rehearsals of somebody who tries them.
            None => self.demonstration_slug().is_none() || is_past_sample(slug),
        };
        editions.retain(|edition| !edition.rehearsal || demonstration && is_listed(&edition.slug));
        editions.sort_by_key(|edition| edition.rehearsal);
        Ok(editions)
    }

    /// Returns every edition, newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn all_editions(&self, _admin: &Admin) -> Result<Vec<Edition>> {
        queries::all_editions(&mut *self.acquire_connection().await?).await
    }

    /// Returns the tracks and districts of an edition.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tracks_and_districts(&self, edition: EditionId) -> Result<TracksAndDistricts> {
        let mut connection = self.acquire_connection().await?;
        let tracks = queries::tracks_in_order(&mut connection, edition).await?;
        let districts = queries::districts_in_order(&mut connection, edition).await?;
        Ok(TracksAndDistricts { tracks, districts })
    }
}

//! An administrator's overview of a season: the open work and the people in it.

mod queries;

use domain::ids::{AccountId, CaseId, DistrictId, EditionId, PictureId, TrackId};
use domain::schedule::GalleryPublic;
use domain::text::Bilingual;

use crate::accounts::Admin;
use crate::{Backend, Result};

/// The open work of a season. It reveals nothing about the result of a vote or of the judging.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeasonWork {
    /// Submitted cases without a decision.
    pub to_screen: i64,
    /// Accepted cases.
    pub accepted: i64,
    /// Requests for an account that wait for a decision.
    pub join_requests: i64,
    /// Open invitations.
    pub invitations: i64,
    /// Judges on the panel.
    pub judges: i64,
    /// Judges with at least one case whose sheet they have not signed.
    pub judges_unsigned: i64,
    /// Groups of held ballots that wait for a ruling, and appeals that wait for an answer.
    pub fraud_matters: i64,
    /// Mails of all editions that failed at least twice and are not sent.
    pub mails_failing: i64,
}

/// A judge with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgeAccount {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Whether they sit on this edition's panel.
    pub on_panel: bool,
    /// Whether the account is closed.
    pub closed: bool,
}

/// A member of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberAccount {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Their organisation.
    pub organisation: String,
    /// Whether the account is closed.
    pub closed: bool,
}

/// The people of a season.
#[derive(Clone, Debug, Default)]
pub struct SeasonPeople {
    /// Every judge with an account, by name.
    pub judges: Vec<JudgeAccount>,
    /// Every member, by organisation and name.
    pub members: Vec<MemberAccount>,
}

/// An accepted case as a card on the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomCase {
    /// The case.
    pub id: CaseId,
    /// Its title; English may be empty.
    pub title: Bilingual,
    /// What it is about.
    pub summary: String,
    /// The name of its organisation.
    pub organisation: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its picture, if it has one.
    pub picture: Option<PictureId>,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
}

impl Backend {
    /// Counts the open work of an edition.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn season_work(&self, _admin: &Admin, edition: EditionId) -> Result<SeasonWork> {
        queries::count_open_work(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the judges and the members of organisations.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn season_people(&self, _admin: &Admin, edition: EditionId) -> Result<SeasonPeople> {
        let mut connection = self.acquire_connection().await?;
        let judges = queries::all_judges(&mut connection, edition).await?;
        let members = queries::all_members(&mut connection).await?;
        Ok(SeasonPeople { judges, members })
    }

    /// Counts the accepted cases, once the gallery is public.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn count_accepted_cases(
        &self,
        edition: EditionId,
        _proof: GalleryPublic,
    ) -> Result<i64> {
        queries::count_accepted_cases(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns a few random accepted cases. Each call draws again, so that no case is favoured.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn random_cases(
        &self,
        edition: EditionId,
        _proof: GalleryPublic,
        count: i64,
    ) -> Result<Vec<RandomCase>> {
        queries::random_accepted_cases(&mut *self.acquire_connection().await?, edition, count).await
    }
}

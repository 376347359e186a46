//! What an administrator sees of a season at a glance: today's work and the people in it.

mod queries;

use domain::ids::{AccountId, CaseId, DistrictId, EditionId, PictureId, TrackId};
use domain::schedule::GalleryPublic;
use domain::text::Bilingual;
use serde_json::json;

use super::Edition;
use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::{Backend, Error, Result};

/// What waits for somebody. Nothing in it tells how a vote or a judging stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeasonWork {
    /// Cases that were submitted and are not yet decided on.
    pub to_screen: i64,
    /// Cases that take part.
    pub accepted: i64,
    /// Invitations that nobody has answered yet.
    pub invitations: i64,
    /// Judges on the panel.
    pub judges: i64,
    /// Judges with at least one case whose sheet they have not signed.
    pub judges_unsigned: i64,
    /// Mails of the whole house that were tried twice and are not out.
    pub mails_failing: i64,
}

/// A judge with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judge {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Whether they sit on this edition's panel.
    pub on_panel: bool,
}

/// A member of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person's name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Their organisation.
    pub organisation: String,
}

/// The people of a season.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Every judge there is, by name.
    pub judges: Vec<Judge>,
    /// Every member, by organisation and name.
    pub members: Vec<Member>,
}

/// An accepted case, as a card on the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    /// The case.
    pub id: CaseId,
    /// Its title; the English one may be empty.
    pub title: Bilingual,
    /// What it is about.
    pub summary: String,
    /// Whose it is.
    pub organisation: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its picture, if it has one.
    pub picture: Option<PictureId>,
    /// Whether it is invented.
    pub sample: bool,
}

impl Backend {
    /// Today's work in an edition.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn season_work(&self, _admin: &Admin, edition: EditionId) -> Result<SeasonWork> {
        queries::work(&mut *self.connection().await?, edition).await
    }

    /// Who judges and who sends cases in.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn people(&self, _admin: &Admin, edition: EditionId) -> Result<People> {
        let mut connection = self.connection().await?;
        let judges = queries::judges(&mut connection, edition).await?;
        let members = queries::members(&mut connection).await?;
        Ok(People { judges, members })
    }

    /// Seats a judge who has an account already: the same people judge year after year. Seating
    /// one who sits there changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the account is no judge's.
    pub async fn seat_judge(
        &self,
        admin: &Admin,
        edition: &Edition,
        judge: AccountId,
    ) -> Result<()> {
        let (actor, edition) = (admin.id(), edition.id);
        self.transact(move |connection| {
            Box::pin(async move {
                if !queries::is_judge(connection, judge).await? {
                    return Err(Error::NotFound);
                }
                if !queries::seat(connection, edition, judge).await? {
                    return Ok(());
                }
                let act = Act {
                    actor: Some(actor),
                    edition: Some(edition),
                    action: "panel.judge_seated",
                    subject: &judge.to_string(),
                    detail: json!({}),
                };
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// How many cases take part, once anybody may know.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn accepted_cases(&self, edition: EditionId, _proof: GalleryPublic) -> Result<i64> {
        queries::accepted(&mut *self.connection().await?, edition).await
    }

    /// A few accepted cases, drawn anew each time so that none is favoured.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn glimpse(
        &self,
        edition: EditionId,
        _proof: GalleryPublic,
        count: i64,
    ) -> Result<Vec<Glimpse>> {
        queries::glimpse(&mut *self.connection().await?, edition, count).await
    }
}

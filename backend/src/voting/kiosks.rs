//! Shared voting machines. Staff open one for an edition until a set hour, and can end it from
//! anywhere.

mod queries;

use chrono::{DateTime, Duration, Utc};
use domain::ids::{AccountId, EditionId};
use domain::text::{FieldProblem, OrganisationName};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::Admin;
use crate::audit::{self, Act};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result, keys};

/// The longest time that a machine stays open, in hours: one event of up to three days.
pub const LONGEST_HOURS: i64 = 72;
/// How long a start link is valid, in minutes: long enough to carry it across a hall.
pub const START_MINUTES: i32 = 15;

/// A machine as staff see it.
#[derive(Clone, Debug)]
pub struct Kiosk {
    /// The machine's id.
    pub id: Uuid,
    /// The place of the machine.
    pub place: String,
    /// Whether a browser has used the start link.
    pub started: bool,
    /// Until when it is open, by the real clock.
    pub expires_at: DateTime<Utc>,
    /// Whether it is closed: staff ended it, its hour has passed, or its start link expired unused.
    pub over: bool,
}

/// What a browser in kiosk mode knows about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskMode {
    /// The edition it is open for.
    pub edition: EditionId,
    /// The edition's short name.
    pub slug: String,
}

/// What staff enter to open a machine.
#[derive(Clone, Debug)]
pub struct NewKiosk {
    /// The place of the machine.
    pub place: String,
    /// Until when it is open; at most [`LONGEST_HOURS`] from now.
    pub until: DateTime<Utc>,
}

impl Backend {
    /// Opens a machine for an edition and returns the secret of its start link. The browser that
    /// posts the link becomes a kiosk. This works once, within 15 minutes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid place or hour. [`Refusal::NoKiosk`] if no poll of the
    /// edition allows shared machines.
    pub async fn open_kiosk(
        &self,
        admin: &Admin,
        edition: &Edition,
        new: &NewKiosk,
    ) -> Result<String> {
        let place = OrganisationName::parse(&new.place)
            .map_err(|problem| Error::field("place", problem))?;
        let left = new.until - Utc::now();
        if left <= Duration::zero() || left > Duration::hours(LONGEST_HOURS) {
            return Err(Error::field("until", FieldProblem::NotAllowed));
        }
        if !edition.polls.iter().any(|poll| poll.rules.has_kiosk()) {
            return Err(Error::Refused(Refusal::NoKiosk));
        }
        let (token, id, actor) = (keys::token(), Uuid::new_v4(), admin.id());
        let (start, edition, until) = (keys::token_hash(&token), edition.id, new.until);
        self.transact(move |connection| {
            Box::pin(async move {
                let row =
                    queries::NewRow { id, edition, place: place.as_str(), start: &start, until };
                queries::insert(connection, &row, START_MINUTES).await?;
                let detail = json!({ "until": until });
                let act = act(actor, edition, "kiosk.opened", place.as_str(), detail);
                audit::record(connection, act).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Makes the browser with this start link a kiosk. Returns the secret of its cookie and the
    /// time at which the kiosk ends.
    ///
    /// # Errors
    /// [`Refusal::LinkInvalid`] for a link that was used, is too old, or never existed.
    pub async fn start_kiosk(&self, start: &str) -> Result<(String, DateTime<Utc>)> {
        let token = keys::token();
        let (start, device) = (keys::token_hash(start), keys::token_hash(&token));
        let until = queries::start(&mut *self.connection().await?, &start, &device).await?;
        Ok((token, until.ok_or(Error::Refused(Refusal::LinkInvalid))?))
    }

    /// Returns the edition that the machine with this cookie is open for. `None` once it has ended.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn kiosk(&self, device: &str) -> Result<Option<KioskMode>> {
        let device = keys::token_hash(device);
        queries::mode(&mut *self.connection().await?, &device).await
    }

    /// Checks whether a start link can still be used. The check does not use the link up.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn kiosk_can_start(&self, start: &str) -> Result<bool> {
        let start = keys::token_hash(start);
        queries::can_start(&mut *self.connection().await?, &start).await
    }

    /// Returns the machines of an edition, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn kiosks(&self, _admin: &Admin, edition: EditionId) -> Result<Vec<Kiosk>> {
        queries::of_edition(&mut *self.connection().await?, edition).await
    }

    /// Ends a machine at once, from anywhere.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a machine that is not in this edition or that staff ended before.
    pub async fn end_kiosk(&self, admin: &Admin, edition: EditionId, kiosk: Uuid) -> Result<()> {
        let actor = admin.id();
        self.transact(move |connection| {
            Box::pin(async move {
                let place = queries::end(connection, edition, kiosk).await?;
                let place = place.ok_or(Error::NotFound)?;
                let act = act(actor, edition, "kiosk.ended", &place, json!({}));
                audit::record(connection, act).await
            })
        })
        .await
    }

    /// Deletes machines a month after they ended.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn forget_kiosks(&self) -> Result<()> {
        queries::forget(&mut *self.connection().await?).await
    }
}

fn act<'a>(
    actor: AccountId,
    edition: EditionId,
    action: &'static str,
    place: &'a str,
    detail: serde_json::Value,
) -> Act<'a> {
    Act { actor: Some(actor), edition: Some(edition), action, subject: place, detail }
}

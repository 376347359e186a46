//! Shared voting machines. Staff open one for an edition until a set hour, and can end it from
//! anywhere.

mod queries;

use chrono::{DateTime, Duration, Utc};
use domain::ids::{AccountId, EditionId};
use domain::refusal::{AccountRefusal, VotingRefusal};
use domain::text::{FieldProblem, OrganisationName};
use serde_json::json;
use uuid::Uuid;

use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::keys::{self, TokenKind};
use crate::{Backend, Error, Refusal, Result};

/// The longest time that a machine stays open, in hours: one event of up to three days.
pub const LONGEST_KIOSK_HOURS: i64 = 72;
/// How long a start link is valid, in minutes: long enough to carry it across a hall.
pub const KIOSK_LINK_MINUTES: i32 = 15;

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
    /// Until when it is open; at most [`LONGEST_KIOSK_HOURS`] from now.
    pub until: DateTime<Utc>,
}

impl Backend {
    /// Opens a machine for an edition and returns the secret of its start link. The browser that
    /// posts the link becomes a kiosk. This works once, within 15 minutes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an invalid place or hour. [`VotingRefusal::NoKiosk`] if no poll of the
    /// edition allows shared machines.
    pub async fn open_kiosk(
        &self,
        admin: &Admin,
        edition: &Edition,
        new: &NewKiosk,
    ) -> Result<String> {
        let place = OrganisationName::parse(&new.place)
            .map_err(|problem| Error::invalid_field("place", problem))?;
        let left = new.until - Utc::now();
        if left <= Duration::zero() || left > Duration::hours(LONGEST_KIOSK_HOURS) {
            return Err(Error::invalid_field("until", FieldProblem::NotAllowed));
        }
        if !edition.polls.iter().any(|poll| poll.rules.has_kiosk()) {
            return Err(Error::Refused(Refusal::Voting(VotingRefusal::NoKiosk)));
        }
        let (token, id, actor) =
            (self.keys.issue_token(TokenKind::KioskStart), Uuid::new_v4(), admin.account_id());
        let (start, edition, until) = (keys::hash_token(&token), edition.id, new.until);
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let row = queries::NewKioskRow {
                    id,
                    edition,
                    place: place.as_str(),
                    start: &start,
                    until,
                };
                queries::insert_kiosk(connection, &row, KIOSK_LINK_MINUTES).await?;
                let detail = json!({ "until": until });
                let act =
                    kiosk_act(actor, edition, AuditAction::KioskOpened, place.as_str(), detail);
                audit::record_event(connection, act).await
            })
        })
        .await?;
        Ok(token)
    }

    /// Makes the browser with this start link a kiosk. Returns the secret of its cookie and the
    /// time at which the kiosk ends.
    ///
    /// # Errors
    /// [`AccountRefusal::LinkInvalid`] for a link that was used, is too old, or never existed.
    pub async fn start_kiosk(&self, start: &str) -> Result<(String, DateTime<Utc>)> {
        let unknown = Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid));
        if !self.keys.is_own_token(TokenKind::KioskStart, start) {
            return Err(unknown);
        }
        let token = self.keys.issue_token(TokenKind::Kiosk);
        let (start, device) = (keys::hash_token(start), keys::hash_token(&token));
        let until =
            queries::use_start_link(&mut *self.acquire_connection().await?, &start, &device)
                .await?;
        Ok((token, until.ok_or(unknown)?))
    }

    /// Returns the edition that the machine with this cookie is open for. `None` once it has ended.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn kiosk_mode(&self, device: &str) -> Result<Option<KioskMode>> {
        if !self.keys.is_own_token(TokenKind::Kiosk, device) {
            return Ok(None);
        }
        let device = keys::hash_token(device);
        queries::find_kiosk_mode(&mut *self.acquire_connection().await?, &device).await
    }

    /// Checks whether a start link can still be used. The check does not use the link up.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn can_start_kiosk(&self, start: &str) -> Result<bool> {
        if !self.keys.is_own_token(TokenKind::KioskStart, start) {
            return Ok(false);
        }
        let start = keys::hash_token(start);
        queries::can_use_start_link(&mut *self.acquire_connection().await?, &start).await
    }

    /// Returns the machines of an edition, the newest first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn edition_kiosks(&self, _admin: &Admin, edition: EditionId) -> Result<Vec<Kiosk>> {
        queries::list_kiosks(&mut *self.acquire_connection().await?, edition).await
    }

    /// Ends a machine at once, from anywhere.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a machine that is not in this edition or that staff ended before.
    pub async fn end_kiosk(&self, admin: &Admin, edition: EditionId, kiosk: Uuid) -> Result<()> {
        let actor = admin.account_id();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let place = queries::mark_kiosk_ended(connection, edition, kiosk).await?;
                let place = place.ok_or(Error::NotFound)?;
                let act = kiosk_act(actor, edition, AuditAction::KioskEnded, &place, json!({}));
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Deletes machines a month after they ended.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn delete_old_kiosks(&self) -> Result<()> {
        queries::delete_old_kiosks(&mut *self.acquire_connection().await?).await
    }
}

fn kiosk_act<'a>(
    actor: AccountId,
    edition: EditionId,
    action: AuditAction,
    place: &'a str,
    detail: serde_json::Value,
) -> NewAuditEvent<'a> {
    NewAuditEvent { actor: Some(actor), edition: Some(edition), action, subject: place, detail }
}

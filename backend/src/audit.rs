//! The audit trail: who did what to what, written in the same transaction as the act.

mod action;
pub(crate) mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, EditionId};
use serde_json::Value;
use sqlx::PgConnection;

use crate::accounts::Admin;
use crate::{Backend, Result};

pub use action::AuditAction;

/// An act that is about to be recorded.
#[derive(Debug)]
pub struct NewAuditEvent<'a> {
    /// The account that acted; `None` for the system.
    pub actor: Option<AccountId>,
    /// The edition it concerns.
    pub edition: Option<EditionId>,
    /// What was done.
    pub action: AuditAction,
    /// The object of the act: a short reference, never an e-mail address.
    pub subject: &'a str,
    /// Old and new values; never a pick, a code, a token, an address or a score.
    pub detail: Value,
}

/// An act as administrators read it.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// When it happened, by the real clock.
    pub at: DateTime<Utc>,
    /// The name of the person who did it, if the account still exists.
    pub actor: Option<String>,
    /// What was done; `None` if this version does not know the action.
    pub action: Option<AuditAction>,
    /// The stored name of the action, e.g. `case.accepted`.
    pub action_name: String,
    /// The object of the act.
    pub subject: String,
    /// The name of the account, or the Korean title of the case, that the subject is the key of; as
    /// it is now, if it still exists.
    pub subject_name: Option<String>,
    /// Old and new values.
    pub detail: Value,
}

/// Records an act inside the caller's transaction.
///
/// # Errors
/// [`crate::Error::Database`]; then the act is rolled back too.
pub(crate) async fn record_event(
    connection: &mut PgConnection,
    act: NewAuditEvent<'_>,
) -> Result<()> {
    queries::insert_event(connection, &act).await
}

/// Acts on one page of the trail.
pub const EVENTS_PER_PAGE: usize = 50;

/// A page of the trail.
#[derive(Clone, Debug, Default)]
pub struct AuditPage {
    /// The acts, newest first.
    pub events: Vec<AuditEvent>,
    /// How many acts there are in all.
    pub total: usize,
    /// The number of this page, from 1.
    pub number: usize,
    /// How many pages there are. At least one.
    pub pages: usize,
}

impl Backend {
    /// Returns a page of the trail, newest act first: of an edition, or of the acts that belong to
    /// no edition. Pages count from 1; a number that is too large or too small gives the nearest page.
    /// `action` selects one kind of act.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn audit_trail_page(
        &self,
        _admin: &Admin,
        edition: Option<EditionId>,
        action: Option<AuditAction>,
        page: usize,
    ) -> Result<AuditPage> {
        let mut connection = self.acquire_connection().await?;
        let total = queries::count_events(&mut connection, edition, action).await?;
        let total = usize::try_from(total).unwrap_or_default();
        let pages = total.div_ceil(EVENTS_PER_PAGE).max(1);
        let number = page.clamp(1, pages);
        let skip = i64::try_from((number - 1) * EVENTS_PER_PAGE).unwrap_or(i64::MAX);
        let events = queries::newest_events(&mut connection, edition, action, skip).await?;
        Ok(AuditPage { events, total, number, pages })
    }
}

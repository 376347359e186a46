//! The trail: who did what to what, written in the same transaction as the act.

pub(crate) mod queries;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, EditionId};
use serde_json::Value;
use sqlx::PgConnection;

use crate::accounts::Admin;
use crate::{Backend, Result};

/// An act that is about to be recorded.
#[derive(Debug)]
pub struct Act<'a> {
    /// Whose act; none for the system's own.
    pub actor: Option<AccountId>,
    /// In which edition.
    pub edition: Option<EditionId>,
    /// What was done, e.g. `case.accepted`.
    pub action: &'static str,
    /// To what: a short reference, never an e-mail address.
    pub subject: &'a str,
    /// Old and new values; never a choice, a code, a token, an address or a score.
    pub detail: Value,
}

/// An act as the administrators read it.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// When, by the real clock.
    pub at: DateTime<Utc>,
    /// The name of who did it, where the account still exists.
    pub actor: Option<String>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Old and new values.
    pub detail: Value,
}

/// Records an act inside the caller's transaction.
///
/// # Errors
/// [`crate::Error::Database`]; then the act itself is rolled back too.
pub(crate) async fn record(connection: &mut PgConnection, act: Act<'_>) -> Result<()> {
    queries::insert(connection, &act).await
}

impl Backend {
    /// The newest acts of an edition, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn audit_trail(
        &self,
        _admin: &Admin,
        edition: EditionId,
        limit: i64,
    ) -> Result<Vec<AuditEvent>> {
        queries::newest(&mut *self.connection().await?, edition, limit).await
    }
}

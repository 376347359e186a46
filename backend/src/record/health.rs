//! How the record is kept, for administrators: what waits, who appends, what stands still.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;

use crate::accounts::Admin;
use crate::{Backend, Result};

/// How the record of an edition is kept. All instants are by the real clock.
#[derive(Clone, Debug)]
pub struct Health {
    /// Lines in the log.
    pub size: u64,
    /// Lines that wait.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub waits_since: Option<DateTime<Utc>>,
    /// Why the record stands still; none while it does not.
    pub halted: Option<String>,
    /// The process that appends, by the first digits of its number, and until when it may.
    pub lease: Option<(String, DateTime<Utc>)>,
}

impl Backend {
    /// How the record of an edition is kept; none before its rules are sealed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn record_health(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Option<Health>> {
        queries::health(&mut *self.connection().await?, edition).await
    }
}

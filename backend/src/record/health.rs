//! The health of the record, for administrators: which lines wait, which process appends, what has
//! halted.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::EditionId;

use crate::accounts::Admin;
use crate::{Backend, Result};

/// The health of an edition's record. All instants are by the real clock.
#[derive(Clone, Debug)]
pub struct RecordHealth {
    /// The number of lines in the log.
    pub size: u64,
    /// The number of lines that wait, without those of ballots that still wait for others.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub waits_since: Option<DateTime<Utc>>,
    /// Why the record has halted. `None` while it works.
    pub halted: Option<String>,
    /// The process that appends, by the first eight digits of its number, and the end of its lease.
    pub lease: Option<(String, DateTime<Utc>)>,
}

impl Backend {
    /// Returns the health of an edition's record. `None` before its rules are sealed.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn record_health(
        &self,
        _admin: &Admin,
        edition: EditionId,
    ) -> Result<Option<RecordHealth>> {
        queries::read_record_health(&mut *self.acquire_connection().await?, edition).await
    }
}

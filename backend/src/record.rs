//! The public record of an edition (provisional).

mod queries;

use crate::editions::{Edition, Poll};
use crate::{Backend, Result};

impl Backend {
    /// Opens a poll in the record.
    ///
    /// # Errors
    /// [`crate::Error::Phase`] outside its window.
    pub async fn open_poll(&self, edition: &Edition, poll: &Poll) -> Result<()> {
        edition.poll_open(poll)?;
        queries::open(&mut *self.connection().await?, poll.id).await
    }

    /// Closes what is over.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn close_due_polls(&self, edition: &Edition) -> Result<()> {
        queries::close(&mut *self.connection().await?, edition.id).await
    }
}

//! The ballot papers: which cases can be picked in which poll.

mod queries;

use domain::ids::CaseId;

use super::Entry;
use crate::editions::{Edition, Poll};
use crate::{Backend, Result};

impl Backend {
    /// Returns those of the given cases that are on the paper of this poll, in the order of `ids`.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn entries(
        &self,
        edition: &Edition,
        poll: &Poll,
        ids: &[CaseId],
    ) -> Result<Vec<Entry>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        queries::entries(&mut *self.connection().await?, edition.id, poll, ids).await
    }
}

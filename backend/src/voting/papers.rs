//! The ballot papers: which cases may be picked in which poll.

mod queries;

use domain::ids::CaseId;

use super::Entry;
use crate::editions::{Edition, Poll};
use crate::{Backend, Result};

impl Backend {
    /// The cases among these that stand on the paper of this poll, in the order in which they are
    /// asked for.
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

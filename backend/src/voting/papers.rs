//! The ballot papers: which cases can be picked in which poll.

mod queries;

use domain::ids::CaseId;

use super::PaperCase;
use crate::editions::{Edition, Poll};
use crate::{Backend, Result};

impl Backend {
    /// Returns those of the given cases that are on the paper of this poll, in the order of `ids`.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn paper_cases(
        &self,
        edition: &Edition,
        poll: &Poll,
        ids: &[CaseId],
    ) -> Result<Vec<PaperCase>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        queries::list_paper_cases(&mut *self.acquire_connection().await?, edition.id, poll, ids)
            .await
    }
}

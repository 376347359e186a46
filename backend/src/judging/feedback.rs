//! What judges have written: the comment for the organisation, the note for the committee. Neither
//! carries a name, and the order tells nothing about who wrote it.

mod queries;

use domain::ids::{CaseId, EditionId};
use domain::schedule::{DeliberationOpen, ResultsPublic};

use crate::accounts::{Admin, Member};
use crate::{Backend, Result};

impl Backend {
    /// The judges' comments on a case of one's own organisation, once the result is public.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn comments(
        &self,
        member: &Member,
        _public: ResultsPublic,
        case: CaseId,
    ) -> Result<Vec<String>> {
        let mut connection = self.connection().await?;
        queries::comments(&mut connection, member.organisation(), case).await
    }

    /// The judges' notes for the deliberation, by case.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn notes(
        &self,
        _admin: &Admin,
        _open: DeliberationOpen,
        edition: EditionId,
    ) -> Result<Vec<(CaseId, String)>> {
        queries::notes(&mut *self.connection().await?, edition).await
    }
}

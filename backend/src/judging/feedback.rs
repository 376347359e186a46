//! The texts of judges: the comment for the organisation, the note for the committee. Neither has a
//! name, and their order reveals nothing about the author.

mod queries;

use domain::ids::{CaseId, EditionId};
use domain::schedule::{DeliberationOpen, ResultsPublic};

use crate::accounts::{Admin, Member};
use crate::{Backend, Result};

impl Backend {
    /// Returns the judges' comments on a case of the member's organisation, once the result is
    /// public.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn case_comments(
        &self,
        member: &Member,
        _public: ResultsPublic,
        case: CaseId,
    ) -> Result<Vec<String>> {
        let mut connection = self.acquire_connection().await?;
        queries::signed_comments(&mut connection, member.organisation_id(), case).await
    }

    /// Returns the judges' notes for the deliberation, by case.
    ///
    /// # Errors
    /// [`crate::Error::Database`].
    pub async fn committee_notes(
        &self,
        _admin: &Admin,
        _open: DeliberationOpen,
        edition: EditionId,
    ) -> Result<Vec<(CaseId, String)>> {
        queries::signed_notes(&mut *self.acquire_connection().await?, edition).await
    }
}

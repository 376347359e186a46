//! The cases of a member's own organisation.

mod queries;

use chrono::{DateTime, Utc};
use domain::ids::CaseId;

use super::{Case, CaseState};
use crate::accounts::Member;
use crate::{Backend, Error, Result};

/// A case in the list of its organisation.
#[derive(Clone, Debug)]
pub struct OwnCase {
    /// Its key.
    pub id: CaseId,
    /// The short name of its edition.
    pub edition_slug: String,
    /// Its title; may be empty.
    pub title: String,
    /// Its state.
    pub state: CaseState,
    /// When it was saved last, by the real clock.
    pub saved_at: DateTime<Utc>,
    /// When it was submitted, by the edition's clock.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When staff decided about it, by the edition's clock.
    pub screened_at: Option<DateTime<Utc>>,
    /// Why it does not take part, or what is to be corrected.
    pub reason: Option<String>,
    /// Until when it may be written after the close of the call, by the edition's clock.
    pub open_until: Option<DateTime<Utc>>,
}

impl Backend {
    /// Returns the cases of the member's organisation, the newest edition first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn own_cases(&self, member: &Member) -> Result<Vec<OwnCase>> {
        queries::cases_of_organisation(
            &mut *self.acquire_connection().await?,
            member.organisation_id(),
        )
        .await
    }

    /// Returns a case of the member's organisation, in any state.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for another organisation's case.
    pub async fn own_case(&self, member: &Member, case: CaseId) -> Result<Case> {
        let found = super::queries::find_case(&mut *self.acquire_connection().await?, case).await?;
        found.filter(|case| case.organisation == member.organisation_id()).ok_or(Error::NotFound)
    }
}

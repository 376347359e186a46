//! Who may see what belongs to a case, before and after the case is public.

use domain::ids::{CaseId, OrganisationId};

use super::{CaseState, queries};
use crate::accounts::{Role, SignedIn};
use crate::{Backend, Error, Result};

/// What decides who may see a case.
pub(super) struct CaseFacts {
    pub(super) edition_slug: String,
    pub(super) organisation: OrganisationId,
    pub(super) state: CaseState,
    /// Whether the asker is on the panel and is not recused from the case.
    pub(super) on_panel: bool,
}

/// What somebody may see of a case.
pub(super) struct CaseAccess {
    /// The edition of the case, by its short name.
    pub(super) edition_slug: String,
    /// Whether everybody may see it.
    pub(super) public: bool,
    /// Whether the asker may see it in any case: its organisation, its judges, and the staff once it was submitted.
    pub(super) is_insider: bool,
}

impl Backend {
    /// Returns what the asker may see of a case.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such case.
    pub(super) async fn case_access(
        &self,
        case: CaseId,
        asker: Option<&SignedIn>,
    ) -> Result<CaseAccess> {
        let account = asker.map(SignedIn::account_id);
        let facts =
            queries::find_case_facts(&mut *self.acquire_connection().await?, case, account).await?;
        let facts = facts.ok_or(Error::NotFound)?;
        let edition = self.find_edition(&facts.edition_slug).await?;
        let accepted = facts.state == CaseState::Accepted;
        Ok(CaseAccess {
            public: accepted && edition.gallery_public().is_ok(),
            is_insider: asker.is_some_and(|asker| is_insider(asker, &facts)),
            edition_slug: facts.edition_slug,
        })
    }
}

fn is_insider(asker: &SignedIn, case: &CaseFacts) -> bool {
    match asker.role() {
        Role::Member => {
            asker.require_member().is_ok_and(|member| member.organisation_id() == case.organisation)
        }
        // Staff see submitted cases but no drafts.
        Role::Administrator => !case.state.can_be_written(),
        Role::Judge => case.on_panel && case.state == CaseState::Accepted,
    }
}

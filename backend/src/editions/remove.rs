//! Taking a rehearsal off the public pages, and removing editions that nobody relies on: rehearsals, and
//! editions that were never published.

mod queries;

use domain::refusal::EditionRefusal;
use domain::text::narrow_line;

use super::Edition;
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Error, Refusal, Result};

/// Whether an edition may be removed: a rehearsal, or one that was never published.
#[must_use]
pub fn can_be_removed(edition: &Edition) -> bool {
    edition.rehearsal || !edition.schedule.published
}

impl Backend {
    /// Takes a rehearsal off the public pages. It can be published again.
    ///
    /// # Errors
    /// [`EditionRefusal::KeptForGood`] for a real edition; [`Refusal::WrongState`] if it is not published.
    pub async fn unpublish_rehearsal(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        if !edition.rehearsal {
            return Err(Error::Refused(Refusal::Edition(EditionRefusal::KeptForGood)));
        }
        let (actor, edition) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                if !queries::mark_unpublished(connection, edition.id).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::EditionUnpublished,
                    subject: &edition.slug,
                    detail: serde_json::json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Removes an edition with everything that belongs to it, its key included. Accounts and
    /// organisations stay. What is left is an event of the trail that belongs to no edition, and, if
    /// it had a log, its short name, which is never used again.
    ///
    /// # Errors
    /// [`EditionRefusal::KeptForGood`] for a real edition that was published;
    /// [`Refusal::NotConfirmed`] if `confirm` is not its short name. [`Error::Internal`] if the key
    /// file cannot be removed.
    pub async fn remove_edition(
        &self,
        admin: &Admin,
        edition: &Edition,
        confirm: &str,
    ) -> Result<()> {
        if narrow_line(confirm) != edition.slug {
            return Err(Error::Refused(Refusal::NotConfirmed));
        }
        let (actor, removed) = (admin.account_id(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                super::queries::lock_edition(connection, removed.id).await?;
                let found = super::queries::find_edition(connection, &removed.slug).await?;
                let found = found.filter(|found| found.id == removed.id).ok_or(Error::NotFound)?;
                if !can_be_removed(&found) {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::KeptForGood)));
                }
                queries::retire_slug(connection, found.id).await?;
                queries::delete_edition(connection, found.id).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: None,
                    action: AuditAction::EditionRemoved,
                    subject: &found.slug,
                    detail: serde_json::json!({ "rehearsal": found.rehearsal }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await?;
        self.keys.destroy_edition_key(edition.id)
    }
}

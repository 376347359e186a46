//! The erase day: the edition's key and all remaining contacts are destroyed. The record, the votes
//! and the proofs can still be verified, but nobody can find out any more who cast which ballot.

mod queries;

use chrono::TimeDelta;
use domain::record::entry::LogEntry;
use domain::record::words::UtcSecond;
use domain::schedule::Instant;
use domain::text::narrow_line;
use phrases::{Lang, record as words};
use serde_json::json;

use super::{line_slug, queue_line, seal};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::Edition;
use crate::{Backend, Error, Refusal, Result};

/// How long contacts and keys are kept after the result, for complaints, in days.
const KEPT_DAYS: i64 = 30;

/// Returns the instant from which an edition is erased, by the edition's clock. `None` before the
/// result is released and, without a result, before the edition is archived.
#[must_use]
pub fn erase_day(edition: &Edition) -> Option<Instant> {
    let schedule = &edition.schedule;
    Some(schedule.released_at.or(schedule.archived_at)? + TimeDelta::days(KEPT_DAYS))
}

/// Checks whether the edition can be erased now: after the erase day, or in a rehearsal once it is
/// archived.
#[must_use]
pub fn can_be_erased(edition: &Edition) -> bool {
    let past = |instant: Option<Instant>| instant.is_some_and(|at| at <= edition.now);
    // The clock of a rehearsal jumps, so the erase day alone proves nothing there.
    let day = if edition.rehearsal { edition.schedule.archived_at } else { erase_day(edition) };
    past(day)
}

impl Backend {
    /// Stores the tables that are to be published, then destroys the edition's key, rolls, sessions
    /// and codes. A second call destroys the key again, in case a copy was put back.
    ///
    /// # Errors
    /// [`Refusal::NotConfirmed`] if the word typed is wrong. [`Refusal::WrongState`] before the
    /// erase day, and while a poll is not closed. [`Error::Internal`] if the key file cannot be
    /// removed.
    pub async fn erase_confirmed_edition(
        &self,
        admin: &Admin,
        edition: &Edition,
        confirm: &str,
    ) -> Result<()> {
        let confirm = narrow_line(confirm).to_lowercase();
        if ![Lang::Ko, Lang::En].into_iter().any(|lang| confirm == words::erase_word(lang)) {
            return Err(Error::Refused(Refusal::NotConfirmed));
        }
        self.erase_edition_by_slug(admin, &edition.slug).await
    }

    /// Erases the editions whose erase day has come, because voters were promised that day.
    /// Rehearsals are left out, because their clock jumps.
    ///
    /// # Errors
    /// The first error of an edition. The other editions were still erased.
    pub async fn erase_due_editions(&self) -> Result<()> {
        let due =
            queries::editions_due_for_erasure(&mut *self.acquire_connection().await?, KEPT_DAYS)
                .await?;
        let mut first = None;
        for slug in due {
            match self.erase_edition_by_slug(&Admin::local_operator(), &slug).await {
                Ok(()) => tracing::info!(
                    edition = slug,
                    "its day has come: keys and contacts are destroyed"
                ),
                Err(error) => {
                    tracing::error!(edition = slug, %error, "an edition cannot be erased");
                    first.get_or_insert(error);
                }
            }
        }
        first.map_or(Ok(()), Err)
    }

    async fn erase_edition_by_slug(&self, admin: &Admin, slug: &str) -> Result<()> {
        let edition = self.find_edition(slug).await?;
        if !can_be_erased(&edition) {
            return Err(Error::Refused(Refusal::WrongState));
        }
        let record = self.edition_record(edition.id).await?.ok_or(Error::NotFound)?;
        if record.erased_at.is_none() {
            self.close_due_polls(&edition).await?;
            let edition = self.find_edition(&edition.slug).await?;
            if edition.polls.iter().any(|poll| poll.closed_at.is_none()) {
                return Err(Error::Refused(Refusal::WrongState));
            }
            for poll in &edition.polls {
                self.publish_tables(&edition, poll).await?;
            }
            self.record_erasure(admin, &edition).await?;
        }
        self.delete_edition_rolls(edition.id).await?;
        // Last, because it cannot be rolled back. Until it is done, the page says what is missing.
        self.keys.destroy_edition_key(edition.id)
    }

    async fn record_erasure(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        let (actor, name) = (admin.account_id(), edition.slug.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = seal::load_locked_edition(connection, &name).await?;
                if !queries::mark_erased(connection, edition.id).await? {
                    // Another process was faster. Only the key is left to destroy.
                    return Ok(());
                }
                queries::delete_contacts(connection, edition.id).await?;
                let at = UtcSecond::from_instant(edition.now);
                let entry = LogEntry::Erase { edition: line_slug(&edition.slug)?, at };
                queue_line(connection, edition.id, &entry).await?;
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::RecordErased,
                    subject: &edition.slug,
                    detail: json!({ "at": edition.now }),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }

    /// Destroys the keys and rolls of erased editions again, in case a restored backup brought them
    /// back.
    ///
    /// # Errors
    /// [`Error::Internal`] if a file cannot be removed.
    pub async fn destroy_erased_keys(&self) -> Result<()> {
        for edition in queries::list_erased_editions(&mut *self.acquire_connection().await?).await?
        {
            self.delete_edition_rolls(edition).await?;
            self.keys.destroy_edition_key(edition)?;
        }
        Ok(())
    }
}

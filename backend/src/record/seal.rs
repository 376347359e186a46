//! Sealing the rules and opening the polls, which writes the first lines of a record.

use domain::ids::{AccountId, EditionId};
use domain::record::entry::LogEntry;
use domain::record::tree::Hash;
use domain::record::words::UtcSecond;
use domain::refusal::{AwardsRefusal, EditionRefusal};
use domain::rulebook::SealedRulebook;
use serde_json::json;
use sqlx::PgConnection;

use super::{line_slug, queries, queue_line};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::polls::build_sealed_rulebook;
use crate::editions::{self, Edition, Poll};
use crate::{Backend, Error, Refusal, Result};

impl Backend {
    /// Seals the rules of an edition. From then on the rules and the ballot papers cannot change.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] if the rules are sealed already or the edition is not public;
    /// [`EditionRefusal::CallOpen`] and [`EditionRefusal::CasesUndecided`] while cases are still sent
    /// in or decided on, because those would be too late for the ballot papers. Also the reasons that
    /// [`Backend::sealing_refusal`] gives.
    pub async fn seal_rulebook(&self, admin: &Admin, edition: &Edition) -> Result<()> {
        let (backend, actor, slug) = (self.clone(), admin.account_id(), edition.slug.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let edition = load_locked_edition(connection, &slug).await?;
                let waiting = queries::has_undecided_cases(connection, edition.id).await?;
                if !edition.schedule.published {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                if edition.now < edition.schedule.windows.call.closes {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::CallOpen)));
                }
                if waiting {
                    return Err(Error::Refused(Refusal::Edition(EditionRefusal::CasesUndecided)));
                }
                if !backend.seal_rulebook_within(connection, &edition, Some(actor)).await? {
                    return Err(Error::Refused(Refusal::WrongState));
                }
                Ok(())
            })
        })
        .await
    }

    /// Opens a poll whose window has begun, and writes the poll's first line in the record. Seals
    /// the rules if nobody has sealed them. Does nothing if the poll is open. It uses the ballots'
    /// connections alone, because the first ballots wait for it.
    ///
    /// # Errors
    /// [`Error::Phase`] outside the poll's window. Also the reasons that keep the rules from being
    /// sealed.
    pub async fn open_poll(&self, edition: &Edition, poll: &Poll) -> Result<()> {
        let open = poll.opened_at.is_some();
        if open
            || queries::is_poll_open(&mut *self.ballots.ballot_connection().await?, poll.id).await?
        {
            return Ok(());
        }
        let (backend, slug, name) = (self.clone(), edition.slug.clone(), poll.slug().to_owned());
        let _place = self.ballots.look_up_place().await?;
        self.run_for_ballots(move |connection| {
            Box::pin(async move {
                let edition = load_locked_edition(connection, &slug).await?;
                let poll = edition.find_poll(&name)?;
                edition.poll_open(poll)?;
                backend.open_poll_within(connection, &edition, poll).await
            })
        })
        .await
    }

    /// Opens a poll unless it is open. The caller has locked the edition. The opening time is the
    /// start of the window, so no ballot admitted in time is earlier.
    pub(super) async fn open_poll_within(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        poll: &Poll,
    ) -> Result<()> {
        self.seal_rulebook_within(connection, edition, None).await?;
        let at = poll.window.opens;
        if queries::mark_poll_open(connection, poll.id, at).await? {
            let entry =
                LogEntry::Open { poll: line_slug(poll.slug())?, at: UtcSecond::from_instant(at) };
            queue_line(connection, edition.id, &entry).await?;
        }
        Ok(())
    }

    /// Seals the rules. Returns false if they are sealed already. The caller has locked the
    /// edition.
    async fn seal_rulebook_within(
        &self,
        connection: &mut PgConnection,
        edition: &Edition,
        actor: Option<AccountId>,
    ) -> Result<bool> {
        if queries::is_rulebook_sealed(connection, edition.id).await? {
            return Ok(false);
        }
        let sealed = build_sealed_rulebook(connection, edition).await?;
        let bytes = sealed.canonical_bytes();
        let bytes = bytes.map_err(|_| Error::Internal("a rulebook that cannot be written down"))?;
        let sha256 = Hash::sha256_of(&bytes);
        let origin = self.record_origin(edition);
        queries::insert_record(connection, edition.id, &origin, &bytes, sealed.record).await?;
        let entry = LogEntry::Rulebook { edition: line_slug(&edition.slug)?, sha256 };
        queue_line(connection, edition.id, &entry).await?;
        let act = NewAuditEvent {
            actor,
            edition: Some(edition.id),
            action: AuditAction::RecordSealed,
            subject: &edition.slug,
            detail: json!({ "sha256": sha256.to_string() }),
        };
        audit::record_event(connection, act).await?;
        Ok(true)
    }
}

/// Returns the edition as it is now, locked against changes. Ballots can still be stored, because
/// this lock allows new rows that refer to an edition.
pub(super) async fn load_locked_edition(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Edition> {
    queries::lock_edition(connection, slug).await?;
    editions::queries::find_edition(connection, slug).await?.ok_or(Error::NotFound)
}

/// Reads the sealed rules of an edition.
///
/// # Errors
/// [`AwardsRefusal::PollsOpen`] before they are sealed: no poll can have closed.
pub(crate) async fn load_sealed_rulebook(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<SealedRulebook> {
    let bytes = queries::read_sealed_rulebook(connection, edition).await?;
    let bytes = bytes.ok_or(Error::Refused(Refusal::Awards(AwardsRefusal::PollsOpen)))?;
    SealedRulebook::parse_sealed_rulebook(&bytes)
        .map_err(|_| Error::Internal("sealed rules that cannot be read"))
}

/// Locks an edition until the transaction ends, so that its rules cannot be sealed.
///
/// # Errors
/// [`EditionRefusal::Sealed`].
pub(crate) async fn lock_unsealed_edition(
    connection: &mut PgConnection,
    edition: EditionId,
) -> Result<()> {
    editions::queries::lock_edition_shared(connection, edition).await?;
    if queries::is_rulebook_sealed(connection, edition).await? {
        return Err(Error::Refused(Refusal::Edition(EditionRefusal::Sealed)));
    }
    Ok(())
}

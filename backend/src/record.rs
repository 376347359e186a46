//! The public record of an edition. Every sealing, ballot, close and result becomes a line of
//! an append-only log that anybody can mirror and check (`domain::record`).
//!
//! A line is first written into the table `waiting`, in the same transaction as the event it
//! reports ([`queue_line`]). The sequencer moves it into the log ([`sequencer`]), the log grows by tiles
//! ([`tiles`]), and the stored state is signed ([`checkpoints`]). `docs/decisions/0009` gives the
//! reasons.

mod balance;
mod checkpoints;
mod close;
mod coarsen;
mod erase;
mod health;
mod last_signed;
mod observed;
mod observers;
mod publish;
mod queries;
mod seal;
mod sequencer;
mod serve;
mod tiles;
mod witnesses;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{EditionId, PollId};
use domain::record::entry::LogEntry;
use domain::record::key::{Signer, VerifierKey};
use domain::record::receipt;
use domain::record::tree::Hash;
use domain::record::words::{RecordSlug, UtcSecond};
use domain::rulebook::RecordRules;
use sqlx::PgConnection;

use crate::editions::{Edition, Poll};
use crate::{Backend, Error, Result, voting};

pub(crate) use balance::KnownBalances;
pub use balance::{BallotBalance, BallotStatus, RecordedPoll};
pub(crate) use close::PausedEditions;
pub use domain::record::receipt::EntryWithProof;
pub use erase::{can_be_erased, erase_day};
pub use health::RecordHealth;
pub use observed::ObserverStatement;
pub use observers::ObserverLink;
pub(crate) use publish::SharedByReaders;
pub use publish::{OpeningParts, PublishedTable, TableContent};
pub(crate) use seal::{load_sealed_rulebook, lock_unsealed_edition};
pub(crate) use witnesses::Witnesses;
pub use witnesses::{BadWitness, Witness};

/// Why a record stands still whose name is another server's.
const OTHER_LOG_NAME: &str =
    "the log's name is not the one that this server's public address gives";

/// The current record of an edition.
#[derive(Clone, Debug)]
pub struct Record {
    /// The name of the log and of its key.
    pub origin: String,
    /// SHA-256 of the sealed rulebook.
    pub rulebook_hash: Hash,
    /// How the lines of ballots are let out, by the sealed rules.
    pub release: RecordRules,
    /// When the rules were sealed, by the real clock.
    pub sealed_at: DateTime<Utc>,
    /// The number of entries that the newest checkpoint covers.
    pub signed_size: u64,
    /// The newest checkpoint, a signed note. `None` before the first one.
    pub checkpoint: Option<String>,
    /// When the keys and contacts were destroyed, by the real clock.
    pub erased_at: Option<DateTime<Utc>>,
}

/// How long the last lines of a closed poll may take into the record: the two minutes of its close,
/// and time for a person to start a server that has stopped.
const RECORDED_AFTER_CLOSE: TimeDelta = TimeDelta::minutes(30);
/// How long a line may take that waits for no other.
const RECORDED_AT_ONCE: TimeDelta = TimeDelta::minutes(1);

impl Record {
    /// Returns the instant by which the line of a ballot is in the record, by the edition's clock.
    #[must_use]
    pub fn recorded_by(&self, poll: &Poll, admitted_at: DateTime<Utc>) -> DateTime<Utc> {
        if self.release.ballots == 1 {
            admitted_at + RECORDED_AT_ONCE
        } else {
            poll.window.closes + RECORDED_AFTER_CLOSE
        }
    }
}

impl Backend {
    /// Returns the record of an edition. `None` before its rulebook is sealed.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn edition_record(&self, edition: EditionId) -> Result<Option<Record>> {
        queries::read_record(&mut *self.acquire_connection().await?, edition).await
    }

    /// Returns the public key of an edition's log.
    ///
    /// # Errors
    /// [`Error::NotFound`] before the rulebook is sealed.
    pub async fn record_key(&self, edition: EditionId) -> Result<VerifierKey> {
        Ok(self.sealed_signer(edition).await?.verifier_key().clone())
    }

    /// Returns the sealed rulebook, byte for byte: the log holds the hash of these bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] before it is sealed.
    pub async fn sealed_rulebook(&self, edition: EditionId) -> Result<Vec<u8>> {
        let found =
            queries::read_sealed_rulebook(&mut *self.acquire_connection().await?, edition).await?;
        found.ok_or(Error::NotFound)
    }

    /// Returns a note, signed with the key of the log, that says that a ballot was accepted.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the rules are not sealed: then no ballot can have been accepted.
    /// [`Error::Drill`]; [`Error::Internal`] if the log has not this server's name.
    pub async fn receipt_note(
        &self,
        edition: &Edition,
        poll: &Poll,
        receipt: &voting::Receipt,
    ) -> Result<String> {
        let record = self.edition_record(edition.id).await?.ok_or(Error::NotFound)?;
        let recorded_by = record.recorded_by(poll, receipt.admitted_at);
        let receipt = receipt::Receipt {
            edition: line_slug(&edition.slug)?,
            poll: line_slug(poll.slug())?,
            ballot: receipt.ballot,
            commitment: receipt.commitment,
            accepted: UtcSecond::from_instant(receipt.admitted_at),
            recorded_by: UtcSecond::from_instant(recorded_by),
        };
        if self.is_drill() {
            return Err(Error::Drill);
        }
        let signer = self.record_signer(edition.id, &record.origin)?;
        if !self.is_own_log(signer.verifier_key().key_name()) {
            return Err(Error::Internal(OTHER_LOG_NAME));
        }
        let note = receipt.sign(&signer);
        Ok(note.map_err(|_| Error::Internal("a receipt that cannot be signed"))?.to_string())
    }

    async fn sealed_signer(&self, edition: EditionId) -> Result<Signer> {
        let origin = queries::read_origin(&mut *self.acquire_connection().await?, edition).await?;
        self.record_signer(edition, &origin.ok_or(Error::NotFound)?)
    }

    /// Returns the signing key of an edition's log. It is derived from the master key alone, so it
    /// still exists after the edition's key is destroyed.
    fn record_signer(&self, edition: EditionId, origin: &str) -> Result<Signer> {
        let seed = self.keys.compute_mac("record-signing", &[edition.0.as_bytes()]);
        Signer::from_seed(origin, &seed).map_err(|_| Error::Internal("an origin that names no key"))
    }

    /// The name of an edition's log: the URL of the record without the scheme.
    pub(crate) fn record_origin(&self, edition: &Edition) -> String {
        format!("{}{}", self.log_name_start(), edition.slug)
    }

    /// What the names of all logs of this server start with.
    fn log_name_start(&self) -> String {
        let url = self.settings().public_url.as_str();
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        format!("{host}/record/")
    }

    /// Checks that a log has the name that this server's public address gives. A restored copy at
    /// another address must not sign, because it would write a second history under the same key.
    ///
    /// # Errors
    /// [`Error::Internal`] if it has another name; [`Error::NotFound`] before the rules are sealed.
    async fn check_log_name(&self, edition: EditionId) -> Result<()> {
        let origin = queries::read_origin(&mut *self.acquire_connection().await?, edition).await?;
        if self.is_own_log(&origin.ok_or(Error::NotFound)?) {
            Ok(())
        } else {
            Err(Error::Internal(OTHER_LOG_NAME))
        }
    }

    fn is_own_log(&self, origin: &str) -> bool {
        // A demonstration is tried at several ports of one machine.
        self.settings().demonstration
            || origin.strip_prefix(&self.log_name_start()).is_some_and(|slug| !slug.contains('/'))
    }

    /// Returns the names of the logs that this server does not sign, because its public address is
    /// not theirs. Records of erased editions are done and not among them.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn logs_of_other_names(&self) -> Result<Vec<String>> {
        let mut origins =
            queries::origins_of_live_records(&mut *self.acquire_connection().await?).await?;
        origins.retain(|origin| !self.is_own_log(origin));
        Ok(origins)
    }
}

/// Converts a short name to the form that lines of the log use.
pub(crate) fn line_slug(text: &str) -> Result<RecordSlug> {
    text.parse().map_err(|_| Error::Internal("a short name that no line of the record can hold"))
}

/// Queues a line for the record, in the transaction of the event that it reports. Ballots are not
/// queued here, but by the statement that stores them.
///
/// # Errors
/// [`Error::Database`]. The transaction then fails, so the event has not happened either.
pub(crate) async fn queue_line(
    connection: &mut PgConnection,
    edition: EditionId,
    entry: &LogEntry,
) -> Result<()> {
    queries::insert_waiting_line(connection, edition, None, line_rank(entry), &entry.to_string())
        .await
}

/// Queues a line that leaves with the next ballots of its poll, in the transaction of its event.
///
/// # Errors
/// As [`queue_line`].
pub(crate) async fn queue_line_of_poll(
    connection: &mut PgConnection,
    (edition, poll): (EditionId, PollId),
    entry: &LogEntry,
) -> Result<()> {
    let (rank, line) = (line_rank(entry), entry.to_string());
    queries::insert_waiting_line(connection, edition, Some(poll), rank, &line).await
}

/// The rank of a line in a batch.
fn line_rank(entry: &LogEntry) -> i16 {
    match entry {
        LogEntry::Rulebook { .. } => 0,
        LogEntry::Open { .. } => 1,
        LogEntry::Ballot { .. } => 2,
        LogEntry::Hold { .. } | LogEntry::Ruling { .. } => 3,
        LogEntry::Close { .. } => 4,
        LogEntry::Sheet { .. } => 5,
        LogEntry::Result { .. } => 6,
        LogEntry::Erase { .. } => 7,
    }
}

/// Converts a count to the database's integer type.
fn count_to_i64(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|_| Error::Internal("a count that no database can keep"))
}

/// Converts a count from the database's integer type.
fn count_from_i64(count: i64) -> Result<u64> {
    u64::try_from(count).map_err(|_| Error::Internal("a count below zero"))
}

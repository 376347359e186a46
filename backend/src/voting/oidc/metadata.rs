//! The provider's metadata and keys. They are read in the background, at most once at a time.
//! Meanwhile everybody gets at once what was read before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::IssuerUrl;
use openidconnect::core::CoreProviderMetadata;
use tokio::sync::watch;

use super::http::{self, NoProviderAnswer};

/// How long the provider's metadata is used before it is read again.
const METADATA_FRESH: Duration = Duration::from_secs(3600);
/// How long old metadata is used if the provider does not answer.
const METADATA_STALE: Duration = Duration::from_secs(24 * 3600);
/// The pause after the provider did not answer: voters must not wait for it one after the other.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// Reads the provider's metadata, and keeps it.
pub(super) struct MetadataReader(Arc<ReaderState>);

struct ReaderState {
    issuer: IssuerUrl,
    client: reqwest::Client,
    plain: bool,
    known: Mutex<KnownMetadata>,
    /// Tells those who wait that a reading has ended.
    ended: watch::Sender<()>,
}

impl ReaderState {
    fn lock_known(&self) -> MutexGuard<'_, KnownMetadata> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The provider's metadata, and when it was read.
#[derive(Default)]
struct KnownMetadata {
    metadata: Option<(CoreProviderMetadata, Instant)>,
    silent_since: Option<Instant>,
    is_being_read: bool,
}

impl KnownMetadata {
    fn usable_metadata(&self) -> Option<CoreProviderMetadata> {
        let (metadata, read) = self.metadata.as_ref()?;
        (read.elapsed() < METADATA_STALE).then(|| metadata.clone())
    }

    fn is_older_than(&self, age: Duration) -> bool {
        self.metadata.as_ref().is_none_or(|(_, read)| read.elapsed() >= age)
    }
}

impl MetadataReader {
    /// Sends no request yet. `plain` allows a provider without TLS.
    pub(super) fn new(issuer: IssuerUrl, client: reqwest::Client, plain: bool) -> Self {
        let (known, ended) = (Mutex::default(), watch::Sender::new(()));
        Self(Arc::new(ReaderState { issuer, client, plain, known, ended }))
    }

    /// Whether metadata is known, so that nobody has to wait for it.
    pub(super) fn has_metadata(&self) -> bool {
        self.0.lock_known().usable_metadata().is_some()
    }

    /// Returns the metadata that is known, and begins to read it anew if it is an hour old. Waits only
    /// if nothing is known.
    ///
    /// # Errors
    /// [`NoProviderAnswer`].
    pub(super) async fn current_metadata(&self) -> Result<CoreProviderMetadata, NoProviderAnswer> {
        let reading = self.start_reading(METADATA_FRESH);
        let known = self.0.lock_known().usable_metadata();
        match known {
            Some(metadata) => Ok(metadata),
            None => self.metadata_after(reading).await,
        }
    }

    /// Waits for metadata that was read a moment ago. Returns the old metadata if the provider does
    /// not answer.
    ///
    /// # Errors
    /// [`NoProviderAnswer`] if there is none.
    pub(super) async fn renewed_metadata(&self) -> Result<CoreProviderMetadata, NoProviderAnswer> {
        let reading = self.start_reading(RETRY_PAUSE);
        self.metadata_after(reading).await
    }

    async fn metadata_after(
        &self,
        reading: Option<watch::Receiver<()>>,
    ) -> Result<CoreProviderMetadata, NoProviderAnswer> {
        if let Some(mut reading) = reading {
            // The sender is in `self`, so this ends with the reading.
            reading.changed().await.map_err(|_| NoProviderAnswer)?;
        }
        self.0.lock_known().usable_metadata().ok_or(NoProviderAnswer)
    }

    /// Begins to read metadata that is older than `age`, unless the provider was silent a moment ago.
    /// Returns what tells the end of the reading that is under way, or `None` if none is.
    fn start_reading(&self, age: Duration) -> Option<watch::Receiver<()>> {
        let mut known = self.0.lock_known();
        let resting = known.silent_since.is_some_and(|since| since.elapsed() < RETRY_PAUSE);
        if !known.is_being_read {
            if resting || !known.is_older_than(age) {
                return None;
            }
            known.is_being_read = true;
            // A task of its own: the voter who caused it may leave.
            tokio::spawn(Reading(self.0.clone()).read_metadata());
        }
        // Subscribed under the lock, so that the end cannot come before.
        Some(self.0.ended.subscribe())
    }
}

/// A reading that is under way. When it is dropped, nobody waits for it any more.
struct Reading(Arc<ReaderState>);

impl Reading {
    async fn read_metadata(self) {
        let state = &self.0;
        let send = |request| http::send_request(state.client.clone(), state.plain, request);
        let read = CoreProviderMetadata::discover_async(state.issuer.clone(), &send).await;
        let mut known = state.lock_known();
        match read {
            Ok(metadata) => {
                known.metadata = Some((metadata, Instant::now()));
                known.silent_since = None;
            }
            Err(error) => {
                tracing::warn!(%error, "the OpenID provider's metadata cannot be read");
                known.silent_since = Some(Instant::now());
            }
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.lock_known().is_being_read = false;
        self.0.ended.send_replace(());
    }
}

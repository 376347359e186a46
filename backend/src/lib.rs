//! What the contest does: one module for each feature, each with the SQL it needs in `queries.rs`.
//!
//! A use case takes a *proof* of who is asking ([`accounts::Admin`], [`accounts::Judge`],
//! [`accounts::Member`]) and, where time matters, a proof of the phase (`domain::schedule`), so
//! that a check cannot be forgotten. Reads borrow a connection; every write of more than one
//! statement goes through [`Backend::transact`].

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod awards;
pub mod cases;
pub mod demonstration;
pub mod editions;
mod error;
pub mod judging;
pub mod keys;
pub mod mail;
pub mod record;
pub mod sms;
pub mod voting;

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgPool};

pub use error::{Error, FieldError, Refusal, Result, is_overload};
pub use sqlx::postgres::PgConnection as Connection;

/// The migrations of this program, applied in order and never edited after they were published.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// A future that borrows the connection of a transaction.
pub type Work<'c, T> = std::pin::Pin<Box<dyn Future<Output = Result<T>> + Send + 'c>>;

/// Everything a use case reaches: the database, the keys, the mail. Cheap to clone.
#[derive(Clone)]
pub struct Backend {
    pool: PgPool,
    keys: keys::Keys,
    passwords: accounts::PasswordPool,
    settings: Arc<Settings>,
    texts: sms::Budget,
    /// This process among those that may append to a record.
    instance: uuid::Uuid,
    /// Who cosigns checkpoints.
    witnesses: Arc<record::Witnesses>,
    /// One table of a poll is written at a time.
    publishing: Arc<tokio::sync::Mutex<()>>,
    ballots: Arc<voting::Ballots>,
    /// Editions whose polls cannot be turned, and until when they are left alone.
    resting: Arc<record::Resting>,
    provider: Option<Arc<voting::oidc::Provider>>,
}

/// What the operator has set and use cases need to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the site, without a slash at the end; links in mails start with it.
    pub public_url: String,
    /// Whether the body that runs this site may say that it is an official one.
    pub official: bool,
    /// A demonstration: sample sign-ins, the mail box and the parts page are shown.
    pub demonstration: bool,
    /// Where mails land as files, for the mail box of a demonstration.
    pub mail_folder: Option<std::path::PathBuf>,
}

impl Settings {
    /// The host people reach the site by, without scheme and port.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest =
            self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        // A colon inside brackets belongs to an IPv6 address.
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

impl Backend {
    /// Binds the use cases to a database. Runs inside Tokio: the queue of ballots is a task.
    #[must_use]
    pub fn new(pool: PgPool, keys: keys::Keys, settings: Settings) -> Self {
        let passwords = accounts::PasswordPool::new();
        let texts = sms::Budget::default();
        let (instance, publishing) = (uuid::Uuid::new_v4(), Arc::default());
        let ballots = Arc::new(voting::Ballots::open(pool.clone()));
        let witnesses = Arc::new(record::Witnesses::new(Vec::new()));
        Self {
            pool,
            keys,
            passwords,
            settings: Arc::new(settings),
            texts,
            instance,
            witnesses,
            publishing,
            ballots,
            resting: Arc::default(),
            provider: None,
        }
    }

    /// Has checkpoints of the records cosigned by these witnesses.
    #[must_use]
    pub fn with_witnesses(mut self, witnesses: Vec<record::Witness>) -> Self {
        self.witnesses = Arc::new(record::Witnesses::new(witnesses));
        self
    }

    /// With the `OpenID` provider that voters sign in at.
    #[must_use]
    pub fn with_provider(mut self, provider: Option<voting::oidc::Provider>) -> Self {
        self.provider = provider.map(Arc::new);
        self
    }

    /// Gives ballots connections of their own: in the last minute they come before everything
    /// else that wants the database.
    #[must_use]
    pub fn with_ballot_pool(mut self, pool: PgPool) -> Self {
        self.ballots = Arc::new(voting::Ballots::open(pool));
        self
    }

    /// What the operator has set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A connection for reading, or for one autocommit statement.
    ///
    /// # Errors
    /// [`Error::Database`] where none is free in time.
    pub(crate) async fn connection(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs several statements as one, in a task that an aborted request cannot drop.
    ///
    /// `Pool::begin()` of sqlx 0.9 can hand a connection back inside an open transaction when the
    /// future around it is dropped; a spawned task runs to its end whoever is still listening.
    ///
    /// # Errors
    /// Whatever `work` returns; then nothing of it is stored.
    pub async fn transact<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut PgConnection) -> Work<'c, T> + Send + 'static,
    {
        let pool = self.pool.clone();
        let task = tokio::spawn(async move {
            let mut transaction = pool.begin().await?;
            let value = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(value)
        });
        task.await.map_err(|_| Error::Internal("a transaction panicked"))?
    }

    /// Most connections to the database at the same time, beside those of the ballots.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Whether the database answers, for the health check.
    ///
    /// # Errors
    /// [`Error::Database`] where it does not.
    pub async fn ping(&self) -> Result<()> {
        self.connection().await?.execute("select 1").await?;
        Ok(())
    }
}

/// Opens the pool with the rules every connection keeps.
///
/// # Errors
/// The database's own error where the first connection cannot be made.
pub async fn connect(url: &str, connections: u32) -> std::result::Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("hanpyo").options([
        // A transaction that forgets to end must not hold locks for longer than a person waits.
        ("idle_in_transaction_session_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("timezone", "UTC"),
    ]);
    // One connection by hand first: a pool only says that it timed out, never why.
    PgConnection::connect_with(&options).await?.close().await?;
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
}

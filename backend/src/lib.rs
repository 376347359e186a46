//! The use cases of the contest: one module for each feature, with its SQL in `queries.rs`.
//!
//! A use case takes a *proof* of who is asking ([`accounts::Admin`], [`accounts::Judge`],
//! [`accounts::Member`]) and, where time matters, a proof of the phase (`domain::schedule`), so
//! that a check cannot be forgotten. Reads borrow a connection; every write of more than one
//! statement goes through [`Backend::run_in_transaction`].

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod awards;
pub mod budget;
pub mod cases;
pub mod demonstration;
pub mod document_reader;
pub mod editions;
mod error;
pub mod file_store;
pub mod fraud;
pub mod judging;
pub mod keys;
pub mod mail;
pub mod personal_data;
pub mod record;
pub mod sms;
pub mod text_files;
pub mod voting;
mod work_queue;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::ids::{PictureId, PollId};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgPool};

pub use error::{Error, FieldError, Refusal, Result, is_overload};
pub use sqlx::postgres::PgConnection as Connection;

/// The migrations of this program. They are applied in order and never edited after publication.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// A future that borrows the connection of a transaction.
pub type TransactionFuture<'c, T> = std::pin::Pin<Box<dyn Future<Output = Result<T>> + Send + 'c>>;

/// Everything that a use case needs: the database, the keys, the settings. Cheap to clone.
#[derive(Clone)]
pub struct Backend {
    pool: PgPool,
    keys: keys::Keys,
    passwords: accounts::PasswordPool,
    settings: Arc<Settings>,
    text_budget: sms::TextBudget,
    /// Identifies this process among those that may append to a record.
    instance: uuid::Uuid,
    /// The witnesses that cosign checkpoints.
    witnesses: Arc<record::Witnesses>,
    /// The opened ballots that readers share. Locked while the tables of a poll are made, because
    /// they take much memory and a processor.
    opened_tables: Arc<tokio::sync::Mutex<record::SharedByReaders<PollId, voting::OpenedBallots>>>,
    /// The pictures that readers share, who may be slow.
    read_pictures: Arc<Mutex<record::SharedByReaders<PictureId, [u8]>>>,
    ballots: Arc<voting::CastingState>,
    /// When this server has looked at each poll's ballots.
    detector: Arc<fraud::DetectorState>,
    /// The short name of the demonstration's season, once its phases are loaded.
    demonstration: Arc<std::sync::OnceLock<String>>,
    /// What the log of each edition says about its polls.
    balances: Arc<record::KnownBalances>,
    /// Which kinds of networks addresses belong to.
    networks: Arc<fraud::NetworkFiles>,
    /// Editions whose open/close job failed, with the time of the next try.
    resting: Arc<record::PausedEditions>,
    provider: Option<Arc<voting::oidc::OidcProvider>>,
    /// Where documents of strangers are read.
    reader: document_reader::DocumentReader,
    /// Where the bytes of files are kept.
    files: file_store::FileStore,
    /// What looks at documents of strangers, if there is one.
    scanner: Option<Arc<cases::VirusScanner>>,
    drill: bool,
    /// When the database was asked last whether it answers, and whether it did.
    last_ping: Arc<tokio::sync::Mutex<Option<(Instant, bool)>>>,
}

/// The operator's settings that use cases need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The site's address, without a slash at the end. Links in mails start with it.
    pub public_url: String,
    /// Whether the pages may say that this is an official site.
    pub official: bool,
    /// Whether this is a demonstration: it shows sample sign-ins, the mail box and the parts page.
    pub demonstration: bool,
    /// The folder that mails are written into, for the mail box of a demonstration.
    pub mail_folder: Option<std::path::PathBuf>,
}

impl Settings {
    /// Returns the host of the site's address, without scheme and port.
    #[must_use]
    pub fn public_host(&self) -> &str {
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
    /// Binds the use cases to a database. Runs only inside Tokio: the ballot queue is a task.
    #[must_use]
    pub fn new(pool: PgPool, keys: keys::Keys, settings: Settings) -> Self {
        let passwords = accounts::PasswordPool::with_dummy_hash();
        let texts = sms::TextBudget::default();
        let (instance, publishing) = (uuid::Uuid::new_v4(), Arc::default());
        let ballots = Arc::new(voting::CastingState::with_pool(pool.clone()));
        let witnesses = Arc::new(record::Witnesses::from_witnesses(Vec::new()));
        Self {
            pool,
            keys,
            passwords,
            settings: Arc::new(settings),
            text_budget: texts,
            instance,
            witnesses,
            opened_tables: publishing,
            read_pictures: Arc::default(),
            detector: Arc::default(),
            demonstration: Arc::default(),
            balances: Arc::default(),
            networks: Arc::default(),
            ballots,
            resting: Arc::default(),
            provider: None,
            reader: document_reader::DocumentReader::default(),
            files: file_store::FileStore::in_memory(),
            scanner: None,
            drill: false,
            last_ping: Arc::default(),
        }
    }

    /// Makes this the server of a drill: it shows a restored database, but signs nothing, sends
    /// nothing and takes no forms. A copy with the real keys must not write a second history.
    #[must_use]
    pub fn with_drill(mut self, drill: bool) -> Self {
        self.drill = drill;
        self
    }

    /// Returns whether this server only tries out a restored database.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.drill
    }

    /// Sets the witnesses that cosign the checkpoints of the records.
    #[must_use]
    pub fn with_witnesses(mut self, witnesses: Vec<record::Witness>) -> Self {
        self.witnesses = Arc::new(record::Witnesses::from_witnesses(witnesses));
        self
    }

    /// Sets the `OpenID` provider at which voters sign in.
    #[must_use]
    pub fn with_oidc_provider(mut self, provider: Option<voting::oidc::OidcProvider>) -> Self {
        self.provider = provider.map(Arc::new);
        self
    }

    /// Sets the files that say which kinds of networks addresses belong to.
    #[must_use]
    pub fn with_network_files(mut self, files: fraud::NetworkFiles) -> Self {
        self.networks = Arc::new(files);
        self
    }

    /// Gives ballots their own connections. In the last minute of a vote they must not wait for
    /// other work on the database.
    #[must_use]
    pub fn with_ballot_pool(mut self, pool: PgPool) -> Self {
        self.ballots = Arc::new(voting::CastingState::with_pool(pool));
        self
    }

    /// Returns the operator's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes a connection for reading, or for one autocommit statement.
    ///
    /// # Errors
    /// [`Error::Database`] if no connection is free in time.
    pub(crate) async fn acquire_connection(
        &self,
    ) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs several statements in one transaction, in a task that an aborted request cannot drop.
    ///
    /// `Pool::begin()` of sqlx 0.9 can return a connection to the pool inside an open transaction
    /// when the future around it is dropped. A spawned task always runs to its end.
    ///
    /// # Errors
    /// The error that `work` returns; then nothing is stored. [`Error::Database`];
    /// [`Error::Internal`] if `work` panics.
    pub async fn run_in_transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut PgConnection) -> TransactionFuture<'c, T> + Send + 'static,
    {
        Self::run_on_pool(self.pool.clone(), work).await
    }

    /// Runs a transaction as [`Backend::run_in_transaction`], on the connections of the ballots,
    /// because ballots wait for it.
    pub(crate) async fn run_for_ballots<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut PgConnection) -> TransactionFuture<'c, T> + Send + 'static,
    {
        Self::run_on_pool(self.ballots.ballot_pool(), work).await
    }

    async fn run_on_pool<T, F>(pool: PgPool, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut PgConnection) -> TransactionFuture<'c, T> + Send + 'static,
    {
        let task = tokio::spawn(async move {
            let mut transaction = pool.begin().await?;
            let value = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(value)
        });
        task.await.map_err(|_| Error::Internal("a transaction panicked"))?
    }

    /// Returns the largest number of database connections, without those of the ballots.
    #[must_use]
    pub fn max_connections(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Checks whether the database answers, for the health check. It is asked once a second at most:
    /// whoever asks meanwhile gets that answer, so health checks take one connection.
    pub async fn does_database_answer(&self) -> bool {
        let mut last = self.last_ping.lock().await;
        match *last {
            Some((asked, answers)) if asked.elapsed() < Duration::from_secs(1) => answers,
            _ => {
                let answers = self.ping_database().await.is_ok();
                *last = Some((Instant::now(), answers));
                answers
            }
        }
    }

    async fn ping_database(&self) -> Result<()> {
        self.acquire_connection().await?.execute("select 1").await?;
        Ok(())
    }
}

/// Opens the pool and sets the timeouts and the time zone of every connection.
///
/// # Errors
/// The database's own error if the first connection cannot be made.
pub async fn connect_to_database(
    url: &str,
    connections: u32,
) -> std::result::Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("hanpyo").options([
        // A transaction that never ends must not hold locks for longer than a person waits.
        ("idle_in_transaction_session_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("timezone", "UTC"),
    ]);
    // Connect once without the pool, because a pool only reports a timeout and not the cause.
    PgConnection::connect_with(&options).await?.close().await?;
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
}

/// Opens a connection without a limit on the time of a statement, for migrations. A new index on
/// millions of rows takes minutes, and a second server waits that long for the first one's lock.
///
/// # Errors
/// The database's own error.
pub async fn connect_for_migrations(url: &str) -> std::result::Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name("hanpyo migrations")
        .options([("statement_timeout", "0"), ("timezone", "UTC")]);
    PgConnection::connect_with(&options).await
}

/// Applies the migrations that are missing.
///
/// # Errors
/// The reason of the first migration that failed. Nothing of that migration is stored.
pub async fn apply_migrations(url: &str) -> std::result::Result<(), sqlx::migrate::MigrateError> {
    let mut connection = connect_for_migrations(url).await?;
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::{Backend, Settings, keys};

    #[tokio::test]
    async fn health_checks_share_the_answer_of_a_second() {
        let pool = sqlx::PgPool::connect_lazy("postgres://127.0.0.1/none").unwrap();
        let settings = Settings {
            public_url: "http://127.0.0.1".to_owned(),
            official: false,
            demonstration: false,
            mail_folder: None,
        };
        let backend = Backend::new(pool.clone(), keys::Keys::from_bytes([7; 32]), settings);
        pool.close().await;
        let an_hour_ahead = Instant::now() + Duration::from_secs(3600);
        *backend.last_ping.lock().await = Some((an_hour_ahead, true));
        assert!(backend.does_database_answer().await, "nobody asks the database");
        *backend.last_ping.lock().await =
            Instant::now().checked_sub(Duration::from_secs(2)).map(|at| (at, true));
        assert!(!backend.does_database_answer().await, "asked again, it is away");
    }
}

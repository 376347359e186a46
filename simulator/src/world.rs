//! What a run needs: its own PostgreSQL, the program with its demonstration season in the middle of
//! the vote, and voters who have shown their codes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};

use crate::app::AppProcess;
use crate::cluster::Cluster;
use crate::error::{Result, SimulatorError};
use crate::queries;
use crate::season::{PreparedSeason, read_token_key};
use crate::target::Target;

/// Sessions opened by one statement: less than a second of work.
const SESSIONS_PER_STATEMENT: u64 = 50_000;
/// How often a run looks whether the rules are sealed, five times a second.
const SEALING_LOOKS: u32 = 300;

/// How a run lets the lines of ballots out: the usual rule of a real season, 50 voters, 60 minutes,
/// fewest 20.
pub const RELEASE_RULES: (i32, i32, i32) = (50, 60, 20);

/// The season that comes with the program. Its cases and windows are taken.
const SEASON: &str = include_str!("../../data/daejeon-2024.json");

/// Settings of every run of the program.
#[derive(Clone, Debug, Args)]
pub struct RunSettings {
    /// Path of the program under test.
    #[arg(long, default_value = "target/debug/hanpyo")]
    pub server: PathBuf,
    /// The folder of PostgreSQL's programs, if it is not found automatically.
    #[arg(long)]
    pub postgres_bin: Option<PathBuf>,
    /// Folder, on a disk, in which the run's folder is created. The run's folder is deleted at the
    /// end.
    #[arg(long, default_value = "/tmp")]
    pub folder: PathBuf,
    /// Slug of the edition.
    #[arg(long, default_value = "daejeon-2024")]
    pub edition: String,
    /// Slug of the poll. Default: the first poll of the edition.
    #[arg(long, default_value = "")]
    pub poll: String,
    /// Seed of the random numbers. The same seed makes the same faults.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Maximum number of database connections of one process of the program.
    #[arg(long, default_value_t = 20)]
    pub database_connections: u32,
}

/// A cluster, a running program, and prepared voters.
pub struct World {
    /// The program. This field is before the cluster, so that the program is dropped first.
    pub app: AppProcess,
    /// The database's cluster.
    pub cluster: Cluster,
    /// The poll and its voters.
    pub season: PreparedSeason,
}

impl World {
    /// Starts the cluster and the program, and prepares this many voters.
    ///
    /// # Errors
    /// [`SimulatorError`] if a process does not start.
    pub async fn start_world(setting: &RunSettings, voters: u64) -> Result<Self> {
        Self::start_world_with(setting, voters, (None, Vec::new())).await
    }

    /// Starts as [`World::start_world`], with a season file as the demonstration and with flags of
    /// `hanpyo serve`.
    ///
    /// # Errors
    /// [`SimulatorError`] if a process does not start or the season is refused.
    pub async fn start_world_with(
        setting: &RunSettings,
        voters: u64,
        (season_file, flags): (Option<String>, Vec<String>),
    ) -> Result<Self> {
        let cluster =
            Cluster::create_and_start(&setting.folder, setting.postgres_bin.as_deref()).await?;
        let mut app = prepare_app(setting, &cluster)?.with_serve_flags(flags);
        if let Some(text) = season_file {
            let file = cluster.run_folder().join("app/season.json");
            std::fs::write(&file, text).map_err(SimulatorError::system_error("the season"))?;
            app.load_demonstration(&file)?;
        }
        app.start_and_wait().await?;
        let key_file = cluster.run_folder().join("app/keys/master.key");
        let database = cluster.database_url("hanpyo");
        let season = prepare_season(&database, &key_file, setting, voters).await?;
        Ok(Self { app, cluster, season })
    }

    /// Opens a connection to the database.
    ///
    /// # Errors
    /// [`SimulatorError::Database`] if the database does not answer.
    pub async fn connect_database(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.cluster.database_url("hanpyo")).await?)
    }

    /// Returns the poll on the program itself, without a proxy.
    #[must_use]
    pub fn direct_target(&self) -> Target {
        Target::new(self.app.listening_address(), &self.season)
    }
}

/// Prepares one more process of the program on the same database without starting it.
///
/// # Errors
/// [`SimulatorError`] if the binary does not exist.
pub fn prepare_app(setting: &RunSettings, cluster: &Cluster) -> Result<AppProcess> {
    let (folder, url) = (cluster.run_folder().join("app"), cluster.database_url("hanpyo"));
    AppProcess::with_free_port(&setting.server, &folder, url, setting.database_connections)
}

/// Returns the season file of the demonstration with another slug and two polls of equal weight: for each
/// the slug and the identity. Spellings of one mailbox are voters of their own.
///
/// # Errors
/// [`SimulatorError`] if the file is no JSON, which cannot happen.
pub fn season_with_polls(edition: &str, polls: [(&str, &str); 2]) -> Result<String> {
    let broken = |error: serde_json::Error| SimulatorError::condition_error(error.to_string());
    let mut season: Value = serde_json::from_str(SEASON).map_err(broken)?;
    let polls = polls.map(|(slug, identity)| {
        let mut poll = json!({
            "slug": slug,
            "title": {"ko": slug, "en": slug},
            "picks": {"at_most": 3},
            "identity": identity,
            "weight": "15/100",
            "basis": "share_of_top",
        });
        if identity == "email" {
            poll["fold_aliases"] = Value::Bool(false);
        }
        poll
    });
    if let Some(fields) = season.as_object_mut() {
        fields.remove("poll");
        fields.insert("slug".to_owned(), Value::from(edition));
        fields.insert("polls".to_owned(), Value::from(polls.to_vec()));
    }
    serde_json::to_string(&season).map_err(broken)
}

/// Reads the poll and opens the sessions of its voters.
///
/// # Errors
/// [`SimulatorError`] if there is no such poll, or if it has no accepted case.
pub async fn prepare_season(
    database: &str,
    key_file: &Path,
    setting: &RunSettings,
    voters: u64,
) -> Result<PreparedSeason> {
    let mut connection = PgConnection::connect(database).await?;
    let poll = queries::find_poll(&mut connection, &setting.edition, &setting.poll).await?;
    if poll.cases.is_empty() {
        return Err(SimulatorError::condition_error("no case of this edition is accepted"));
    }
    let picks = |count: i32| usize::try_from(count).unwrap_or(1);
    let season = PreparedSeason {
        edition: setting.edition.clone(),
        poll: poll.slug,
        poll_id: poll.id,
        token_key: read_token_key(key_file)?,
        seed: setting.seed,
        voters,
        cases: poll.cases,
        picks: (picks(poll.picks.0), picks(poll.picks.1)),
    };
    let mut from = 0;
    while from < voters {
        let to = voters.min(from + SESSIONS_PER_STATEMENT);
        let (tokens, keys): (Vec<_>, Vec<_>) = (from..to)
            .map(|voter| {
                let token = Sha256::digest(season.session_token(voter)).to_vec();
                (token, season.voter_key(voter).to_vec())
            })
            .unzip();
        queries::open_voter_sessions(&mut connection, poll.id, (&tokens, &keys)).await?;
        from = to;
    }
    wait_for_sealed_rules(&mut connection, &season.edition).await?;
    Ok(season)
}

/// Waits until the program has sealed the rules of an edition, which it does when the first poll
/// opens, and sets how it lets the lines of ballots out.
///
/// # Errors
/// [`SimulatorError::Wrong`] if they are not sealed within a minute.
pub async fn wait_for_sealed_rules(connection: &mut PgConnection, edition: &str) -> Result<()> {
    for _ in 0..SEALING_LOOKS {
        if queries::set_release_rules(connection, edition, RELEASE_RULES).await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err(SimulatorError::condition_error("the rules of this edition are not sealed"))
}

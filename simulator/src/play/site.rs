//! The site of a run: a cluster and a server of its own, with a season that has two polls, one with
//! codes by mail and one with codes by text message.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{Connection as _, PgConnection};

use super::networks::write_network_file;
use crate::app::AppProcess;
use crate::cluster::Cluster;
use crate::error::{Result, SimulatorError};
use crate::queries::{PollRow, find_poll};
use crate::world::{season_with_polls, wait_for_sealed_rules};

/// Slug of the edition.
pub const EDITION: &str = "played-season";
/// Slugs of the polls: codes by mail, codes by text message.
const POLLS: [&str; 2] = ["by-mail", "by-text"];

/// What a site is started with.
#[derive(Clone, Copy, Debug)]
pub struct SiteSettings<'a> {
    /// Path of the program under test.
    pub server: &'a Path,
    /// The folder of PostgreSQL's programs, if it is not found automatically.
    pub postgres_bin: Option<&'a Path>,
    /// The folder in which the run's folder is created.
    pub folder: &'a Path,
    /// Maximum number of the program's database connections.
    pub connections: u32,
}

/// A running site.
pub struct PlayedSite {
    /// The program. This field is before the cluster, so that the program is dropped first.
    pub app: AppProcess,
    /// The database's cluster.
    cluster: Cluster,
    /// The polls.
    pub polls: [PollRow; 2],
}

impl PlayedSite {
    /// Starts the cluster and the server, and waits until the polls are open.
    ///
    /// # Errors
    /// [`SimulatorError`] if a process does not start or the season is refused.
    pub async fn start_site(settings: SiteSettings<'_>) -> Result<Self> {
        let cluster = Cluster::create_and_start(settings.folder, settings.postgres_bin).await?;
        let folder = cluster.run_folder().join("app");
        let flags = write_serve_flags(&folder)?;
        let url = cluster.database_url("hanpyo");
        let app = AppProcess::with_free_port(settings.server, &folder, url, settings.connections)?;
        let mut app = app.with_serve_flags(flags);
        let season = folder.join("season.json");
        write_file(&season, season_with_two_polls()?.as_bytes())?;
        app.load_demonstration(&season)?;
        app.start_and_wait().await?;
        let mut database = PgConnection::connect(&cluster.database_url("hanpyo")).await?;
        wait_for_sealed_rules(&mut database, EDITION).await?;
        let polls = [
            find_poll(&mut database, EDITION, POLLS[0]).await?,
            find_poll(&mut database, EDITION, POLLS[1]).await?,
        ];
        Ok(Self { app, cluster, polls })
    }

    /// Opens a connection to the database.
    ///
    /// # Errors
    /// [`SimulatorError::Database`] if the database does not answer.
    pub async fn connect_database(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.cluster.database_url("hanpyo")).await?)
    }
}

/// Returns the flags of the server: clients are behind a trusted proxy, and two files say of what kind
/// their networks are.
fn write_serve_flags(folder: &Path) -> Result<Vec<String>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut flags = vec!["--client-ip".to_owned(), "RightmostXForwardedFor".to_owned()];
    for name in ["networks-1.mmdb", "networks-2.mmdb"] {
        let path: PathBuf = folder.join(name);
        write_file(&path, &write_network_file(now))?;
        flags.extend(["--network-file".to_owned(), path.display().to_string()]);
    }
    Ok(flags)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(SimulatorError::system_error(path.display().to_string()))
}

/// Returns the season file with a poll by mail and one by text message. Aliases are voters of
/// their own, so that the attack with aliases can be played.
fn season_with_two_polls() -> Result<String> {
    season_with_polls(EDITION, [(POLLS[0], "email"), (POLLS[1], "mobile")])
}

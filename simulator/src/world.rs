//! What a run needs: a PostgreSQL of its own, the program with its demonstration season in the
//! middle of the vote, and voters who have shown their codes.

use std::path::PathBuf;

use clap::Args;
use sqlx::{Connection as _, PgConnection};

use crate::app::App;
use crate::cluster::Cluster;
use crate::queries;
use crate::season::Season;
use crate::target::Target;
use crate::trouble::{Result, Trouble};

/// Sessions opened by one statement: less than a second of work.
const SESSIONS: u64 = 50_000;

/// What every run of the program is made with.
#[derive(Clone, Debug, Args)]
pub struct Setting {
    /// The program under test.
    #[arg(long, default_value = "target/debug/hanpyo")]
    pub server: PathBuf,
    /// The folder of PostgreSQL's programs, where it is not found by itself.
    #[arg(long)]
    pub postgres_bin: Option<PathBuf>,
    /// Where the run's folder is made, on a disk; it is deleted at the end.
    #[arg(long, default_value = "/tmp")]
    pub folder: PathBuf,
    /// The edition.
    #[arg(long, default_value = "daejeon-2024")]
    pub edition: String,
    /// The poll; the first one of the edition by default.
    #[arg(long, default_value = "")]
    pub poll: String,
    /// What chance starts from; the same seed makes the same faults.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Connections that one process of the program may open to the database.
    #[arg(long, default_value_t = 20)]
    pub database_connections: u32,
}

/// A cluster, a running program, and prepared voters.
pub struct World {
    /// The program. Stands before the cluster, so that it ends first.
    pub app: App,
    /// The database's cluster.
    pub cluster: Cluster,
    /// The poll and its voters.
    pub season: Season,
}

impl World {
    /// Makes all of it, with so many voters.
    ///
    /// # Errors
    /// [`Trouble`] where something does not come up.
    pub async fn make(setting: &Setting, voters: u64) -> Result<Self> {
        let cluster = Cluster::make(&setting.folder, setting.postgres_bin.as_deref()).await?;
        let mut app = another_app(setting, &cluster)?;
        app.start_and_wait().await?;
        let season = prepare(&cluster.url("hanpyo"), setting, voters).await?;
        Ok(Self { app, cluster, season })
    }

    /// A connection of the run's own to the database.
    ///
    /// # Errors
    /// [`Trouble::Database`].
    pub async fn database(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.cluster.url("hanpyo")).await?)
    }

    /// The poll on the program itself, without a proxy.
    #[must_use]
    pub fn target(&self) -> Target {
        Target::new(self.app.address(), &self.season)
    }
}

/// One more process of the program on the same database, not started.
///
/// # Errors
/// [`Trouble`] where the binary is not there.
pub fn another_app(setting: &Setting, cluster: &Cluster) -> Result<App> {
    let (folder, url) = (cluster.folder().join("app"), cluster.url("hanpyo"));
    App::new(&setting.server, &folder, url, setting.database_connections)
}

/// Reads the poll and opens the sessions of its voters.
///
/// # Errors
/// [`Trouble`] where there is no such poll, or no case in it.
pub async fn prepare(database: &str, setting: &Setting, voters: u64) -> Result<Season> {
    let mut connection = PgConnection::connect(database).await?;
    let poll = queries::poll(&mut connection, &setting.edition, &setting.poll).await?;
    if poll.cases.is_empty() {
        return Err(Trouble::wrong("no case of this edition is accepted"));
    }
    let mut from = 0;
    while from < voters {
        let to = voters.min(from + SESSIONS);
        queries::open_sessions(&mut connection, poll.id, setting.seed, (from, to)).await?;
        from = to;
    }
    let picks = |count: i32| usize::try_from(count).unwrap_or(1);
    Ok(Season {
        edition: setting.edition.clone(),
        poll: poll.slug,
        poll_id: poll.id,
        seed: setting.seed,
        voters,
        cases: poll.cases,
        picks: (picks(poll.picks.0), picks(poll.picks.1)),
    })
}

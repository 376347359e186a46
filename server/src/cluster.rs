//! The default database: a private PostgreSQL cluster in the data folder.
//!
//! The `initdb` of the installed PostgreSQL creates it, with `fsync` on. It is reachable through a
//! socket in its own folder and not over the network, and it stops with the server. PostgreSQL
//! refuses to run as root, so in that case it runs as an unprivileged user. What lies in that
//! user's folder is read and written only as that user, because it may be a link to anything.

mod folders;
mod postgres;

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::geteuid;
use sqlx::{Connection as _, PgConnection};

use crate::{StartError, queries};

pub(crate) use folders::{find_stranded_cluster, lock_folder};
pub(crate) use postgres::OLDEST_MAJOR;

use folders::{create_socket_folder, fallback_folder, find_reachable_folder};
use postgres::{PostgresPrograms, StopMode, check_major, find_programs};

/// Longest time that a start may take. Recovery after a crash replays the log.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long PostgreSQL's process may live on after `pg_ctl` has said that it stopped.
const EXIT_PATIENCE: Duration = Duration::from_secs(5);

/// A running private cluster. Dropping it stops PostgreSQL and waits for its last write, for a
/// bounded time.
pub(crate) struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    user: Option<UnixUser>,
    server: Child,
    throw_away: bool,
    /// Held while this cluster runs, so that two programs never share a cluster.
    _lock: File,
}

/// Whether the data must outlive the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeepData {
    /// Yes: the default of `serve`.
    Yes,
    /// No: a cluster for tests, without waiting for the disk, deleted at the end.
    ThrowAway,
}

#[derive(Clone, Copy)]
struct UnixUser {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Starts the cluster in `folder`. Creates it first if it does not exist.
    pub(crate) async fn start_cluster(
        folder: &Path,
        programs: Option<&Path>,
        kept: KeepData,
    ) -> Result<Self, StartError> {
        let user = find_unprivileged_user()?;
        let folder = find_reachable_folder(folder, user)?;
        let lock = lock_folder(&folder)?;
        let data = folder.join("postgres");
        let made_by = read_file_as_user(user, &data.join("PG_VERSION"));
        let made_by_major = made_by.as_deref().and_then(|version| version.trim().parse().ok());
        let (programs, major) = find_programs(programs, made_by_major)?;
        let socket = create_socket_folder(&data, user)?;
        let run = PostgresPrograms { programs: &programs, user };
        if data.join("PG_VERSION").exists() {
            check_major(&data, &made_by.unwrap_or_default(), major)?;
            run.stop_orphan(&data);
        } else {
            tracing::info!(folder = %data.display(), "making a private PostgreSQL cluster");
            // The cluster is created in another folder and then moved, so that an interrupted start
            // leaves nothing that looks like a cluster.
            let fresh = folder.join("postgres.new");
            let _ = fs::remove_dir_all(&fresh);
            run.run_initdb(&fresh)?;
            fs::rename(&fresh, &data)
                .map_err(|error| StartError::file_error("the new cluster's place", error))?;
        }
        let server = run.spawn_postgres(&data, &socket, kept)?;
        let throw_away = kept == KeepData::ThrowAway;
        let mut cluster = Self { programs, data, socket, user, server, throw_away, _lock: lock };
        cluster.wait_until_ready().await?;
        tracing::info!(socket = %cluster.socket.display(), "the private PostgreSQL cluster is ready");
        Ok(cluster)
    }

    /// Returns whether there is a cluster for this data folder.
    pub(crate) fn exists_in_folder(folder: &Path) -> bool {
        let instead = folder.canonicalize().map(|folder| fallback_folder(&folder));
        [Ok(folder.to_owned()), instead]
            .into_iter()
            .flatten()
            .any(|folder| folder.join("postgres/PG_VERSION").exists())
    }

    /// Returns the URL of a database in this cluster. `hanpyo` is the one of the program.
    pub(crate) fn database_url(&self, database: &str) -> String {
        format!("postgres://hanpyo@localhost/{database}?host={}", self.socket.display())
    }

    async fn wait_until_ready(&mut self) -> Result<(), StartError> {
        let begun = Instant::now();
        loop {
            if let Ok(mut connection) = PgConnection::connect(&self.database_url("postgres")).await
            {
                return queries::create_database(&mut connection)
                    .await
                    .map_err(StartError::Connect);
            }
            let ended = self.server.try_wait().ok().flatten().is_some();
            if ended || begun.elapsed() > START_PATIENCE {
                let log = self.data.join("server.log");
                let text = read_file_as_user(self.user, &log).unwrap_or_default();
                let last = text.lines().rfind(|line| !line.trim().is_empty());
                return Err(StartError::Cluster {
                    last: last.unwrap_or("nothing").to_owned(),
                    log,
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Stops PostgreSQL: in order, then at once, then by force. Each step has a limit, because a
    /// service manager that waits longer kills the whole program.
    fn stop_server(&mut self) {
        for mode in [StopMode::Fast, StopMode::Immediate] {
            let run = PostgresPrograms { programs: &self.programs, user: self.user };
            run.stop_postgres(&self.data, mode);
            if self.has_ended_in_time() {
                return;
            }
            tracing::warn!(mode = mode.pg_ctl_word(), "PostgreSQL has not stopped in time");
        }
        // The next start recovers from the write-ahead log.
        let _ = self.server.kill();
        let _ = self.has_ended_in_time();
    }

    fn has_ended_in_time(&mut self) -> bool {
        let begun = Instant::now();
        loop {
            match self.server.try_wait() {
                Ok(None) if begun.elapsed() < EXIT_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Ok(None) => return false,
                Ok(Some(_)) | Err(_) => return true,
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_server();
        let _ = fs::remove_dir_all(&self.socket);
        if self.throw_away
            && let Some(folder) = self.data.parent()
        {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Returns the user that PostgreSQL runs as if this process is root.
fn find_unprivileged_user() -> Result<Option<UnixUser>, StartError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map_while(|field| field.parse::<u32>().ok());
        Some(UnixUser { uid: numbers.next()?, gid: numbers.next()? })
    };
    find("postgres").or_else(|| find("nobody")).map(Some).ok_or(StartError::NoUser)
}

/// Makes a command that runs as PostgreSQL's user.
fn build_user_command(user: Option<UnixUser>, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).env("LC_ALL", "C.UTF-8").current_dir("/");
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    command
}

/// Reads a file in a folder of PostgreSQL's user with the rights of that user. Root would follow a
/// link of theirs to any file. `None` if it cannot be read.
fn read_file_as_user(user: Option<UnixUser>, path: &Path) -> Option<String> {
    if user.is_none() {
        return fs::read_to_string(path).ok();
    }
    let mut command = build_user_command(user, Path::new("cat"));
    let output = command.arg("--").arg(path).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

//! A private PostgreSQL for one run, with `fsync` and `synchronous_commit` on, that can be killed.
//!
//! The settings are those of `server/src/cluster.rs`. This cluster is made to be killed: `kill_postgres`
//! sends signal 9 to the postmaster and every backend, and `start` recovers.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};

use crate::error::{Result, SimulatorError};
use crate::process::{child_processes, send_signal};

/// Longest time that a start may take. After a kill PostgreSQL replays its log.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// A running cluster. Dropping it stops PostgreSQL and deletes the folder.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<(u32, u32)>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes a cluster in a fresh folder below `place` and starts it.
    ///
    /// # Errors
    /// [`SimulatorError`] if PostgreSQL is not installed or does not start.
    pub async fn create_and_start(place: &Path, programs: Option<&Path>) -> Result<Self> {
        let programs = match programs {
            Some(folder) => folder.to_owned(),
            None => find_programs()?,
        };
        let user = find_unprivileged_user()?;
        let folder = place.join(format!("hanpyo-sim-{}", std::process::id()));
        fs::create_dir_all(folder.join("app"))
            .map_err(SimulatorError::system_error("the run's folder"))?;
        let own = |path: &Path| {
            fs::create_dir_all(path)?;
            fs::set_permissions(path, Permissions::from_mode(0o700))?;
            user.map_or(Ok(()), |(uid, gid)| chown(path, Some(uid), Some(gid)))
        };
        fs::set_permissions(&folder, Permissions::from_mode(0o755))
            .map_err(SimulatorError::system_error("the run's folder"))?;
        let mut cluster = Self { programs, folder, user, server: None };
        own(&cluster.socket_folder())
            .map_err(SimulatorError::system_error("the socket's folder"))?;
        own(&cluster.data_folder())
            .map_err(SimulatorError::system_error("the cluster's folder"))?;
        cluster.run_initdb()?;
        cluster.start_postgres().await?;
        let mut connection = PgConnection::connect(&cluster.database_url("postgres")).await?;
        crate::queries::create_database(&mut connection).await?;
        Ok(cluster)
    }

    /// Returns the URL of a database in this cluster. `hanpyo` is the database of the run.
    #[must_use]
    pub fn database_url(&self, database: &str) -> String {
        format!("postgres://hanpyo@localhost/{database}?host={}", self.socket_folder().display())
    }

    /// Returns the folder of the run. Its subfolder `app` is for the application.
    #[must_use]
    pub fn run_folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the folder of the socket.
    #[must_use]
    pub fn socket_folder(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// Returns the path of one of PostgreSQL's programs.
    #[must_use]
    pub fn program_path(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Returns the postmaster's process id while it runs.
    #[must_use]
    pub fn postmaster_id(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    fn data_folder(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    fn unprivileged_command(&self, program: &str) -> Command {
        let mut command = Command::new(self.program_path(program));
        command.stdin(Stdio::null()).env("LC_ALL", "C.UTF-8").current_dir("/");
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn run_initdb(&self) -> Result<()> {
        let output = self
            .unprivileged_command("initdb")
            .args(["--username=hanpyo", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--auth-local=trust", "--auth-host=reject", "--data-checksums", "--pgdata"])
            .arg(self.data_folder())
            .output()
            .map_err(SimulatorError::system_error("initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(SimulatorError::condition_error(format!(
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        )))
    }

    /// Starts PostgreSQL and waits until it answers. Also works after [`Cluster::kill_postgres`].
    ///
    /// # Errors
    /// [`SimulatorError::NotUp`] if it does not answer within a minute.
    pub async fn start_postgres(&mut self) -> Result<()> {
        let log_path = self.folder.join("postgres.log");
        let log = File::options().create(true).append(true).open(&log_path);
        let log = log.map_err(SimulatorError::system_error("the cluster's log"))?;
        let copy = log.try_clone().map_err(SimulatorError::system_error("the cluster's log"))?;
        let server = self
            .unprivileged_command("postgres")
            .arg("-D")
            .arg(self.data_folder())
            .args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on"])
            .args(["-c", &format!("unix_socket_directories={}", self.socket_folder().display())])
            .args(["-c", "max_connections=400", "-c", "shared_buffers=256MB"])
            .args(["-c", "max_wal_size=2GB", "-c", "timezone=UTC"])
            .stdout(log)
            .stderr(copy)
            .process_group(0)
            .spawn()
            .map_err(SimulatorError::system_error("postgres"))?;
        self.server = Some(server);
        let begun = Instant::now();
        while PgConnection::connect(&self.database_url("postgres")).await.is_err() {
            let ended = self.server.as_mut().is_none_or(|it| !matches!(it.try_wait(), Ok(None)));
            if ended || begun.elapsed() > START_PATIENCE {
                return Err(SimulatorError::NotUp {
                    program: "postgres".to_owned(),
                    log: log_path,
                });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Kills the postmaster and all its processes, as a power cut would. PostgreSQL flushes
    /// nothing, but the kernel still writes what it was given: this is a crash of PostgreSQL, not
    /// of the disk.
    pub fn kill_postgres(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let backends = child_processes(server.id());
        let _ = server.kill();
        for backend in backends {
            send_signal(backend, "KILL");
        }
        let _ = server.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill_postgres();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Finds the folder with `run_initdb` and `postgres`: the one of `pg_config`, else the newest one of
/// Debian, else one on the path.
fn find_programs() -> Result<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut found: Vec<_> = versions.flatten().map(|it| it.path().join("bin")).collect();
        found.sort();
        folders.extend(found.into_iter().rev());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .ok_or_else(|| {
            SimulatorError::condition_error(
                "no PostgreSQL was found; name its folder: --postgres-bin",
            )
        })
}

/// Returns the user and group that PostgreSQL runs as if this process is root, because PostgreSQL
/// refuses root.
fn find_unprivileged_user() -> Result<Option<(u32, u32)>> {
    let own = fs::metadata("/proc/self").map_err(SimulatorError::system_error("/proc/self"))?;
    if own.uid() != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map_while(|field| field.parse().ok());
        Some((numbers.next()?, numbers.next()?))
    };
    let user = find("postgres").or_else(|| find("nobody"));
    user.map(Some).ok_or_else(|| {
        SimulatorError::condition_error("there is neither a user postgres nor nobody")
    })
}

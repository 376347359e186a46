//! The default database: a private PostgreSQL cluster in the data folder.
//!
//! The `run_initdb` of the installed PostgreSQL creates it, with `fsync` on. It is reachable through a
//! socket in its own folder and not over the network, and it stops with the server. PostgreSQL
//! refuses to run as root, so in that case it runs as an unprivileged user.

use std::fs::{self, File, Permissions};
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};

use crate::{StartError, queries};

/// Oldest major version of PostgreSQL that supports the SQL of the queries.
pub(crate) const OLDEST_MAJOR: u32 = 15;
/// Longest time that a start may take. Recovery after a crash replays the log.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// A running private cluster. Dropping it stops PostgreSQL and waits for its last write.
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
        let folder = reachable_folder(folder, user)?;
        let lock = lock_folder(&folder)?;
        let data = folder.join("postgres");
        let made_by = fs::read_to_string(data.join("PG_VERSION")).ok();
        let made_by = made_by.and_then(|version| version.trim().parse().ok());
        let (programs, major) = find_programs(programs, made_by)?;
        let socket = create_socket_folder(&data, user)?;
        let run = PostgresPrograms { programs: &programs, user };
        if data.join("PG_VERSION").exists() {
            check_major(&data, major)?;
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
                let last = last_line(&log);
                return Err(StartError::Cluster { log, last });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let run = PostgresPrograms { programs: &self.programs, user: self.user };
        run.stop_postgres(&self.data);
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.socket);
        if self.throw_away
            && let Some(folder) = self.data.parent()
        {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// PostgreSQL's programs, run as the user they accept.
struct PostgresPrograms<'a> {
    programs: &'a Path,
    user: Option<UnixUser>,
}

impl PostgresPrograms<'_> {
    fn unprivileged_command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.stdin(Stdio::null()).env("LC_ALL", "C.UTF-8").current_dir("/");
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn run_initdb(&self, data: &Path) -> Result<(), StartError> {
        create_owned_folder(data, self.user)?;
        let output = self
            .unprivileged_command("initdb")
            .args(["--username=hanpyo", "--encoding=UTF8", "--locale=C.UTF-8"])
            // Only this user and root can enter the socket's folder.
            .args(["--auth-local=trust", "--auth-host=reject", "--data-checksums"])
            .arg("--pgdata")
            .arg(data)
            .output()
            .map_err(|error| StartError::file_error("initdb could not be run", error))?;
        if output.status.success() {
            return Ok(());
        }
        let last = String::from_utf8_lossy(&output.stderr).trim().replace('\n', " ");
        Err(StartError::Cluster { log: data.to_owned(), last })
    }

    fn spawn_postgres(
        &self,
        data: &Path,
        socket: &Path,
        kept: KeepData,
    ) -> Result<Child, StartError> {
        let log = data.join("server.log");
        let file = File::create(&log)
            .map_err(|error| StartError::file_error("the cluster's log", error))?;
        let copy =
            file.try_clone().map_err(|error| StartError::file_error("the cluster's log", error))?;
        let durable = if kept == KeepData::Yes { "on" } else { "off" };
        self.unprivileged_command("postgres")
            .arg("-D")
            .arg(data)
            .args(["-c", "listen_addresses="])
            .args(["-c", &format!("unix_socket_directories={}", socket.display())])
            .args(["-c", &format!("fsync={durable}")])
            .args(["-c", &format!("synchronous_commit={durable}")])
            // The queue at the socket is twice as long as `max_connections`. A connection beyond it
            // is refused at once.
            .args(["-c", "max_connections=400", "-c", "shared_buffers=256MB"])
            .args(["-c", "max_wal_size=2GB", "-c", "timezone=UTC"])
            .stdout(file)
            .stderr(copy)
            // A process group of its own, so that Ctrl-C reaches only Hanpyo, which then stops
            // PostgreSQL.
            .process_group(0)
            .spawn()
            .map_err(|error| StartError::file_error("postgres could not be run", error))
    }

    /// Stops a PostgreSQL that a killed Hanpyo left running. We hold the lock, so nobody else uses
    /// it.
    fn stop_orphan(&self, data: &Path) {
        let pid = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = pid.lines().next().map(str::trim) else { return };
        // After a crash of the machine this process id may belong to another process.
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let ours = data.as_os_str().as_encoded_bytes();
        if command.split(|byte| *byte == 0).any(|word| word == ours) {
            self.stop_postgres(data);
        }
    }

    fn stop_postgres(&self, data: &Path) {
        let _ = self
            .unprivileged_command("pg_ctl")
            .args(["stop", "--mode=fast", "--silent", "--wait", "--pgdata"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Finds the folder of `run_initdb` and `spawn_postgres`, and their major version. Prefers the version that
/// made the cluster, else the newest one.
fn find_programs(named: Option<&Path>, made_by: Option<u32>) -> Result<(PathBuf, u32), StartError> {
    let candidates = match named {
        Some(folder) => vec![folder.to_owned()],
        None => candidate_folders(),
    };
    let mut found: Vec<(u32, PathBuf)> = candidates
        .into_iter()
        .filter(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .filter_map(|folder| Some((installed_major(&folder)?, folder)))
        .collect();
    found.sort_by_key(|(major, _)| (Some(*major) == made_by, *major));
    match found.pop() {
        None => Err(StartError::NoPostgres),
        Some((found, folder)) if found < OLDEST_MAJOR => {
            Err(StartError::OldPostgres { folder, found })
        }
        Some((major, folder)) => Ok((folder, major)),
    }
}

fn candidate_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    // Links are resolved, because the server finds its own files relative to its real folder.
    folders
        .iter()
        .filter_map(|folder| {
            folder.join("postgres").canonicalize().ok()?.parent().map(Path::to_owned)
        })
        .collect()
}

fn installed_major(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().nth(2)?;
    version.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

fn check_major(data: &Path, found: u32) -> Result<(), StartError> {
    let made_by = fs::read_to_string(data.join("PG_VERSION"))
        .map_err(|error| StartError::file_error("the cluster's version", error))?;
    if made_by.trim() == found.to_string() {
        return Ok(());
    }
    let made_by = made_by.trim().to_owned();
    Err(StartError::OtherMajor { folder: data.to_owned(), made_by, found })
}

/// Returns the user that PostgreSQL runs as if this process is root.
fn find_unprivileged_user() -> Result<Option<UnixUser>, StartError> {
    let root = fs::metadata("/proc/self")
        .map(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
        .unwrap_or(false);
    if !root {
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

/// Returns the folder itself, or a folder of its own under /var/lib if the unprivileged user cannot
/// enter it (a home folder, a temporary folder of root).
fn reachable_folder(folder: &Path, user: Option<UnixUser>) -> Result<PathBuf, StartError> {
    fs::create_dir_all(folder).map_err(|error| {
        StartError::file_error(format!("the folder {}", folder.display()), error)
    })?;
    let folder = folder.canonicalize().map_err(|error| {
        StartError::file_error(format!("the folder {}", folder.display()), error)
    })?;
    let Some(user) = user else { return Ok(folder) };
    let reached = Command::new("test")
        .arg("-x")
        .arg(&folder)
        .uid(user.uid)
        .gid(user.gid)
        .current_dir("/")
        .status()
        .is_ok_and(|status| status.success());
    if reached {
        return Ok(folder);
    }
    let instead = fallback_folder(&folder);
    tracing::info!(
        folder = %folder.display(), instead = %instead.display(),
        "PostgreSQL's user cannot enter this folder; the cluster is kept elsewhere"
    );
    fs::create_dir_all(&instead).map_err(|error| {
        StartError::file_error(format!("the folder {}", instead.display()), error)
    })?;
    Ok(instead)
}

/// Returns the folder of the cluster if its user cannot enter the data folder.
fn fallback_folder(folder: &Path) -> PathBuf {
    PathBuf::from("/var/lib/hanpyo").join(folder_hash(folder))
}

fn folder_hash(folder: &Path) -> String {
    hex::encode(&Sha256::digest(folder.as_os_str().as_encoded_bytes())[..8])
}

fn lock_folder(folder: &Path) -> Result<File, StartError> {
    let path = folder.join("hanpyo.lock");
    let file = File::create(&path)
        .map_err(|error| StartError::file_error(format!("the lock {}", path.display()), error))?;
    file.try_lock().map_err(|_| StartError::FolderInUse(folder.to_owned()))?;
    Ok(file)
}

/// Creates a folder with a short path for the socket, because the path of a Unix socket has at most
/// 107 bytes and a checkout may be deep in the file system.
fn create_socket_folder(data: &Path, user: Option<UnixUser>) -> Result<PathBuf, StartError> {
    // Not `TMPDIR`, because PostgreSQL's user may not be able to enter our temporary folder.
    let folder = Path::new("/tmp").join(format!("hanpyo-{}", folder_hash(data)));
    // The folder is created again, so that it is ours and empty.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).map_err(|error| {
        StartError::file_error(format!("the socket folder {}", folder.display()), error)
    })?;
    restrict_to_owner(&folder, user)?;
    Ok(folder)
}

fn create_owned_folder(folder: &Path, user: Option<UnixUser>) -> Result<(), StartError> {
    fs::create_dir_all(folder).map_err(|error| {
        StartError::file_error(format!("the folder {}", folder.display()), error)
    })?;
    restrict_to_owner(folder, user)
}

fn restrict_to_owner(folder: &Path, user: Option<UnixUser>) -> Result<(), StartError> {
    let owned = fs::set_permissions(folder, Permissions::from_mode(0o700))
        .and_then(|()| user.map_or(Ok(()), |user| chown(folder, Some(user.uid), Some(user.gid))));
    owned.map_err(|error| StartError::file_error(format!("the folder {}", folder.display()), error))
}

fn last_line(log: &Path) -> String {
    let mut text = String::new();
    let _ = File::open(log).and_then(|mut file| file.read_to_string(&mut text));
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing").to_owned()
}

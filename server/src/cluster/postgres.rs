//! PostgreSQL's programs: which ones are installed, and how they are run.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::folders::create_owned_folder;
use super::{KeepData, UnixUser, build_user_command, read_file_as_user};
use crate::StartError;

/// Oldest major version of PostgreSQL that supports the SQL of the queries.
pub(crate) const OLDEST_MAJOR: u32 = 15;

/// How PostgreSQL is asked to stop.
#[derive(Clone, Copy)]
pub(super) enum StopMode {
    /// It ends the connections and writes everything to its place. On a slow disk this takes a
    /// while.
    Fast,
    /// It ends at once. The next start recovers from the write-ahead log.
    Immediate,
}

impl StopMode {
    /// Returns the word of `pg_ctl`.
    pub(super) const fn pg_ctl_word(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }

    /// How long `pg_ctl` waits, in seconds.
    const fn patience_seconds(self) -> &'static str {
        match self {
            Self::Fast => "45",
            Self::Immediate => "5",
        }
    }
}

/// PostgreSQL's programs, run as the user they accept.
pub(super) struct PostgresPrograms<'a> {
    pub(super) programs: &'a Path,
    pub(super) user: Option<UnixUser>,
}

impl PostgresPrograms<'_> {
    fn build_postgres_command(&self, program: &str) -> Command {
        build_user_command(self.user, &self.programs.join(program))
    }

    pub(super) fn run_initdb(&self, data: &Path) -> Result<(), StartError> {
        create_owned_folder(data, self.user)?;
        let output = self
            .build_postgres_command("initdb")
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

    pub(super) fn spawn_postgres(
        &self,
        data: &Path,
        socket: &Path,
        kept: KeepData,
    ) -> Result<Child, StartError> {
        let durable = if kept == KeepData::Yes { "on" } else { "off" };
        // The shell opens the log with the rights of PostgreSQL's user and then becomes PostgreSQL.
        // If we opened it as root, that user could replace it by a link to a file of root's.
        build_user_command(self.user, Path::new("/bin/sh"))
            .args(["-c", r#"exec "$@" >"$0" 2>&1"#])
            .arg(data.join("server.log"))
            .arg(self.programs.join("postgres"))
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
            .stdout(Stdio::null())
            // A process group of its own, so that Ctrl-C reaches only Hanpyo, which then stops
            // PostgreSQL.
            .process_group(0)
            .spawn()
            .map_err(|error| StartError::file_error("postgres could not be run", error))
    }

    /// Stops a PostgreSQL that a killed Hanpyo left running. We hold the lock, so nobody else uses
    /// it.
    pub(super) fn stop_orphan(&self, data: &Path) {
        let pid = read_file_as_user(self.user, &data.join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = pid.lines().next().map(str::trim) else { return };
        if pid.is_empty() || !pid.bytes().all(|digit| digit.is_ascii_digit()) {
            return;
        }
        // After a crash of the machine this process id may belong to another process.
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let ours = data.as_os_str().as_encoded_bytes();
        if command.split(|byte| *byte == 0).any(|word| word == ours) {
            self.stop_postgres(data, StopMode::Fast);
        }
    }

    pub(super) fn stop_postgres(&self, data: &Path, mode: StopMode) {
        let _ = self
            .build_postgres_command("pg_ctl")
            .args(["stop", "--silent", "--wait", "--mode", mode.pg_ctl_word()])
            .args(["--timeout", mode.patience_seconds(), "--pgdata"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Finds the folder of PostgreSQL's programs, and their major version. Prefers the version that
/// made the cluster, else the newest one.
pub(super) fn find_programs(
    named: Option<&Path>,
    made_by: Option<u32>,
) -> Result<(PathBuf, u32), StartError> {
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

/// Checks that the installed version is the one that made the cluster.
pub(super) fn check_major(data: &Path, made_by: &str, found: u32) -> Result<(), StartError> {
    let made_by = made_by.trim();
    if made_by == found.to_string() {
        return Ok(());
    }
    Err(StartError::OtherMajor { folder: data.to_owned(), made_by: made_by.to_owned(), found })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
    use std::path::Path;

    use super::super::{KeepData, find_unprivileged_user};
    use super::PostgresPrograms;

    /// Runs a program in place of PostgreSQL, with `server.log` linked to `target`.
    fn start_with_linked_log(folder: &Path, target: &Path) {
        let user = find_unprivileged_user().unwrap().unwrap();
        let (programs, data) = (folder.join("bin"), folder.join("postgres"));
        for made in [&programs, &data] {
            fs::create_dir_all(made).unwrap();
            fs::set_permissions(made, Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(programs.join("postgres"), "#!/bin/sh\necho written by PostgreSQL\n").unwrap();
        fs::set_permissions(programs.join("postgres"), Permissions::from_mode(0o755)).unwrap();
        symlink(target, data.join("server.log")).unwrap();
        chown(&data, Some(user.uid), Some(user.gid)).unwrap();
        let run = PostgresPrograms { programs: &programs, user: Some(user) };
        let mut server = run.spawn_postgres(&data, folder, KeepData::Yes).unwrap();
        server.wait().unwrap();
    }

    #[test]
    fn a_link_in_place_of_the_log_leads_to_no_file_of_roots() {
        if !nix::unistd::geteuid().is_root() {
            eprintln!("skipped: only root can give up root");
            return;
        }
        let folder = Path::new("/tmp").join(format!("hanpyo-log-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        let target = folder.join("of-root");
        fs::write(&target, "as it was").unwrap();
        start_with_linked_log(&folder, &target);
        let after = fs::read_to_string(&target).unwrap();
        // The same start writes into a file that the user may write.
        fs::remove_file(folder.join("postgres/server.log")).unwrap();
        let own = folder.join("of-anybody");
        fs::write(&own, "").unwrap();
        fs::set_permissions(&own, Permissions::from_mode(0o666)).unwrap();
        start_with_linked_log(&folder, &own);
        let written = fs::read_to_string(&own).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(after, "as it was");
        assert_eq!(written, "written by PostgreSQL\n");
    }
}

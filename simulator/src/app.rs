//! The program under test: `hanpyo serve`, started, killed and started again.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Result, SimulatorError};
use crate::http::Connection;
use crate::process::send_signal;

/// Longest time that a start may take. It runs the migrations, loads the season and hashes the
/// demonstration's passwords.
const START_PATIENCE: Duration = Duration::from_secs(90);
/// The first port that is tried, and the number of ports. They are below the ports that Linux
/// assigns by itself (32768 and up), so the port of a killed program stays free until it restarts.
const PORT_RANGE: (u16, u32) = (20_000, 12_000);
/// Number of starts that are tried, because another program may take the port between the check and
/// the start.
const START_ATTEMPTS: u32 = 5;

/// One process of the application. Dropping it kills it.
pub struct AppProcess {
    binary: PathBuf,
    folder: PathBuf,
    database: String,
    connections: u32,
    public_url: String,
    flags: Vec<String>,
    address: SocketAddr,
    process: Option<Child>,
}

impl AppProcess {
    /// Prepares the application on a free port without starting it. Several applications share one
    /// `folder` (the key file) and one public address.
    ///
    /// # Errors
    /// [`SimulatorError`] if no port is free or the binary does not exist.
    pub fn with_free_port(
        binary: &Path,
        folder: &Path,
        database: String,
        connections: u32,
    ) -> Result<Self> {
        let binary = binary
            .canonicalize()
            .map_err(SimulatorError::system_error(format!("the program {}", binary.display())))?;
        let folder = folder.to_owned();
        let public_url = "http://vote.localhost".to_owned();
        let (address, process, flags) = (find_free_address()?, None, Vec::new());
        Ok(Self { binary, folder, database, connections, public_url, flags, address, process })
    }

    /// Adds flags of `hanpyo serve`.
    #[must_use]
    pub fn with_serve_flags(mut self, flags: Vec<String>) -> Self {
        self.flags = flags;
        self
    }

    /// Loads a season file as a demonstration, with `hanpyo demo`, before the application is started.
    ///
    /// # Errors
    /// [`SimulatorError`] with what the program said, if it refuses the file.
    pub fn load_demonstration(&self, season: &Path) -> Result<()> {
        let output = Command::new(&self.binary)
            .args(["demo", "--database-url", &self.database, "--season"])
            .arg(season)
            .arg("--data-dir")
            .arg(&self.folder)
            .stdin(Stdio::null())
            .output()
            .map_err(SimulatorError::system_error("hanpyo demo"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        Err(SimulatorError::condition_error(format!("hanpyo demo: {said}")))
    }

    /// Returns the address on which it listens.
    #[must_use]
    pub const fn listening_address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its process id while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join(format!("hanpyo-{}.log", self.address.port()))
    }

    /// Starts it for the first time and waits until it is ready. If another program has taken its
    /// port meanwhile, it tries another port. A restart must not do that, because others know the
    /// address by then.
    ///
    /// # Errors
    /// The errors of [`AppProcess::spawn_process`] and [`AppProcess::wait_until_ready`].
    pub async fn start_and_wait(&mut self) -> Result<()> {
        for _ in 1..START_ATTEMPTS {
            self.spawn_process()?;
            match self.wait_until_ready().await {
                Err(SimulatorError::NotUp { .. })
                    if !self.is_running() && is_address_taken(self.address) =>
                {
                    self.address = find_free_address()?;
                }
                done => return done,
            }
        }
        self.spawn_process()?;
        self.wait_until_ready().await
    }

    /// Starts it without waiting.
    ///
    /// # Errors
    /// [`SimulatorError::System`] if it cannot be run.
    pub fn spawn_process(&mut self) -> Result<()> {
        let log = File::options().create(true).append(true).open(self.log_path());
        let log = log.map_err(SimulatorError::system_error("the application's log"))?;
        let copy =
            log.try_clone().map_err(SimulatorError::system_error("the application's log"))?;
        let process = Command::new(&self.binary)
            .args(["serve", "--demo", "--log", "warn", "--public-url", &self.public_url])
            .args(["--listen", &self.address.to_string(), "--database-url", &self.database])
            .args(["--database-connections", &self.connections.to_string(), "--data-dir"])
            .arg(&self.folder)
            .args(&self.flags)
            .stdin(Stdio::null())
            .stdout(copy)
            .stderr(log)
            .spawn()
            .map_err(SimulatorError::system_error("the application"))?;
        self.process = Some(process);
        Ok(())
    }

    /// Waits until its health check says that the database answers.
    ///
    /// # Errors
    /// [`SimulatorError::NotUp`] if it has ended or does not answer in time.
    pub async fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        loop {
            // If it has ended, then another program answers at this address.
            let (healthy, runs) = (is_healthy(self.address).await, self.is_running());
            if healthy && runs {
                return Ok(());
            }
            if !runs || begun.elapsed() > START_PATIENCE {
                let program = self.binary.display().to_string();
                return Err(SimulatorError::NotUp { program, log: self.log_path() });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills it with signal 9.
    pub fn kill_process(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Stops it with the signal `STOP`, as if the machine were swapping or being moved.
    /// [`AppProcess::resume_process`] resumes it.
    pub fn suspend_process(&self) {
        if let Some(pid) = self.process_id() {
            send_signal(pid, "STOP");
        }
    }

    /// Resumes it with the signal `CONT`.
    pub fn resume_process(&self) {
        if let Some(pid) = self.process_id() {
            send_signal(pid, "CONT");
        }
    }

    /// Returns whether the process still runs. If it ended by itself, that is a violation.
    pub fn is_running(&mut self) -> bool {
        self.process.as_mut().is_some_and(|it| matches!(it.try_wait(), Ok(None)))
    }

    /// Returns the path of its log.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.log_path()
    }
}

impl Drop for AppProcess {
    fn drop(&mut self) {
        self.kill_process();
    }
}

async fn is_healthy(address: SocketAddr) -> bool {
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let asked = async {
        let mut connection = Connection::connect_to(address).await.ok()?;
        connection.send_and_read(request.as_bytes()).await.ok()
    };
    let answer = tokio::time::timeout(Duration::from_secs(2), asked).await;
    answer.ok().flatten().is_some_and(|answer| answer.status == 200)
}

/// Returns an address on this machine on which nobody listens. Each call returns another address.
///
/// # Errors
/// [`SimulatorError::Wrong`] if every port is taken.
pub fn find_free_address() -> Result<SocketAddr> {
    static TURN: AtomicU32 = AtomicU32::new(0);
    let (first, count) = PORT_RANGE;
    // Two runs at the same time begin their search at different ports.
    let begin = std::process::id().wrapping_mul(97);
    for _ in 0..count {
        let place = begin.wrapping_add(TURN.fetch_add(1, Ordering::Relaxed)) % count;
        let port = first + u16::try_from(place).unwrap_or(0);
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if !is_address_taken(address) {
            return Ok(address);
        }
    }
    Err(SimulatorError::condition_error("no port is free"))
}

fn is_address_taken(address: SocketAddr) -> bool {
    std::net::TcpListener::bind(address).is_err()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{find_free_address, is_address_taken};

    #[test]
    fn two_programs_do_not_get_the_same_address_nor_one_that_is_taken() {
        let (one, other) = (find_free_address().unwrap(), find_free_address().unwrap());
        assert_ne!(one, other);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        assert!(is_address_taken(listener.local_addr().unwrap()));
    }
}

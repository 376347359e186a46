//! A watcher that reads the record all the time. It keeps every checkpoint it was shown and the
//! longest wait of a ballot for its place in the record.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinHandle;

use crate::check::{Rule, Violation};
use crate::error::SimulatorError;
use crate::output::print_line;
use crate::queries;
use crate::record::SeenCheckpoints;
use crate::record::fetch::RecordReader;
use crate::target::Target;
use crate::world::World;

/// Pause between two rounds.
const ROUND_PAUSE: Duration = Duration::from_millis(150);
/// One in this many rounds asks the database how long ballots wait.
const ROUNDS_PER_WAIT_CHECK: u32 = 13;

/// What the watcher has seen.
#[derive(Clone, Debug, Default)]
pub struct WatchReport {
    /// Every checkpoint whose signature was verified.
    pub checkpoints: SeenCheckpoints,
    /// Errors of checkpoints that were not signed by the record's key.
    pub forged: Vec<String>,
    /// Longest observed wait of a ballot, in milliseconds.
    pub longest_wait: i64,
}

/// A running watcher.
pub struct RecordWatcher {
    seen: Arc<Mutex<WatchReport>>,
    ended: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl RecordWatcher {
    /// Starts to watch the database and both processes of the program. A process may be down at
    /// times.
    #[must_use]
    pub fn start_watching(world: &World, spare: SocketAddr) -> Self {
        let seen = Arc::new(Mutex::new(WatchReport::default()));
        let ended = Arc::new(AtomicBool::new(false));
        let targets = [world.app.listening_address(), spare]
            .map(|address| Target::new(address, &world.season));
        let (url, edition) = (world.cluster.database_url("hanpyo"), world.season.edition.clone());
        let task = tokio::spawn(watch_record(targets, (url, edition), seen.clone(), ended.clone()));
        Self { seen, ended, task }
    }

    /// Ends the watcher, prints what it has seen, and adds the violations to the list.
    pub async fn finish_watching(
        self,
        within: u64,
        violations: &mut Vec<Violation>,
    ) -> WatchReport {
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.task.await;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        print_line(format_args!(
            "{} checkpoints seen; the longest wait for a place in the record {} ms",
            seen.checkpoints.len(),
            seen.longest_wait
        ));
        let forged =
            seen.forged.iter().map(|what| Violation::broken_rule(Rule::Record, what.clone()));
        violations.extend(forged);
        if u64::try_from(seen.longest_wait).is_ok_and(|wait| wait > within * 1000) {
            let what = format!("a ballot waited {} ms", seen.longest_wait);
            violations.push(Violation::broken_rule(Rule::NotInTheRecord, what));
        }
        seen
    }
}

async fn watch_record(
    targets: [Target; 2],
    (url, edition): (String, String),
    seen: Arc<Mutex<WatchReport>>,
    ended: Arc<AtomicBool>,
) {
    let mut looks = 0_u32;
    while !ended.load(Ordering::Relaxed) {
        for target in &targets {
            let looked = tokio::time::timeout(Duration::from_secs(2), look_at_record(target)).await;
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            match looked {
                Ok(Ok(checkpoint)) => drop(seen.checkpoints.insert(checkpoint, ())),
                Ok(Err(SimulatorError::Wrong(what))) => seen.forged.push(what),
                // The process is down because of a fault.
                Ok(Err(_)) | Err(_) => {}
            }
        }
        looks += 1;
        if looks.is_multiple_of(ROUNDS_PER_WAIT_CHECK)
            && let Some(wait) = longest_wait_millis(&url, &edition).await
        {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.longest_wait = seen.longest_wait.max(wait);
        }
        tokio::time::sleep(ROUND_PAUSE).await;
    }
}

async fn look_at_record(
    target: &Target,
) -> Result<(u64, domain::record::tree::Hash), SimulatorError> {
    RecordReader::open_record(target).await?.fetch_checkpoint().await
}

/// Returns the longest wait in milliseconds; `None` while the database is down.
async fn longest_wait_millis(url: &str, edition: &str) -> Option<i64> {
    let mut connection = PgConnection::connect(url).await.ok()?;
    Some(queries::count_waiting_lines(&mut connection, edition).await.ok()?.1)
}

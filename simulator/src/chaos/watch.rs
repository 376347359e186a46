//! A watcher that reads the record all the time. It keeps every checkpoint it was shown and the
//! longest wait of a ballot for its place in the record.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinHandle;

use crate::check::{Rule, Violation};
use crate::queries;
use crate::record::Seen;
use crate::record::fetch::Reader;
use crate::say::say;
use crate::target::Target;
use crate::trouble::Trouble;
use crate::world::World;

/// Pause between two rounds.
const EVERY: Duration = Duration::from_millis(150);
/// One in this many rounds asks the database how long ballots wait.
const WAITING_EVERY: u32 = 13;

/// What the watcher has seen.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    /// Every checkpoint whose signature was verified.
    pub checkpoints: Seen,
    /// Errors of checkpoints that were not signed by the record's key.
    pub forged: Vec<String>,
    /// Longest observed wait of a ballot, in milliseconds.
    pub longest_wait: i64,
}

/// A running watcher.
pub struct Watch {
    seen: Arc<Mutex<Sightings>>,
    ended: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Watch {
    /// Starts to watch the database and both processes of the program. A process may be down at
    /// times.
    #[must_use]
    pub fn start(world: &World, spare: SocketAddr) -> Self {
        let seen = Arc::new(Mutex::new(Sightings::default()));
        let ended = Arc::new(AtomicBool::new(false));
        let targets =
            [world.app.address(), spare].map(|address| Target::new(address, &world.season));
        let (url, edition) = (world.cluster.url("hanpyo"), world.season.edition.clone());
        let task = tokio::spawn(watch(targets, (url, edition), seen.clone(), ended.clone()));
        Self { seen, ended, task }
    }

    /// Ends the watcher, prints what it has seen, and adds the violations to the list.
    pub async fn end(self, within: u64, violations: &mut Vec<Violation>) -> Sightings {
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.task.await;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        say(format_args!(
            "{} checkpoints seen; the longest wait for a place in the record {} ms",
            seen.checkpoints.len(),
            seen.longest_wait
        ));
        let forged = seen.forged.iter().map(|what| Violation::new(Rule::Record, what.clone()));
        violations.extend(forged);
        if u64::try_from(seen.longest_wait).is_ok_and(|wait| wait > within * 1000) {
            let what = format!("a ballot waited {} ms", seen.longest_wait);
            violations.push(Violation::new(Rule::NotInTheRecord, what));
        }
        seen
    }
}

async fn watch(
    targets: [Target; 2],
    (url, edition): (String, String),
    seen: Arc<Mutex<Sightings>>,
    ended: Arc<AtomicBool>,
) {
    let mut looks = 0_u32;
    while !ended.load(Ordering::Relaxed) {
        for target in &targets {
            let looked = tokio::time::timeout(Duration::from_secs(2), look(target)).await;
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            match looked {
                Ok(Ok(checkpoint)) => drop(seen.checkpoints.insert(checkpoint, ())),
                Ok(Err(Trouble::Wrong(what))) => seen.forged.push(what),
                // The process is down because of a fault.
                Ok(Err(_)) | Err(_) => {}
            }
        }
        looks += 1;
        if looks.is_multiple_of(WAITING_EVERY)
            && let Some(wait) = longest_wait(&url, &edition).await
        {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.longest_wait = seen.longest_wait.max(wait);
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn look(target: &Target) -> Result<(u64, domain::record::tree::Hash), Trouble> {
    Reader::open(target).await?.checkpoint().await
}

/// Returns the longest wait in milliseconds; `None` while the database is down.
async fn longest_wait(url: &str, edition: &str) -> Option<i64> {
    let mut connection = PgConnection::connect(url).await.ok()?;
    Some(queries::waiting(&mut connection, edition).await.ok()?.1)
}

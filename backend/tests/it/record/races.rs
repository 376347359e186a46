//! Two processes on one database, each of which at times believes that it holds the lease.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use backend::Backend;
use backend::editions::Edition;
use domain::ids::BallotId;
use domain::record::checkpoint::Checkpoint;
use domain::record::note::Note;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{ballots, lines, opened, root_of, send};
use crate::support::{self, count, until};

const BALLOTS: usize = 600;
const WRITERS: usize = 4;

/// The state that the tasks share with the test.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    /// How often each of the two backends has appended.
    steps: [AtomicUsize; 2],
    /// The checkpoints that were seen, each once, in order.
    seen: Mutex<Vec<String>>,
}

impl Shared {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    fn see(&self, checkpoint: String) {
        let mut seen = self.seen.lock().unwrap();
        if seen.last() != Some(&checkpoint) {
            seen.push(checkpoint);
        }
    }

    /// Returns whether both have appended and at least three checkpoints were seen.
    fn is_enough(&self) -> bool {
        let both = self.steps.iter().all(|steps| steps.load(Ordering::Relaxed) > 0);
        both && self.seen.lock().unwrap().len() > 2
    }
}

/// Appends until the test stops it. An error panics.
async fn append(backend: Backend, shared: Arc<Shared>, place: usize) {
    while shared.goes_on() {
        let appended = backend.sequence_records().await.unwrap();
        shared.steps[place].fetch_add(usize::from(appended), Ordering::Relaxed);
        tokio::task::yield_now().await;
    }
}

/// Ends the lease every few milliseconds and keeps every checkpoint that it sees.
async fn disturb(pool: PgPool, shared: Arc<Shared>) {
    while shared.goes_on() {
        let over = "update record set lease_until = '2000-01-01' returning checkpoint";
        shared.see(sqlx::query_scalar(over).fetch_one(&pool).await.unwrap());
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
}

/// Inserts waiting ballots from several connections at once and returns their ids.
async fn crowd(pool: &PgPool, edition: &Edition) -> HashSet<BallotId> {
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (pool, edition) = (pool.clone(), edition.clone());
            tokio::spawn(async move {
                let ids: Vec<Uuid> = (0..BALLOTS / WRITERS).map(|_| Uuid::new_v4()).collect();
                for id in &ids {
                    send(&pool, &edition, *id, 1).await;
                }
                ids
            })
        })
        .collect();
    let mut sent = HashSet::new();
    for writer in writers {
        sent.extend(writer.await.unwrap().into_iter().map(BallotId));
    }
    sent
}

/// Checks that no task has ended yet, because a task that ends early has failed.
fn all_run(tasks: &[JoinHandle<()>]) {
    assert!(!tasks.iter().any(JoinHandle::is_finished), "a task has failed");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_sequencers_at_once_append_each_line_once_and_sign_one_history(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    drop(options);
    let pool = PgPoolOptions::new().max_connections(16).connect_with(connect).await.unwrap();
    let (one, edition) = opened(&pool).await;
    let shared = Arc::new(Shared::default());
    let mut tasks = vec![tokio::spawn(disturb(pool.clone(), shared.clone()))];
    for (place, backend) in [one.clone(), support::backend(pool.clone())].into_iter().enumerate() {
        tasks.push(tokio::spawn(append(backend, shared.clone(), place)));
    }
    let mut sent = crowd(&pool, &edition).await;
    // The scheduler decides which of the two appends, so send more ballots until both have.
    until("both have appended", async || {
        all_run(&tasks);
        let more = Uuid::new_v4();
        send(&pool, &edition, more, 1).await;
        sent.insert(BallotId(more));
        shared.is_enough()
    })
    .await;
    until("everything is appended and signed", async || {
        all_run(&tasks);
        count(&pool, "waiting").await == 0
            && count(&pool, "record where signed_size < size").await == 0
    })
    .await;
    shared.stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    let lines = lines(&one, &edition).await;
    assert_eq!(lines.len(), sent.len() + 2);
    let found = ballots(&lines);
    assert_eq!(found.len(), sent.len());
    assert_eq!(found.into_iter().collect::<HashSet<_>>(), sent);
    let key = one.record_key(edition.id).await.unwrap();
    let mut last = 0;
    for note in shared.seen.lock().unwrap().iter() {
        let note: Note = note.parse().unwrap();
        let Checkpoint { size, root, .. } = Checkpoint::from_signed_note(&note, &key).unwrap();
        assert!(size > last, "a checkpoint went back");
        let size_here = usize::try_from(size).unwrap();
        assert_eq!(root, root_of(&lines[..size_here]));
        last = size;
    }
}

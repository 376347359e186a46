//! Two processes on one database, each of which believes now and then that the lease is its own.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use backend::Backend;
use domain::ids::BallotId;
use domain::record::checkpoint::Checkpoint;
use domain::record::note::Note;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use super::{ballots, lines, opened, root_of, send};
use crate::support;

const BALLOTS: usize = 600;
const WRITERS: usize = 4;

/// Appends until it is told to stop; errors are none.
async fn append(backend: Backend, stop: Arc<AtomicBool>) -> usize {
    let mut steps = 0;
    while !stop.load(Ordering::Relaxed) {
        steps += usize::from(backend.sequence().await.unwrap());
        tokio::task::yield_now().await;
    }
    steps
}

/// Ends the lease over and over, and keeps every checkpoint that it sees.
async fn disturb(pool: PgPool, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut seen = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let over = "update record set lease_until = '2000-01-01' returning checkpoint";
        let checkpoint: String = sqlx::query_scalar(over).fetch_one(&pool).await.unwrap();
        if seen.last() != Some(&checkpoint) {
            seen.push(checkpoint);
        }
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    seen
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_sequencers_at_once_append_each_line_once_and_sign_one_history(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    drop(options);
    let pool = PgPoolOptions::new().max_connections(16).connect_with(connect).await.unwrap();
    let (one, edition) = opened(&pool).await;
    let stop = Arc::new(AtomicBool::new(false));
    let other = support::backend(pool.clone());
    let steps = [one.clone(), other].map(|backend| tokio::spawn(append(backend, stop.clone())));
    let seen = tokio::spawn(disturb(pool.clone(), stop.clone()));
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
    while support::count(&pool, "waiting").await > 0
        || support::count(&pool, "record where signed_size < size").await > 0
    {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for steps in steps {
        assert!(steps.await.unwrap() > 0, "both have appended");
    }
    let lines = lines(&one, &edition).await;
    assert_eq!(lines.len(), BALLOTS + 2);
    let found = ballots(&lines);
    assert_eq!(found.len(), BALLOTS);
    assert_eq!(found.into_iter().collect::<HashSet<_>>(), sent);
    let key = one.record_key(edition.id).await.unwrap();
    let seen = seen.await.unwrap();
    assert!(seen.len() > 2, "checkpoints were published meanwhile");
    let mut last = 0;
    for note in seen {
        let note: Note = note.parse().unwrap();
        let Checkpoint { size, root, .. } = Checkpoint::verify(&note, &key).unwrap();
        assert!(size > last, "a checkpoint went back");
        let size_here = usize::try_from(size).unwrap();
        assert_eq!(root, root_of(&lines[..size_here]));
        last = size;
    }
}

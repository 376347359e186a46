//! The public record: sealing, opening, closing and appending, and that its proofs verify.

mod batches;
mod counts;
mod erased;
mod keys;
mod log;
mod observed;
mod polls;
pub(crate) mod published;
mod races;
mod release;
mod restored;
mod witnesses;

use backend::Backend;
use backend::editions::Edition;
use domain::ids::BallotId;
use domain::record::checkpoint::Checkpoint;
use domain::record::entry::LogEntry;
use domain::record::note::Note;
use domain::record::tile::{EntryBundle, TILE_WIDTH};
use domain::record::tree::{Frontier, Hash};
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support;

/// Returns a season whose vote has just opened, with the first two lines in its record.
async fn opened(pool: &PgPool) -> (Backend, Edition) {
    let backend = support::backend(pool.clone());
    support::season_in(&backend, Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    assert!(backend.sequence_records().await.unwrap());
    let edition = backend.find_edition(support::SLUG).await.unwrap();
    (backend, edition)
}

/// Returns the line of a ballot as the intake writes it.
fn ballot_line(id: Uuid, voter: u8) -> String {
    let (voter, commitment) = (hex::encode([voter; 32]), hex::encode([7; 32]));
    format!("ballot/v1 citizens {} {voter} {commitment} 2024-11-28", id.simple())
}

/// Inserts a waiting ballot, as the intake does.
async fn send(pool: &PgPool, edition: &Edition, id: Uuid, voter: u8) {
    sqlx::query("insert into waiting (edition_id, rank, ballot_id, line) values ($1, 2, $2, $3)")
        .bind(edition.id.0)
        .bind(id)
        .bind(ballot_line(id, voter))
        .execute(pool)
        .await
        .unwrap();
}

/// Returns the newest checkpoint, verified with the log's key.
async fn checkpoint(backend: &Backend, edition: &Edition) -> Checkpoint {
    let record = backend.edition_record(edition.id).await.unwrap().unwrap();
    let note: Note = record.checkpoint.unwrap().parse().unwrap();
    Checkpoint::from_signed_note(&note, &backend.record_key(edition.id).await.unwrap()).unwrap()
}

/// Returns every line that the newest checkpoint covers, as it is served.
pub(crate) async fn lines(backend: &Backend, edition: &Edition) -> Vec<String> {
    let size = checkpoint(backend, edition).await.size;
    let mut lines = Vec::new();
    for index in 0..size.div_ceil(TILE_WIDTH.into()) {
        let rest = size - index * u64::from(TILE_WIDTH);
        let width = u16::try_from(rest).unwrap_or(TILE_WIDTH).min(TILE_WIDTH);
        lines.extend(backend.record_lines(edition.id, EntryBundle { index, width }).await.unwrap());
    }
    lines
}

/// Computes the root over these lines from the lines alone.
fn root_of(lines: &[String]) -> Hash {
    let mut frontier = Frontier::default();
    for line in lines {
        frontier.append_leaf(domain::record::tree::leaf_hash(line.as_bytes()));
    }
    frontier.tree_root()
}

/// Returns the ballots of these lines, in their order.
fn ballots(lines: &[String]) -> Vec<BallotId> {
    let ballot = |line: &String| match line.parse().unwrap() {
        LogEntry::Ballot { ballot, .. } => Some(ballot),
        _ => None,
    };
    lines.iter().filter_map(ballot).collect()
}

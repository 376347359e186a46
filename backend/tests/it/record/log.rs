//! Appending and signing: every line exactly once, and only extensions are signed.

use domain::ids::BallotId;
use domain::record::tile::{EntryBundle, Tile, new_tiles};
use sqlx::PgPool;
use uuid::Uuid;

use super::{ballot_line, ballots, checkpoint, lines, opened, root_of, send};
use crate::support::{backend, count};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_tile_and_bundle_of_a_checkpoint_is_served(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    for batch in [1, 300, 253] {
        for _ in 0..batch {
            send(&pool, &edition, Uuid::new_v4(), 1).await;
        }
        assert!(backend.sequence_records().await.unwrap());
    }
    let signed = checkpoint(&backend, &edition).await;
    let lines = lines(&backend, &edition).await;
    assert_eq!((signed.size, signed.root), (556, root_of(&lines)));
    for tile in new_tiles(0, signed.size) {
        for width in [1, tile.width / 2, tile.width].into_iter().filter(|width| *width > 0) {
            let part = Tile { width, ..tile };
            let hashes = backend.record_tile(edition.id, part).await.unwrap();
            let hashes = part.decode_hashes(&hashes).unwrap();
            if tile.level == 0 {
                let first = usize::try_from(tile.index).unwrap() * 256;
                let leaf = domain::record::tree::leaf_hash(lines[first].as_bytes());
                assert_eq!(hashes[0], leaf);
            }
        }
    }
    for (level, index, width) in [(0, 2, 45), (1, 0, 3), (2, 0, 1), (0, u64::MAX, 256)] {
        let tile = Tile { level, index, width };
        let refused = backend.record_tile(edition.id, tile).await;
        assert!(matches!(refused, Err(backend::Error::NotFound)), "{tile:?}: {refused:?}");
    }
    for (index, width) in [(2, 45), (3, 1), (u64::MAX, 1)] {
        let refused = backend.record_lines(edition.id, EntryBundle { index, width }).await;
        assert!(matches!(refused, Err(backend::Error::NotFound)), "{index}: {refused:?}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_ballot_of_the_record_has_a_proof_and_no_other_has(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let ids: Vec<Uuid> = (0..20).map(|_| Uuid::new_v4()).collect();
    for id in &ids {
        send(&pool, &edition, *id, 1).await;
    }
    assert!(
        backend.ballot_proof(edition.id, BallotId(ids[0])).await.unwrap().is_none(),
        "it waits"
    );
    backend.sequence_records().await.unwrap();
    let key = backend.record_key(edition.id).await.unwrap();
    for id in &ids {
        let found = backend.ballot_proof(edition.id, BallotId(*id)).await.unwrap().unwrap();
        let read: backend::record::EntryWithProof = found.to_string().parse().unwrap();
        assert_eq!(read, found);
        let line = found.entry.to_string();
        assert_eq!(line, ballot_line(*id, 1));
        found.proof.verify_entry(line.as_bytes(), &key).unwrap();
        assert!(found.proof.verify_entry(ballot_line(*id, 2).as_bytes(), &key).is_err());
    }
    assert!(backend.ballot_proof(edition.id, BallotId(Uuid::new_v4())).await.unwrap().is_none());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_line_that_cannot_be_read_stops_the_record_and_nothing_is_lost(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    let broken = "insert into waiting (edition_id, rank, line) values ($1, 2, 'ballot/v1 x')";
    sqlx::query(broken).bind(edition.id.0).execute(&pool).await.unwrap();
    assert!(backend.sequence_records().await.is_err());
    assert!(backend.sequence_records().await.is_err());
    assert_eq!(count(&pool, "waiting").await, 2);
    assert_eq!(count(&pool, "record where halted is not null").await, 1);
    assert_eq!(checkpoint(&backend, &edition).await.size, 2);
    let mend = "delete from waiting where line = 'ballot/v1 x'";
    sqlx::query(mend).execute(&pool).await.unwrap();
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(count(&pool, "record where halted is not null").await, 0);
    assert_eq!(checkpoint(&backend, &edition).await.size, 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_ballot_cannot_stand_in_the_record_twice(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let id = Uuid::new_v4();
    send(&pool, &edition, id, 1).await;
    backend.sequence_records().await.unwrap();
    send(&pool, &edition, id, 1).await;
    assert!(backend.sequence_records().await.is_err());
    assert_eq!(ballots(&lines(&backend, &edition).await), [BallotId(id)]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nothing_is_signed_that_does_not_extend_what_was_signed(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    for _ in 0..300 {
        send(&pool, &edition, Uuid::new_v4(), 1).await;
    }
    backend.sequence_records().await.unwrap();
    let before = checkpoint(&backend, &edition).await;
    // Forge another history: change a full tile, on which the frontier depends.
    let forge = "update tile set hashes = overlay(hashes placing '\\x00' from 1 for 1)
        where level = 1";
    assert_eq!(sqlx::query(forge).execute(&pool).await.unwrap().rows_affected(), 1);
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    for _ in 0..2 {
        let refused = backend.sequence_records().await;
        assert!(matches!(refused, Err(backend::Error::Internal(_))), "{refused:?}");
    }
    assert_eq!(checkpoint(&backend, &edition).await, before);
}

/// Sets the end of the lease to this time from now, so that no test depends on its real length.
async fn lease(pool: &PgPool, time: &'static str) {
    let sql = format!("update record set lease_until = clock_timestamp() + interval '{time}'");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn another_process_goes_on_when_the_lease_has_run_out_and_not_before(pool: PgPool) {
    let (one, edition) = opened(&pool).await;
    let other = backend(pool.clone());
    lease(&pool, "1 hour").await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    assert!(!other.sequence_records().await.unwrap(), "the lease is another's");
    assert_eq!(count(&pool, "waiting").await, 1);
    lease(&pool, "-1 second").await;
    assert!(other.sequence_records().await.unwrap());
    lease(&pool, "1 hour").await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    assert!(!one.sequence_records().await.unwrap());
    assert_eq!(checkpoint(&one, &edition).await.size, 3);
    other.sequence_records().await.unwrap();
    lease(&pool, "1 hour").await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    one.release_log_leases().await.unwrap();
    assert!(!one.sequence_records().await.unwrap(), "nobody lets go of what is another's");
    other.release_log_leases().await.unwrap();
    assert!(one.sequence_records().await.unwrap(), "no need to wait for the lease");
}

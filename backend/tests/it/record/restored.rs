//! A database that was restored to an older state: no second history is signed.

use sqlx::PgPool;
use uuid::Uuid;

use super::erased::{folder, process};
use super::{checkpoint, send};
use crate::support::{SLUG, season_in};

async fn all(pool: &PgPool, statements: &[&'static str]) {
    for statement in statements {
        sqlx::query(*statement).execute(pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_restored_older_database_gets_no_signature(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    season_in(&backend, domain::schedule::Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    for _ in 0..3 {
        send(&pool, &edition, Uuid::new_v4(), 1).await;
    }
    backend.sequence_records().await.unwrap();
    let dump = [
        "create table old_record as select * from record",
        "create table old_tile as select * from tile",
        "create table old_entry as select * from entry",
    ];
    all(&pool, &dump).await;
    for _ in 0..5 {
        send(&pool, &edition, Uuid::new_v4(), 2).await;
    }
    backend.sequence_records().await.unwrap();
    assert_eq!(checkpoint(&backend, &edition).await.size, 10);
    let restore = [
        "delete from record",
        "insert into record select * from old_record",
        "insert into tile select * from old_tile",
        "insert into entry select * from old_entry",
    ];
    all(&pool, &restore).await;
    let yesterday = checkpoint(&backend, &edition).await;
    assert_eq!(yesterday.size, 5);
    // The log is first shorter than the signed one, then as long, then longer. None is signed.
    for more in [1, 4, 2] {
        for _ in 0..more {
            send(&pool, &edition, Uuid::new_v4(), 3).await;
        }
        for process in [backend.clone(), process(&pool, &folder)] {
            sqlx::query("update record set lease_until = null, holder = null")
                .execute(&pool)
                .await
                .unwrap();
            let refused = process.sequence_records().await;
            assert!(matches!(refused, Err(backend::Error::Internal(_))), "{refused:?}");
        }
        assert_eq!(checkpoint(&backend, &edition).await, yesterday);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

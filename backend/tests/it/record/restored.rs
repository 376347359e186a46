//! A database that was restored to an older state: no second history is signed.

use backend::accounts::Admin;
use backend::{Backend, Settings};
use sqlx::PgPool;
use uuid::Uuid;

use super::erased::{folder, process};
use super::{checkpoint, opened, send};
use crate::support::{SLUG, count, keys, season_in};

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

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_copy_at_another_address_neither_appends_nor_signs(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let signed = checkpoint(&backend, &edition).await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    backend.release_log_leases().await.unwrap();
    let settings = Settings {
        public_url: "https://copy.example".to_owned(),
        official: false,
        demonstration: false,
        mail_folder: None,
    };
    let copy = Backend::new(pool.clone(), keys(), settings);
    let refused = copy.sequence_records().await;
    assert!(matches!(refused, Err(backend::Error::Internal(_))), "{refused:?}");
    assert_eq!(count(&pool, "waiting").await, 1);
    assert_eq!(checkpoint(&backend, &edition).await, signed);
    let health = copy.record_health(&Admin::local_operator(), edition.id).await.unwrap().unwrap();
    assert!(health.halted.unwrap().contains("the log's name"));
    let names = copy.logs_of_other_names().await.unwrap();
    assert_eq!(names, [format!("vote.example/record/{SLUG}")]);
    // At the right address the record goes on.
    assert!(backend.logs_of_other_names().await.unwrap().is_empty());
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(checkpoint(&backend, &edition).await.size, signed.size + 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_drill_neither_appends_nor_signs(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let signed = checkpoint(&backend, &edition).await;
    send(&pool, &edition, Uuid::new_v4(), 1).await;
    assert!(!backend.clone().with_drill(true).sequence_records().await.unwrap());
    assert_eq!(count(&pool, "waiting").await, 1);
    assert_eq!(checkpoint(&backend, &edition).await, signed);
}

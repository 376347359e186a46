//! The product's own log and this witness. The log asks over HTTP, the witness cosigns, and the
//! cosignature is valid for everybody who knows both keys.

use std::time::Duration;

use backend::accounts::Admin;
use backend::editions::{ClockMove, Edition, NewEdition};
use backend::keys::Keys;
use backend::record::Witness;
use backend::{Backend, Settings};
use chrono::TimeDelta;
use domain::record::checkpoint::Checkpoint;
use domain::record::key::VerifierKey;
use domain::record::note::Note;
use sqlx::PgPool;

use crate::support::Folder;
use crate::witnessing::{Service, evidence, new_key};

const SEASON: &str = include_str!("../../../data/daejeon-2024.json");
const SLUG: &str = "daejeon-2024";
/// These tests check what the witness says, not how soon.
const LONG: Duration = Duration::from_secs(300);

/// Opens a vote; its signed record has two lines.
async fn opened(pool: &PgPool) -> (Backend, Edition) {
    let settings = Settings {
        public_url: "https://vote.example".to_owned(),
        official: false,
        demonstration: false,
        mail_folder: None,
    };
    let backend = Backend::new(pool.clone(), Keys::from_bytes([42; 32]), settings);
    let admin = Admin::local_operator();
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: true };
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
    let opens = edition.schedule.windows.voting.opens + TimeDelta::seconds(1);
    backend.move_clock(&admin, &edition, ClockMove::To(opens)).await.unwrap();
    backend.open_and_close_polls().await.unwrap();
    assert!(backend.sequence_records().await.unwrap());
    (backend, edition)
}

/// Adds new ballots to those that wait, as the intake does.
async fn send(pool: &PgPool, edition: &Edition, ballots: i32) {
    sqlx::query(
        "with made as (select gen_random_uuid() as id from generate_series(1, $2))
        insert into waiting (edition_id, rank, ballot_id, line)
        select $1, 2, id,
            'ballot/v1 citizens ' || encode(uuid_send(id), 'hex')
            || repeat(' ' || repeat('07', 32), 2) || ' 2024-11-28'
        from made",
    )
    .bind(edition.id.0)
    .bind(ballots)
    .execute(pool)
    .await
    .unwrap();
}

/// Returns the log with this witness to ask.
fn watched(backend: &Backend, service: &Service, key: &VerifierKey) -> Backend {
    let address = service.address.strip_suffix("/add-checkpoint").unwrap();
    let witness: Witness = format!("{address}={key}").parse().unwrap();
    backend.clone().with_witnesses(vec![witness.with_deadline(LONG)])
}

/// Returns the newest checkpoint as everybody gets it.
async fn note(backend: &Backend, edition: &Edition) -> Note {
    let record = backend.edition_record(edition.id).await.unwrap().unwrap();
    record.checkpoint.unwrap().parse().unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_products_checkpoints_carry_the_cosignature_of_a_witness_that_came_late(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let log = backend.record_key(edition.id).await.unwrap();
    let own = Folder::new();
    let key = new_key(&own);
    for size in [102, 202, 302] {
        // The service starts again each time, on another port: what it has cosigned is on the disk.
        let service = Service::start(&own, &log);
        let backend = watched(&backend, &service, &key);
        send(&pool, &edition, 100).await;
        assert!(backend.sequence_records().await.unwrap());
        let note = note(&backend, &edition).await;
        assert_eq!(Checkpoint::from_signed_note(&note, &log).unwrap().size, size);
        assert!(note.verify_cosignature_time(&key).unwrap() > 1_700_000_000);
        assert_eq!(note.signatures().len(), 2);
    }
    let complete = "select halted is null and witnesses_asked_at is null from record";
    let complete: bool = sqlx::query_scalar(complete).fetch_one(&pool).await.unwrap();
    assert!(complete, "nobody has to be asked again");
    assert_eq!(evidence(&own), 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_product_on_a_database_of_yesterday_gets_no_cosignature_and_publishes_nothing(
    pool: PgPool,
) {
    let (backend, edition) = opened(&pool).await;
    let own = Folder::new();
    let key = new_key(&own);
    let service = Service::start(&own, &backend.record_key(edition.id).await.unwrap());
    let backend = watched(&backend, &service, &key);
    send(&pool, &edition, 3).await;
    backend.sequence_records().await.unwrap();
    let yesterday = note(&backend, &edition).await;
    for dump in [
        "create table old_record as select * from record",
        "create table old_tile as select * from tile",
        "create table old_entry as select * from entry",
    ] {
        sqlx::query(dump).execute(&pool).await.unwrap();
    }
    send(&pool, &edition, 5).await;
    backend.sequence_records().await.unwrap();
    assert!(note(&backend, &edition).await.verify_cosignature_time(&key).is_ok());
    for restore in [
        "delete from record",
        "insert into record select * from old_record",
        "insert into tile select * from old_tile",
        "insert into entry select * from old_entry",
    ] {
        sqlx::query(restore).execute(&pool).await.unwrap();
    }
    // Other ballots come: first fewer entries than were cosigned, then as many.
    for more in [2, 3] {
        send(&pool, &edition, more).await;
        let refused = backend.sequence_records().await;
        assert!(matches!(refused, Err(backend::Error::Internal(_))), "{refused:?}");
        assert_eq!(note(&backend, &edition).await, yesterday);
    }
    assert_eq!(evidence(&own), 1, "two roots of one size, both signed by the log");
}

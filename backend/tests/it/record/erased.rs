//! The erase day: what is destroyed, what still verifies, and that no backup restores it.

use std::path::{Path, PathBuf};

use backend::accounts::Admin;
use backend::keys::Keys;
use backend::record::PublishedTable;
use backend::{Backend, Error, Refusal, Settings};
use domain::record::entry::LogEntry;
use sqlx::PgPool;

use super::published::{release, text, voted};
use super::{checkpoint, lines, root_of};
use crate::support::{SLUG, count, verified};

/// Returns a backend whose keys are in this folder, as a new process would open it.
pub(super) fn process(pool: &PgPool, folder: &Path) -> Backend {
    let settings = Settings {
        public_url: "https://vote.example".to_owned(),
        official: false,
        demonstration: true,
        mail_folder: None,
    };
    let keys = Keys::load_or_create(&folder.join("master.key")).unwrap();
    Backend::new(pool.clone(), keys, settings)
}

pub(super) fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("hanpyo-erase-{}", uuid::Uuid::new_v4()))
}

/// Returns the key files of the editions.
pub(super) fn editions(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join("editions")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "key")).collect()
}

async fn archive(backend: &Backend) {
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.archive_edition(&Admin::local_operator(), &edition).await.unwrap();
}

async fn erase(backend: &Backend, word: &str) -> backend::Result<()> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.erase_confirmed_edition(&Admin::local_operator(), &edition, word).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nothing_is_erased_early_or_without_confirmation(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    voted(&backend, &pool, 1).await;
    release(&backend, &pool).await;
    let early = erase(&backend, "파기").await;
    assert!(matches!(early, Err(Error::Refused(Refusal::WrongState))), "{early:?}");
    archive(&backend).await;
    let slip = erase(&backend, "yes").await;
    assert!(matches!(slip, Err(Error::Refused(Refusal::NotConfirmed))), "{slip:?}");
    assert_eq!(editions(&folder).len(), 1);
    // A real edition is erased only after its erase day, whether it is archived or not.
    let real = "update edition set rehearsal = false, clock_offset_seconds = 0,
        released_at = now() - interval '29 days'";
    sqlx::query(real).execute(&pool).await.unwrap();
    assert!(erase(&backend, "destroy").await.is_err());
    backend.erase_due_editions().await.unwrap();
    assert_eq!(editions(&folder).len(), 1);
    let day = "update edition set released_at = now() - interval '31 days'";
    sqlx::query(day).execute(&pool).await.unwrap();
    erase(&backend, "destroy").await.unwrap();
    assert!(editions(&folder).is_empty());
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn real_editions_are_erased_automatically_and_rehearsals_are_not(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    voted(&backend, &pool, 2).await;
    let archived = "update edition set clock_offset_seconds = 0,
        archived_at = now() - interval '31 days'";
    sqlx::query(archived).execute(&pool).await.unwrap();
    backend.erase_due_editions().await.unwrap();
    assert_eq!(editions(&folder).len(), 1, "a rehearsal's day is a person's to choose");
    sqlx::query("update edition set rehearsal = false").execute(&pool).await.unwrap();
    let share = "insert into contact_share select id, 'mail.example', 12, 1 from poll";
    sqlx::query(share).execute(&pool).await.unwrap();
    backend.erase_due_editions().await.unwrap();
    assert!(editions(&folder).is_empty());
    assert_eq!(count(&pool, "waiting where line like 'erase/v1 %'").await, 1);
    assert_eq!(count(&pool, "voter_session").await, 0);
    assert_eq!(count(&pool, "contact_share").await, 0);
    backend.erase_due_editions().await.unwrap();
    assert_eq!(count(&pool, "waiting where line like 'erase/v1 %'").await, 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn after_the_erasure_all_still_verifies_and_an_old_backup_links_nobody(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    voted(&backend, &pool, 6).await;
    release(&backend, &pool).await;
    archive(&backend).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let voter = verified(&pool, &edition.polls[0]).await;
    let theirs = "update voter_session set voter_key = (select voter_key from ballot limit 1)
        where poll_id is not null";
    sqlx::query(theirs).execute(&pool).await.unwrap();
    let opening = backend.voter_opening(&edition, &voter).await.unwrap();
    assert!(opening.is_none(), "a browser that has not cast the ballot learns no choice");
    let cast = "update voter_session set ballot_id = ballot.id
        from ballot where ballot.voter_key = voter_session.voter_key";
    sqlx::query(cast).execute(&pool).await.unwrap();
    assert!(backend.voter_opening(&edition, &voter).await.unwrap().is_some());
    let (id, contact) = (uuid::Uuid::new_v4(), "voter@mail.example".to_owned());
    let keys = || Keys::load_or_create(&folder.join("master.key")).unwrap();
    let waiting = keys().seal_message(Some(edition.id), id, &contact).unwrap();
    assert_eq!(keys().open_message::<String>(Some(edition.id), id, &waiting).unwrap(), contact);
    // Make a backup before the erasure.
    for copy in [
        "create table old_ballot as select * from ballot",
        "create table old_session as select * from voter_session",
    ] {
        sqlx::query(copy).execute(&pool).await.unwrap();
    }
    let before = checkpoint(&backend, &edition).await;
    erase(&backend, "파기").await.unwrap();
    backend.sequence_records().await.unwrap();
    assert!(editions(&folder).is_empty(), "the key is gone from the disk");
    assert_eq!(count(&pool, "voter_session").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'record.erased'").await, 1);
    // Restore the backup, which does not contain the erasure, and start the program again.
    for restore in [
        "delete from ballot",
        "insert into ballot select * from old_ballot",
        "insert into voter_session select * from old_session",
    ] {
        sqlx::query(restore).execute(&pool).await.unwrap();
    }
    let backend = process(&pool, &folder);
    assert!(count(&pool, "voter_session").await > 0 && count(&pool, "ballot").await == 6);
    assert!(backend.voter_opening(&edition, &voter).await.is_err(), "no choice opens");
    let opened = keys().open_message::<String>(Some(edition.id), id, &waiting);
    assert!(opened.is_err(), "no contact opens");
    let link =
        backend.make_observer_link(&Admin::local_operator(), &edition, "press", 1).await.unwrap();
    assert!(
        text(&backend, PublishedTable::Openings, Some(&link)).await.is_err(),
        "no ballot opens"
    );
    // Everything that was public is still public and still verifies.
    let votes = text(&backend, PublishedTable::CastVotes, None).await.unwrap();
    assert_eq!(votes.lines().count(), 7);
    let lines = lines(&backend, &edition).await;
    assert!(matches!(lines.last().unwrap().parse().unwrap(), LogEntry::Erase { .. }));
    let now = checkpoint(&backend, &edition).await;
    assert_eq!(now.root, root_of(&lines));
    let signed = usize::try_from(before.size).unwrap();
    assert_eq!(before.root, root_of(&lines[..signed]));
    let key = backend.record_key(edition.id).await.unwrap();
    for ballot in super::ballots(&lines) {
        let found = backend.ballot_proof(edition.id, ballot).await.unwrap().unwrap();
        found.proof.verify_entry(found.entry.to_string().as_bytes(), &key).unwrap();
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_key_that_comes_back_with_a_backup_is_destroyed_again(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    voted(&backend, &pool, 1).await;
    release(&backend, &pool).await;
    archive(&backend).await;
    let [file] = editions(&folder).try_into().unwrap();
    let key = std::fs::read(&file).unwrap();
    erase(&backend, "destroy").await.unwrap();
    std::fs::write(&file, key).unwrap();
    process(&pool, &folder).destroy_erased_keys().await.unwrap();
    assert!(editions(&folder).is_empty());
    erase(&backend, "destroy").await.unwrap();
    assert_eq!(count(&pool, "audit_event where action = 'record.erased'").await, 1, "once");
    std::fs::remove_dir_all(folder).unwrap();
}

//! Counts are read only when the judging can no longer be extended, and from then on no window moves.

use backend::accounts::Admin;
use backend::record::PublishedTable;
use backend::{Backend, Error, Refusal};
use chrono::TimeDelta;
use domain::refusal::EditionRefusal;
use domain::schedule::Phase;
use sqlx::PgPool;

use super::published::{sign_every_case, text, voted};
use crate::support::{SLUG, backend, count, stand_at};

const READ: &str = "audit_event where action = 'result.counts_read'";

/// Extends the judging by a day.
async fn extend_judging(backend: &Backend) -> backend::Result<()> {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let mut windows = edition.schedule.windows;
    windows.judging.closes += TimeDelta::days(1);
    backend.move_windows(&Admin::local_operator(), &edition, windows).await
}

fn is_refused(moved: &backend::Result<()>) -> bool {
    matches!(moved, Err(Error::Refused(Refusal::Edition(EditionRefusal::CountsRead))))
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_observer_reads_votes_only_when_the_judging_can_no_longer_be_extended(pool: PgPool) {
    let backend = backend(pool.clone());
    voted(&backend, &pool, 7).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let admin = Admin::local_operator();
    let link = backend.make_observer_link(&admin, &edition, "press", 10).await.unwrap();
    let tables = [PublishedTable::CastVotes, PublishedTable::Openings];
    for table in tables {
        let early = text(&backend, table, Some(&link)).await;
        assert!(matches!(early, Err(Error::Forbidden)), "no sheet is signed: {early:?}");
    }
    assert_eq!(count(&pool, READ).await, 0);
    extend_judging(&backend).await.expect("nobody has read anything");
    stand_at(&backend, Phase::Deliberation).await;
    sign_every_case(&backend, &pool).await;
    for table in tables {
        text(&backend, table, Some(&link)).await.unwrap();
    }
    assert_eq!(count(&pool, READ).await, 1, "once, with the first reading");
    assert!(backend.find_edition(SLUG).await.unwrap().counts_read);
    let moved = extend_judging(&backend).await;
    assert!(is_refused(&moved), "{moved:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn votes_that_were_read_stay_read_when_a_sheet_is_missing_again(pool: PgPool) {
    let backend = backend(pool.clone());
    voted(&backend, &pool, 3).await;
    sign_every_case(&backend, &pool).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let admin = Admin::local_operator();
    let link = backend.make_observer_link(&admin, &edition, "press", 10).await.unwrap();
    text(&backend, PublishedTable::CastVotes, Some(&link)).await.unwrap();
    // A judging that is not finished could be extended, were it not for the reading.
    let lost = "delete from sheet where case_id = (select min(id::text)::uuid from cases)";
    sqlx::query(lost).execute(&pool).await.unwrap();
    let moved = extend_judging(&backend).await;
    assert!(is_refused(&moved), "{moved:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn standings_that_an_administrator_sees_fix_the_windows_too(pool: PgPool) {
    let backend = backend(pool.clone());
    voted(&backend, &pool, 3).await;
    sign_every_case(&backend, &pool).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    for _ in 0..2 {
        backend.compute_standings(&Admin::local_operator(), open, &edition).await.unwrap();
    }
    assert_eq!(count(&pool, READ).await, 1);
    let moved = extend_judging(&backend).await;
    assert!(is_refused(&moved), "{moved:?}");
    // A rehearsal that goes back is practised again.
    let again = stand_at(&backend, Phase::Voting).await;
    assert!(!again.counts_read);
}

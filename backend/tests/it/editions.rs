//! Editions: made whole or not at all, steered with a trace, and standing at any instant.

use backend::accounts::Admin;
use backend::editions::{ClockMove, NewEdition};
use backend::{Error, Refusal};
use domain::schedule::Phase;
use sqlx::PgPool;

use crate::support::{SEASON, SLUG, backend, count, season_in, stand_at};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_season_of_2024_is_stored_whole(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Draft).await;
    assert_eq!(edition.rulebook.poll.max_picks, 3);
    let places = backend.places(edition.id).await.unwrap();
    assert_eq!(places.districts.len(), 5);
    assert_eq!(places.districts.iter().map(|d| d.neighbourhoods.len()).sum::<usize>(), 82);
    assert_eq!(count(&pool, "cases where state = 'accepted'").await, 24);
    assert_eq!(count(&pool, "cases where not sample").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_faulty_season_file_is_refused_with_its_line_and_leaves_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let file =
        SEASON.replace("\"판암2동\",\n   \"organisation\"", "\"달나라동\",\n   \"organisation\"");
    assert_ne!(file, SEASON);
    let line = file.lines().position(|line| line.contains("달나라동")).unwrap() + 1;
    let new = NewEdition { file, rehearsal: true };
    match backend.create_edition(&Admin::operator(), &new).await {
        Err(Error::Season(problems)) => assert_eq!(problems[0].line, line),
        other => panic!("{other:?}"),
    }
    assert_eq!(count(&pool, "edition").await, 0);
    assert_eq!(count(&pool, "organisation").await, 0);
    assert_eq!(count(&pool, "audit_event").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_clock_of_a_rehearsal_walks_through_every_phase(pool: PgPool) {
    let backend = backend(pool);
    season_in(&backend, Phase::Draft).await;
    for phase in [
        Phase::Draft,
        Phase::Call,
        Phase::Screening,
        Phase::Voting,
        Phase::Judging,
        Phase::Deliberation,
    ] {
        assert_eq!(stand_at(&backend, phase).await.phase(), phase);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_clock_of_a_real_edition_cannot_be_moved(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::operator();
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.edition(SLUG).await.unwrap();
    let moved = backend.move_clock(&admin, &edition, ClockMove::By(3600)).await;
    assert!(matches!(moved, Err(Error::Refused(Refusal::NotARehearsal))));
    assert!(
        sqlx::query("update edition set clock_offset_seconds = 60").execute(&pool).await.is_err(),
        "the database itself refuses too"
    );
    assert_eq!(count(&pool, "audit_event where action = 'edition.clock_moved'").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn moved_windows_leave_a_trace_and_keep_their_order(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::operator();
    let edition = season_in(&backend, Phase::Call).await;
    let mut windows = edition.schedule.windows;
    windows.call.closes += chrono::Duration::days(1);
    backend.move_windows(&admin, &edition, windows).await.unwrap();
    assert_eq!(backend.edition(SLUG).await.unwrap().schedule.windows, windows);
    windows.voting.opens = windows.call.opens;
    let moved = backend.move_windows(&admin, &edition, windows).await;
    assert!(matches!(moved, Err(Error::Refused(Refusal::Windows))));
    assert_eq!(count(&pool, "audit_event where action = 'edition.windows_moved'").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_is_no_public_edition(pool: PgPool) {
    let backend = backend(pool);
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&Admin::operator(), &new).await.unwrap();
    assert!(matches!(backend.public_edition(SLUG).await, Err(Error::NotFound)));
    assert!(backend.public_editions().await.unwrap().is_empty());
    let again = backend.create_edition(&Admin::operator(), &new).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::SlugTaken))));
}

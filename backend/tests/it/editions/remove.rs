//! Rehearsals are unlisted, can be taken off the public pages, and removed; real editions stay.

use backend::accounts::Admin;
use backend::editions::NewEdition;
use backend::{Backend, Error, Refusal, Settings};
use domain::refusal::EditionRefusal;
use domain::schedule::{Phase, Window};
use sqlx::PgPool;

use crate::support::{SEASON, SLUG, backend, count, keys, season_in, vote};

async fn real_edition(backend: &Backend, slug: &str) {
    // A season that is still to come: one that is over is not published.
    let file = SEASON.replacen(SLUG, slug, 1).replace("\"2024-", "\"2094-");
    assert_ne!(file, SEASON);
    let (admin, new) = (Admin::local_operator(), NewEdition { file, rehearsal: false });
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.find_edition(slug).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_real_edition_whose_vote_is_over_is_published_with_other_dates_alone(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let late = backend.publish_edition(&admin, &edition).await;
    let refusal = Refusal::Edition(EditionRefusal::TooLateToPublish);
    assert!(matches!(late, Err(Error::Refused(found)) if found == refusal));
    assert_eq!(count(&pool, "edition where published_at is not null").await, 0);
    // Nothing has happened in it yet, so every date may change.
    let later = |window: &mut Window| {
        let days = chrono::Duration::days(70 * 365);
        *window = Window { opens: window.opens + days, closes: window.closes + days };
    };
    let mut windows = edition.schedule.windows;
    for window in [&mut windows.call, &mut windows.voting, &mut windows.judging] {
        later(window);
    }
    windows.announcement += chrono::Duration::days(70 * 365);
    backend.move_windows(&admin, &edition, windows).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_real_edition_whose_vote_has_begun_without_a_case_is_not_published(pool: PgPool) {
    let backend = backend(pool);
    let admin = Admin::local_operator();
    let file = include_str!("../../../../data/template.json").to_owned();
    backend.create_edition(&admin, &NewEdition { file, rehearsal: false }).await.unwrap();
    let edition = backend.find_edition("our-contest-2027").await.unwrap();
    let days = |from: i64, to: i64| {
        let at = |days| edition.now + chrono::Duration::days(days);
        Window { opens: at(from), closes: at(to) }
    };
    let windows = domain::schedule::Windows {
        call: days(-10, -5),
        voting: days(-1, 5),
        judging: days(6, 9),
        announcement: days(10, 10).opens,
    };
    backend.move_windows(&admin, &edition, windows).await.unwrap();
    let edition = backend.find_edition("our-contest-2027").await.unwrap();
    let refused = backend.publish_edition(&admin, &edition).await;
    let refusal = Refusal::Edition(EditionRefusal::TooLateToPublish);
    assert!(matches!(refused, Err(Error::Refused(found)) if found == refusal));
}

async fn listed(backend: &Backend) -> Vec<String> {
    let editions = backend.listed_editions().await.unwrap();
    editions.into_iter().map(|edition| edition.slug).collect()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_rehearsal_is_listed_in_a_demonstration_alone_and_after_real_editions(pool: PgPool) {
    let demonstration = backend(pool.clone());
    let settings = demonstration.settings().clone();
    let backend = Backend::new(pool, keys(), Settings { demonstration: false, ..settings });
    season_in(&backend, Phase::Voting).await;
    assert!(listed(&backend).await.is_empty());
    assert_eq!(listed(&demonstration).await, [SLUG]);
    real_edition(&backend, "real-2026").await;
    assert_eq!(listed(&backend).await, ["real-2026"]);
    // Its address works all the same: it is for those who know it.
    backend.find_public_edition(SLUG).await.unwrap();
    assert_eq!(listed(&demonstration).await, ["real-2026", SLUG]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_rehearsal_is_taken_off_the_site_and_removed_with_everything(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let case: uuid::Uuid =
        sqlx::query_scalar("select id from cases where state = 'accepted' limit 1")
            .fetch_one(&pool)
            .await
            .unwrap();
    vote(&backend, &pool, &edition, &[case]).await;
    backend.sequence_records().await.unwrap();
    let admin = Admin::local_operator();
    backend.unpublish_rehearsal(&admin, &edition).await.unwrap();
    assert!(matches!(backend.find_public_edition(SLUG).await, Err(Error::NotFound)));
    let twice = backend.unpublish_rehearsal(&admin, &edition).await;
    assert!(matches!(twice, Err(Error::Refused(Refusal::WrongState))), "{twice:?}");
    let wrong = backend.remove_edition(&admin, &edition, "daejeon").await;
    assert!(matches!(wrong, Err(Error::Refused(Refusal::NotConfirmed))), "{wrong:?}");
    backend.remove_edition(&admin, &edition, SLUG).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.columns
        where table_schema = 'public' and column_name in ('edition_id', 'poll_id', 'case_id')
            and table_name not in (
                select table_name from information_schema.views where table_schema = 'public'
            )",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    let kept = ["audit_event", "removed_edition"];
    for table in tables.iter().filter(|table| !kept.contains(&table.as_str())) {
        let rows = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(format!(
            "select count(*) from {table}"
        )));
        assert_eq!(rows.fetch_one(&pool).await.unwrap(), 0, "{table}");
    }
    assert_eq!(count(&pool, "audit_event where action = 'edition.removed'").await, 1);
    // Whoever has copied its log must not meet another one of this name.
    let again = NewEdition { file: SEASON.to_owned(), rehearsal: true };
    let refused = backend.create_edition(&admin, &again).await;
    let taken = Refusal::Edition(EditionRefusal::SlugTaken);
    assert!(matches!(&refused, Err(Error::Refused(why)) if *why == taken), "{refused:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_real_edition_is_removed_only_before_it_is_published(pool: PgPool) {
    let backend = backend(pool.clone());
    real_edition(&backend, "real-2026").await;
    let admin = Admin::local_operator();
    let edition = backend.find_edition("real-2026").await.unwrap();
    let kept = Refusal::Edition(EditionRefusal::KeptForGood);
    let refused = backend.remove_edition(&admin, &edition, "real-2026").await;
    assert!(matches!(&refused, Err(Error::Refused(why)) if *why == kept), "{refused:?}");
    let refused = backend.unpublish_rehearsal(&admin, &edition).await;
    assert!(matches!(&refused, Err(Error::Refused(why)) if *why == kept), "{refused:?}");
    let mistake = NewEdition { file: SEASON.to_owned(), rehearsal: false };
    backend.create_edition(&admin, &mistake).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.remove_edition(&admin, &edition, SLUG).await.unwrap();
    // It had no log, so its name is free.
    backend.create_edition(&admin, &mistake).await.unwrap();
}

//! Telling a result by mail: once, after its release, to organisations and judges.

use backend::Backend;
use backend::accounts::{Admin, Role};
use backend::awards::{AnnouncementForm, ReleaseTime};
use backend::editions::Edition;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use super::season::{announcement, small_season};
use crate::support::{SLUG, account, backend, backend_with, clock_to, count, mails, stand_at};

/// Returns the season in deliberation, with a member of the organisation of 가, one of the
/// organisation of 라, and one judge on the panel.
async fn season_with_people(backend: &Backend, pool: &PgPool) -> Edition {
    let edition = small_season(backend, pool).await;
    for (title, number) in [("가", 1), ("라", 2)] {
        let name = format!("기관 {number}");
        let own = "with added as (
                insert into organisation (id, name) values ($1, $2) returning id
            )
            update cases set organisation_id = added.id from added where title = $3";
        sqlx::query(own).bind(Uuid::new_v4()).bind(&name).bind(title).execute(pool).await.unwrap();
        let email = format!("member-{number}@council.example");
        account(backend, &edition, Role::Member, &email, &name).await;
    }
    let panel = "insert into panel_member (edition_id, judge_id)
        select $1, id from account where email = 'judge-0@agency.example'";
    sqlx::query(panel).bind(edition.id.0).execute(pool).await.unwrap();
    // A second seat, whose holder has signed nothing and is thanked for nothing.
    let idle = panel.replace("judge-0@agency.example", "member-1@council.example");
    sqlx::query(&*idle.leak()).bind(edition.id.0).execute(pool).await.unwrap();
    edition
}

async fn announce(backend: &Backend, edition: &Edition, when: ReleaseTime) {
    let form = AnnouncementForm { when, ..announcement() };
    let open = edition.deliberation_open().unwrap();
    backend.announce_result(&Admin::local_operator(), open, edition, &form).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_organisation_and_each_judge_is_told_once(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_with_people(&backend, &pool).await;
    // One tier of two awards, so that the last case wins none.
    let one = "update edition set rulebook = jsonb_set(rulebook, '{awards}',
        jsonb_build_array(rulebook->'awards'->0))";
    sqlx::query(one).execute(&pool).await.unwrap();
    let edition = backend.find_edition(&edition.slug).await.unwrap();
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 0, "nothing before the announcement");
    announce(&backend, &edition, ReleaseTime::Now).await;
    let other = crate::support::backend(pool.clone());
    let (one, two) = tokio::join!(backend.tell_released_results(), other.tell_released_results());
    one.unwrap();
    two.unwrap();
    backend.tell_released_results().await.unwrap();
    let sent = mails(&pool).await;
    assert_eq!(sent.len(), 3, "{sent:?}");
    let to = |address: &str| {
        let (_, subject, body) = sent.iter().find(|mail| mail.0 == address).unwrap();
        format!("{subject}\n{body}")
    };
    let (won, lost) = (to("member-1@council.example"), to("member-2@council.example"));
    let award = &edition.rulebook.awards[0].tier.ko;
    assert!(won.contains(award) && won.contains("순위: 1위"), "{won}");
    assert!(lost.contains("사례: 라") && !lost.contains("순위"), "{lost}");
    assert!(lost.contains("상을 받지 못했습니다"), "{lost}");
    let link = format!("https://vote.example/editions/{SLUG}/results");
    for letter in [won, lost, to("judge-0@agency.example")] {
        assert!(letter.contains(&link), "{letter}");
    }
    assert_eq!(count(&pool, "result_mailing where mails = 3").await, 1);
    assert_eq!(count(&pool, "audit_event where action = 'result.told'").await, 1);
    // Who joins afterwards is told of no old result.
    account(&backend, &edition, Role::Member, "late@council.example", "기관 1").await;
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_planned_release_tells_at_its_instant_and_a_withdrawn_one_never(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_with_people(&backend, &pool).await;
    announce(&backend, &edition, ReleaseTime::AtPlanned).await;
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 0, "not before the release");
    let admin = Admin::local_operator();
    backend.withdraw_announcement(&admin, &edition).await.unwrap();
    let released = edition.schedule.windows.announcement;
    let later = clock_to(&backend, released).await;
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 0, "withdrawn before the release");
    announce(&backend, &later, ReleaseTime::AtPlanned).await;
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 3);
    // A rehearsal whose clock goes back and comes again tells the same result once.
    stand_at(&backend, Phase::Deliberation).await;
    stand_at(&backend, Phase::Announced).await;
    backend.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_rehearsal_outside_a_demonstration_writes_to_no_real_address(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_with_people(&backend, &pool).await;
    announce(&backend, &edition, ReleaseTime::Now).await;
    let real = backend_with(pool.clone(), false, None);
    real.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 0);
    // The same as a real edition.
    let sql = "update edition set rehearsal = false, clock_offset_seconds = 0,
        released_at = now() - interval '1 minute'";
    sqlx::query(sql).execute(&pool).await.unwrap();
    real.tell_released_results().await.unwrap();
    assert_eq!(mails(&pool).await.len(), 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_outcome_of_each_case_is_that_of_the_published_document(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_with_people(&backend, &pool).await;
    announce(&backend, &edition, ReleaseTime::Now).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let public = edition.results_public().unwrap();
    let outcomes = backend.case_outcomes(public, &edition).await.unwrap();
    let document = backend.published_result(public, &edition).await.unwrap().document;
    assert_eq!(outcomes.len(), document.cases.len());
    for case in &document.cases {
        let outcome = &outcomes[&case.id];
        assert_eq!(outcome.rank, case.rank);
        assert_eq!(outcome.award.as_ref().map(|(place, _)| *place), case.tier);
    }
}

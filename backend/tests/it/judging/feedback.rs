//! Judges' comments: organisations read them after the announcement, and only their own.

use backend::accounts::{Admin, Role};
use domain::schedule::Phase;
use domain::sheet::ScoreForm;
use sqlx::PgPool;

use super::{full, panel, save, sign};
use crate::support::{account, stand_at};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn comments_reach_the_organisation_after_the_announcement_and_no_other(pool: PgPool) {
    let (backend, edition, judge) = panel(&pool).await;
    let cases = backend.judging_desk(&judge, &edition).await.unwrap().cases;
    let case = cases.iter().find(|case| case.organisation == "동구 표본종합사회복지관").unwrap().id;
    let sheet =
        ScoreForm { comment: "따뜻합니다".into(), note: "근거가 적다".into(), ..full() };
    save(&backend, &edition, &judge, case, 0, &sheet).await.unwrap();
    sign(&backend, &edition, &judge, case, 1).await.unwrap();
    let over = stand_at(&backend, Phase::Deliberation).await;
    let open = over.deliberation_open().unwrap();
    let notes = backend.committee_notes(&Admin::local_operator(), open, edition.id).await.unwrap();
    assert_eq!(notes, [(case, "근거가 적다".to_owned())]);
    assert!(over.results_public().is_err(), "nobody can ask before the announcement");
    sqlx::query("update edition set released_at = announcement").execute(&pool).await.unwrap();
    let public = stand_at(&backend, Phase::Announced).await.results_public().unwrap();
    let member = |email: &'static str, organisation: &'static str| {
        account(&backend, &edition, Role::Member, email, organisation)
    };
    let own =
        member("own@agency.example", "동구 표본종합사회복지관").await.require_member().unwrap();
    let other = member("other@agency.example", "다른 기관").await.require_member().unwrap();
    assert_eq!(backend.case_comments(&own, public, case).await.unwrap(), ["따뜻합니다"]);
    assert!(backend.case_comments(&other, public, case).await.unwrap().is_empty());
}

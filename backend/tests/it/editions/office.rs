//! Whom people can ask, and notices.

use backend::Error;
use backend::accounts::Admin;
use backend::editions::Office;
use domain::schedule::Phase;
use sqlx::PgPool;

use crate::support::{backend, count, season_in};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_office_is_stored_as_people_type_it_and_may_be_empty(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let admin = Admin::local_operator();
    assert_eq!(backend.edition_office(edition.id).await.unwrap(), Office::default());
    let office = Office {
        department: "  사회복지과 ".to_owned(),
        telephone: "042-000-0000".to_owned(),
        privacy_officer: "홍길동 부장".to_owned(),
        privacy_contact: "042-000-0001".to_owned(),
        processors: "하나통신 - 문자 발송\r\n둘째통신 - 서버".to_owned(),
        ..Office::default()
    };
    backend.save_office(&admin, &edition, office.clone()).await.unwrap();
    let stored = backend.edition_office(edition.id).await.unwrap();
    assert_eq!(stored.department, "사회복지과");
    assert_eq!(stored.processors, "하나통신 - 문자 발송\n둘째통신 - 서버");
    assert!(stored.is_complete());
    let long = Office {
        hours: "가".repeat(201),
        help_more: "a".repeat(2_001),
        email: "042-000-0000".to_owned(),
        ..office
    };
    let Err(Error::Invalid(faults)) = backend.save_office(&admin, &edition, long).await else {
        panic!("too long")
    };
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["hours", "help_more", "email"], "all are told at once");
    backend.save_office(&admin, &edition, Office::default()).await.unwrap();
    assert!(!backend.edition_office(edition.id).await.unwrap().has_contact());
    assert_eq!(count(&pool, "audit_event where action = 'office.changed'").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn notices_are_published_and_taken_down(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let admin = Admin::local_operator();
    for (title, body) in [("", "text"), ("title", " "), (&*"가".repeat(81), "text")] {
        let refused = backend.publish_notice(&admin, &edition, (title, body)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    backend.publish_notice(&admin, &edition, ("첫째", "글")).await.unwrap();
    backend.publish_notice(&admin, &edition, ("둘째", "글")).await.unwrap();
    let notices = backend.public_notices(edition.id).await.unwrap();
    let titles: Vec<&str> = notices.iter().map(|notice| notice.title.as_str()).collect();
    assert_eq!(titles, ["둘째", "첫째"]);
    backend.remove_notice(&admin, &edition, notices[0].id).await.unwrap();
    let again = backend.remove_notice(&admin, &edition, notices[0].id).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    assert_eq!(backend.public_notices(edition.id).await.unwrap().len(), 1);
}

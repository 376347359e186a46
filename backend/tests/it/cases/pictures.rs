//! Pictures of cases, and who may see them.

use super::Call;
use crate::support::{account, count, stand_at};
use backend::accounts::{Role, SignedIn};
use backend::cases::{ScreeningDecision, UploadedPicture};
use backend::{Error, Refusal};
use domain::ids::PictureId;
use domain::refusal::CaseRefusal;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_picture_is_seen_by_those_who_may_see_its_case(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    let picture = call.put_picture(case, version).await.unwrap();
    let (backend, edition) = (&call.backend, &call.edition);
    let stranger = call.stranger().await;
    let admin = account(backend, edition, Role::Administrator, "admin@city.example", "").await;
    let judge = account(backend, edition, Role::Judge, "judge@city.example", "").await;
    let sees =
        async |asker: Option<&SignedIn>| backend.visible_picture(picture, asker).await.is_ok();
    assert!(sees(Some(&call.visitor)).await);
    assert!(!sees(None).await && !sees(Some(&stranger)).await);
    assert!(!sees(Some(&admin)).await && !sees(Some(&judge)).await, "it is a draft");
    let version = call.submit(case, version).await.unwrap();
    assert!(sees(Some(&admin)).await && !sees(Some(&judge)).await);
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    assert!(sees(Some(&judge)).await && !sees(Some(&stranger)).await && !sees(None).await);
    stand_at(backend, Phase::Voting).await;
    assert!(sees(None).await);
    let nowhere = backend.visible_picture(PictureId(Uuid::new_v4()), None).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_judge_with_a_conflict_does_not_see_the_picture(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let case = call.begin().await;
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    let picture = call.put_picture(case, version).await.unwrap();
    let version = call.submit(case, version).await.unwrap();
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    let judge = account(&call.backend, &call.edition, Role::Judge, "j@city.example", "").await;
    assert!(call.backend.visible_picture(picture, Some(&judge)).await.is_ok());
    sqlx::query(
        "insert into recusal (judge_id, case_id, edition_id, reason) values ($1, $2, $3, '')",
    )
    .bind(judge.account_id().0)
    .bind(case.0)
    .bind(call.edition.id.0)
    .execute(&pool)
    .await
    .unwrap();
    let hidden = call.backend.visible_picture(picture, Some(&judge)).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_has_one_picture_which_can_be_changed_and_removed(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let case = call.begin().await;
    let old = call.put_picture(case, 1).await.unwrap();
    let new = call.put_picture(case, 1).await.unwrap();
    assert_ne!(old, new, "the address changes with the picture, so caches may keep it for ever");
    assert_eq!(count(&pool, "picture").await, 1);
    let open = || call.edition.submissions_open().unwrap();
    let (backend, edition, member) = (&call.backend, &call.edition, &call.member);
    let text = UploadedPicture { file: b"not a picture".to_vec(), alt: String::new() };
    let refused = backend.put_picture(member, open(), edition, case, 1, text).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Case(CaseRefusal::NotAPicture)))));
    let big = UploadedPicture { file: vec![0; 10 * 1024 * 1024 + 1], alt: String::new() };
    let refused = backend.put_picture(member, open(), edition, case, 1, big).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Case(CaseRefusal::PictureTooLarge)))));
    assert_eq!(count(&pool, "picture").await, 1, "the old one is still there");
    backend.remove_picture(member, open(), edition, case, 1).await.unwrap();
    assert_eq!(count(&pool, "picture").await, 0);
}

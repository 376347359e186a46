//! Receipts, earlier versions, and near-doubles.

use super::Call;
use crate::support::{SLUG, count};
use backend::Error;
use backend::accounts::Admin;
use backend::cases::CaseDraft;
use chrono::{DateTime, SubsecRound as _, Utc};
use domain::record::note::Note;
use sqlx::PgPool;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_sending_has_a_number_and_a_signed_time(pool: PgPool) {
    let call = Call::open(pool).await;
    let unsent = call.begin().await;
    let none = call.backend.case_receipt(&call.member, unsent).await;
    assert!(matches!(none, Err(Error::NotFound)));
    let (first, version) = call.submitted().await;
    let (second, _) = call.submitted().await;
    let note = async |case| {
        let text = call.backend.case_receipt(&call.member, case).await.unwrap();
        text.parse::<Note>().unwrap()
    };
    let key = call.backend.receipt_key(&call.edition).unwrap();
    let (one, other) = (note(first).await, note(second).await);
    for (note, number) in [(&one, 1), (&other, 2)] {
        note.verify_signature(&key).unwrap();
        let lines: Vec<_> = note.signed_text().lines().collect();
        assert_eq!(
            lines[..3],
            ["hanpyo submission/v1", &format!("edition {SLUG}"), &format!("number {number}"),]
        );
        let at = lines[4].strip_prefix("at ").unwrap().parse::<DateTime<Utc>>().unwrap();
        assert!(at >= call.edition.now.trunc_subsecs(0), "by the edition's clock: {at}");
    }
    // Nothing that this key signs is a checkpoint, and no other key signs it.
    assert!(key.key_name().ends_with("/record/daejeon-2024/submissions"));
    let forged = one.to_string().replace("number 1", "number 9").parse::<Note>().unwrap();
    assert!(forged.verify_signature(&key).is_err());
    // Sent in again with another text: the same number, another receipt.
    call.withdraw(first, version).await.unwrap();
    let changed = CaseDraft { summary: "다른 소개".to_owned(), ..call.whole().await };
    let version = call.save(first, version, &changed).await.unwrap();
    call.submit(first, version).await.unwrap();
    let again = note(first).await;
    again.verify_signature(&key).unwrap();
    assert!(again.signed_text().contains("\nnumber 1\n"));
    assert_ne!(again.signed_text().lines().nth(5), one.signed_text().lines().nth(5));
    let stranger = call.stranger().await.require_member().unwrap();
    let theirs = call.backend.case_receipt(&stranger, first).await;
    assert!(matches!(theirs, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn versions_are_kept_for_their_organisation_and_go_when_data_is_masked(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let case = call.begin().await;
    let mut draft = call.whole().await;
    let mut version = call.save(case, 1, &draft).await.unwrap();
    draft.body = "전화 010-2345-6789".to_owned();
    version = call.save(case, version, &draft).await.unwrap();
    let stored = async || call.backend.case_versions(&call.member, case).await.unwrap();
    // Two saves of one person within ten minutes are one version.
    let kept = stored().await;
    assert_eq!((kept.len(), kept[0].version, kept[0].sent), (1, version, false));
    assert_eq!(kept[0].draft.body, draft.body);
    sqlx::query("update case_version set begun_at = now() - interval '11 minutes'")
        .execute(&pool)
        .await
        .unwrap();
    draft.body = "전화번호를 지웠습니다.".to_owned();
    version = call.save(case, version, &draft).await.unwrap();
    assert_eq!(stored().await.len(), 2, "eleven minutes later it is another version");
    call.backend.remove_personal_versions(&call.member, case).await.unwrap();
    let kept = stored().await;
    assert_eq!((kept.len(), kept[0].draft.body.as_str()), (1, "전화번호를 지웠습니다."));
    call.submit(case, version).await.unwrap();
    let kept = stored().await;
    assert!(kept[0].sent && kept[0].version == version + 1, "what was sent in is a version");
    let stranger = call.stranger().await.require_member().unwrap();
    let theirs = call.backend.case_versions(&stranger, case).await;
    assert!(matches!(theirs, Err(Error::NotFound)));
    let theirs = call.backend.remove_personal_versions(&stranger, case).await;
    assert!(matches!(theirs, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn old_versions_make_room_but_what_was_sent_stays(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    call.withdraw(case, version).await.unwrap();
    let mut version = version;
    for step in 0..105 {
        let body = format!("글 {step}");
        version =
            call.save(case, version, &CaseDraft { body, ..call.whole().await }).await.unwrap();
        sqlx::query("update case_version set begun_at = now() - interval '1 day'")
            .execute(&pool)
            .await
            .unwrap();
    }
    assert_eq!(count(&pool, "case_version where not sent").await, 100);
    assert_eq!(count(&pool, "case_version where sent").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_story_that_was_sent_in_before_is_shown_to_the_staff(pool: PgPool) {
    let call = Call::open(pool).await;
    let story: String =
        (0..80).map(|step| format!("주민 {step}명이 냉장고 {}대를. ", step * 7)).collect();
    let mut cases = Vec::new();
    for (title, body) in [
        ("원래 사례", story.clone()),
        ("베낀 사례", format!("{story}마지막 문장만 다릅니다.")),
        ("다른 사례", "골목마다 화단을 만들고 이름을 붙였습니다. ".repeat(3)),
    ] {
        let case = call.begin().await;
        let draft = CaseDraft { title: title.to_owned(), body, ..call.whole().await };
        let version = call.save(case, 1, &draft).await.unwrap();
        call.submit(case, version).await.unwrap();
        cases.push(case);
    }
    let admin = Admin::local_operator();
    let similar = async |case| {
        let case = call.backend.screening_case(&admin, &call.edition, case).await.unwrap();
        call.backend.similar_cases(&admin, &call.edition, &case).await.unwrap()
    };
    let found = similar(cases[1]).await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].id, found[0].title.as_str()), (cases[0], "원래 사례"));
    assert!(found[0].same_edition && found[0].likeness > 85, "{found:?}");
    assert!(similar(cases[2]).await.is_empty());
    // A draft that says the same is nobody's business.
    let draft = call.begin().await;
    let text = CaseDraft { body: story, ..call.whole().await };
    call.save(draft, 1, &text).await.unwrap();
    assert_eq!(similar(cases[0]).await.len(), 1);
}

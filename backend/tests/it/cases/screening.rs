//! Screening: the decisions that staff can make, and those that are refused.

use super::{ADDRESS, Call};
use crate::support::{SLUG, backend, mails, newest_mail, season_in};
use backend::cases::{CaseDraft, CaseState, ScreeningDecision};
use backend::{Error, Refusal};
use domain::ids::CaseId;
use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn staff_accept_reject_with_a_reason_and_undo(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let none = call.decide(case, version, ScreeningDecision::Reject("  ".to_owned())).await;
    assert!(matches!(none, Err(Error::Invalid(_))), "a rejection needs a reason");
    let reason = "대상 지역이 아닙니다.";
    call.decide(case, version, ScreeningDecision::Reject(reason.to_owned())).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!((stored.state, stored.reason.as_deref()), (CaseState::Rejected, Some(reason)));
    assert!(newest_mail(&pool, ADDRESS).await.contains(reason));
    let twice = call.decide(case, version, ScreeningDecision::Accept).await;
    assert!(matches!(twice, Err(Error::Refused(Refusal::WrongState))));
    call.decide(case, version, ScreeningDecision::Undo).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!((stored.state, stored.reason), (CaseState::Submitted, None));
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    assert_eq!(call.state(case).await, CaseState::Accepted);
    // The acknowledgement of the submission, and each decision, name the case in subject and text.
    let named = |mail: &(String, String, String)| {
        mail.2.contains("골목 냉장고") && mail.1.contains("골목 냉장고")
    };
    assert_eq!(mails(&pool).await.iter().filter(|mail| named(mail)).count(), 4);
    for trace in ["case.rejected", "case.decision_undone", "case.accepted"] {
        let left: i64 = sqlx::query_scalar("select count(*) from audit_event where action = $1")
            .bind(trace)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(left, 1, "{trace}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn staff_decide_about_the_words_they_have_read(pool: PgPool) {
    let call = Call::open(pool).await;
    let (case, read) = call.submitted().await;
    call.withdraw(case, read).await.unwrap();
    let gone = call.decide(case, read, ScreeningDecision::Accept).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::WrongState))));
    let changed =
        CaseDraft { body: "아무도 읽지 않은 글".to_owned(), ..call.whole().await };
    let version = call.save(case, read, &changed).await.unwrap();
    call.submit(case, version).await.unwrap();
    let unread = call.decide(case, read, ScreeningDecision::Accept).await;
    assert!(matches!(unread, Err(Error::Refused(Refusal::Stale))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_draft_cannot_be_decided_on(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let decided = call.decide(case, 1, ScreeningDecision::Accept).await;
    assert!(matches!(decided, Err(Error::NotFound)));
    let nowhere = call.decide(CaseId(Uuid::new_v4()), 1, ScreeningDecision::Accept).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_screening_ends_when_the_vote_opens(pool: PgPool) {
    let backend = backend(pool);
    let edition = season_in(&backend, Phase::Voting).await;
    // Until the rules are sealed no ballot paper is fixed, and a vote that could not begin can be mended.
    assert!(edition.screening_open().is_ok());
    backend.open_poll(&edition, &edition.polls[0]).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert!(matches!(edition.screening_open(), Err(PhaseError::Over { .. })));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_picture_swapped_after_the_reading_is_not_accepted_unseen(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    call.put_picture(case, version).await.unwrap();
    let read = call.submit(case, version).await.unwrap();
    call.withdraw(case, read).await.unwrap();
    call.put_picture(case, read).await.unwrap();
    let again = call.submit(case, read).await.unwrap();
    let unseen = call.decide(case, read, ScreeningDecision::Accept).await;
    assert!(matches!(unseen, Err(Error::Refused(Refusal::Stale))), "{unseen:?}");
    call.decide(case, again, ScreeningDecision::Accept).await.unwrap();
}

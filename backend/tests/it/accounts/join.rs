//! Requests for an account: one answer for everybody, one row, and a decision that is in the trail.

use backend::accounts::{Admin, JoinForm, Role};
use backend::editions::Edition;
use backend::{Backend, Error, Refusal};
use domain::refusal::AccountRefusal;
use domain::schedule::{Phase, PhaseError};
use phrases::Lang;
use sqlx::PgPool;

use super::{NETWORK, link_token};
use crate::support::{
    PASSWORD, account, backend, clock_to, count, keep_tries, mails, newest_mail, season_in,
    stand_at,
};

const ADDRESS: &str = "gayang@council.example";

fn form(email: &str) -> JoinForm {
    JoinForm {
        organisation: "가양동 지역사회보장협의체".to_owned(),
        person: "김하나".to_owned(),
        email: email.to_owned(),
        note: "올해 처음 참여합니다.".to_owned(),
        consent: true,
    }
}

async fn ask(backend: &Backend, edition: &Edition, form: &JoinForm) -> Result<(), Error> {
    backend.request_account(edition, form, NETWORK, Lang::Ko).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_is_stored_once_and_confirmed_by_mail(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    let capital = form(" Gayang@Council.Example ");
    ask(&backend, &edition, &capital).await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 1);
    let sent = mails(&pool).await;
    assert_eq!(sent.len(), 2, "each request is confirmed");
    for (to, subject, body) in sent {
        assert_eq!(to, ADDRESS);
        assert!(subject.contains("계정 신청을 받았습니다"), "{subject}");
        assert!(body.contains("가양동 지역사회보장협의체") && !body.contains("http"), "{body}");
    }
    let open = backend.join_requests(&Admin::local_operator(), edition.id).await.unwrap();
    assert_eq!(open.requests.len(), 1);
    assert_eq!(open.requests[0].person, "김하나");
    let work = backend.season_work(&Admin::local_operator(), edition.id).await.unwrap();
    assert_eq!(work.join_requests, 1, "the overview says so");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_address_with_an_account_gets_the_same_answer_and_another_mail(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    account(&backend, &edition, Role::Judge, ADDRESS, "").await;
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 0, "nothing is stored");
    let body = newest_mail(&pool, ADDRESS).await;
    assert!(body.contains("/sign-in") && body.contains("/forgot"), "{body}");
    assert_eq!(mails(&pool).await.len(), 1, "one mail, as for everybody");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_approved_request_is_an_invitation_of_the_chosen_organisation(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    let request = backend.join_requests(&admin, edition.id).await.unwrap().requests[0].id;
    let nameless = backend.approve_join_request(&admin, &edition, request, " ").await;
    assert!(matches!(nameless, Err(Error::Invalid(_))));
    let both = || backend.approve_join_request(&admin, &edition, request, "가양동 협의체");
    let (one, other) = tokio::join!(both(), both());
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let refused = one.and(other);
    assert!(matches!(refused, Err(Error::Refused(Refusal::WrongState))), "{refused:?}");
    assert_eq!(count(&pool, "audit_event where action = 'join.approved'").await, 1);
    assert_eq!(count(&pool, "audit_event where action = 'account.invited'").await, 1);
    let token = link_token(&newest_mail(&pool, ADDRESS).await, "/invitations/");
    let (_, member) =
        backend.accept_invitation(&token, "김하나", PASSWORD, Lang::Ko).await.unwrap();
    assert_eq!(member.organisation_name(), Some("가양동 협의체"));
    assert!(backend.join_requests(&admin, edition.id).await.unwrap().requests.is_empty());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_of_somebody_who_has_an_account_by_now_stays_open(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    account(&backend, &edition, Role::Member, ADDRESS, "가양동 협의체").await;
    let request = backend.join_requests(&admin, edition.id).await.unwrap().requests[0].id;
    let taken = backend.approve_join_request(&admin, &edition, request, "가양동 협의체").await;
    assert!(matches!(taken, Err(Error::Refused(Refusal::Account(AccountRefusal::AddressTaken)))));
    assert_eq!(count(&pool, "join_request where decided_at is null").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_declined_request_has_a_reason_by_mail_that_is_not_in_the_trail(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    let request = backend.join_requests(&admin, edition.id).await.unwrap().requests[0].id;
    let silent = backend.decline_join_request(&admin, &edition, request, "").await;
    assert!(matches!(silent, Err(Error::Invalid(_))));
    let reason = "우리 시의 기관만 참여합니다.";
    backend.decline_join_request(&admin, &edition, request, reason).await.unwrap();
    assert!(newest_mail(&pool, ADDRESS).await.contains(reason));
    let told = "audit_event where action = 'join.declined' and detail::text like '%기관%'";
    assert_eq!(count(&pool, told).await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'join.declined'").await, 1);
    let again = backend.decline_join_request(&admin, &edition, request, reason).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))));
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 2, "asking again is allowed");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn requests_are_counted_by_address_and_by_network(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    for _ in 0..3 {
        ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
        keep_tries(&pool, "1 day").await;
    }
    let fourth = ask(&backend, &edition, &form(ADDRESS)).await;
    assert!(matches!(fourth, Err(Error::TooMany { .. })));
    ask(&backend, &edition, &form("other@council.example")).await.unwrap();
    sqlx::query("update attempt set tries = 60").execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    let many = ask(&backend, &edition, &form("third@council.example")).await;
    assert!(matches!(many, Err(Error::TooMany { .. })), "of this network");
    let from = "198.51.100.1";
    let other = form("third@council.example");
    backend.request_account(&edition, &other, from, Lang::Ko).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_asks_without_consent_or_after_the_call(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Draft).await;
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    match ask(&backend, &edition, &JoinForm::default()).await {
        Err(Error::Invalid(faults)) => {
            let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
            assert_eq!(fields, ["organisation", "person", "email", "consent"]);
        }
        other => panic!("{other:?}"),
    }
    let closed = stand_at(&backend, Phase::Screening).await;
    let late = ask(&backend, &closed, &form("late@council.example")).await;
    assert!(matches!(late, Err(Error::Phase(PhaseError::Over { .. }))));
    assert_eq!(count(&pool, "join_request").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn requests_die_30_days_after_the_decision_or_the_call(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    for address in ["declined@council.example", "open@council.example"] {
        ask(&backend, &edition, &form(address)).await.unwrap();
    }
    let declined = "update join_request set decision = 'declined',
        decided_at = now() - interval '29 days' where email like 'declined%'";
    sqlx::query(declined).execute(&pool).await.unwrap();
    backend.delete_old_join_requests().await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 2);
    let older = "update join_request set decided_at = now() - interval '31 days'
        where decided_at is not null";
    sqlx::query(older).execute(&pool).await.unwrap();
    backend.delete_old_join_requests().await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 1);
    // The clock of a rehearsal alone deletes nothing.
    let over = edition.schedule.windows.call.closes + chrono::TimeDelta::days(30);
    clock_to(&backend, over).await;
    backend.delete_old_join_requests().await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 1);
    let old = "update join_request set created_at = now() - interval '31 days'";
    sqlx::query(old).execute(&pool).await.unwrap();
    clock_to(&backend, over - chrono::TimeDelta::hours(1)).await;
    backend.delete_old_join_requests().await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 1, "the call is not over for so long");
    clock_to(&backend, over).await;
    backend.delete_old_join_requests().await.unwrap();
    assert_eq!(count(&pool, "join_request").await, 0);
}

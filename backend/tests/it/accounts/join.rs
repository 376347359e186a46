//! Requests for an account: one answer for everybody, proof by a link, and a decision that is in the trail.

use backend::accounts::{Admin, JoinForm, JoinRequest, Role};
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

/// Uses the link of the newest mail to this address.
async fn confirm(backend: &Backend, pool: &PgPool, edition: &Edition, email: &str) {
    let token = link_token(&newest_mail(pool, email).await, "/join/");
    backend.confirm_join_request(edition, &token).await.unwrap();
}

/// Asks and confirms.
async fn ask_and_confirm(backend: &Backend, pool: &PgPool, edition: &Edition, form: &JoinForm) {
    ask(backend, edition, form).await.unwrap();
    confirm(backend, pool, edition, &form.email).await;
}

async fn open_requests(backend: &Backend, edition: &Edition) -> Vec<JoinRequest> {
    backend.join_requests(&Admin::local_operator(), edition.id, 1).await.unwrap().requests
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_reaches_staff_once_its_link_was_used(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    assert!(open_requests(&backend, &edition).await.is_empty(), "nobody has confirmed it");
    let sent = mails(&pool).await;
    let (to, subject, body) = &sent[0];
    assert_eq!((sent.len(), to.as_str()), (1, ADDRESS));
    assert!(subject.contains("확인해 주세요"), "{subject}");
    assert!(!body.contains("가양동 지역사회보장협의체"), "a stranger's words go to nobody: {body}");
    let token = link_token(body, "/join/");
    let seen = backend.find_join_request(&edition, &token).await.unwrap();
    assert!(!seen.confirmed, "looking confirms nothing");
    assert_eq!(seen.person, "김하나");
    for _ in 0..2 {
        backend.confirm_join_request(&edition, &token).await.unwrap();
    }
    let open = open_requests(&backend, &edition).await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].person, "김하나");
    let work = backend.season_work(&Admin::local_operator(), edition.id).await.unwrap();
    assert_eq!(work.join_requests, 1, "the overview says so");
    let invented = backend.confirm_join_request(&edition, &"0".repeat(64)).await;
    assert!(matches!(invented, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stranger_replaces_uses_up_and_buries_no_request(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    ask_and_confirm(&backend, &pool, &edition, &form(ADDRESS)).await;
    let stranger = JoinForm { organisation: "다른 기관".to_owned(), ..form(ADDRESS) };
    let from = "198.51.100.1";
    for _ in 0..3 {
        backend.request_account(&edition, &stranger, from, Lang::Ko).await.unwrap();
        keep_tries(&pool, "1 day").await;
    }
    let fourth = backend.request_account(&edition, &stranger, from, Lang::Ko).await;
    assert!(matches!(fourth, Err(Error::TooMany { .. })));
    let open = open_requests(&backend, &edition).await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].organisation, "가양동 지역사회보장협의체");
    // The owner still asks, and the newer request that they confirm stands in place of the older.
    let better =
        JoinForm { note: "전화로 말씀드린 건입니다.".to_owned(), ..form(ADDRESS) };
    ask_and_confirm(&backend, &pool, &edition, &better).await;
    let open = open_requests(&backend, &edition).await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].note, "전화로 말씀드린 건입니다.");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_links_that_are_used_at_once_leave_one_request(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
        tokens.push(link_token(&newest_mail(&pool, ADDRESS).await, "/join/"));
    }
    let (one, other) = tokio::join!(
        backend.confirm_join_request(&edition, &tokens[0]),
        backend.confirm_join_request(&edition, &tokens[1]),
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!(open_requests(&backend, &edition).await.len(), 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_request_has_a_page(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let many = "insert into join_request
        (id, edition_id, organisation_name, person_name, email, lang, created_at, confirmed_at)
        select gen_random_uuid(), $1, 'o', 'p', 'a' || n || '@council.example', 'ko', now(), now()
        from generate_series(1, 101) as n";
    sqlx::query(many).bind(edition.id.0).execute(&pool).await.unwrap();
    let admin = Admin::local_operator();
    let mut seen = Vec::new();
    for page in 1..=3 {
        let found = backend.join_requests(&admin, edition.id, page).await.unwrap();
        assert_eq!((found.page, found.pages), (page, 3));
        seen.extend(found.requests.into_iter().map(|request| request.id));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 101);
    assert_eq!(backend.join_requests(&admin, edition.id, 99).await.unwrap().page, 3);
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
    ask_and_confirm(&backend, &pool, &edition, &form(ADDRESS)).await;
    let request = open_requests(&backend, &edition).await[0].id;
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
    assert!(open_requests(&backend, &edition).await.is_empty());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_of_somebody_who_has_an_account_by_now_stays_open(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    ask_and_confirm(&backend, &pool, &edition, &form(ADDRESS)).await;
    account(&backend, &edition, Role::Member, ADDRESS, "가양동 협의체").await;
    let request = open_requests(&backend, &edition).await[0].id;
    let taken = backend.approve_join_request(&admin, &edition, request, "가양동 협의체").await;
    assert!(matches!(taken, Err(Error::Refused(Refusal::Account(AccountRefusal::AddressTaken)))));
    assert_eq!(count(&pool, "join_request where decided_at is null").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_declined_request_has_a_reason_by_mail_that_is_not_in_the_trail(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    ask_and_confirm(&backend, &pool, &edition, &form(ADDRESS)).await;
    let request = open_requests(&backend, &edition).await[0].id;
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
    assert!(matches!(fourth, Err(Error::TooMany { .. })), "from this network");
    for network in 1..=7 {
        let from = format!("192.0.2.{network}");
        let tagged = form("Gayang+case@council.example");
        backend.request_account(&edition, &tagged, &from, Lang::Ko).await.unwrap();
        keep_tries(&pool, "1 day").await;
    }
    let from = "192.0.2.8";
    let eleventh = backend.request_account(&edition, &form(ADDRESS), from, Lang::Ko).await;
    assert!(matches!(eleventh, Err(Error::TooMany { .. })), "for this address");
    ask(&backend, &edition, &form("other@council.example")).await.unwrap();
    sqlx::query("update attempt set tries = 60").execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    let many = ask(&backend, &edition, &form("third@council.example")).await;
    assert!(matches!(many, Err(Error::TooMany { .. })), "of this network");
    let from = "198.51.100.1";
    let other = form("third@council.example");
    backend.request_account(&edition, &other, from, Lang::Ko).await.unwrap();
    // Of what was counted so far only the edition's number is asked for again.
    sqlx::query("update attempt set tries = 300").execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    let (from, other) = ("198.51.100.99", form("fourth@council.example"));
    let flooded = backend.request_account(&edition, &other, from, Lang::Ko).await;
    assert!(matches!(flooded, Err(Error::TooMany { .. })), "of this edition");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_owns_a_domain_does_not_fill_the_list(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let mut confirmed = 0;
    for number in 0..22 {
        let email = format!("council-{number}@catch-all.example");
        ask(&backend, &edition, &form(&email)).await.unwrap();
        let token = link_token(&newest_mail(&pool, &email).await, "/join/");
        match backend.confirm_join_request(&edition, &token).await {
            Ok(()) => confirmed += 1,
            Err(Error::TooMany { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
        keep_tries(&pool, "1 day").await;
    }
    assert_eq!(confirmed, 20);
    ask_and_confirm(&backend, &pool, &edition, &form("kim@naver.com")).await;
    assert_eq!(open_requests(&backend, &edition).await.len(), 21);
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
    let token = link_token(&newest_mail(&pool, ADDRESS).await, "/join/");
    let late = backend.confirm_join_request(&closed, &token).await;
    assert!(matches!(late, Err(Error::Phase(PhaseError::Over { .. }))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_that_nobody_confirms_dies_after_a_week(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    ask(&backend, &edition, &form(ADDRESS)).await.unwrap();
    let token = link_token(&newest_mail(&pool, ADDRESS).await, "/join/");
    let older = async |minutes: i32| {
        let sql = "update join_request set created_at = now() - make_interval(mins => $1)";
        sqlx::query(sql).bind(minutes).execute(&pool).await.unwrap();
        backend.delete_old_join_requests().await.unwrap();
    };
    older(7 * 24 * 60 - 5).await;
    backend.find_join_request(&edition, &token).await.unwrap();
    older(7 * 24 * 60 + 5).await;
    assert_eq!(count(&pool, "join_request").await, 0);
    let gone = backend.find_join_request(&edition, &token).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn requests_die_30_days_after_the_decision_or_the_call(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    for address in ["declined@council.example", "open@council.example"] {
        ask_and_confirm(&backend, &pool, &edition, &form(address)).await;
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

//! Accounts: who can sign in, who cannot, and what is stored.

mod invitations;
mod join;
mod leaving;

use backend::accounts::{Admin, InvitationRequest, Role, SignInForm};
use backend::{Backend, Error, Refusal};
use domain::refusal::AccountRefusal;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

use crate::support::{self, PASSWORD, account, backend, count, keep_tries, season_in};

const NETWORK: &str = "203.0.113.7";

fn form(email: &str, password: &str) -> SignInForm {
    SignInForm { email: email.to_owned(), password: password.to_owned() }
}

fn link_token(mail: &str, path: &str) -> String {
    let (_, rest) = mail.split_once(path).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn invited(backend: &Backend, pool: &PgPool) -> String {
    let edition = season_in(backend, Phase::Call).await;
    let invite = InvitationRequest {
        email: "judge@agency.example".to_owned(),
        role: Role::Judge,
        organisation: String::new(),
        edition: edition.id,
        lang: Lang::Ko,
    };
    backend.send_invitation(&Admin::local_operator(), &invite).await.unwrap();
    let mail = support::newest_mail(pool, "judge@agency.example").await;
    link_token(&mail, "/invitations/")
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_invitation_makes_one_account_and_is_then_used_up(pool: PgPool) {
    let backend = backend(pool.clone());
    let token = invited(&backend, &pool).await;
    backend.find_invitation(&token).await.unwrap();
    backend.find_invitation(&token).await.expect("looking does not use the link up");
    let (session, judge) =
        backend.accept_invitation(&token, "심사위원", PASSWORD, Lang::Ko).await.unwrap();
    assert!(
        judge.require_judge().is_ok()
            && judge.require_admin().is_err()
            && judge.require_member().is_err()
    );
    assert!(backend.resume_session(&session).await.unwrap().is_some());
    assert_eq!(count(&pool, "panel_member").await, 1);
    let again = backend.accept_invitation(&token, "다른 사람", PASSWORD, Lang::Ko).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))));
    assert_eq!(count(&pool, "account").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    account(&backend, &edition, Role::Judge, "known@agency.example", "").await;
    for email in ["known@agency.example", "unknown@agency.example", "no address", ""] {
        let answer = backend.sign_in(&form(email, "not the password"), NETWORK).await;
        assert!(
            matches!(answer, Err(Error::Refused(Refusal::Account(AccountRefusal::WrongPassword)))),
            "{email}"
        );
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_eleventh_try_is_refused_before_anything_is_hashed(pool: PgPool) {
    let backend = backend(pool.clone());
    let bad = form("somebody@agency.example", "guess");
    for _ in 0..10 {
        let answer = backend.sign_in(&bad, NETWORK).await;
        assert!(matches!(
            answer,
            Err(Error::Refused(Refusal::Account(AccountRefusal::WrongPassword)))
        ));
        keep_tries(&pool, "15 minutes").await;
    }
    let answer = backend.sign_in(&bad, NETWORK).await;
    assert!(matches!(answer, Err(Error::TooMany { .. })));
    let padded = form("somebody@agency.example\u{200b}", "guess");
    let answer = backend.sign_in(&padded, NETWORK).await;
    assert!(matches!(answer, Err(Error::TooMany { .. })), "padding makes no new address");
    let elsewhere = backend.sign_in(&bad, "198.51.100.1").await;
    assert!(matches!(elsewhere, Err(Error::Refused(_))), "the person is not locked out elsewhere");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn strangers_who_try_passwords_keep_nobody_out_of_the_browser_they_have_used(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let email = "judge@agency.example";
    let judge = account(&backend, &edition, Role::Judge, email, "").await;
    let other = account(&backend, &edition, Role::Judge, "other@agency.example", "").await;
    let (mine, theirs) = (backend.device_token(&judge), backend.device_token(&other));
    sqlx::query("delete from attempt").execute(&pool).await.unwrap();
    let wrong = backend.sign_in(&form(email, "guess"), "198.51.100.1").await;
    assert!(matches!(wrong, Err(Error::Refused(_))));
    // A hundred tries of an account in an hour, here as if from a hundred networks.
    sqlx::query("update attempt set tries = 100").execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    let right = form(email, PASSWORD);
    for device in ["", &theirs, &backend::keys::random_token()] {
        let answer = backend.sign_in_at_device(&right, NETWORK, device).await;
        assert!(matches!(answer, Err(Error::TooMany { .. })), "{device:?}");
    }
    let answer = backend.sign_in_at_device(&form(email, "guess"), NETWORK, &mine).await;
    assert!(matches!(answer, Err(Error::Refused(_))), "it opens nothing without the password");
    backend.sign_in_at_device(&right, NETWORK, &mine).await.unwrap();
    // Nothing that is put around the secret makes a new device of it.
    for changed in [format!("1.{mine}"), format!("{mine}.1"), format!("{mine} ")] {
        let answer = backend.sign_in_at_device(&right, NETWORK, &changed).await;
        assert!(matches!(answer, Err(Error::TooMany { .. })), "{changed}");
    }
    assert!(backend.is_known_device(&format!(" {email}"), &mine), "as it is typed");
    assert!(!backend.is_known_device("other@agency.example", &mine), "of this account alone");
    // Whoever has taken the machine away cannot guess without end.
    sqlx::query("update attempt set tries = 100").execute(&pool).await.unwrap();
    keep_tries(&pool, "15 minutes").await;
    let stolen = backend.sign_in_at_device(&right, NETWORK, &mine).await;
    assert!(matches!(stolen, Err(Error::TooMany { .. })));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_account_that_makes_browsers_known_hashes_no_more_than_others(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let email = "member@council.example";
    let member = account(&backend, &edition, Role::Member, email, "협의체").await;
    let wrong = form(email, "guess");
    let mut taken = 0;
    for _ in 0..70 {
        let device = backend.device_token(&member);
        match backend.sign_in_at_device(&wrong, NETWORK, &device).await {
            Err(Error::TooMany { .. }) => break,
            _ => taken += 1,
        }
        keep_tries(&pool, "15 minutes").await;
    }
    assert_eq!(taken, 60);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_household_with_many_networks_has_the_allowance_of_one(pool: PgPool) {
    let backend = backend(pool.clone());
    // All of one IPv6 /56, each asking once and for another person.
    for (household, expected) in [(0, 100), (1, 100), (2, 0)] {
        let mut taken = 0;
        for network in 0..102 {
            let from = format!("2001:db8:1:{household:x}{network:02x}::/64");
            let email = format!("person-{household}-{network}@agency.example");
            match backend.send_reset_link(&email, &from, Lang::En).await {
                Ok(()) => taken += 1,
                Err(Error::TooMany { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(taken <= expected, "/56 number {household}: {taken} of {expected}");
        assert_eq!(taken == 0, expected == 0, "/56 number {household}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stranger_with_one_line_leaves_reset_links_to_the_owner(pool: PgPool) {
    let backend = backend(pool.clone());
    let email = "kim@agency.example";
    for _ in 0..3 {
        backend.send_reset_link(email, "198.51.100.1", Lang::Ko).await.unwrap();
        keep_tries(&pool, "1 hour").await;
    }
    let fourth = backend.send_reset_link(email, "198.51.100.1", Lang::Ko).await;
    assert!(matches!(fourth, Err(Error::TooMany { .. })));
    backend.send_reset_link(email, NETWORK, Lang::Ko).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_reset_sets_a_new_password_once_and_ends_every_session(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let email = "member@agency.example";
    account(&backend, &edition, Role::Member, email, "중구 복지관").await;
    let (session, _) = backend.sign_in(&form(email, PASSWORD), NETWORK).await.unwrap();
    backend.send_reset_link("nobody@agency.example", NETWORK, Lang::En).await.unwrap();
    backend.send_reset_link(email, NETWORK, Lang::Ko).await.unwrap();
    let token = link_token(&support::newest_mail(&pool, email).await, "/reset/");
    assert_eq!(count(&pool, "mail").await, 1, "no mail to an address without an account");
    let weak = backend.reset_password(&token, "short").await;
    assert!(matches!(weak, Err(Error::Invalid(_))));
    backend.reset_password(&token, "another long password").await.unwrap();
    assert!(backend.resume_session(&session).await.unwrap().is_none());
    assert!(backend.sign_in(&form(email, PASSWORD), NETWORK).await.is_err());
    assert!(backend.sign_in(&form(email, "another long password"), NETWORK).await.is_ok());
    let again = backend.reset_password(&token, "a third long password").await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn signing_out_everywhere_ends_this_session_too(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let email = "judge@agency.example";
    let judge = account(&backend, &edition, Role::Judge, email, "").await;
    let (session, _) = backend.sign_in(&form(email, PASSWORD), NETWORK).await.unwrap();
    assert_eq!(count(&pool, "session").await, 2);
    backend.sign_out_everywhere(&judge).await.unwrap();
    assert!(backend.resume_session(&session).await.unwrap().is_none());
    assert_eq!(count(&pool, "session").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_database_holds_no_secret_that_opens_a_session(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let email = "judge@agency.example";
    account(&backend, &edition, Role::Judge, email, "").await;
    let (session, _) = backend.sign_in(&form(email, PASSWORD), NETWORK).await.unwrap();
    let stored: Vec<u8> =
        sqlx::query_scalar("select id_hash from session limit 1").fetch_one(&pool).await.unwrap();
    assert!(backend.resume_session(&hex::encode(&stored)).await.unwrap().is_none());
    assert_ne!(hex::encode(stored), session);
    let hash: String =
        sqlx::query_scalar("select password_hash from account").fetch_one(&pool).await.unwrap();
    assert!(hash.starts_with("$argon2id$"));
}

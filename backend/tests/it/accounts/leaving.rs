//! Accounts of people who leave: closed, opened again, deleted.

use crate::support::{PASSWORD, account, backend, count, season_in};
use backend::accounts::{Admin, Role, SignInForm};
use backend::{Backend, Error, Refusal};
use domain::refusal::AccountRefusal;
use domain::schedule::Phase;
use sqlx::PgPool;

const ADDRESS: &str = "leaver@agency.example";

async fn sign_in(backend: &Backend, email: &str) -> Result<String, Error> {
    let form = SignInForm { email: email.to_owned(), password: PASSWORD.to_owned() };
    backend.sign_in(&form, "203.0.113.9").await.map(|(token, _)| token)
}

fn is_wrong_password<T>(answer: &Result<T, Error>) -> bool {
    let wrong = Refusal::Account(AccountRefusal::WrongPassword);
    matches!(answer, Err(Error::Refused(found)) if *found == wrong)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_closed_account_is_signed_out_and_gets_in_nowhere_until_it_is_opened(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let leaver = account(&backend, &edition, Role::Member, ADDRESS, "중구 복지관").await;
    let token = sign_in(&backend, ADDRESS).await.unwrap();
    let (admin, id) = (Admin::local_operator(), leaver.account_id());
    backend.close_account(&admin, id).await.unwrap();
    assert!(backend.resume_session(&token).await.unwrap().is_none(), "signed out at once");
    assert!(is_wrong_password(&sign_in(&backend, ADDRESS).await));
    let twice = backend.close_account(&admin, id).await;
    assert!(matches!(twice, Err(Error::Refused(Refusal::WrongState))));
    let nobody = backend.close_account(&admin, domain::ids::AccountId(uuid::Uuid::nil())).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
    let people = backend.season_people(&admin, edition.id).await.unwrap();
    assert!(people.members.iter().any(|member| member.id == id && member.closed));
    backend.reopen_account(&admin, id).await.unwrap();
    sign_in(&backend, ADDRESS).await.unwrap();
    let open = backend.reopen_account(&admin, id).await;
    assert!(matches!(open, Err(Error::Refused(Refusal::WrongState))));
    let early = backend.erase_account(&admin, id).await;
    assert!(matches!(early, Err(Error::Refused(Refusal::WrongState))), "close it first");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_deleted_account_leaves_neither_name_nor_address(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let judge = "judge@agency.example";
    for (role, address) in [(Role::Member, ADDRESS), (Role::Judge, judge)] {
        let leaver = account(&backend, &edition, role, address, "중구 복지관").await;
        let wrong = backend.erase_own_account(&leaver, "not the password", "203.0.113.9").await;
        let refused = Refusal::Account(AccountRefusal::WrongCurrentPassword);
        assert!(matches!(wrong, Err(Error::Refused(found)) if found == refused));
        backend.erase_own_account(&leaver, PASSWORD, "203.0.113.9").await.unwrap();
        assert!(is_wrong_password(&sign_in(&backend, address).await));
        // The address is free for somebody new.
        account(&backend, &edition, role, address, "중구 복지관").await;
    }
    assert_eq!(count(&pool, "account where erased_at is not null").await, 2);
    let left =
        "account where erased_at is not null and (email like '%agency%' or name <> '삭제된 계정')";
    assert_eq!(count(&pool, left).await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'account.erased'").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_last_administrator_stays(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let one = account(&backend, &edition, Role::Administrator, "one@city.example", "").await;
    let two = account(&backend, &edition, Role::Administrator, "two@city.example", "").await;
    let admin = Admin::local_operator();
    let (first, second) = tokio::join!(
        backend.close_account(&admin, one.account_id()),
        backend.close_account(&admin, two.account_id()),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let last = Refusal::Account(AccountRefusal::LastAdministrator);
    assert!(matches!(first.and(second), Err(Error::Refused(found)) if found == last));
    assert_eq!(count(&pool, "account where role = 'administrator' and closed_at is null").await, 1);
}

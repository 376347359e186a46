//! Statements of observers: accepted only through a valid link and about the current result.

use backend::accounts::Admin;
use backend::editions::Edition;
use backend::{Backend, Error, Refusal};
use domain::record::key::{Cosigner, Signer};
use domain::record::observed::{ResultStatement, SignedStatement};
use domain::record::tree::Hash;
use domain::refusal::{AccountRefusal, RecordRefusal};
use domain::text::FieldProblem;
use sqlx::PgPool;

use super::lines;
use crate::awards::season::{announcement, small_season};
use crate::support::{SLUG, backend, count};

/// Returns a season whose result is released and in the record.
async fn announced(pool: &PgPool) -> (Backend, Edition) {
    let backend = backend(pool.clone());
    small_season(&backend, pool).await;
    let edition = announce(&backend).await;
    (backend, edition)
}

async fn announce(backend: &Backend) -> Edition {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let open = edition.deliberation_open().unwrap();
    backend
        .announce_result(&Admin::local_operator(), open, &edition, &announcement())
        .await
        .unwrap();
    backend.sequence_records().await.unwrap();
    backend.find_edition(SLUG).await.unwrap()
}

async fn link(backend: &Backend, edition: &Edition, name: &str) -> String {
    backend.make_observer_link(&Admin::local_operator(), edition, name, 10).await.unwrap()
}

/// Returns what an honest observer signs: the last result in the record.
async fn statement(backend: &Backend, edition: &Edition) -> ResultStatement {
    let lines = lines(backend, edition).await;
    let index = lines.iter().rposition(|line| line.starts_with("result/v1 ")).unwrap();
    let result = lines[index].rsplit_once(' ').unwrap().1.parse().unwrap();
    let origin = "vote.example/record/daejeon-2024".to_owned();
    ResultStatement { origin, index: index as u64, result }
}

fn observer(seed: u8) -> Signer {
    Signer::from_seed(&format!("press-{seed}.example/observer"), &[seed; 32]).unwrap()
}

async fn send(
    backend: &Backend,
    edition: &Edition,
    token: &str,
    signed: &SignedStatement,
) -> backend::Result<()> {
    let (key, note) = (signed.observer_key().to_string(), signed.signed_note().to_string());
    backend.store_observer_statement(edition, token, &key, &note).await
}

/// Returns the published names of observers, with the names of their keys.
async fn observers_shown(backend: &Backend, edition: &Edition) -> Vec<(String, String)> {
    let observers = backend.observer_statements(edition).await.unwrap();
    let name = |observer: backend::record::ObserverStatement| {
        (observer.name, observer.signed.observer_key().key_name().to_owned())
    };
    observers.into_iter().map(name).collect()
}

fn pair(name: &str, seed: u8) -> (String, String) {
    (name.to_owned(), format!("press-{seed}.example/observer"))
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_observers_statement_is_shown_and_a_later_one_replaces_it(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let press = link(&backend, &edition, "시민단체").await;
    let union = link(&backend, &edition, "union").await;
    assert!(observers_shown(&backend, &edition).await.is_empty());
    let observed = statement(&backend, &edition).await;
    let first = observed.sign(&observer(1)).unwrap();
    // A form sends lines that end in CR LF, and the last line may have no ending.
    let note = first.signed_note().to_string().trim_end().replace('\n', "\r\n");
    backend
        .store_observer_statement(&edition, &press, &format!(" {} ", first.observer_key()), &note)
        .await
        .unwrap();
    let stored = backend.observer_statements(&edition).await.unwrap();
    assert_eq!((stored.len(), &stored[0].signed), (1, &first));
    send(&backend, &edition, &union, &observed.sign(&observer(2)).unwrap()).await.unwrap();
    let both = [pair("시민단체", 1), pair("union", 2)];
    assert_eq!(observers_shown(&backend, &edition).await, both);
    send(&backend, &edition, &press, &observed.sign(&observer(3)).unwrap()).await.unwrap();
    let later = [pair("union", 2), pair("시민단체", 3)];
    assert_eq!(observers_shown(&backend, &edition).await, later);
    assert_eq!(count(&pool, "observed").await, 2);
    let acts = "audit_event where action = 'record.observed' and actor_id is null";
    assert_eq!(count(&pool, acts).await, 3);
    let named = "audit_event where action = 'record.observed' and subject = '시민단체'";
    assert_eq!(count(&pool, named).await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_note_about_another_result_is_refused(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let token = link(&backend, &edition, "press").await;
    let good = statement(&backend, &edition).await;
    let origin = "vote.example/record/another".to_owned();
    for other in [
        ResultStatement { origin, ..good.clone() },
        ResultStatement { index: good.index - 1, ..good.clone() },
        ResultStatement { index: good.index + 1, ..good.clone() },
        ResultStatement { result: Hash::sha256_of(b"another"), ..good.clone() },
    ] {
        let refused = send(&backend, &edition, &token, &other.sign(&observer(1)).unwrap()).await;
        let expected =
            matches!(refused, Err(Error::Refused(Refusal::Record(RecordRefusal::OtherResult))));
        assert!(expected, "{other:?}: {refused:?}");
    }
    assert_eq!(count(&pool, "observed").await, 0);
    assert_eq!(count(&pool, "audit_event where action = 'record.observed'").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_unsigned_or_unreadable_note_is_refused(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let token = link(&backend, &edition, "press").await;
    let good = statement(&backend, &edition).await.sign(&observer(1)).unwrap();
    let mut two = good.signed_note().clone();
    two.add_signature(observer(2).sign_note_text(good.signed_note().signed_text())).unwrap();
    let (key, note) = (good.observer_key().to_string(), good.signed_note().to_string());
    let foreign = observer(2).verifier_key().to_string();
    let changed = note.replace("hanpyo-observed/v1", "hanpyo-observed/v2");
    for (key, note) in [(&foreign, &note), (&key, &changed), (&key, &two.to_string())] {
        let refused = backend.store_observer_statement(&edition, &token, key, note).await;
        let expected =
            matches!(refused, Err(Error::Refused(Refusal::Record(RecordRefusal::NotSigned))));
        assert!(expected, "{key}\n{note}: {refused:?}");
    }
    let witness =
        Cosigner::from_seed("press.example/witness", &[1; 32]).unwrap().verifier_key().to_string();
    let long = format!("{}{key}", "a".repeat(300));
    for (key, note, field, problem) in [
        ("", note.as_str(), "key", FieldProblem::Missing),
        ("no key", &note, "key", FieldProblem::Malformed),
        (&witness, &note, "key", FieldProblem::Malformed),
        (&long, &note, "key", FieldProblem::TooLong { max: 256, over: key.len() + 44 }),
        (&key, " \r\n", "note", FieldProblem::Missing),
        (&key, "no note", "note", FieldProblem::Malformed),
        (&key, &"x\n".repeat(2_000), "note", FieldProblem::TooLong { max: 2_048, over: 1_952 }),
    ] {
        let refused = backend.store_observer_statement(&edition, &token, key, note).await;
        let Err(Error::Invalid(faults)) = refused else { panic!("{key}, {note}: {refused:?}") };
        assert_eq!((faults[0].field, faults[0].problem), (field, problem), "{key}, {note}");
    }
    assert_eq!(count(&pool, "observed").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_dead_or_unknown_link_accepts_nothing_and_earlier_statements_stay(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let admin = Admin::local_operator();
    let token = link(&backend, &edition, "press").await;
    let observed = statement(&backend, &edition).await;
    send(&backend, &edition, &token, &observed.sign(&observer(1)).unwrap()).await.unwrap();
    let links = backend.observer_links(&admin, edition.id).await.unwrap();
    backend.end_observer_link(&admin, &edition, links[0].id).await.unwrap();
    for token in [token.as_str(), "", "no-such-link"] {
        let refused = send(&backend, &edition, token, &observed.sign(&observer(2)).unwrap()).await;
        let expected =
            matches!(refused, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid))));
        assert!(expected, "{token}: {refused:?}");
    }
    assert_eq!(observers_shown(&backend, &edition).await, [pair("press", 1)]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn signatures_of_a_withdrawn_result_do_not_count_for_the_next_one(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let token = link(&backend, &edition, "press").await;
    let first = statement(&backend, &edition).await.sign(&observer(1)).unwrap();
    send(&backend, &edition, &token, &first).await.unwrap();
    assert_eq!(observers_shown(&backend, &edition).await.len(), 1);
    // Move the announcement to tomorrow.
    sqlx::query("update edition set released_at = released_at + interval '1 day'")
        .execute(&pool)
        .await
        .unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert!(observers_shown(&backend, &edition).await.is_empty());
    let early = send(&backend, &edition, &token, &first).await;
    assert!(matches!(early, Err(Error::Phase(_))), "{early:?}");
    backend.withdraw_announcement(&Admin::local_operator(), &edition).await.unwrap();
    let edition = announce(&backend).await;
    assert!(
        observers_shown(&backend, &edition).await.is_empty(),
        "the same numbers on another line"
    );
    let old = send(&backend, &edition, &token, &first).await;
    assert!(
        matches!(old, Err(Error::Refused(Refusal::Record(RecordRefusal::OtherResult)))),
        "{old:?}"
    );
    let second = statement(&backend, &edition).await.sign(&observer(1)).unwrap();
    assert_eq!(second.result_statement().result, first.result_statement().result);
    assert!(second.result_statement().index > first.result_statement().index);
    send(&backend, &edition, &token, &second).await.unwrap();
    assert_eq!(observers_shown(&backend, &edition).await, [pair("press", 1)]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_statement_changed_in_the_database_is_not_shown(pool: PgPool) {
    let (backend, edition) = announced(&pool).await;
    let token = link(&backend, &edition, "press").await;
    let signed = statement(&backend, &edition).await.sign(&observer(1)).unwrap();
    send(&backend, &edition, &token, &signed).await.unwrap();
    sqlx::query("update observed set key = $1")
        .bind(observer(2).verifier_key().to_string())
        .execute(&pool)
        .await
        .unwrap();
    assert!(observers_shown(&backend, &edition).await.is_empty());
}

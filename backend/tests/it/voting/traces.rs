//! What a vote leaves in the database: no address, no choice in the trail, no lasting pseudonym.

use std::collections::BTreeSet;

use backend::mail::Mailer;
use domain::schedule::Phase;
use sqlx::PgPool;

use super::{back, ballot, cases, challenge, voter};
use crate::polls::three_polls;
use crate::support::{backend, count, mails, season_in, send_until};

/// Returns every row of every table whose text contains this word.
async fn cells_with(pool: &PgPool, word: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert!(tables.len() > 15, "the whole schema is looked at: {tables:?}");
    let mut found = Vec::new();
    for table in tables {
        // `row_to_json` prints text, json, arrays and bytes (as hex).
        let sql = format!(
            "select row_to_json(t)::text from {table} t
            where position($1 in lower(row_to_json(t)::text)) > 0"
        );
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(word).fetch_all(pool).await.unwrap();
        found.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    found
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_table_ever_holds_the_address_or_the_code(pool: PgPool) {
    let email = "very.rare.name@mail.example";
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let (browser, code) = challenge(&backend, &pool, &edition, email).await;
    let waiting = mails(&pool).await;
    assert_eq!(waiting[0].0, email, "it waits");
    let (_, link) = waiting[0].2.split_once("https://vote.example/code/").unwrap();
    let link = link.split_whitespace().next().unwrap().to_owned();
    for secret in [email, &hex::encode(email), &code, &link] {
        assert_eq!(cells_with(&pool, secret).await, Vec::<String>::new(), "sealed as it waits");
    }
    let domain = cells_with(&pool, "mail.example").await;
    assert_eq!(domain, Vec::<String>::new(), "the domain is not beside the pseudonym");
    assert_ne!(cells_with(&pool, &edition.slug).await.len(), 0, "the search finds what is there");
    let folder = std::env::temp_dir().join(format!("hanpyo-mail-{}", uuid::Uuid::new_v4()));
    let mailer = Mailer::into_folder(folder.clone(), "Hanpyo <vote@hanpyo.example>").unwrap();
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    let open = edition.voting_open().unwrap();
    let token = {
        let back = back(&browser, &code);
        backend.verify_code(open, &edition, &edition.polls[0], back).await.unwrap()
    };
    let voter = backend.verified_browser(&edition.polls[0], &token).await.unwrap().unwrap();
    let picks = cases(&pool, &edition, 2).await;
    backend.cast_ballot(&voter, &edition, &ballot(&picks)).await.unwrap();
    let in_hex = hex::encode(email);
    let case = picks[0].0.simple().to_string();
    assert_eq!(cells_with(&pool, &case).await, Vec::<String>::new(), "not even as bytes");
    for secret in ["very.rare.name", &in_hex, &browser, &token, &link] {
        assert_eq!(cells_with(&pool, secret).await, Vec::<String>::new());
    }
    assert_eq!(count(&pool, "mail where sealed <> ''").await, 0);
    std::fs::remove_dir_all(folder).unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_choice_is_readable_in_the_database(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    // Seal the rules first, because the first ballot would seal them and add an audit event.
    backend.open_poll(&edition, &edition.polls[0]).await.unwrap();
    let audited = count(&pool, "audit_event").await;
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let picks = cases(&pool, &edition, 1).await;
    let before = cells_with(&pool, &picks[0].to_string()).await.len();
    backend.cast_ballot(&voter, &edition, &ballot(&picks)).await.unwrap();
    assert_eq!(cells_with(&pool, &picks[0].to_string()).await.len(), before);
    assert_eq!(count(&pool, "audit_event").await, audited);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_proof_leaves_other_hashes_in_each_poll(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    voter(&backend, &pool, &edition, "one@office.example").await;
    voter(&backend, &pool, &edition, "two@office.example").await;
    let hashes_of = async |field: &str| -> Vec<(uuid::Uuid, String)> {
        let sql = "select poll_id, convert_from(proof, 'UTF8')::jsonb ->> $1 from voter_session";
        sqlx::query_as(sql).bind(field).fetch_all(&pool).await.unwrap()
    };
    let addresses: BTreeSet<String> =
        hashes_of("folded_contact").await.into_iter().map(|(_, hash)| hash).collect();
    assert_eq!(addresses.len(), 6, "two people in three polls: {addresses:?}");
    let domains: BTreeSet<(uuid::Uuid, String)> =
        hashes_of("mail_domain").await.into_iter().collect();
    assert_eq!(domains.len(), 3, "one domain compares within each poll: {domains:?}");
    let apart: BTreeSet<&String> = domains.iter().map(|(_, hash)| hash).collect();
    assert_eq!(apart.len(), 3, "and in no two of them: {domains:?}");
}

//! The vote: who may cast, exactly once, inside the window, and what is stored.

mod aborts;
mod ballots;
mod browsers;
mod codes;
mod intake;
mod links;
mod mailboxes;
mod polls;
mod pools;
mod roll;
mod traces;

use backend::Backend;
use backend::editions::{Edition, Poll};
use backend::voting::{Ballot, EnteredCode, VoterDeclaration, VoterToken};
use domain::ids::CaseId;
use phrases::Lang;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support;

const NETWORK: &str = "203.0.113.20";

/// Opens a pool with enough connections for many tasks at once, as the server does.
async fn wide(_: PgPoolOptions, connect: PgConnectOptions) -> PgPool {
    // The test's own options share 20 connections with the pool that creates the databases.
    PgPoolOptions::new().max_connections(24).connect_with(connect).await.unwrap()
}

pub(crate) fn who(contact: &str) -> VoterDeclaration {
    VoterDeclaration {
        contact: contact.to_owned(),
        consent: true,
        of_age: true,
        of_district: false,
        page_seconds: None,
        ..VoterDeclaration::default()
    }
}

/// The code with the browser's secret, without anything else that a browser may send back.
fn back<'a>(browser: &'a str, code: &'a str) -> EnteredCode<'a> {
    EnteredCode { browser, code, ..EnteredCode::default() }
}

/// Asks for a code and does not read it.
pub(crate) async fn ask_for_code(backend: &Backend, edition: &Edition, email: &str) {
    let open = edition.voting_open().unwrap();
    let poll = &edition.polls[0];
    backend.send_code(open, edition, poll, &who(email), NETWORK, Lang::Ko).await.unwrap();
}

/// Asks for a code and returns the browser's secret with the code from the mail.
async fn challenge(
    backend: &Backend,
    pool: &PgPool,
    edition: &Edition,
    email: &str,
) -> (String, String) {
    challenge_in(backend, pool, (edition, &edition.polls[0]), email).await
}

/// Asks for a code of this poll and returns the browser's secret with the code from the mail.
async fn challenge_in(
    backend: &Backend,
    pool: &PgPool,
    (edition, poll): (&Edition, &Poll),
    email: &str,
) -> (String, String) {
    let open = edition.voting_open().unwrap();
    let browser =
        backend.send_code(open, edition, poll, &who(email), NETWORK, Lang::Ko).await.unwrap();
    let mail = support::newest_mail(pool, &email.to_lowercase()).await;
    let code = mail.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap();
    (browser, code.to_owned())
}

/// Verifies this contact by a code and returns the voter.
async fn voter(backend: &Backend, pool: &PgPool, edition: &Edition, email: &str) -> VoterToken {
    let (browser, code) = challenge(backend, pool, edition, email).await;
    let open = edition.voting_open().unwrap();
    let token =
        backend.verify_code(open, edition, &edition.polls[0], back(&browser, &code)).await.unwrap();
    backend.verified_browser(&edition.polls[0], &token).await.unwrap().unwrap()
}

/// Returns the first cases of the edition, ordered by id.
async fn cases(pool: &PgPool, edition: &Edition, number: i64) -> Vec<CaseId> {
    sqlx::query_scalar("select id from cases where edition_id = $1 order by id limit $2")
        .bind(edition.id.0)
        .bind(number)
        .fetch_all(pool)
        .await
        .unwrap()
}

fn ballot(picks: &[CaseId]) -> Ballot {
    Ballot { idempotency_key: Uuid::new_v4(), picks: picks.to_vec() }
}

/// Returns a code that differs from this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

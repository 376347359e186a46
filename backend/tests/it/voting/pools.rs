//! Ballots have connections of their own: they wait for nothing else. Ballots with a made-up secret
//! need no connection.

use std::time::Duration;

use backend::fraud::RequestClaims;
use backend::keys::TokenKind;
use backend::voting::{Ballot, CastAttempt, CastOutcome, VotePlace};
use backend::{Backend, Error};
use domain::schedule::Phase;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};

use super::{ballot, cases};
use crate::support::{self, SLUG, count, keys, read_clock, season_in, until};

/// Connections of each pool.
const CONNECTIONS: u32 = 5;

/// Opens a pool that gives up soon when no connection is free.
async fn pool(connect: PgConnectOptions, patience: Duration) -> PgPool {
    let options = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(patience);
    options.connect_with(connect).await.unwrap()
}

/// Takes every connection of a pool.
async fn take_all(pool: &PgPool) -> sqlx::Result<Vec<PoolConnection<Postgres>>> {
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        taken.push(pool.acquire().await?);
    }
    Ok(taken)
}

async fn cast(
    backend: &Backend,
    (edition, cookie): (&str, &str),
    ballot: &Ballot,
) -> backend::Result<CastAttempt> {
    let claims = RequestClaims::default();
    backend.cast(VotePlace { edition, poll: "citizens", cookie, claims }, ballot).await
}

/// Returns a season whose poll is open, with pools of its own for ballots and for everything else,
/// and a ballot and the secret of a voter.
async fn season(shared: &PgPool, ballots: &PgPool) -> (Backend, Ballot, String) {
    let backend = support::backend(shared.clone()).with_ballot_pool(ballots.clone());
    season_in(&backend, Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let mine = ballot(&cases(shared, &edition, 1).await);
    let token = backend.open_voter_session("", edition.polls[0].id, vec![7; 32]).await.unwrap();
    (backend, mine, token)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_is_stored_while_everybody_else_waits_for_a_connection(
    _: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let shared = pool(connect.clone(), support::LONG).await;
    let ballots = pool(connect, support::LONG).await;
    let (backend, mine, token) = season(&shared, &ballots).await;
    read_clock(&backend).await;
    let taken = take_all(&shared).await.unwrap();
    let answer = cast(&backend, (SLUG, &token), &mine).await.unwrap().outcome;
    assert!(matches!(answer, Ok(CastOutcome::Accepted(_))), "{answer:?}");
    // A ballot that is refused does not wait either: the reason is looked up beside the others.
    let second = Ballot { idempotency_key: uuid::Uuid::new_v4(), ..mine.clone() };
    let answer = cast(&backend, (SLUG, &token), &second).await.unwrap().outcome;
    assert!(matches!(answer, Ok(CastOutcome::AlreadyVoted(_))), "{answer:?}");
    let ended = keys().issue_token(TokenKind::Voter);
    let answer = cast(&backend, (SLUG, &ended), &mine).await.unwrap().outcome;
    assert!(matches!(answer, Err(Error::Forbidden)), "a session that is over: {answer:?}");
    let nowhere = cast(&backend, ("no-such-edition", &token), &mine).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));
    drop(taken);
    assert_eq!(count(&shared, "ballot").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_first_ballot_opens_its_poll_while_everybody_else_waits_for_a_connection(
    _: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let shared = pool(connect.clone(), support::LONG).await;
    let ballots = pool(connect, support::LONG).await;
    let backend = support::backend(shared.clone()).with_ballot_pool(ballots);
    season_in(&backend, Phase::Voting).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    let mine = ballot(&cases(&shared, &edition, 1).await);
    let token = backend.open_voter_session("", edition.polls[0].id, vec![7; 32]).await.unwrap();
    assert_eq!(count(&shared, "poll where opened_at is not null").await, 0);
    read_clock(&backend).await;
    let taken = take_all(&shared).await.unwrap();
    let answer = cast(&backend, (SLUG, &token), &mine).await.unwrap().outcome;
    assert!(matches!(answer, Ok(CastOutcome::Accepted(_))), "{answer:?}");
    drop(taken);
    assert_eq!(count(&shared, "poll where opened_at is not null").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_made_up_secret_is_refused_without_any_connection(
    _: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let shared = pool(connect.clone(), support::LONG).await;
    let ballots = pool(connect, Duration::from_millis(200)).await;
    let (backend, mine, _) = season(&shared, &shared).await;
    // The season was made with patience; from here on nothing gets a connection for ballots.
    let backend = backend.with_ballot_pool(ballots.clone());
    let made_up = "0".repeat(64);
    // The editions are known for five seconds. If the machine stops for longer, try once more.
    until("it is refused although every connection is taken", async || {
        let Ok(known) = cast(&backend, (SLUG, &made_up), &mine).await else { return false };
        assert!(matches!(known.outcome, Err(Error::Forbidden)));
        let one = take_all(&shared).await.unwrap();
        // The editions may be read again at this moment.
        let Ok(other) = take_all(&ballots).await else { return false };
        let answer = cast(&backend, (SLUG, &made_up), &mine).await;
        drop((one, other));
        answer.is_ok_and(|attempt| matches!(attempt.outcome, Err(Error::Forbidden)))
    })
    .await;
    assert_eq!(count(&shared, "ballot").await, 0);
}

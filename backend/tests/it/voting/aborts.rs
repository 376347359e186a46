//! Requests that are cut off at any moment: no connection stays inside a transaction, nothing is
//! stored by halves.

use std::time::Duration;

use backend::voting::Cast;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{NETWORK, ballot, cases, voter, who, wide};
use crate::support::{backend, count, season_in};

async fn inside_a_transaction(pool: &PgPool) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_thousand_aborted_requests_leave_no_connection_in_a_transaction(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let mine = ballot(&cases(&pool, &edition, 3).await);
    let mut cut = 0;
    for round in 0..100_u32 {
        let tasks: Vec<_> = (0..20_u32)
            .map(|number| {
                let (backend, edition) = (backend.clone(), edition.clone());
                let (voter, mine) = (voter.clone(), mine.clone());
                let [low, high] = backend::keys::random::<2>();
                let moment = Duration::from_micros(u64::from(u16::from_be_bytes([high % 32, low])));
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        let cast = backend.cast(&voter, &edition, &mine);
                        tokio::time::timeout(moment, cast).await.is_err()
                    } else {
                        let form = who(&format!("v{round}.{number}@mail.example"));
                        let sent = backend.send_code(
                            open,
                            &edition,
                            &edition.polls[0],
                            &form,
                            NETWORK,
                            Lang::En,
                        );
                        tokio::time::timeout(moment, sent).await.is_err()
                    }
                })
            })
            .collect();
        for task in tasks {
            cut += u32::from(task.await.unwrap());
        }
    }
    assert!((200..2_000).contains(&cut), "{cut} of 2,000 were cut off: some, not all");
    // What was spawned before its listener went away may still be on its way.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(inside_a_transaction(&pool).await, 0);
    assert_eq!(count(&pool, "challenge").await, count(&pool, "mail").await);
    assert!(count(&pool, "ballot").await <= 1);
    for _ in 0..48 {
        let answer = backend.cast(&voter, &edition, &mine).await.unwrap();
        assert!(matches!(answer, Cast::Accepted(_)), "the same key is never refused: {answer:?}");
    }
    assert_eq!(count(&pool, "ballot").await, 1);
}

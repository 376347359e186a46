//! Requests that are aborted at any moment: no connection stays inside a transaction, and nothing
//! is stored in part.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use backend::voting::CastOutcome;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{NETWORK, ballot, cases, voter, who, wide};
use crate::support::{backend, count, season_in, until};

async fn inside_a_transaction(pool: &PgPool) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

/// Polls `work` this many times and then drops it. Returns whether it was dropped unfinished. It
/// counts polls and not time, so that a slow machine cuts at the same places as a quick one.
pub(super) async fn cut_after(steps: u8, work: impl Future) -> bool {
    let mut work = pin!(work);
    let mut left = steps;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(false),
        Poll::Pending if left == 0 => Poll::Ready(true),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
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
                let [byte] = backend::keys::random_bytes::<1>();
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        cut_after(byte % 4, backend.cast_ballot(&voter, &edition, &mine)).await
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
                        cut_after(byte % 32, sent).await
                    }
                })
            })
            .collect();
        for task in tasks {
            cut += u32::from(task.await.unwrap());
        }
    }
    assert!((200..2_000).contains(&cut), "{cut} of 2,000 were cut off: some, not all");
    // A transaction that was spawned before its request was dropped may still be running.
    let ended = async || inside_a_transaction(&pool).await == 0;
    until("no connection stays inside a transaction", ended).await;
    // One statement counts both, because a waiting task may store rows between two statements.
    let halves =
        "(select 1 where (select count(*) from challenge) <> (select count(*) from mail)) as half";
    assert_eq!(count(&pool, halves).await, 0, "codes without mails, or mails without codes");
    assert!(count(&pool, "ballot").await <= 1);
    for _ in 0..48 {
        let answer = backend.cast_ballot(&voter, &edition, &mine).await.unwrap();
        assert!(
            matches!(answer, CastOutcome::Accepted(_)),
            "the same key is never refused: {answer:?}"
        );
    }
    assert_eq!(count(&pool, "ballot").await, 1);
}

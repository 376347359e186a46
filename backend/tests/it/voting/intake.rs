//! The intake under stress: a full queue, an unreachable database, a ballot that is stored after
//! the close, and voters who change their vote.

use backend::editions::Edition;
use backend::record::BallotStatus;
use backend::voting::{AdmittedAt, Ballot, CastOutcome, Receipt};
use backend::{Backend, Error};
use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{ballot, cases, wide};
use crate::support::{
    SLUG, backend, count, poll_with, published, season_in, stand_at, until, verified,
};

/// More ballots than fit into the queue.
const CROWD: u16 = 1_100;
const FITS: u16 = 1_024;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn ballots_beyond_the_queue_are_refused_at_once_and_not_stored(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let mine = cases(&pool, &edition, 2).await;
    // The first ballot opens the poll, so that the crowd needs only the row that is locked.
    let first = verified(&pool, &edition.polls[0]).await;
    backend.cast_ballot(&first, &edition, &ballot(&mine)).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let mut voters = Vec::new();
    for _ in 0..CROWD {
        voters.push(verified(&pool, &edition.polls[0]).await);
    }
    // Read the clock once for all, so that each ballot waits for the queue alone.
    let admitted = backend.admit_ballot().await.unwrap();
    let mut slow = pool.begin().await.unwrap();
    sqlx::query("select from poll for update").execute(&mut *slow).await.unwrap();
    let asked: Vec<_> = voters
        .into_iter()
        .map(|voter| {
            let (backend, edition) = (backend.clone(), edition.clone());
            let ballot = ballot(&mine);
            tokio::spawn(async move {
                let cast = backend
                    .cast_admitted_ballot(admitted, &voter, &edition, (&ballot, b"{}".to_vec()))
                    .await;
                (voter, ballot, cast)
            })
        })
        .collect();
    let answered = || asked.iter().filter(|asked| asked.is_finished()).count();
    until("the rest is answered", async || answered() >= usize::from(CROWD - FITS)).await;
    assert_eq!(count(&pool, "ballot").await, 1, "the others still wait");
    slow.rollback().await.unwrap();
    let mut turned_away = Vec::new();
    for asked in asked {
        match asked.await.unwrap() {
            (_, _, Ok(cast)) => assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}"),
            (voter, ballot, Err(Error::Busy { retry_after })) => {
                assert!((1.0..=3.1).contains(&retry_after.as_secs_f64()), "{retry_after:?}");
                turned_away.push((voter, ballot));
            }
            (_, _, other) => panic!("{other:?}"),
        }
    }
    assert_eq!(turned_away.len(), usize::from(CROWD - FITS));
    assert_eq!(count(&pool, "ballot").await, i64::from(1 + FITS));
    for (voter, ballot) in turned_away {
        let cast = backend.cast_ballot(&voter, &edition, &ballot).await.unwrap();
        assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}");
    }
    assert_eq!(count(&pool, "ballot").await, i64::from(1 + CROWD));
    assert_eq!(count(&pool, "waiting where rank = 2").await, i64::from(1 + CROWD));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_unreachable_database_gives_an_unknown_outcome_and_no_refusal(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let away = PgPoolOptions::new().connect_with(connect.clone()).await.unwrap();
    let pool = wide(options, connect).await;
    let before = backend(pool.clone());
    let backend = before.clone().with_ballot_pool(away.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let (mine, voter) =
        (ballot(&cases(&pool, &edition, 1).await), verified(&pool, &edition.polls[0]).await);
    backend.open_and_close_polls().await.unwrap();
    let edition = backend.find_edition(&edition.slug).await.unwrap();
    let admitted = backend.admit_ballot().await.unwrap();
    away.close().await;
    let answer =
        backend.cast_admitted_ballot(admitted, &voter, &edition, (&mine, b"{}".to_vec())).await;
    assert!(matches!(answer, Err(Error::Unknown)), "{answer:?}");
    let answer = before.cast_ballot(&voter, &edition, &mine).await.unwrap();
    assert!(matches!(answer, CastOutcome::Accepted(_)), "the same key finds out: {answer:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_admitted_in_time_is_stored_after_the_close_and_a_late_one_is_not(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let mine = ballot(&cases(&pool, &edition, 1).await);
    backend.open_and_close_polls().await.unwrap();
    let (timely, late) =
        (verified(&pool, &edition.polls[0]).await, verified(&pool, &edition.polls[0]).await);
    let admitted = backend.admit_ballot().await.unwrap();
    // A node's clock may be 100 ms off, so the test keeps a second before and after the close.
    let soon = "update edition set voting_closes =
        clock_timestamp() + make_interval(secs => clock_offset_seconds) + interval '1 second'";
    sqlx::query(soon).execute(&pool).await.unwrap();
    let over = "edition where voting_closes + interval '1 second'
        < clock_timestamp() + make_interval(secs => clock_offset_seconds)";
    until(over, async || count(&pool, over).await == 1).await;
    let edition = backend.find_edition(SLUG).await.unwrap();
    assert!(edition.voting_open().is_err(), "the vote is over");
    let cast = backend
        .cast_admitted_ballot(admitted, &timely, &edition, (&mine, b"{}".to_vec()))
        .await
        .unwrap();
    let CastOutcome::Accepted(Receipt { admitted_at, .. }) = cast else { panic!("{cast:?}") };
    assert!(admitted_at < edition.schedule.windows.voting.closes);
    let refused = backend.cast_ballot(&late, &edition, &mine).await;
    assert!(matches!(refused, Err(Error::Phase(PhaseError::Over { .. }))), "{refused:?}");
    assert_eq!(count(&pool, "ballot").await, 1);
}

/// Publishes a season whose only poll lets voters change their vote.
async fn changing(backend: &Backend) -> Edition {
    let file = poll_with("\"may_change\": true");
    let edition = published(backend, file, Phase::Voting).await;
    assert!(edition.polls[0].rules.may_change);
    edition
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_last_ballot_of_a_voter_who_changes_it_counts(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = changing(&backend).await;
    let picks = cases(&pool, &edition, 2).await;
    let voter = verified(&pool, &edition.polls[0]).await;
    let (first, second) = (ballot(&picks[..1]), ballot(&picks[1..]));
    let receipt = |cast| match cast {
        CastOutcome::Accepted(receipt) => receipt,
        other => panic!("{other:?}"),
    };
    let one = receipt(backend.cast_ballot(&voter, &edition, &first).await.unwrap());
    let two = receipt(backend.cast_ballot(&voter, &edition, &second).await.unwrap());
    assert_ne!(one.ballot, two.ballot);
    // A late repetition of the first request is the first ballot and not a third one.
    assert_eq!(receipt(backend.cast_ballot(&voter, &edition, &first).await.unwrap()), one);
    assert_eq!(backend.voter_receipt(&voter).await.unwrap(), Some(two));
    let opening = backend.voter_opening(&edition, &voter).await.unwrap().unwrap();
    assert_eq!(opening.picks.as_slice(), &picks[1..]);
    backend.sequence_records().await.unwrap();
    let status = async |of: Receipt| backend.ballot_status(&edition, of.ballot).await.unwrap();
    assert_eq!(
        (status(one).await, status(two).await),
        (Some(BallotStatus::Replaced), Some(BallotStatus::Received))
    );
    let edition = stand_at(&backend, Phase::Deliberation).await;
    backend.close_due_polls(&edition).await.unwrap();
    backend.sequence_records().await.unwrap();
    let status = async |of: Receipt| backend.ballot_status(&edition, of.ballot).await.unwrap();
    assert_eq!(
        (status(one).await, status(two).await),
        (Some(BallotStatus::Replaced), Some(BallotStatus::Counted))
    );
    let balance = backend.published_balance(&edition).await.unwrap()[0].balance.unwrap();
    assert_eq!((balance.received, balance.counted, balance.replaced), (2, 1, 1));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_that_is_stored_late_does_not_replace_a_newer_one(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = changing(&backend).await;
    let picks = cases(&pool, &edition, 3).await;
    let voter = verified(&pool, &edition.polls[0]).await;
    let [old, new, last] = [ballot(&picks[..1]), ballot(&picks[1..2]), ballot(&picks[2..])];
    let early = backend.admit_ballot().await.unwrap();
    // Two admissions need different instants, and the database keeps microseconds.
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let late = backend.admit_ballot().await.unwrap();
    let cast = async |at: AdmittedAt, mine: &Ballot| {
        backend.cast_admitted_ballot(at, &voter, &edition, (mine, b"{}".to_vec())).await
    };
    let CastOutcome::Accepted(receipt) = cast(late, &new).await.unwrap() else {
        panic!("the newer one is stored first")
    };
    for _ in 0..2 {
        let answer = cast(early, &old).await.unwrap();
        assert_eq!(answer, CastOutcome::AlreadyVoted(receipt), "the voter has changed it since");
    }
    assert_eq!(count(&pool, "ballot").await, 1);
    let opening = backend.voter_opening(&edition, &voter).await.unwrap().unwrap();
    assert_eq!(opening.picks.as_slice(), new.picks);
    // A real change still counts.
    let changed = backend.cast_ballot(&voter, &edition, &last).await.unwrap();
    assert!(matches!(changed, CastOutcome::Accepted(found) if found != receipt), "{changed:?}");
    assert_eq!(count(&pool, "ballot where generation = 1").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn fifty_changes_at_the_same_instant_leave_one_ballot_that_counts(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = changing(&backend).await;
    let picks = cases(&pool, &edition, 3).await;
    let voter = verified(&pool, &edition.polls[0]).await;
    let tasks: Vec<_> = (0..50_usize)
        .map(|number| {
            let (backend, edition, voter) = (backend.clone(), edition.clone(), voter.clone());
            let mine = ballot(&picks[number % 3..=number % 3]);
            tokio::spawn(async move { backend.cast_ballot(&voter, &edition, &mine).await })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(CastOutcome::Accepted(_)) => accepted += 1,
            // Of two changes in one batch, one is refused and the voter is asked to retry. One that
            // was admitted before a stored one comes too late.
            Err(Error::Busy { .. }) | Ok(CastOutcome::AlreadyVoted(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(accepted > 0);
    assert_eq!(count(&pool, "ballot").await, accepted, "acknowledged is stored, and nothing else");
    let edition = stand_at(&backend, Phase::Deliberation).await;
    backend.close_due_polls(&edition).await.unwrap();
    backend.sequence_records().await.unwrap();
    let balance = backend.published_balance(&edition).await.unwrap()[0].balance.unwrap();
    assert_eq!(balance.counted, 1);
    assert_eq!(i64::try_from(balance.received).unwrap(), accepted);
}

//! Ballots: one for each voter, by the rules, inside the window, and counted exactly.

use backend::voting::CastOutcome;
use backend::{Error, Refusal};
use domain::ballot::PicksProblem;
use domain::ids::CaseId;
use domain::refusal::VotingRefusal;
use domain::schedule::{Phase, PhaseError};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use super::{ballot, cases, voter, wide};
use crate::support::{backend, count, season_in, stand_at};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_hundred_parallel_ballots_of_one_voter_store_one(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let cases = cases(&pool, &edition, 20).await;
    let tasks: Vec<_> = (0..200_usize)
        .map(|number| {
            let (backend, edition, voter) = (backend.clone(), edition.clone(), voter.clone());
            let ballot = ballot(&[cases[number % 20], cases[(number + 7) % 20]]);
            tokio::spawn(
                async move { backend.cast_ballot(&voter, &edition, &ballot).await.unwrap() },
            )
        })
        .collect();
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            CastOutcome::Accepted(receipt) => accepted.push(receipt),
            CastOutcome::AlreadyVoted(receipt) => refused.push(receipt),
            CastOutcome::HandedIn => panic!("no code was replaced"),
        }
    }
    assert_eq!((accepted.len(), refused.len()), (1, 199));
    assert!(refused.iter().all(|receipt| *receipt == accepted[0]));
    assert_eq!(count(&pool, "ballot").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_same_key_again_is_the_same_receipt_even_after_the_close(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let mine = ballot(&cases(&pool, &edition, 3).await);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (backend, edition) = (backend.clone(), edition.clone());
            let (voter, mine) = (voter.clone(), mine.clone());
            tokio::spawn(async move { backend.cast_ballot(&voter, &edition, &mine).await.unwrap() })
        })
        .collect();
    let first = backend.cast_ballot(&voter, &edition, &mine).await.unwrap();
    for task in tasks {
        assert_eq!(task.await.unwrap(), first);
    }
    let edition = stand_at(&backend, Phase::Judging).await;
    assert_eq!(backend.cast_ballot(&voter, &edition, &mine).await.unwrap(), first);
    let CastOutcome::Accepted(receipt) = first else { panic!("{first:?}") };
    assert_eq!(backend.voter_receipt(&voter).await.unwrap(), Some(receipt));
    let other = backend.cast_ballot(&voter, &edition, &ballot(&mine.picks[..1])).await.unwrap();
    assert_eq!(other, CastOutcome::AlreadyVoted(receipt));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn picks_that_make_no_ballot_are_refused_and_store_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let four = cases(&pool, &edition, 4).await;
    // The ballot paper is fixed when the poll opens, so change the cases before the first ballot.
    for (case, state) in four[1..].iter().zip(["draft", "submitted", "withdrawn"]) {
        sqlx::query("update cases set state = $2 where id = $1")
            .bind(case.0)
            .bind(state)
            .execute(&pool)
            .await
            .unwrap();
    }
    for (picks, problem) in [
        (vec![], PicksProblem::None),
        (four.clone(), PicksProblem::TooMany { max: 3 }),
        (vec![four[0], four[1], four[0]], PicksProblem::Twice),
    ] {
        let answer = backend.cast_ballot(&voter, &edition, &ballot(&picks)).await;
        assert!(
            matches!(&answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::Picks(found)))) if *found == problem),
            "{answer:?}"
        );
    }
    let (taken, not_taken) = (four[0], &four[1..]);
    for (case, state) in not_taken.iter().zip(["draft", "submitted", "withdrawn"]) {
        let answer = backend.cast_ballot(&voter, &edition, &ballot(&[taken, *case])).await;
        assert!(
            matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)))),
            "{state}: {answer:?}"
        );
    }
    let foreign = CaseId(Uuid::new_v4());
    let answer = backend.cast_ballot(&voter, &edition, &ballot(&[taken, foreign])).await;
    assert!(matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)))));
    assert_eq!(count(&pool, "ballot").await, 0);
    assert!(backend.cast_ballot(&voter, &edition, &ballot(&[taken])).await.is_ok());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_of_another_edition_is_foreign_and_so_is_a_voter(pool: PgPool) {
    use backend::accounts::Admin;
    use backend::editions::NewEdition;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let file = crate::support::SEASON.replacen("daejeon-2024", "daejeon-2025", 1);
    let new = NewEdition { file, rehearsal: true };
    backend.create_edition(&Admin::local_operator(), &new).await.unwrap();
    let other = backend.find_edition("daejeon-2025").await.unwrap();
    let voter = voter(&backend, &pool, &edition, "voter@mail.example").await;
    let theirs = cases(&pool, &other, 2).await;
    let answer = backend.cast_ballot(&voter, &edition, &ballot(&theirs)).await;
    assert!(matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::ForeignCase)))));
    let answer = backend.cast_ballot(&voter, &other, &ballot(&theirs)).await;
    assert!(matches!(answer, Err(Error::Forbidden)));
    assert_eq!(count(&pool, "ballot").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_page_opened_in_time_does_not_help_after_the_close_or_before_the_opening(pool: PgPool) {
    let backend = backend(pool.clone());
    let open = season_in(&backend, Phase::Voting).await;
    let voter = voter(&backend, &pool, &open, "voter@mail.example").await;
    let mine = ballot(&cases(&pool, &open, 1).await);
    stand_at(&backend, Phase::Judging).await;
    let answer = backend.cast_ballot(&voter, &open, &mine).await;
    let closed = open.schedule.windows.voting.closes;
    assert!(
        matches!(answer, Err(Error::Phase(PhaseError::Over { closed: at })) if at == closed),
        "{answer:?}"
    );
    stand_at(&backend, Phase::Screening).await;
    let answer = backend.cast_ballot(&voter, &open, &mine).await;
    assert!(matches!(answer, Err(Error::Phase(PhaseError::NotYet { .. }))), "{answer:?}");
    stand_at(&backend, Phase::Voting).await;
    sqlx::query("update edition set published_at = null").execute(&pool).await.unwrap();
    let answer = backend.cast_ballot(&voter, &open, &mine).await;
    assert!(matches!(answer, Err(Error::Phase(PhaseError::NotPublished))), "{answer:?}");
    assert_eq!(count(&pool, "ballot").await, 0);
}

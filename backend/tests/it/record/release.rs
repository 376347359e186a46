//! How the lines of ballots are let out: with the day alone, and in groups, so that no line names
//! its voter to somebody who knows when codes were sent.

use backend::Backend;
use backend::editions::Edition;
use backend::record::BallotStatus;
use backend::voting::{Ballot, CastOutcome, Receipt, VoterToken};
use chrono::TimeDelta;
use domain::ids::CaseId;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use super::published::voted;
use super::{ballot_line, lines, opened};
use crate::support::{SLUG, count, read_clock, stand_at, verified};

/// Returns a season whose vote is open, and whose rules let lines out as a real season does: five
/// voters at once, or three after an hour.
async fn grouped(pool: &PgPool) -> (Backend, Edition) {
    let (backend, edition) = opened(pool).await;
    let rules = "update record set release_ballots = 5, release_minutes = 60, release_fewest = 3";
    sqlx::query(rules).execute(pool).await.unwrap();
    // Several lines of one voter come only where votes may be changed.
    sqlx::query("update poll set may_change = true").execute(pool).await.unwrap();
    (backend, edition)
}

/// Inserts a waiting ballot of this voter, as the intake does.
async fn wait(pool: &PgPool, edition: &Edition, voter: u8) {
    let id = Uuid::new_v4();
    sqlx::query(
        "insert into waiting (edition_id, rank, ballot_id, poll_id, line)
        values ($1, 2, $2, $3, $4)",
    )
    .bind(edition.id.0)
    .bind(id)
    .bind(edition.polls[0].id.0)
    .bind(ballot_line(id, voter))
    .execute(pool)
    .await
    .unwrap();
}

/// Moves the times of all waiting lines back.
async fn pass(pool: &PgPool, minutes: i32) {
    sqlx::query("update waiting set waits_since = waits_since - make_interval(mins => $1)")
        .bind(minutes)
        .execute(pool)
        .await
        .unwrap();
}

async fn any_ballot(pool: &PgPool) -> Ballot {
    let case = sqlx::query_scalar("select id from cases where state = 'accepted' limit 1");
    let case: Uuid = case.fetch_one(pool).await.unwrap();
    Ballot { idempotency_key: Uuid::new_v4(), picks: vec![CaseId(case)] }
}

/// Casts a ballot of a new voter for one case and returns the outcome.
async fn cast(backend: &Backend, pool: &PgPool, edition: &Edition) -> CastOutcome {
    let voter = verified(pool, &edition.polls[0]).await;
    read_clock(backend).await;
    backend.cast_ballot(&voter, edition, &any_ballot(pool).await).await.unwrap()
}

/// Casts a ballot of this voter, or changes it.
async fn cast_as(
    backend: &Backend,
    pool: &PgPool,
    edition: &Edition,
    voter: &VoterToken,
) -> Receipt {
    let cast = backend.cast_ballot(voter, edition, &any_ballot(pool).await).await.unwrap();
    let CastOutcome::Accepted(receipt) = cast else { panic!("{cast:?}") };
    receipt
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_line_of_a_ballot_has_the_day_alone(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let CastOutcome::Accepted(receipt) = cast(&backend, &pool, &edition).await else {
        panic!("the first ballot of a voter")
    };
    backend.sequence_records().await.unwrap();
    let lines = lines(&backend, &edition).await;
    let line = lines.iter().find(|line| line.starts_with("ballot/v1 ")).unwrap();
    let day = receipt.admitted_at.format("%Y-%m-%d").to_string();
    assert_eq!(line.rsplit(' ').next(), Some(day.as_str()));
    assert!(!line.contains(':'), "no time: {line}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn lines_wait_until_so_many_voters_wait_or_fewer_wait_long(pool: PgPool) {
    let (backend, edition) = grouped(&pool).await;
    let grows = async || backend.sequence_records().await.unwrap();
    for voter in 0..4 {
        wait(&pool, &edition, voter).await;
        assert!(!grows().await, "{voter}");
    }
    wait(&pool, &edition, 3).await;
    assert!(!grows().await, "five lines of four voters");
    wait(&pool, &edition, 4).await;
    assert!(grows().await, "five voters");
    assert_eq!(lines(&backend, &edition).await.len(), 2 + 6);
    for voter in 10..12 {
        wait(&pool, &edition, voter).await;
    }
    pass(&pool, 61).await;
    assert!(!grows().await, "an hour has passed, and two wait");
    wait(&pool, &edition, 12).await;
    assert!(grows().await, "three wait, one of them for an hour");
    for voter in 20..23 {
        wait(&pool, &edition, voter).await;
    }
    pass(&pool, 59).await;
    assert!(!grows().await, "three wait, and no hour has passed");
    assert_eq!(count(&pool, "waiting").await, 3);
    assert_eq!(lines(&backend, &edition).await.len(), 2 + 9);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn other_lines_leave_at_once_and_the_close_lets_out_all_ballots_before_its_own_line(
    pool: PgPool,
) {
    let (backend, edition) = grouped(&pool).await;
    for _ in 0..2 {
        cast(&backend, &pool, &edition).await;
    }
    let sheet = format!("sheet/v1 {SLUG} {} {}", Uuid::new_v4().simple(), hex::encode([9; 32]));
    sqlx::query("insert into waiting (edition_id, rank, line) values ($1, 5, $2)")
        .bind(edition.id.0)
        .bind(&sheet)
        .execute(&pool)
        .await
        .unwrap();
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(lines(&backend, &edition).await.last(), Some(&sheet));
    assert_eq!(count(&pool, "waiting where rank = 2").await, 2, "the ballots wait for more");
    let edition = stand_at(&backend, Phase::Deliberation).await;
    backend.close_due_polls(&edition).await.unwrap();
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(count(&pool, "waiting").await, 0);
    let lines = lines(&backend, &edition).await;
    let kinds: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    let expected = ["rulebook/v1", "open/v1", "sheet/v1", "ballot/v1", "ballot/v1", "close/v1"];
    assert_eq!(kinds, expected);
    assert!(lines[5].ends_with(" 2"), "{}", lines[5]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_changed_vote_does_not_show_before_its_line_is_in_the_record(pool: PgPool) {
    let (backend, edition) = grouped(&pool).await;
    let voter = verified(&pool, &edition.polls[0]).await;
    read_clock(&backend).await;
    let one = cast_as(&backend, &pool, &edition, &voter).await;
    for voter in 0..4 {
        wait(&pool, &edition, voter).await;
    }
    assert!(backend.sequence_records().await.unwrap(), "five voters");
    let two = cast_as(&backend, &pool, &edition, &voter).await;
    let status = async |ballot| backend.ballot_status(&edition, ballot).await.unwrap();
    assert_eq!(status(one.ballot).await, Some(BallotStatus::Received), "its successor waits");
    for voter in 10..14 {
        wait(&pool, &edition, voter).await;
    }
    assert!(backend.sequence_records().await.unwrap());
    assert_eq!(status(one.ballot).await, Some(BallotStatus::Replaced));
    assert_eq!(status(two.ballot).await, Some(BallotStatus::Received));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_line_of_a_hold_waits_for_the_next_ballots(pool: PgPool) {
    let (backend, edition) = grouped(&pool).await;
    let voter = verified(&pool, &edition.polls[0]).await;
    read_clock(&backend).await;
    let held = cast_as(&backend, &pool, &edition, &voter).await;
    for voter in 0..4 {
        wait(&pool, &edition, voter).await;
    }
    assert!(backend.sequence_records().await.unwrap(), "five voters");
    // Written past the program, so it is held.
    sqlx::query("delete from ballot_trace").execute(&pool).await.unwrap();
    backend.check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot where in_record").await, 1);
    assert!(!backend.sequence_records().await.unwrap(), "alone it would tell when it was held");
    let status = backend.ballot_status(&edition, held.ballot).await.unwrap();
    assert!(matches!(status, Some(BallotStatus::Held(_))), "{status:?}");
    for voter in 10..15 {
        wait(&pool, &edition, voter).await;
    }
    assert!(backend.sequence_records().await.unwrap());
    let lines = lines(&backend, &edition).await;
    assert_eq!(lines.iter().filter(|line| line.starts_with("hold/v1 ")).count(), 1);
    assert_eq!(lines.len(), 2 + 5 + 6);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_receipt_says_by_when_its_line_is_in_the_record(pool: PgPool) {
    let (backend, edition) = grouped(&pool).await;
    let poll = &edition.polls[0];
    let CastOutcome::Accepted(receipt) = cast(&backend, &pool, &edition).await else {
        panic!("the first ballot of a voter")
    };
    let note = backend.receipt_note(&edition, poll, &receipt).await.unwrap();
    let late = poll.window.closes + TimeDelta::minutes(30);
    let told = format!("\nrecorded-by {}\n", late.format("%FT%TZ"));
    assert!(note.contains(&told), "{told}: {note}");
    // In a rehearsal no line waits for another.
    sqlx::query("update record set release_ballots = 1, release_fewest = 1")
        .execute(&pool)
        .await
        .unwrap();
    let note = backend.receipt_note(&edition, poll, &receipt).await.unwrap();
    let soon = receipt.admitted_at + TimeDelta::minutes(1);
    let told = format!("\nrecorded-by {}\n", soon.format("%FT%TZ"));
    assert!(note.contains(&told), "{told}: {note}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_times_of_ballots_are_coarsened_after_the_last_session(pool: PgPool) {
    let backend = crate::support::backend(pool.clone());
    let exact = "ballot where admitted_at <> date_trunc('day', admitted_at, 'UTC')";
    voted(&backend, &pool, 7).await;
    backend.coarsen_ballot_times().await.unwrap();
    assert_eq!(count(&pool, exact).await, 7, "a voter may still look at the receipt");
    let over = "update voter_session set expires_at = now() where id_hash <> (
        select id_hash from voter_session limit 1)";
    sqlx::query(over).execute(&pool).await.unwrap();
    backend.coarsen_ballot_times().await.unwrap();
    assert_eq!(count(&pool, exact).await, 7, "one of them still may");
    sqlx::query("update voter_session set expires_at = now()").execute(&pool).await.unwrap();
    backend.coarsen_ballot_times().await.unwrap();
    assert_eq!(count(&pool, exact).await, 0);
    assert_eq!(count(&pool, "poll where coarsened_at is not null").await, 1);
    assert_eq!(count(&pool, "ballot").await, 7, "nothing else is gone");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_times_of_ballots_stay_exact_while_the_poll_is_open(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    cast(&backend, &pool, &edition).await;
    sqlx::query("delete from voter_session").execute(&pool).await.unwrap();
    backend.coarsen_ballot_times().await.unwrap();
    let exact = "ballot where admitted_at <> date_trunc('day', admitted_at, 'UTC')";
    assert_eq!(count(&pool, exact).await, 1);
}

//! Which ballots are held, and which lines that writes.

use backend::Backend;
use backend::accounts::Admin;
use backend::editions::Edition;
use backend::fraud::{GroupFilter, HeldState};
use backend::record::BallotStatus;
use backend::{Error, Refusal};
use chrono::TimeDelta;
use domain::refusal::AwardsRefusal;
use domain::schedule::Phase;
use sqlx::PgPool;

use super::{
    FORGED, HONEST, attacked, counted, held_group, people_vote, program_votes, to_the_counts,
    write_lines,
};
use crate::record::lines;
use crate::support::{SLUG, backend, count, season_in, until};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_program_on_one_browser_is_held_and_people_are_not(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    let group = held_group(&backend, &edition).await;
    assert_eq!((group.waiting, group.exact), (10, false), "{FORGED} in steps of five");
    assert!(group.held && group.terms.len() >= 2, "{group:?}");
    let poll = edition.polls[0].id;
    for ballot in &forged {
        let state = backend.held_state(poll, *ballot).await.unwrap();
        assert_eq!(state, Some(HeldState::Waiting));
    }
    let held = i64::try_from(FORGED).unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held, "no ballot of the {HONEST} people");
    // The same input gives the same verdicts, whoever looks and however often.
    backend.check_ballots_for_fraud().await.unwrap();
    crate::support::backend(pool.clone()).check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held);
    assert_eq!(count(&pool, "fraud_group where held").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn new_ballots_of_a_program_are_held_without_a_look_at_the_whole_poll(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    people_vote(&backend, &pool, &edition, HONEST).await;
    let forged = program_votes(&backend, &pool, &edition, 3).await;
    let held = count(&pool, "held_ballot").await;
    // Another server has seen nothing of the poll, so it waits for its look at the whole.
    crate::support::backend(pool.clone()).check_new_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held, "held ballots");
    backend.check_new_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held + 3);
    let poll = edition.polls[0].id;
    for ballot in &forged {
        let state = backend.held_state(poll, *ballot).await.unwrap();
        assert_eq!(state, Some(HeldState::Waiting));
    }
    // Nothing is found twice, and the look at the whole poll says the same.
    backend.check_new_ballots_for_fraud().await.unwrap();
    crate::support::backend(pool.clone()).check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, held + 3);
    assert_eq!(count(&pool, "fraud_group where held").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_hold_is_told_at_once_and_written_after_its_ballot(pool: PgPool) {
    let (backend, edition, forged) = attacked(&pool).await;
    // No ballot is in the log yet, and its holder reads the state all the same.
    let status = backend.ballot_status(&edition, forged[0]).await.unwrap();
    assert!(matches!(status, Some(BallotStatus::Held(_))), "{status:?}");
    write_lines(&backend).await;
    let edition = to_the_counts(&backend, &pool).await;
    let lines = lines(&backend, &edition).await;
    for ballot in &forged {
        let number = ballot.0.simple().to_string();
        let about: Vec<&str> = lines
            .iter()
            .filter(|line| line.contains(&number))
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        assert_eq!(about, ["ballot/v1", "hold/v1"]);
    }
    let holds: Vec<&String> = lines.iter().filter(|line| line.starts_with("hold/v1")).collect();
    assert_eq!(holds.len(), FORGED);
    // No hash of the evidence tells that two ballots are of one group, and each can be opened.
    let hashes: std::collections::BTreeSet<&str> =
        holds.iter().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(hashes.len(), FORGED);
    let evidence: Vec<String> =
        sqlx::query_scalar("select evidence from held_ballot").fetch_all(&pool).await.unwrap();
    for text in evidence {
        let hash = domain::record::tree::Hash::sha256_of(text.as_bytes()).to_string();
        assert!(hashes.contains(hash.as_str()), "{text}");
    }
    // Which signal fired stands nowhere in the record: the reasons are kinds of evidence.
    let hold = lines.iter().find(|line| line.starts_with("hold/v1")).unwrap();
    let reasons = hold.split(' ').nth(3).unwrap();
    assert!(reasons.contains("device") && !reasons.contains("shared-device"), "{reasons}");
    assert_eq!(super::balance(&backend, &edition).await, "20 = 6 + 14 + 0");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_reads_counts_while_a_ballot_waits_for_a_ruling(pool: PgPool) {
    let (backend, _, _) = attacked(&pool).await;
    let edition = to_the_counts(&backend, &pool).await;
    let (admin, open) = (Admin::local_operator(), edition.deliberation_open().unwrap());
    let refused = backend.compute_standings(&admin, open, &edition).await;
    let expected = AwardsRefusal::FraudOpen { groups: 1, appeals: 0, proposals: 0 };
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Awards(why))) if *why == expected),
        "{refused:?}"
    );
    assert!(!backend.find_edition(SLUG).await.unwrap().counts_read);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_whole_poll_is_looked_at_before_counts_are_read_even_without_the_job(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    people_vote(&backend, &pool, &edition, HONEST).await;
    super::program_votes(&backend, &pool, &edition, FORGED).await;
    let edition = crate::support::stand_at(&backend, Phase::Deliberation).await;
    crate::record::published::sign_every_case(&backend, &pool).await;
    let (admin, open) = (Admin::local_operator(), edition.deliberation_open().unwrap());
    let refused = backend.compute_standings(&admin, open, &edition).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Awards(_)))), "{refused:?}");
    assert_eq!(usize::try_from(count(&pool, "held_ballot").await).unwrap(), FORGED);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_written_past_the_program_is_held(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    people_vote(&backend, &pool, &edition, 3).await;
    let trace = "delete from ballot_trace where number = (select max(number) from ballot_trace)";
    sqlx::query(trace).execute(&pool).await.unwrap();
    backend.check_ballots_for_fraud().await.unwrap();
    assert_eq!(held_group(&backend, &edition).await.waiting, 1);
    let admin = Admin::local_operator();
    let board = backend.fraud_board(&admin, edition.id, GroupFilter::Ruled, 9).await.unwrap();
    assert_eq!((board.totals, board.page), ([1, 0, 0], 1));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_desk_of_an_open_poll_does_not_show_the_next_ballot(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let admin = Admin::local_operator();
    // Full steps of the group and of the poll: the next four ballots are no step.
    people_vote(&backend, &pool, &edition, 5).await;
    vote_and_look(&backend, &pool, &edition, 15).await;
    // Minutes ago, so that the next four are alone in their minute.
    sqlx::query("update ballot_trace set cast_at = cast_at - interval '3 minutes'")
        .execute(&pool)
        .await
        .unwrap();
    let group = held_group(&backend, &edition).await;
    assert_eq!((group.waiting, group.ballots), (15, 15));
    let before = desk_text(&backend, &edition, &admin).await;
    for _ in 0..4 {
        vote_and_look(&backend, &pool, &edition, 1).await;
        assert_eq!(desk_text(&backend, &edition, &admin).await, before);
    }
    vote_and_look(&backend, &pool, &edition, 1).await;
    assert_ne!(desk_text(&backend, &edition, &admin).await, before, "the next step");
    vote_and_look(&backend, &pool, &edition, 1).await;
    let edition = to_the_counts(&backend, &pool).await;
    let group = held_group(&backend, &edition).await;
    assert_eq!((group.waiting, group.ballots, group.exact), (21, 21, true));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_desk_of_an_open_poll_lists_no_group_of_a_few(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let forged = super::program_votes(&backend, &pool, &edition, FORGED).await;
    backend.check_ballots_for_fraud().await.unwrap();
    let few: Vec<_> = forged.iter().take(4).map(|ballot| ballot.0).collect();
    sqlx::query("delete from held_ballot where not ballot_id = any($1)")
        .bind(&few)
        .execute(&pool)
        .await
        .unwrap();
    let admin = Admin::local_operator();
    let waiting = GroupFilter::Waiting;
    let board = backend.fraud_board(&admin, edition.id, waiting, 1).await.unwrap();
    assert_eq!((board.totals, board.groups.len(), board.polls[0].held), ([0, 0, 0], 0, 0));
    let work = backend.season_work(&admin, edition.id).await.unwrap();
    assert_eq!(work.fraud_matters, 0, "nor does the overview");
    sqlx::query("update poll set closed_at = now()").execute(&pool).await.unwrap();
    let board = backend.fraud_board(&admin, edition.id, waiting, 1).await.unwrap();
    assert_eq!((board.totals, board.groups[0].waiting, board.polls[0].held), ([1, 0, 0], 4, 4));
    let work = backend.season_work(&admin, edition.id).await.unwrap();
    assert_eq!(work.fraud_matters, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn ballots_do_not_wait_while_a_look_is_stored(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    super::program_votes(&backend, &pool, &edition, FORGED).await;
    let mut blocker = pool.begin().await.unwrap();
    sqlx::query("lock table fraud_group in access exclusive mode")
        .execute(&mut *blocker)
        .await
        .unwrap();
    let looking = backend.clone();
    let look = tokio::spawn(async move { looking.check_ballots_for_fraud().await });
    until("the look waits for the table of the groups", async || {
        count(&pool, "pg_locks where not granted and relation = 'fraud_group'::regclass").await > 0
    })
    .await;
    people_vote(&backend, &pool, &edition, 1).await;
    assert!(!look.is_finished());
    blocker.rollback().await.unwrap();
    look.await.unwrap().unwrap();
    assert_eq!(usize::try_from(count(&pool, "held_ballot").await).unwrap(), FORGED);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn when_a_ballot_was_held_is_coarsened_with_its_own_instant(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    let exact = "held_ballot where held_at <> date_trunc('day', held_at, 'UTC')";
    assert_eq!(count(&pool, exact).await, 14);
    let sql = "select held_ballot.evidence, fraud_group.key
        from held_ballot join fraud_group on fraud_group.id = held_ballot.group_id";
    let before: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
    assert_eq!(before.len(), 14);
    to_the_counts(&backend, &pool).await;
    sqlx::query("update voter_session set expires_at = now()").execute(&pool).await.unwrap();
    let order =
        "select array_agg(ballot_id order by ctid) = array_agg(ballot_id order by ballot_id)
        from held_ballot";
    backend.coarsen_ballot_times().await.unwrap();
    assert_eq!(count(&pool, exact).await, 0);
    // What the ballots share, such as an hour, is in no evidence, which stays until the erase day.
    assert!(before.iter().all(|(evidence, key)| {
        let shared = key.split_once(':').unwrap().1;
        evidence.contains("\"lens\"") && !shared.is_empty() && !evidence.contains(shared)
    }));
    let found = "fraud_group where found_at <> date_trunc('day', found_at, 'UTC')";
    assert_eq!(count(&pool, found).await, 0);
    let sorted: bool = sqlx::query_scalar(order).fetch_one(&pool).await.unwrap();
    assert!(sorted, "their place in the table tells nothing");
    let group = held_group(&backend, &edition).await;
    assert_eq!((group.waiting, group.exact), (14, true));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn without_a_result_traces_go_thirty_days_after_its_planned_day(pool: PgPool) {
    let (backend, edition, _) = attacked(&pool).await;
    to_the_counts(&backend, &pool).await;
    let planned = edition.schedule.windows.announcement;
    for (days, left) in [(29, 20), (31, 0)] {
        crate::support::clock_to(&backend, planned + TimeDelta::days(days)).await;
        backend.delete_old_traces().await.unwrap();
        assert_eq!(count(&pool, "ballot_trace").await, left, "{days}");
    }
}

/// Lets the program cast more ballots, and the job look at them.
async fn vote_and_look(backend: &Backend, pool: &PgPool, edition: &Edition, ballots: usize) {
    super::program_votes(backend, pool, edition, ballots).await;
    // Another server, which has not looked yet, so it does not rest.
    crate::support::backend(pool.clone()).check_ballots_for_fraud().await.unwrap();
}

/// Everything that the desk and the trail show, but for the names of the minutes, which go on.
async fn desk_text(backend: &Backend, edition: &Edition, admin: &Admin) -> String {
    let waiting = GroupFilter::Waiting;
    let board = backend.fraud_board(admin, edition.id, waiting, 1).await.unwrap();
    let group = board.groups[0].id;
    let evidence = backend.open_fraud_evidence(admin, edition, group, "").await.unwrap();
    let arrived: i64 = board.arrivals.iter().map(|minute| minute.ballots).sum();
    format!("{arrived} {:?} {:?} {:?} {evidence:?}", board.polls, board.totals, board.groups)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn polls_of_people_alone_need_no_ruling(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    people_vote(&backend, &pool, &edition, HONEST).await;
    let edition = to_the_counts(&backend, &pool).await;
    assert_eq!(counted(&backend, &edition).await, 6);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn traces_go_with_the_instants_and_those_of_held_ballots_with_the_result(pool: PgPool) {
    let (backend, _, forged) = attacked(&pool).await;
    let edition = to_the_counts(&backend, &pool).await;
    sqlx::query("update voter_session set expires_at = now()").execute(&pool).await.unwrap();
    backend.coarsen_ballot_times().await.unwrap();
    let left: Vec<uuid::Uuid> = sqlx::query_scalar("select ballot_id from ballot_trace order by 1")
        .fetch_all(&pool)
        .await
        .unwrap();
    let mut held: Vec<uuid::Uuid> = forged.iter().map(|ballot| ballot.0).collect();
    held.sort_unstable();
    assert_eq!(left, held);
    // Another server, or the same one after a restart, holds nobody for traces that are gone.
    crate::support::backend(pool.clone()).check_ballots_for_fraud().await.unwrap();
    assert_eq!(count(&pool, "held_ballot").await, 14);
    // How long everybody took is still there to compare with.
    let group = held_group(&backend, &edition).await;
    let admin = Admin::local_operator();
    let evidence = backend.open_fraud_evidence(&admin, &edition, group.id, "").await.unwrap();
    assert_eq!(evidence.devices.different, 1);
    assert_eq!(evidence.times.iter().map(|slice| slice.ballots).sum::<usize>(), FORGED);
    assert!(evidence.latencies.iter().all(|row| row.everybody.is_some()));
    backend.delete_old_traces().await.unwrap();
    assert_eq!(count(&pool, "ballot_trace").await, 14, "appeals are not over");
    crate::record::published::release(&backend, &pool).await;
    backend.delete_old_traces().await.unwrap();
    assert_eq!(count(&pool, "ballot_trace").await, 0);
}

//! Sealing the rules, and opening and closing polls.

use backend::Error;
use backend::accounts::Admin;
use backend::editions::Edition;
use backend::record::BallotStatus;
use chrono::TimeDelta;
use domain::ids::BallotId;
use domain::record::tree::Hash;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use super::{checkpoint, lines, opened, root_of, send};
use crate::support::{SLUG, backend, clock_to, count, season_in, stand_at};

/// Moves the clock this many seconds, plus one or two, past the close of the vote.
async fn after_the_vote(backend: &backend::Backend, seconds: i64) -> Edition {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let closes = edition.schedule.windows.voting.closes;
    clock_to(backend, closes + TimeDelta::seconds(seconds)).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_first_instant_of_a_vote_seals_the_rules_and_opens_the_poll(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let rulebook = backend.sealed_rulebook(edition.id).await.unwrap();
    let record = backend.edition_record(edition.id).await.unwrap().unwrap();
    assert_eq!(record.origin, "vote.example/record/daejeon-2024");
    assert_eq!(record.rulebook_hash, Hash::sha256_of(&rulebook));
    let opens = edition.schedule.windows.voting.opens.format("%FT%TZ");
    let expected = [
        format!("rulebook/v1 daejeon-2024 {}", Hash::sha256_of(&rulebook)),
        format!("open/v1 citizens {opens}"),
    ];
    assert_eq!(lines(&backend, &edition).await, expected);
    let signed = checkpoint(&backend, &edition).await;
    assert_eq!((signed.size, signed.root), (2, root_of(&expected)));
    assert_eq!(count(&pool, "audit_event where action = 'record.sealed'").await, 1);
    // Doing the same again changes nothing.
    backend.open_poll(&edition, &edition.polls[0]).await.unwrap();
    backend.open_and_close_polls().await.unwrap();
    assert!(!backend.sequence_records().await.unwrap());
    assert_eq!(count(&pool, "waiting").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_sealed_rulebook_names_the_window_and_the_cases_of_each_poll(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let bytes = backend.sealed_rulebook(edition.id).await.unwrap();
    let sealed: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(sealed["format"], "hanpyo-rulebook/v1");
    assert_eq!(sealed["edition"]["slug"], SLUG);
    let poll = &sealed["polls"][0];
    let window = edition.polls[0].window;
    assert_eq!(poll["opens"], serde_json::to_value(window.opens).unwrap());
    assert_eq!(poll["closes"], serde_json::to_value(window.closes).unwrap());
    let paper: Vec<&str> =
        poll["paper"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert!(paper.is_sorted());
    let accepted = count(&pool, "cases where state = 'accepted'").await;
    assert_eq!(i64::try_from(paper.len()).unwrap(), accepted);
    assert!(accepted > 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_opens_in_its_window_alone(pool: PgPool) {
    let backend = backend(pool.clone());
    let early = season_in(&backend, Phase::Screening).await;
    let refused = backend.open_poll(&early, &early.polls[0]).await;
    assert!(matches!(refused, Err(Error::Phase(_))), "{refused:?}");
    backend.open_and_close_polls().await.unwrap();
    let late = after_the_vote(&backend, 0).await;
    let refused = backend.open_poll(&late, &late.polls[0]).await;
    assert!(matches!(refused, Err(Error::Phase(_))), "{refused:?}");
    backend.open_and_close_polls().await.unwrap();
    assert_eq!(count(&pool, "record").await, 0);
    assert_eq!(count(&pool, "waiting").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_is_closed_once_no_ballot_can_still_be_on_its_way(pool: PgPool) {
    let (backend, _) = opened(&pool).await;
    let edition = after_the_vote(&backend, 60).await;
    backend.close_due_polls(&edition).await.unwrap();
    assert_eq!(count(&pool, "poll where closed_at is not null").await, 0);
    let edition = after_the_vote(&backend, 120).await;
    for _ in 0..2 {
        backend.close_due_polls(&edition).await.unwrap();
        backend.open_and_close_polls().await.unwrap();
    }
    backend.sequence_records().await.unwrap();
    let closes = edition.schedule.windows.voting.closes.format("%FT%TZ");
    let lines = lines(&backend, &edition).await;
    assert_eq!(lines[2..], [format!("close/v1 citizens {closes} 0")]);
    assert!(backend.find_edition(SLUG).await.unwrap().polls[0].closed_at.is_some());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_that_nobody_opened_has_both_of_its_lines_when_it_is_closed(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Deliberation).await;
    backend.close_due_polls(&edition).await.unwrap();
    backend.sequence_records().await.unwrap();
    let lines = lines(&backend, &edition).await;
    let kinds: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["rulebook/v1", "open/v1", "close/v1"]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_administrator_seals_once_every_case_is_decided(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let call = season_in(&backend, Phase::Call).await;
    assert!(backend.seal_rulebook(&admin, &call).await.is_err(), "cases may still come");
    let screening = stand_at(&backend, Phase::Screening).await;
    let waits = "update cases set state = 'submitted'
        where id = (select id from cases where state = 'accepted' limit 1)";
    sqlx::query(waits).execute(&pool).await.unwrap();
    assert!(backend.seal_rulebook(&admin, &screening).await.is_err(), "a case waits");
    let decided = "update cases set state = 'accepted' where state = 'submitted'";
    sqlx::query(decided).execute(&pool).await.unwrap();
    backend.seal_rulebook(&admin, &screening).await.unwrap();
    assert!(backend.seal_rulebook(&admin, &screening).await.is_err(), "it is sealed");
    assert_eq!(count(&pool, "audit_event where action = 'record.sealed'").await, 1);
    let sealed = backend.sealed_rulebook(screening.id).await.unwrap();
    stand_at(&backend, Phase::Voting).await;
    backend.open_and_close_polls().await.unwrap();
    assert_eq!(backend.sealed_rulebook(screening.id).await.unwrap(), sealed);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_status_of_a_ballot_follows_the_lines_about_it_alone(pool: PgPool) {
    let (backend, edition) = opened(&pool).await;
    let (held, other) = (Uuid::new_v4(), Uuid::new_v4());
    send(&pool, &edition, held, 1).await;
    send(&pool, &edition, other, 2).await;
    let statuses = async || {
        backend.sequence_records().await.unwrap();
        let status = async |id| backend.ballot_status(&edition, BallotId(id)).await.unwrap();
        (status(held).await.unwrap().to_string(), status(other).await.unwrap())
    };
    assert_eq!(statuses().await, ("received".to_owned(), BallotStatus::Received));
    let (id, evidence) = (held.simple(), hex::encode([9; 32]));
    for (line, status) in [
        (format!("hold/v1 citizens {id} same-network {evidence}"), "held same-network"),
        // A sheet names an edition where other lines name a poll.
        (format!("sheet/v1 citizens {id} {evidence}"), "held same-network"),
        (format!("ruling/v1 citizens {id} exclude same-network R-1 R-2"), "excluded same-network"),
    ] {
        sqlx::query("insert into waiting (edition_id, rank, line) values ($1, 3, $2)")
            .bind(edition.id.0)
            .bind(line)
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(statuses().await, (status.to_owned(), BallotStatus::Received));
    }
}

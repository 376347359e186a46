//! Tests that need this module's private items: the exact instants of the window, and the codes.

use domain::ballot::Picks;
use domain::ids::{BallotId, CaseId};
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::ballots::queries;
use super::codes::random_code;
use super::{Receipt, sealed_picks};
use crate::accounts::Admin;
use crate::editions::{Edition, NewEdition};
use crate::keys::Keys;
use crate::{Backend, Settings};

const SEASON: &str = include_str!("../../../data/daejeon-2024.json");

async fn season(pool: &PgPool) -> (Edition, CaseId) {
    let settings = Settings {
        public_url: "https://vote.example".to_owned(),
        official: false,
        demonstration: true,
        mail_folder: None,
    };
    let backend = Backend::new(pool.clone(), Keys::from_bytes([42; 32]), settings);
    let new = NewEdition { file: SEASON.replace("\"2024-", "\"2094-"), rehearsal: false };
    backend.create_edition(&Admin::local_operator(), &new).await.unwrap();
    let edition = backend.find_edition("daejeon-2024").await.unwrap();
    backend.publish_edition(&Admin::local_operator(), &edition).await.unwrap();
    let case = sqlx::query_scalar("select id from cases where state = 'accepted' limit 1");
    (edition, CaseId(case.fetch_one(pool).await.unwrap()))
}

/// Opens the poll and moves the edition's window, in a transaction in which `now()` does not
/// change.
async fn open_vote(transaction: &mut Transaction<'_, Postgres>, (opens, closes): (&str, &str)) {
    let sql = format!(
        "with opened as (update poll set opened_at = now())
        update edition set
            call_opens = now() - interval '9 days', call_closes = now() - interval '8 days',
            voting_opens = now() + interval '{opens}', voting_closes = now() + interval '{closes}',
            judging_opens = now() + interval '2 days', judging_closes = now() + interval '8 days',
            announcement = now() + interval '9 days'"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **transaction).await.unwrap();
}

/// Stores a ballot of a new voter that was admitted `before` ago.
async fn cast(
    transaction: &mut Transaction<'_, Postgres>,
    before: &str,
    (edition, case): (&Edition, CaseId),
) -> Option<Receipt> {
    let (poll, session) = (&edition.polls[0], Uuid::new_v4().as_bytes().to_vec());
    sqlx::query(
        "insert into voter_session (id_hash, poll_id, voter_key, expires_at)
        values ($1, $2, $1, now() + interval '1 hour')",
    )
    .bind(&session)
    .bind(poll.id.0)
    .execute(&mut **transaction)
    .await
    .unwrap();
    let picks = Picks::from_case_ids(&[case], poll.rules.picks).unwrap();
    let (id, key) = (BallotId(Uuid::new_v4()), Uuid::new_v4());
    let edition_key = Keys::from_bytes([42; 32]).edition_key(edition.id).unwrap();
    let picks =
        sealed_picks::seal_picks(&edition_key, (poll.id, id), &picks, poll.rules.picks).unwrap();
    let admitted_at = sqlx::query_scalar("select now() - $1::text::interval")
        .bind(before)
        .fetch_one(&mut **transaction)
        .await
        .unwrap();
    let request = b"{}".to_vec();
    let row = queries::NewBallot { session, poll: poll.id, id, key, picks, admitted_at, request };
    queries::insert_ballots(transaction, &[row]).await.unwrap().remove(&id)
}

#[sqlx::test(migrator = "crate::MIGRATIONS")]
async fn the_window_is_open_at_its_first_instant_and_closed_at_its_last(pool: PgPool) {
    let (edition, case) = season(&pool).await;
    let mut transaction = pool.begin().await.unwrap();
    let entry = (&edition, case);
    for (opens, closes, open) in [
        ("0", "1 day", true),
        ("1 microsecond", "1 day", false),
        ("-1 day", "1 microsecond", true),
        ("-1 day", "0", false),
        ("-2 days", "-1 microsecond", false),
    ] {
        open_vote(&mut transaction, (opens, closes)).await;
        let stored = cast(&mut transaction, "0", entry).await;
        assert_eq!(stored.is_some(), open, "[{opens}, {closes})");
    }
    open_vote(&mut transaction, ("-1 day", "1 day")).await;
    for ends in ["released_at", "archived_at"] {
        let sql = format!("update edition set {ends} = now()");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *transaction).await.unwrap();
        let stored = cast(&mut transaction, "0", entry).await;
        assert_eq!(stored, None, "{ends} ends the vote");
    }
}

#[sqlx::test(migrator = "crate::MIGRATIONS")]
async fn a_poll_that_has_a_window_of_its_own_keeps_it_to_the_instant(pool: PgPool) {
    let (edition, case) = season(&pool).await;
    let mut transaction = pool.begin().await.unwrap();
    open_vote(&mut transaction, ("-1 day", "1 day")).await;
    for (opens, closes, open) in [
        ("0", "1 hour", true),
        ("1 microsecond", "1 hour", false),
        ("-1 hour", "1 microsecond", true),
        ("-1 hour", "0", false),
    ] {
        let sql = format!(
            "update poll set
                opens = now() + interval '{opens}', closes = now() + interval '{closes}'"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *transaction).await.unwrap();
        let stored = cast(&mut transaction, "0", (&edition, case)).await;
        assert_eq!(stored.is_some(), open, "[{opens}, {closes})");
    }
}

#[sqlx::test(migrator = "crate::MIGRATIONS")]
async fn what_was_admitted_before_the_close_is_stored_for_two_minutes(pool: PgPool) {
    let (edition, case) = season(&pool).await;
    let mut transaction = pool.begin().await.unwrap();
    open_vote(&mut transaction, ("-1 day", "-1 minute")).await;
    for (before, timely) in [
        ("59 seconds", false),
        ("60 seconds", false),
        ("60.000001 seconds", true),
        ("119 seconds", true),
        ("119.999999 seconds", true),
        ("120 seconds", false),
        ("121 seconds", false),
    ] {
        let stored = cast(&mut transaction, before, (&edition, case)).await;
        assert_eq!(stored.is_some(), timely, "admitted {before} ago");
    }
}

#[test]
fn codes_have_six_digits_and_reach_both_ends() {
    let mut first = [0_u32; 10];
    for _ in 0..20_000 {
        let code = random_code();
        assert_eq!(code.len(), 6);
        first[code[..1].parse::<usize>().unwrap()] += 1;
    }
    // 2,000 are expected of each. Nine standard deviations (42.4 each) never occur by chance.
    assert!(first.iter().all(|n| n.abs_diff(2_000) < 382), "{first:?}");
}

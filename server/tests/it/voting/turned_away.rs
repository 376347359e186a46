//! A ballot that a busy server turns away: its page sends the same ballot again.

use std::sync::Arc;

use domain::schedule::Phase;
use http::StatusCode;
use sqlx::PgPool;
use tokio::task::JoinSet;

use super::{BASE, Browser, moved};
use crate::support::{Answer, House, ballot_of, rows};

/// Posts a ballot so many times at once.
fn post_at_once(house: &Arc<House>, cookies: &str, ballot: &str, times: usize) -> JoinSet<Answer> {
    let mut posts = JoinSet::new();
    for _ in 0..times {
        let (house, cookies, ballot) = (house.clone(), cookies.to_owned(), ballot.to_owned());
        let path = format!("{BASE}/vote/citizens/check");
        posts.spawn(async move { house.post(&path, &cookies, &ballot).await });
    }
    posts
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_that_was_turned_away_is_sent_again_twice_and_is_one(pool: PgPool) {
    let house = Arc::new(House::in_phase(pool.clone(), Phase::Voting).await);
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    let ballot = ballot_of(&browser.get("/vote/citizens/check").await.body);
    let cookies = browser.line();
    // While nobody can store a ballot, three of a session are under way, and the fourth is turned away.
    let mut blocker = pool.begin().await.unwrap();
    let lock = "lock table ballot in share row exclusive mode";
    sqlx::query(lock).execute(&mut *blocker).await.unwrap();
    let mut posts = post_at_once(&house, &cookies, &ballot, 4);
    let turned_away = posts.join_next().await.unwrap().unwrap();
    assert_eq!(turned_away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(turned_away.body.contains("Many people are voting right now"), "{}", turned_away.body);
    blocker.rollback().await.unwrap();
    for answer in posts.join_all().await {
        moved(&answer, "/vote/citizens/receipt");
    }
    // The button of that page sends the same ballot, and is pressed twice.
    let again = ballot_of(&turned_away.body);
    assert_eq!(again, ballot);
    for answer in post_at_once(&house, &cookies, &again, 2).join_all().await {
        moved(&answer, "/vote/citizens/receipt");
    }
    assert_eq!(rows(&pool, "ballot").await, 1);
}

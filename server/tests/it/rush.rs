//! Too many readers at once: each gets the page or is told when to come again. Public pages come
//! from the cache until a form changes something.

use axum::body::Body;
use backend::accounts::Role;
use domain::schedule::Phase;
use http::{Request, StatusCode, header};
use sqlx::PgPool;

use crate::support::{Answer, House};

const LANDING: &str = "/editions/daejeon-2024";

/// Requests a page as a browser without cookies.
async fn first_visit(house: &House, path: &str) -> Answer {
    house.send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_reader_beyond_the_limit_is_told_when_to_come_again(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    // With no free connection, each reader waits for the database and keeps its permit.
    let mut connections = Vec::new();
    for _ in 0..house.backend.max_connections() {
        connections.push(pool.acquire().await.unwrap());
    }
    let places = usize::try_from(house.backend.max_connections() / 2).unwrap().max(8);
    let gallery = format!("{LANDING}/cases");
    let house = std::sync::Arc::new(house);
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..=places {
        let (house, gallery) = (house.clone(), gallery.clone());
        readers.spawn(async move { house.get(&gallery, "lang=en").await });
    }
    let first = readers.join_next().await.unwrap().unwrap();
    assert_eq!(first.status, StatusCode::SERVICE_UNAVAILABLE, "one too many");
    let seconds: u8 = first.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&seconds));
    assert!(first.body.contains("We are very busy"), "{}", first.body);
    let robots = house.get("/robots.txt", "").await;
    assert_eq!(robots.status, StatusCode::OK, "what asks no database is not in their way");
    drop(connections);
    while let Some(reader) = readers.join_next().await {
        assert_eq!(reader.unwrap().status, StatusCode::OK);
    }
    assert_eq!(house.get(&gallery, "lang=en").await.status, StatusCode::OK, "the rush is over");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_page_for_everybody_changes_as_soon_as_somebody_acts(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let before = first_visit(&house, LANDING).await;
    assert_eq!(before.status, StatusCode::OK);
    assert!(!before.headers.contains_key(header::SET_COOKIE));
    house.stand_at(Phase::Judging).await;
    // Any form of the staff clears the cache.
    house.post("/admin/daejeon-2024", &admin, "act=nothing").await;
    let after = first_visit(&house, LANDING).await;
    assert_ne!(after.body, before.body);
    assert_eq!(after.header("vary"), "Cookie, Accept-Language");
    assert_eq!(after.header("cache-control"), "private, no-cache");
    for name in ["content-security-policy", "x-content-type-options"] {
        assert!(after.headers.contains_key(name), "{name}");
    }
}

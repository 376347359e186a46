//! Too many visitors at once: each is answered or told when to come again. Public pages come from
//! the cache until a form changes something.

use std::sync::Arc;

use axum::body::Body;
use backend::accounts::Role;
use backend::keys::TokenKind;
use domain::schedule::Phase;
use http::{Request, StatusCode, header};
use phrases::{Lang, errors};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::organisations::{announce, vote_and_judge};
use crate::support::{self, Answer, House};

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
    let house = Arc::new(house);
    let mut readers = JoinSet::new();
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
    // A form that is refused changes nothing, so it keeps the cache: strangers send such forms.
    house.post("/admin/daejeon-2024", &admin, "act=nothing").await;
    assert_eq!(first_visit(&house, LANDING).await.body, before.body);
    assert!(house.post("/account", &admin, "act=everywhere").await.status.is_redirection());
    let after = first_visit(&house, LANDING).await;
    assert_ne!(after.body, before.body);
    assert_eq!(after.header("vary"), "Cookie, Accept-Language");
    assert_eq!(after.header("cache-control"), "private, no-cache");
    for name in ["content-security-policy", "x-content-type-options"] {
        assert!(after.headers.contains_key(name), "{name}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_crowd_that_follows_a_link_to_a_case_is_served(pool: PgPool) {
    let house = Arc::new(House::in_phase(pool.clone(), Phase::Voting).await);
    let accepted = "select id from cases where state = 'accepted' order by id limit 1";
    let case: uuid::Uuid = sqlx::query_scalar(accepted).fetch_one(&pool).await.unwrap();
    let path = format!("{LANDING}/cases/{case}");
    let one = first_visit(&house, &path).await;
    assert_eq!(one.status, StatusCode::OK);
    assert!(!one.headers.contains_key(header::SET_COOKIE), "it is the same for all");
    let mut readers = JoinSet::new();
    for _ in 0..100 {
        let (house, path) = (house.clone(), path.clone());
        readers.spawn(async move { first_visit(&house, &path).await });
    }
    while let Some(reader) = readers.join_next().await {
        assert_eq!(reader.unwrap().status, StatusCode::OK);
    }
}

/// A request that strangers can send: the path, the cookie, and the form if it is one.
type Sent = (String, String, Option<&'static str>);

/// Sends one request more than there are places, while no connection is free.
async fn send_one_too_many(house: &Arc<House>, (path, cookie, form): Sent, places: usize) {
    let mut connections = Vec::new();
    for _ in 0..house.backend.max_connections() {
        connections.push(house.pool.acquire().await.unwrap());
    }
    let mut visitors = JoinSet::new();
    for _ in 0..=places {
        let (house, path, cookie) = (house.clone(), path.clone(), cookie.clone());
        visitors.spawn(async move {
            match form {
                Some(form) => house.post(&path, &cookie, form).await,
                None => house.get(&path, &cookie).await,
            }
        });
    }
    let first = visitors.join_next().await.unwrap().unwrap();
    assert_eq!(first.status, StatusCode::SERVICE_UNAVAILABLE, "{path}: one too many");
    assert!(!first.header("retry-after").is_empty(), "{path}");
    assert!(first.body.contains("We are very busy"), "{path}: {}", first.body);
    drop(connections);
    while let Some(visitor) = visitors.join_next().await {
        assert!(!visitor.unwrap().status.is_server_error(), "{path}: there was a place");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn forms_and_cookies_of_strangers_wait_in_their_queues(pool: PgPool) {
    let house = Arc::new(House::in_phase(pool, Phase::Voting).await);
    let session = format!("{}; lang=en", house.cookie_of(Role::Judge).await);
    let connections = usize::try_from(house.backend.max_connections()).unwrap();
    let (few, many) = ((connections / 5).max(4), (connections / 2).max(8));
    let stranger = || "lang=en".to_owned();
    // With a real MAC: an invented link is refused without a connection.
    let kiosk = format!("/kiosk/start/{}", support::keys().issue_token(TokenKind::KioskStart));
    let pick = Some("poll=citizens&case=00000000-0000-0000-0000-000000000000");
    for (path, form) in [
        (format!("{LANDING}/picks"), pick),
        (format!("{LANDING}/vote/citizens/receipt"), Some("act=leave")),
        ("/verify".to_owned(), Some("receipt=none")),
        (kiosk, Some("")),
    ] {
        send_one_too_many(&house, (path, stranger(), form), few).await;
    }
    let forgot = Some("email=nobody@agency.example");
    send_one_too_many(&house, ("/forgot".to_owned(), stranger(), forgot), many).await;
    send_one_too_many(&house, ("/sign-in".to_owned(), session, None), many).await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_form_of_very_many_fields_is_refused_in_the_readers_language(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let form = "=&".repeat(250 * 1024);
    for lang in [Lang::Ko, Lang::En] {
        let cookie = format!("lang={}", lang.language_tag());
        for path in ["/sign-in".to_owned(), format!("{LANDING}/vote/citizens/check")] {
            let answer = house.post(&path, &cookie, &form).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
            assert!(answer.body.contains(errors::too_large(lang)), "{path}: {}", answer.body);
        }
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_waits_for_a_download_takes_no_place_from_readers(pool: PgPool) {
    let house = crate::dark::season_before_vote(&pool).await;
    vote_and_judge(&house).await;
    announce(&house).await;
    downloads_take_no_places(
        &house,
        &format!("{LANDING}/result.json"),
        "/editions/daejeon-2024/cases",
    )
    .await;
    let record = "/record/daejeon-2024";
    let table = format!("{record}/cvr/citizens.csv");
    house.backend.sequence_records().await.unwrap();
    let edition = house.edition().await;
    let size = house.backend.edition_record(edition.id).await.unwrap().unwrap().signed_size;
    downloads_take_no_places(&house, &table, &format!("{record}/tile/0/000.p/{size}")).await;
}

/// Fills the places of downloads with readers of a file, lets others ask for it, and reads a page of the
/// queue that they come from.
async fn downloads_take_no_places(house: &House, path: &str, page: &str) {
    // Readers who have asked and read nothing hold every place for downloads.
    let mut slow = Vec::new();
    loop {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = house.router.clone().oneshot(request).await.unwrap();
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        assert_eq!(answer.status(), StatusCode::OK);
        slow.push(answer);
        assert!(slow.len() < 1_000, "downloads are bounded");
    }
    // More of them than pages have places wait all the time, and pages are read all the same.
    let mut waiting = JoinSet::new();
    for _ in 0..24 {
        let (router, path) = (house.router.clone(), path.to_owned());
        waiting.spawn(async move {
            loop {
                let request = Request::get(&path).body(Body::empty()).unwrap();
                let answer = router.clone().oneshot(request).await.unwrap();
                assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            }
        });
    }
    for _ in 0..20 {
        let answer = house.get(page, "lang=en").await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
    }
    waiting.abort_all();
    drop(slow);
    assert_eq!(house.get(path, "").await.status, StatusCode::OK);
}

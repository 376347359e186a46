//! Voting with an OpenID provider: a voter makes the required statements before leaving, each return
//! from the provider works once, and a provider that does not answer holds up nobody else.

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Json, Router};
use backend::voting::oidc::{OidcProvider, OidcSettings};
use domain::text::Bilingual;
use http::StatusCode;
use phrases::{Lang, errors};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{BASE, Browser, EMAIL, rows, rule, second_poll};
use crate::support::{House, no_ballot};

const WHO: &str = "/editions/daejeon-2024/vote/citizens";

/// The questions that a provider never answers.
#[derive(Clone, Copy, PartialEq)]
enum Silent {
    Never,
    AboutItself,
    AboutCodes,
}

/// Starts a provider that publishes its metadata and declines every code, or does not answer. Returns
/// it with a permit for each question that it does not answer.
async fn provider(silent: Silent) -> (OidcProvider, Arc<Semaphore>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let about = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    let declined = || async { (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))) };
    let asked = Arc::new(Semaphore::new(0));
    let counted = asked.clone();
    let hang = move || {
        counted.add_permits(1);
        std::future::pending::<()>()
    };
    let (metadata, token) = match silent {
        Silent::Never => (get(move || async move { Json(about) }), post(declined)),
        Silent::AboutItself => (get(hang), post(declined)),
        Silent::AboutCodes => (get(move || async move { Json(about) }), post(hang)),
    };
    let router = Router::new()
        .route("/.well-known/openid-configuration", metadata)
        .route("/keys", get(|| async { Json(json!({"keys": []})) }))
        .route("/token", token);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = OidcSettings {
        issuer,
        client_id: "hanpyo".to_owned(),
        client_secret: Some("only for tests".to_owned()),
        name: Bilingual::new("시험", "Test"),
        redirect: "http://127.0.0.1:3000/vote/oidc".to_owned(),
        plain: true,
    };
    (OidcProvider::from_settings(settings).unwrap(), asked)
}

/// Opens the vote of the season to those who sign in at the provider.
async fn season(pool: &PgPool) -> House {
    let (provider, _) = provider(Silent::Never).await;
    season_with(pool, provider).await
}

async fn season_with(pool: &PgPool, provider: OidcProvider) -> House {
    let house = EMAIL.house(pool).await;
    rule(pool, "{polls,0,identity}", "\"oidc\"").await;
    rule(pool, "{polls,0,channels}", r#"["oidc"]"#).await;
    house.served_by(house.backend.clone().with_oidc_provider(Some(provider)))
}

/// Starts a sign-in and returns the state that the browser brings back.
async fn start_sign_in(browser: &mut Browser<'_>) -> String {
    let left = browser.post(WHO, "consent=yes&of_age=yes").await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    let state = left.header("refresh").split("state=").nth(1).unwrap();
    state.split('&').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_leaves_for_the_provider_without_stating_what_is_asked_for(pool: PgPool) {
    let house = season(&pool).await;
    rule(&pool, "{polls,0,eligibility}", r#"{"min_age": 14, "district": true}"#).await;
    let mut browser = Browser::new(&house);
    browser.pick().await;
    assert!(browser.get(WHO).await.body.contains("name=\"of_district\""));
    for (form, sentence) in [
        ("of_age=yes&of_district=yes", errors::consent_missing(Lang::En).to_owned()),
        ("consent=yes&of_district=yes", errors::age_missing(Lang::En, 14)),
        ("consent=yes&of_age=yes", errors::district_missing(Lang::En).to_owned()),
    ] {
        let answer = browser.post(WHO, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(&sentence), "{form}: {}", answer.body);
        assert!(!browser.cookies.contains_key("__Host-oidc"), "{form}");
        assert_eq!(rows(&pool, "oidc_attempt").await, 0, "{form}");
    }
    let left = browser.post(WHO, "consent=yes&of_age=yes&of_district=yes").await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    assert_eq!(rows(&pool, "oidc_attempt").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_return_from_the_provider_works_once_and_only_in_its_own_browser(pool: PgPool) {
    let house = season(&pool).await;
    let mut browser = Browser::new(&house);
    browser.pick().await;
    for (end, status, sentence) in [
        ("error=access_denied", StatusCode::OK, "You have cancelled the sign-in"),
        ("code=1", StatusCode::UNPROCESSABLE_ENTITY, "The provider has declined the sign-in"),
    ] {
        let back = format!("/vote/oidc?state={}&{end}", start_sign_in(&mut browser).await);
        let elsewhere = Browser::new(&house).get(&back).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY, "{end}");
        assert!(elsewhere.body.contains("begun in another browser"), "{}", elsewhere.body);
        let first = browser.get(&back).await;
        assert_eq!(first.status, status, "{}", first.body);
        assert!(first.body.contains(sentence), "{}", first.body);
        // The second return is refused, whichever parameters it has.
        for again in [back.clone(), format!("{back}&iss="), back.replace(end, "code=2")] {
            let again = browser.get(&again).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{end}");
            assert!(again.body.contains("This sign-in has been used already"), "{}", again.body);
        }
    }
    assert_eq!(rows(&pool, "voter_session").await, 0, "nobody was let in");
    assert_eq!(rows(&pool, "oidc_attempt where used_at is not null").await, 2);
    let check = browser.get(&format!("{BASE}/vote/citizens/check")).await;
    assert_eq!(check.header("location"), WHO, "{}", check.body);
    no_ballot(&pool, "a sign-in that failed").await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_waits_for_a_silent_provider_keeps_nobody_from_a_code(pool: PgPool) {
    let (provider, asked) = provider(Silent::AboutItself).await;
    let house = Arc::new(season_with(&pool, provider).await);
    second_poll(&pool).await;
    rule(&pool, "{polls,1,identity}", "\"email\"").await;
    rule(&pool, "{polls,1,channels}", r#"["email_code"]"#).await;
    let places = usize::try_from(house.backend.max_connections() / 5).unwrap().max(4);
    let mut leaving = JoinSet::new();
    for _ in 0..places {
        let house = house.clone();
        leaving.spawn(async move { house.post(WHO, "lang=en", "consent=yes&of_age=yes").await });
    }
    asked.acquire().await.unwrap().forget();
    Browser::new(&house).ask(EMAIL, "second", EMAIL.mine).await;
    assert_eq!(asked.available_permits(), 0, "all of them wait for one answer");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_returns_from_a_silent_provider_keeps_nobody_from_reading(pool: PgPool) {
    let (provider, asked) = provider(Silent::AboutCodes).await;
    let house = Arc::new(season_with(&pool, provider).await);
    let places = (house.backend.max_connections() / 2).max(8);
    let mut browser = Browser::new(&house);
    let mut returning = JoinSet::new();
    for _ in 0..places + 2 {
        let back = format!("/vote/oidc?state={}&code=1", start_sign_in(&mut browser).await);
        let (house, cookies) = (house.clone(), browser.line());
        returning.spawn(async move { house.get(&back, &cookies).await });
    }
    tokio::select! {
        all = asked.acquire_many(places + 2) => drop(all.unwrap()),
        // One that was refused, because the others held the places of the readers.
        early = returning.join_next() => panic!("{}", early.unwrap().unwrap().body),
    }
    assert_eq!(house.get("/", "lang=en").await.status, StatusCode::OK);
}

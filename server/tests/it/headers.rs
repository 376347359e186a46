//! The headers of every response, and requests that are refused before they reach a page.

use axum::body::Body;
use domain::schedule::Phase;
use http::{Request, StatusCode};
use sqlx::PgPool;

use crate::support::House;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_answer_carries_the_security_headers(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    for path in ["/", "/sign-in", "/no-such-page", "/healthz", "/assets/none.css"] {
        let answer = house.get(path, "").await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(answer.header("strict-transport-security").is_empty(), "not without TLS");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_form_from_another_site_is_refused(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = Request::post("/sign-in")
            .header("host", "127.0.0.1:3000")
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("email=a&password=b"));
        assert_eq!(house.send(request.unwrap()).await.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_form_that_is_too_large_is_refused_with_a_page(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let answer = house.post("/sign-in", "", &format!("email={}", "a".repeat(600_000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("<html"), "{}", answer.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_unknown_page_is_said_in_the_readers_language(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let korean = house.get("/no-such-page", "").await;
    assert_eq!(korean.status, StatusCode::NOT_FOUND);
    assert!(korean.body.contains("lang=\"ko\"") && korean.body.contains("찾는 화면이 없습니다"));
    let english = house.get("/no-such-page?lang=en", "").await;
    assert!(english.body.contains("lang=\"en\"") && english.body.contains("There is no such page"));
    assert!(english.cookies().contains("lang=en"), "the choice is remembered");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_people_type_is_never_markup(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let typed =
        "email=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&password=x&next=%2F%2Fevil.example";
    let answer = house.post("/sign-in", "", typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_session_cookie_cannot_be_read_or_sent_across_sites(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    house.cookie_of(backend::accounts::Role::Judge).await;
    let form = format!("email=judge%40agency.example&password={}", "a+long+enough+password");
    let answer = house.post("/sign-in", "", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.header("set-cookie");
    for part in ["__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_zero_byte_gets_an_answer_and_breaks_nothing(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    for path in ["/editions/%00", "/editions/daejeon-2024/cases?q=%00", "/pictures/%00"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = house.post("/sign-in", "", "email=a%00b&password=x").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_redirect_leads_to_another_site(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    house.cookie_of(backend::accounts::Role::Judge).await;
    for next in [
        "%2F%2Fevil.example",
        "%2F%09%2Fevil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%5Cevil.example",
    ] {
        let form =
            format!("email=judge%40agency.example&password=a+long+enough+password&next={next}");
        let answer = house.post("/sign-in", "", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{next}");
        assert_eq!(answer.header("location"), "/", "{next}");
    }
    let answer = house.get("//evil.example/x", "").await;
    assert!(!answer.body.contains("href=\"//"), "{}", answer.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_unreadable_request_gets_an_error_page(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let twice = house.get("/editions/daejeon-2024/cases?page=1&page=2", "").await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.body.contains("<html"), "{}", twice.body);
    let request = Request::delete("/editions").header("sec-fetch-site", "same-origin");
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.body.contains("<html"), "{}", answer.body);
}

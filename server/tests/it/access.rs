//! Access: every row of the route table is opened with every role.

use app::routes::{Access, route_table};
use axum::body::Body;
use backend::accounts::Role;
use domain::schedule::Phase;
use http::{Method, Request, StatusCode};
use sqlx::PgPool;

use crate::support::{House, PASSWORD};

const NOBODY: &str = "";

/// Fills the arguments of a path with values that do not exist, so that a role that is admitted
/// gets "not found" and changes nothing.
fn example(path: &str) -> String {
    path.replace("{edition}", "no-such-edition")
        .replace("{poll}", "no-such-poll")
        .replace("{case}", "00000000-0000-0000-0000-000000000000")
        .replace("{picture}", "00000000-0000-0000-0000-000000000000")
        .replace("{draft}", "00000000-0000-0000-0000-000000000000")
        .replace("{step}", "basics")
        .replace("{token}", "no-such-token")
        .replace("{*path}", "0/000")
        .replace("{file}", "citizens.csv")
        .replace("{ballot}", "00000000000000000000000000000000")
}

fn lets_in(access: Access, role: Option<Role>) -> bool {
    match access {
        Access::Public | Access::Demonstration => true,
        Access::SignedIn => role.is_some(),
        Access::Member => role == Some(Role::Member),
        Access::Judge => role == Some(Role::Judge),
        Access::Administrator => role == Some(Role::Administrator),
    }
}

fn turned_away(status: StatusCode) -> bool {
    status == StatusCode::FORBIDDEN || status == StatusCode::UNAUTHORIZED
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_route_admits_the_roles_it_names_and_nobody_else(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let mut roles = vec![(None, NOBODY.to_owned())];
    for role in [Role::Administrator, Role::Judge, Role::Member] {
        roles.push((Some(role), house.cookie_of(role).await));
    }
    for route in route_table() {
        let path = example(route.path);
        for (role, cookie) in &roles {
            // These paths would sign the account out and end the walk.
            if path == "/sign-out" || path == "/account" {
                continue;
            }
            let got = house.get(&path, cookie).await;
            let posted = house.post(&path, cookie, "").await;
            let told_to_sign_in = got.header("location").starts_with("/sign-in?next=");
            if lets_in(route.rules.access, *role) {
                assert!(!turned_away(got.status), "GET {path} turns {role:?} away");
                assert!(!told_to_sign_in, "GET {path} asks {role:?} to sign in");
                assert!(!turned_away(posted.status), "POST {path} turns {role:?} away");
            } else {
                // A row without GET answers 405 before it checks the role, because it has no page.
                let no_page = got.status == StatusCode::METHOD_NOT_ALLOWED;
                let kept_out = turned_away(got.status) || told_to_sign_in || no_page;
                assert!(kept_out, "GET {path} lets {role:?} in: {}", got.status);
                let refused =
                    turned_away(posted.status) || posted.status == StatusCode::METHOD_NOT_ALLOWED;
                assert!(refused, "POST {path} lets {role:?} in: {}", posted.status);
            }
        }
    }
}

/// Returns a valid request of an island, so that a refusal is about the caller and not the form.
fn call(path: &str) -> serde_json::Value {
    let case = "00000000-0000-0000-0000-000000000000";
    match path {
        "/api/cases/save_draft" => serde_json::json!({
            "case": case, "version": 1,
            "texts": { "title": "", "title_en": "", "summary": "", "body": "", "track": "",
                       "place": "", "alt": "" },
        }),
        "/api/cases/tell_reader" => serde_json::json!({ "case": case }),
        "/api/judging/save_sheet" => serde_json::json!({
            "edition": "daejeon-2024", "case": case, "version": 0,
            "form": { "scores": [null, null, null, null, null], "comment": "", "note": "" },
        }),
        other => panic!("say here what an island sends to {other}, and who may"),
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_server_function_asks_who_is_calling(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(!functions.is_empty());
    for (path, method) in functions {
        assert_eq!(method, Method::POST, "{path} changes things by {method}");
        for (cookie, status) in
            [(NOBODY, StatusCode::UNAUTHORIZED), (&staff, StatusCode::FORBIDDEN)]
        {
            let request = Request::post(path)
                .header("cookie", cookie)
                .header("content-type", "application/json")
                .header("sec-fetch-site", "same-origin")
                .body(Body::from(call(path).to_string()));
            let answer = house.send(request.unwrap()).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
        }
        assert_eq!(house.post(path, NOBODY, "").await.status, StatusCode::BAD_REQUEST);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn demonstration_pages_do_not_exist_elsewhere(pool: PgPool) {
    let house = House::build(pool, Phase::Voting, false).await;
    for route in
        route_table().into_iter().filter(|route| route.rules.access == Access::Demonstration)
    {
        assert_eq!(house.get(route.path, NOBODY).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn staff_get_in_from_the_browser_they_know_while_strangers_try_passwords(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    house.cookie_of(Role::Judge).await;
    sqlx::query("delete from attempt").execute(&pool).await.unwrap();
    let form = format!("email=judge%40agency.example&password={}", PASSWORD.replace(' ', "+"));
    let first = house.post("/sign-in", NOBODY, &form).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    let cookies = first.cookies();
    let device = cookies.split("; ").find(|pair| pair.starts_with("__Host-device=")).unwrap();
    // As if strangers had used up all tries, of this window and of the next.
    for sql in [
        "update attempt set tries = 1000",
        "insert into attempt (key, window_start, tries)
            select key, window_start + interval '15 minutes', tries from attempt",
        "insert into attempt (key, window_start, tries)
            select key, window_start + interval '1 hour', tries from attempt
            on conflict do nothing",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let elsewhere = house.post("/sign-in", NOBODY, &form).await;
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS);
    let here = house.post("/sign-in", device, &form).await;
    assert_eq!(here.status, StatusCode::SEE_OTHER, "{}", here.body);
    assert!(here.cookies().contains("__Host-session="));
    let guessed = house.post("/sign-in", device, "email=judge%40agency.example&password=x").await;
    assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY, "no password, no session");
    assert!(!guessed.cookies().contains("__Host-session="));
}

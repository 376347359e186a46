//! A drill: every page is shown with a banner, and nothing but signing in and the look is taken.

use backend::accounts::Role;
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, errors, shell};
use sqlx::PgPool;

use crate::support::{House, SLUG, no_ballot, rows};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_page_of_a_drill_says_that_it_is_one(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let drill = house.served_by(house.backend.clone().with_drill(true));
    for (path, cookie) in [
        ("/", ""),
        ("/editions", ""),
        ("/sign-in", ""),
        ("/no-such-page", ""),
        ("/admin", admin.as_str()),
    ] {
        let korean = drill.get(path, cookie).await;
        assert!(korean.body.contains(shell::drill(Lang::Ko)), "{path}: {}", korean.body);
        let english = drill.get(&format!("{path}?lang=en"), cookie).await;
        assert!(english.body.contains(shell::drill(Lang::En)), "{path}: {}", english.body);
        let real = house.get(path, cookie).await;
        assert!(!real.body.contains(shell::drill(Lang::Ko)), "{path}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_drill_takes_no_form_but_lets_staff_in_and_out(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let drill = house.served_by(house.backend.clone().with_drill(true));
    let acts = rows(&pool, "audit_event").await;
    for path in [
        format!("/editions/{SLUG}/vote/citizens/check"),
        format!("/editions/{SLUG}/picks"),
        format!("/admin/{SLUG}/clock"),
        "/verify".to_owned(),
        "/forgot".to_owned(),
        "/no-such-page".to_owned(),
    ] {
        let answer = drill.post(&path, &admin, "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains(errors::drill(Lang::Ko)), "{path}: {}", answer.body);
    }
    let island = drill.post("/api/cases/save_draft", &admin, "").await;
    assert_eq!(island.status, StatusCode::SERVICE_UNAVAILABLE);
    no_ballot(&pool, "forms to a drill").await;
    assert_eq!(rows(&pool, "audit_event").await, acts);
    let form = "email=administrator%40agency.example&password=a+long+enough+password&next=";
    let entered = drill.post("/sign-in", "", form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    assert_eq!(drill.post("/look?theme=dark&back=/", "", "").await.status, StatusCode::SEE_OTHER);
    let left = drill.post("/sign-out", &entered.cookies(), "").await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.body);
}

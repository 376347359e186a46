//! A vote whose rules cannot be sealed: nobody is asked for a contact, and staff can mend it.

use domain::schedule::Phase;
use http::StatusCode;
use sqlx::PgPool;

use super::{Browser, WHO};
use crate::support::{House, rows};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_vote_that_could_not_begin_takes_no_contact_and_can_be_mended(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Screening).await;
    // Two cases are left; the staff has decided about one of them.
    let two = "delete from cases where id not in (select id from cases order by id limit 2)";
    sqlx::query(two).execute(&pool).await.unwrap();
    let undecided = "update cases set state = 'submitted', screened_at = null
        where id = (select id from cases order by id offset 1 limit 1) returning id";
    let case: uuid::Uuid = sqlx::query_scalar(undecided).fetch_one(&pool).await.unwrap();
    let staff = house.cookie_of(backend::accounts::Role::Administrator).await;
    let desk = house.get("/admin/daejeon-2024?lang=en", &staff).await;
    assert!(desk.body.contains("Submitted cases without a decision: 1"), "{}", desk.body);
    house.stand_at(Phase::Voting).await;
    clock_on(&house, 2).await;
    let mut browser = Browser::new(&house);
    let page = browser.get("/vote/citizens").await;
    assert!(page.body.contains("The vote has not begun yet"), "{}", page.body);
    assert!(!page.body.contains("name=\"email\""));
    let refused = browser.post("/vote/citizens", WHO).await;
    assert!(refused.body.contains("The vote has not begun yet"), "{}", refused.body);
    assert_eq!(rows(&pool, "challenge").await, 0, "no code was sent");
    // The staff decides late, because no ballot paper is fixed; then the vote begins.
    let path = format!("/admin/daejeon-2024/screening/{case}");
    let page = house.get(&path, &staff).await;
    let (_, rest) = page.body.split_once("name=\"version\" value=\"").expect("the form is there");
    let version = rest.split('"').next().unwrap();
    let form = format!("act=accept&version={version}");
    let decided = house.post(&path, &staff, &form).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
    house.backend.open_and_close_polls().await.unwrap();
    browser.pick(0).await;
    assert!(browser.get("/vote/citizens").await.body.contains("name=\"email\""));
    // From then on the paper is fixed.
    let late = house.post(&path, &staff, "act=undo&version=9").await;
    assert!(!late.status.is_success() && late.status != StatusCode::SEE_OTHER, "{}", late.status);
}

/// Moves the clock of the edition on by so many minutes.
async fn clock_on(house: &House, minutes: i64) {
    let edition = house.edition().await;
    let to = backend::editions::ClockMove::By(minutes * 60);
    let admin = backend::accounts::Admin::local_operator();
    house.backend.move_clock(&admin, &edition, to).await.unwrap();
}

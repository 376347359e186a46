//! Several browsers of one voter: who is shown the choice, and how somebody gets in whose code was
//! lost or asked for by a stranger.

use http::StatusCode;
use sqlx::PgPool;

use super::{Browser, EMAIL, rows};
use crate::support::waiting;

const WHO: &str = "/editions/daejeon-2024/vote/citizens";
const CHECK: &str = "/editions/daejeon-2024/vote/citizens/check";
const RECEIPT: &str = "/editions/daejeon-2024/vote/citizens/receipt";
/// What a page holds that shows its voter's choice to the browser.
const OPENING: &str = "data-opening=\"";

/// Asks for a code in this browser and types it there.
async fn prove(pool: &PgPool, browser: &mut Browser<'_>) {
    let over = "update contact_rest set until = now()";
    sqlx::query(over).execute(pool).await.unwrap();
    let code = browser.ask(EMAIL, "citizens", EMAIL.mine).await;
    let verified = browser.give("citizens", &code).await;
    assert_eq!(verified.header("location"), CHECK, "{}", verified.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_browser_that_proved_the_contact_before_the_ballot_is_shown_nothing_of_it(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    let (mut spy, mut mine) = (Browser::new(&house), Browser::new(&house));
    prove(&pool, &mut spy).await;
    assert_eq!(spy.get(CHECK).await.status, StatusCode::OK);
    mine.pick().await;
    prove(&pool, &mut mine).await;
    assert_eq!(mine.cast().await.header("location"), RECEIPT);
    let shown = mine.get(RECEIPT).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains(OPENING), "the voter's own browser keeps it");
    let seen = spy.get(RECEIPT).await;
    assert_eq!((seen.status, seen.header("location")), (StatusCode::SEE_OTHER, WHO));
    assert!(!seen.body.contains("data-opening"), "{}", seen.body);
    // The voter proves the contact once more in the same browser.
    prove(&pool, &mut mine).await;
    let again = mine.get(RECEIPT).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.body.contains(OPENING));
    // Without what that browser had, the receipt has no choice.
    let handed_on = "update voter_session set ballot_id = null";
    sqlx::query(handed_on).execute(&pool).await.unwrap();
    let elsewhere = mine.get(RECEIPT).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    assert!(!elsewhere.body.contains(OPENING));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_whose_answer_was_lost_gets_the_same_browser_in_again(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    let mut first = Browser::new(&house);
    let code = first.ask(EMAIL, "citizens", EMAIL.mine).await;
    let copy = || Browser { house: &house, cookies: first.cookies.clone() };
    let (mut again, mut late) = (copy(), copy());
    assert_eq!(first.give("citizens", &code).await.header("location"), CHECK);
    assert_eq!(again.give("citizens", &code).await.header("location"), CHECK);
    assert_eq!(rows(&pool, "voter_session").await, 1);
    assert_eq!(again.get(CHECK).await.status, StatusCode::OK);
    assert_eq!(first.get(CHECK).await.status, StatusCode::OK, "it is the same session");
    let used = "update challenge set used_at = now() - interval '5 minutes 1 second'";
    sqlx::query(used).execute(&pool).await.unwrap();
    let refused = late.give("citizens", &code).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("can no longer be used"), "{}", refused.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_link_of_a_message_opens_the_vote_in_any_browser(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    Browser::new(&house).ask(EMAIL, "citizens", EMAIL.mine).await;
    let mails = waiting(&pool, "mail").await;
    let (_, link) = mails[0][2].split_once("http://127.0.0.1:3000").unwrap();
    let link = link.split_whitespace().next().unwrap();
    assert!(link.starts_with("/code/"), "{link}");
    let mut owner = Browser::new(&house);
    let page = owner.get(link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("name=\"consent\"") && !page.body.contains(EMAIL.mine));
    let silent = owner.post(link, "").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(rows(&pool, "voter_session").await, 0, "looking uses nothing up");
    let opened = owner.post(link, "consent=yes&of_age=yes").await;
    let cases = "/editions/daejeon-2024/cases?poll=citizens&verified=yes";
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, cases));
    owner.pick().await;
    assert_eq!(owner.cast().await.header("location"), RECEIPT);
    let made_up = format!("/code/{}", "0".repeat(64));
    for over in [link, &made_up, "/code/none"] {
        let mut stranger = Browser::new(&house);
        assert_eq!(stranger.get(over).await.status, StatusCode::GONE, "{over}");
        let posted = stranger.post(over, "consent=yes&of_age=yes").await;
        assert_eq!(posted.status, StatusCode::GONE, "{over}");
        assert!(!stranger.cookies.contains_key("__Host-voter"), "{over}");
    }
    assert_eq!(owner.get(RECEIPT).await.status, StatusCode::OK);
}

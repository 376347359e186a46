//! Photographs: added by staff with a caption, seen by citizens with the result, removed for good.

use backend::accounts::Role;
use http::StatusCode;
use phrases::{Lang, photographs as say};
use sqlx::PgPool;

use crate::organisations::{announce, vote_and_judge};
use crate::support::{Answer, House, SLUG, rows};

const DESK: &str = "/admin/daejeon-2024/photographs";

/// A small grey picture, made for this test.
const JPEG: &[u8] = include_bytes!("photographs/pixel.jpg");

async fn add(house: &House, cookie: &str, caption: &str, file: &[u8]) -> Answer {
    house.post_file((DESK, cookie), &[("caption", caption)], ("file", "a.jpg"), file).await
}

/// Returns the address of the first photograph on a page.
fn address(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<img src=\"/photographs/")?;
    Some(format!("/photographs/{}", &rest[..36]))
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn photographs_are_seen_with_the_result_and_removed_for_good(pool: PgPool) {
    let house = crate::dark::season_before_vote(&pool).await;
    vote_and_judge(&house).await;
    let admin = house.cookie_of(Role::Administrator).await;
    assert!(house.get(DESK, &admin).await.body.contains(say::none(Lang::Ko)));
    let bare = add(&house, &admin, "", JPEG).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "no caption");
    let text = add(&house, &admin, "Mayor and winners", b"no picture").await;
    assert_eq!(text.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", text.body);
    assert!(text.body.contains("value=\"Mayor and winners\""), "what was typed stays");
    let added = add(&house, &admin, "Mayor <b> and winners", JPEG).await;
    assert_eq!(added.header("location"), format!("{DESK}?done=added"), "{}", added.body);
    let desk = house.get(DESK, &admin).await;
    assert!(desk.body.contains("alt=\"Mayor &lt;b&gt; and winners\""), "{}", desk.body);
    let photograph = address(&desk.body).unwrap();
    assert_eq!(house.get(&photograph, "").await.status, StatusCode::NOT_FOUND, "no result yet");
    let own = house.get(&photograph, &admin).await;
    assert_eq!((own.status, own.header("cache-control")), (StatusCode::OK, "private, no-store"));
    announce(&house).await;
    let result = house.get(&format!("/editions/{SLUG}/results"), "").await;
    assert_eq!(address(&result.body).as_deref(), Some(photograph.as_str()), "{}", result.body);
    let seen = house.get(&photograph, "").await;
    assert_eq!((seen.status, seen.header("content-type")), (StatusCode::OK, "image/jpeg"));
    let id = photograph.rsplit('/').next().unwrap();
    let removed = house.post(DESK, &admin, &format!("act=remove&photograph={id}")).await;
    assert_eq!(removed.header("location"), format!("{DESK}?done=removed"));
    assert_eq!(house.get(&photograph, &admin).await.status, StatusCode::NOT_FOUND);
    assert_eq!(rows(&pool, "photograph").await, 0);
    assert_eq!(rows(&pool, "audit_event where action like 'photograph.%'").await, 2);
}

//! The address of a film: kept as it is typed, checked when the case is sent in, and shown as a link.

use backend::accounts::Role;
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, cases as words};
use sqlx::PgPool;

use crate::support::{House, SLUG};
use crate::typing::encode;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_film_is_linked_once_its_address_is_one(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let [case, track, place] = house.begin_case(&member).await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let send = async |act: &str, film: &str| {
        let version: i32 = sqlx::query_scalar("select version from cases where title = 'Fridge'")
            .fetch_one(&pool)
            .await
            .unwrap();
        let form = [
            ("title", "Fridge"),
            ("summary", "Open day and night."),
            ("body", "A fridge at the corner."),
            ("track", &track),
            ("place", &place),
            ("film", film),
            ("version", &version.to_string()),
            ("people_agree", "yes"),
            ("has_rights", "yes"),
            ("act", act),
        ];
        house.post(&case, &member, &encode(&form)).await
    };
    // While it is typed it is no address yet, and the draft is saved.
    assert_eq!(send("save", "youtu.").await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&case, &member).await.body.contains("value=\"youtu.\""));
    for wrong in ["youtu.", "javascript:alert(1)"] {
        let refused = send("submit", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains(words::film_wrong(Lang::Ko)), "{}", refused.body);
    }
    assert_eq!(send("submit", "youtu.be/abc?t=10").await.status, StatusCode::SEE_OTHER);
    let link = "<a href=\"https://youtu.be/abc?t=10\" rel=\"noopener noreferrer nofollow ugc\">";
    let said = words::film_watch(Lang::Ko, "youtu.be");
    let desk = format!("/admin/{SLUG}/screening/{id}");
    for (page, cookie) in [(&case, &member), (&desk, &staff)] {
        let page = house.get(page, cookie).await.body;
        assert!(page.contains(link) && page.contains(&said), "{page}");
    }
    // What came into the database past the form is no link either.
    sqlx::query("update cases set film = 'javascript:alert(1)' where title = 'Fridge'")
        .execute(&pool)
        .await
        .unwrap();
    let page = house.get(&desk, &staff).await.body;
    assert!(!page.contains("javascript:") && !page.contains(words::film_title(Lang::Ko)), "{page}");
}

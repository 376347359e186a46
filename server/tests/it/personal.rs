//! Personal data in a case is shown to its author before the case is sent in, masked at one press, and goes in with
//! a reason alone, which staff read.

use backend::accounts::Role;
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, cases as words};
use sqlx::PgPool;

use crate::support::{House, SLUG, rows};
use crate::typing::encode;

const STORY: &str = "첫 줄입니다.\n문의: 010-1234-5678, kim@agency.example로 주세요.";

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn personal_data_is_shown_masked_or_left_in_with_a_reason(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let (member, admin) =
        (house.cookie_of(Role::Member).await, house.cookie_of(Role::Administrator).await);
    let [case, track, place] = house.begin_case(&member).await;
    let send = async |act: &str, body: &str, reason: &str| {
        let version: i32 = sqlx::query_scalar("select version from cases where title = 'Fridge'")
            .fetch_one(&pool)
            .await
            .unwrap();
        let form = [
            ("title", "Fridge"),
            ("summary", "Open day and night."),
            ("body", body),
            ("track", &track),
            ("place", &place),
            ("personal_reason", reason),
            ("version", &version.to_string()),
            ("people_agree", "yes"),
            ("has_rights", "yes"),
            ("act", act),
        ];
        house.post(&case, &member, &encode(&form)).await
    };
    let body = async || {
        let sql = "select body from cases where title = 'Fridge'";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&pool).await.unwrap()
    };
    // A draft keeps everything and says what it has, with field and line.
    assert_eq!(send("save", STORY, "").await.status, StatusCode::SEE_OTHER);
    let draft = house.get(&case, &member).await.body;
    assert!(draft.contains(&words::personal_place(Lang::Ko, words::body(Lang::Ko), 2)), "{draft}");
    for said in
        [words::personal_phone(Lang::Ko), words::personal_email(Lang::Ko), ">010-1234-5678<"]
    {
        assert!(draft.contains(said), "{said}: {draft}");
    }
    // It is not sent in without a reason, and no word of it is lost.
    let refused = send("submit", STORY, " ").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains(phrases::errors::personal_data(Lang::Ko)), "{}", refused.body);
    assert_eq!(
        (body().await.as_str(), rows(&pool, "cases where state = 'submitted'").await),
        (STORY, 0)
    );
    // One piece is masked, then all.
    send("mask.kim@agency.example", STORY, "").await;
    assert_eq!(body().await, STORY.replace("kim@agency.example", "***@******.*******"));
    send("mask", STORY, "").await;
    let masked = "첫 줄입니다.\n문의: ***-****-****, ***@******.*******로 주세요.";
    assert_eq!(body().await, masked);
    assert!(!house.get(&case, &member).await.body.contains("id=\"personal\""));
    // With a reason it goes in as it is, and staff see what was left, and why.
    let reason = "누구나 아는 대표 번호입니다.";
    let sent = send("submit", STORY, reason).await;
    assert_eq!(sent.header("location"), format!("{case}?done=submitted"), "{}", sent.body);
    let id = case.rsplit('/').next().unwrap();
    let staff = house.get(&format!("/admin/{SLUG}/screening/{id}"), &admin).await.body;
    for said in [words::personal_left(Lang::Ko), "<strong>010-1234-5678</strong>", reason] {
        assert!(staff.contains(said), "{said}: {staff}");
    }
    // What was found is nowhere in the trail.
    assert_eq!(rows(&pool, "audit_event where detail::text like '%1234%'").await, 0);
}

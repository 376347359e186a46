//! Forms that are sent twice are carried out once, and what was typed into a form that cannot be
//! carried out is not lost.

use axum::body::Body;
use backend::accounts::Role;
use domain::schedule::Phase;

use http::{Request, StatusCode, header};
use phrases::{Lang, errors};
use sqlx::PgPool;

use crate::support::{House, PASSWORD, SLUG, rows};

/// Returns the key that a page gave its forms.
async fn key_of(house: &House, page: &str, cookie: &str) -> String {
    let page = house.get(page, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (_, rest) = page.body.split_once("name=\"form_key\" value=\"").expect("a form");
    format!("form_key={}", &rest[..36])
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_form_that_is_sent_twice_is_carried_out_once(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let track = house.backend.tracks_and_districts(house.edition().await.id).await.unwrap();
    let track = track.tracks[0].id;
    let begin = format!("/organisation/cases/new?edition={SLUG}");
    let case = format!("title=Fridge&track={track}");
    let desk = |page: &str| format!("/admin/{SLUG}/{page}");
    let invite = "act=invite&email=new%40agency.example&role=judge";
    for (page, cookie, form, counted) in [
        (begin, &member, case.as_str(), "cases where title = 'Fridge'"),
        (desk("office"), &staff, "act=publish&title=A&body=B", "notice"),
        (desk("people"), &staff, invite, "mail"),
        (desk("record"), &staff, "act=observer&name=Press&days=7", "observer_link"),
        ("/admin/editions/new".to_owned(), &staff, "", "edition_draft"),
    ] {
        let page = page.as_str();
        let to = if form.is_empty() { "/admin/editions/drafts" } else { page };
        let form = format!("{}&{form}", key_of(&house, page, cookie).await);
        let before = rows(&pool, counted).await;
        let (one, other) =
            tokio::join!(house.post(to, cookie, &form), house.post(to, cookie, &form));
        let late = house.post(to, cookie, &form).await;
        assert_eq!(rows(&pool, counted).await, before + 1, "{page}: {}", one.body);
        for answer in [&other, &late] {
            assert_eq!(answer.status, one.status, "{page}");
            assert_eq!(answer.header("location"), one.header("location"), "{page}");
            assert_eq!(answer.body, one.body, "{page}: a secret link is shown once, but to both");
        }
    }
    // A page that is opened again is another form.
    for count in 2..4 {
        let page = desk("office");
        let key = key_of(&house, &page, &staff).await;
        house.post(&page, &staff, &format!("{key}&act=publish&title=A&body=B")).await;
        assert_eq!(rows(&pool, "notice").await, count);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn addresses_are_found_as_people_and_programs_have_them(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let edition = format!("/editions/{SLUG}");
    for path in [&edition, "/verify", &format!("{edition}/cases"), &format!("/record/{SLUG}")] {
        let led = house.get(&format!("{path}/"), "").await;
        assert_eq!((led.status, led.header("location")), (StatusCode::SEE_OTHER, path));
    }
    let asked = house.get(&format!("{edition}/cases/?q=%EB%8F%8C%EB%B4%84&page=2"), "").await;
    let kept = format!("{edition}/cases?q=%EB%8F%8C%EB%B4%84&page=2");
    assert_eq!(asked.header("location"), kept, "what was asked for is kept");
    for tail in [")", ".", "%EC%9D%84", "%20", "%E2%80%8B"] {
        let led = house.get(&format!("/code/abcDEF_12-3{tail}"), "").await;
        assert_eq!(
            (led.status, led.header("location")),
            (StatusCode::SEE_OTHER, "/code/abcDEF_12-3")
        );
    }
    let lost = house.get(&format!("{edition}/nowhere"), "").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains(&format!("<a href=\"{edition}\">")), "{}", lost.body);
    // A download manager asks without cookies, and saves what it gets.
    let file = house.get(&format!("{edition}/vote/citizens/receipt/file"), "").await;
    assert_eq!(file.status, StatusCode::UNAUTHORIZED);
    assert!(file.header("content-type").starts_with("text/plain"), "{}", file.body);
    assert_eq!(file.body.lines().count(), 1, "{}", file.body);
    let malformed = house.get("/pictures/%FF", "").await;
    assert!(malformed.header("content-type").starts_with("text/html"), "axum's own words: a page");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_session_that_ended_itself_gets_its_answer_again(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let key = key_of(&house, "/account", &member).await;
    let form = format!("{key}&old_password={PASSWORD}&new_password=another+long+sentence");
    let changed = house.post("/account", &member, &form).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let again = house.post("/account", &member, &form).await;
    assert_eq!((again.status, again.cookies()), (changed.status, changed.cookies()));
    let late = house.post("/account", &changed.cookies(), &form).await;
    assert_eq!(late.status, StatusCode::OK, "the new password is set: {}", late.body);
    for _ in 0..2 {
        let out = house.post("/sign-out", &member, "").await;
        assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/"));
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_was_typed_is_not_lost_with_the_session(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let [case, track, _] = house.begin_case(&member).await;
    let boundary = "--x\r\nContent-Disposition: form-data; name=";
    let parts = [("version", "1"), ("body", "Every evening <b>soup</b>"), ("act", "save")];
    let parts = parts.map(|(name, text)| format!("{boundary}\"{name}\"\r\n\r\n{text}\r\n"));
    let file =
        format!("{boundary}\"picture\"; filename=\"a.jpg\"\r\n\r\n{}\r\n", "x".repeat(2_000_000));
    let upload = format!("{}{file}--x--\r\n", parts.concat());
    let request = Request::post(&case)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(upload));
    let signed_out = house.send(request.unwrap()).await;
    assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED);
    let shown = "Every evening &lt;b&gt;soup&lt;/b&gt;</textarea>";
    assert!(signed_out.body.contains(shown), "{}", signed_out.body);
    assert!(signed_out.body.contains(errors::typed_file(Lang::Ko)), "{}", signed_out.body);
    assert!(signed_out.body.contains(errors::send_again(Lang::Ko)));
    // Signed in in another tab, the same page sends it.
    let again = "version=1&body=Every+evening+soup&act=save";
    let judge = house.cookie_of(Role::Judge).await;
    let refused = house.post(&case, &judge, again).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Every evening soup</textarea>"), "{}", refused.body);
    let form = format!("version=1&title=Fridge&track={track}&{again}");
    let saved = house.post(&case, &member, &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    // A password is never shown.
    let password = house.post("/account", "", "old_password=x+y&new_password=another+one").await;
    assert!(!password.body.contains("another"), "{}", password.body);
}

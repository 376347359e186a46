//! Kiosks: who opens one, what it shows, and that the next voter sees nothing of the last one.

use backend::accounts::Role;
use http::StatusCode;
use sqlx::PgPool;

use super::{BASE, Browser, EMAIL, rows, rule};
use crate::support::{House, ballot_of, no_ballot};

const DESK: &str = "/admin/daejeon-2024/kiosk";

/// Opens the vote of the season on kiosks too.
async fn season(pool: &PgPool) -> House {
    let house = EMAIL.house(pool).await;
    rule(pool, "{polls,0,channels}", r#"["email_code", "kiosk"]"#).await;
    house
}

fn form(act: &str) -> String {
    // The form takes Korean time, which is nine hours ahead of UTC. The kiosk closes in two hours.
    let until = chrono::Utc::now() + chrono::Duration::hours(11);
    format!("act={act}&place=Lobby+%3Cb%3E&until={}", until.format("%Y-%m-%dT%H%%3A%M"))
}

/// Opens a kiosk by the link of an administrator.
async fn machine<'a>(house: &'a House, staff: &str) -> Browser<'a> {
    let opened = house.post(DESK, staff, &form("link")).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    let token = opened.body.split("/kiosk/start/").nth(1).unwrap()[..64].to_owned();
    let mut machine = Browser { house, cookies: std::collections::BTreeMap::new() };
    machine.cookies.insert("__Host-session".to_owned(), "somebody's".to_owned());
    let link = format!("/kiosk/start/{token}");
    assert_eq!(machine.get(&link).await.status, StatusCode::OK);
    assert_eq!(machine.get(&link).await.status, StatusCode::OK, "looking uses nothing up");
    let begun = machine.post(&link, "").await;
    assert_eq!((begun.status, begun.header("location")), (StatusCode::SEE_OTHER, "/kiosk"));
    assert_eq!(machine.cookies.keys().collect::<Vec<_>>(), ["__Host-kiosk"]);
    let again = Browser::new(house).post(&link, "").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a link opens one machine");
    machine
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_next_voter_at_a_kiosk_sees_nothing_of_the_last(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut machine = machine(&house, &staff).await;
    let start = machine.get("/kiosk").await;
    assert!(start.body.contains("투표 시작하기") && start.body.contains("lang=\"ko\""));
    assert_eq!(start.header("clear-site-data"), "\"cache\", \"storage\"");
    machine.get(&format!("{BASE}/cases?lang=en")).await;
    machine.post("/look?theme=dark&back=/", "").await;
    machine.pick().await;
    for (page, field, seconds) in [("", "email", 90), ("/code", "code", 300)] {
        if page == "/code" {
            machine.ask(EMAIL, "citizens", EMAIL.other).await;
        }
        let shown = machine.get(&format!("{BASE}/vote/citizens{page}")).await;
        assert!(shown.body.contains(&format!("id=\"field-{field}\"")), "{page}");
        assert_eq!(shown.body.matches("autocomplete=\"").count(), 1, "{page}");
        assert!(shown.body.contains("autocomplete=\"off\""), "{page} offers what was typed");
        let refresh = format!("content=\"{seconds}; url=/kiosk\"");
        assert!(shown.body.contains(&refresh) && shown.body.contains("kiosk-warning"), "{page}");
    }
    let code = machine.ask(EMAIL, "citizens", EMAIL.mine).await;
    machine.give("citizens", &code).await;
    assert_eq!(machine.cast().await.status, StatusCode::SEE_OTHER);
    let receipt = machine.get(&format!("{BASE}/vote/citizens/receipt")).await;
    assert_eq!(receipt.status, StatusCode::OK);
    assert_eq!(receipt.header("refresh"), "30; url=/kiosk");
    assert!(receipt.body.contains("/kiosk.js") && receipt.body.contains("after 30 seconds"));
    let stay = format!("href=\"{BASE}/vote/citizens/receipt\"");
    assert!(receipt.body.contains(&stay) && receipt.body.contains("Stay longer"));
    assert!(!receipt.body.contains("/receipt/file"), "no file stays on the machine");
    let file = machine.get(&format!("{BASE}/vote/citizens/receipt/file")).await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
    machine.pick().await;
    let next = machine.get("/kiosk").await;
    assert!(next.body.contains("<html lang=\"ko\"") && next.body.contains("data-size=\"2\""));
    assert!(!next.body.contains("data-theme") && !next.body.contains("/look?"), "{}", next.body);
    assert_eq!(machine.cookies.keys().collect::<Vec<_>>(), ["__Host-kiosk"], "all is forgotten");
    assert_eq!(rows(&pool, "voter_session").await, 0);
    for page in ["", "/code", "/check", "/receipt"] {
        let path = format!("{BASE}/vote/citizens{page}");
        let answer = machine.get(&path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.body.contains(EMAIL.mine), "{path}");
        let moved_on = answer.header("location") == format!("{BASE}/vote/citizens");
        assert!(page.is_empty() || moved_on, "{path}: {}", answer.status);
        assert!(!answer.body.contains("data-case="), "{path} shows a pick");
    }
    let columns = "select count(*) from information_schema.columns
        where table_name = 'ballot' and column_name like '%kiosk%'";
    assert_eq!(sqlx::query_scalar::<_, i64>(columns).fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_kiosk_shows_its_own_vote_alone_and_keeps_no_page(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut machine = machine(&house, &staff).await;
    for path in ["/", "/editions", "/sign-in", "/admin", "/outbox", "/editions/daejeon-20245", DESK]
    {
        let answer = machine.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for path in [BASE.to_owned(), format!("{BASE}/cases"), format!("{BASE}/rules")] {
        let answer = machine.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.body.contains("/sign-in"), "{path} leads to no account");
        assert!(answer.body.contains("content=\"90; url=/kiosk\""), "{path} goes back by itself");
    }
    rule(&pool, "{polls,0,channels}", r#"["email_code"]"#).await;
    let path = format!("{BASE}/vote/citizens");
    assert_eq!(machine.get(&path).await.status, StatusCode::NOT_FOUND);
    let elsewhere = Browser::new(&house).get(&path).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    assert_eq!(elsewhere.header("cache-control"), "no-store");
    let cases = Browser::new(&house).get(&format!("{BASE}/cases")).await;
    assert_eq!(cases.header("cache-control"), "private, no-cache");
    let none = house.post(DESK, &staff, &form("link")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "no poll is open on machines");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_way_out_of_a_kiosks_vote_leads_to_its_start(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut machine = machine(&house, &staff).await;
    for path in [BASE.to_owned(), format!("{BASE}/cases"), "/no-such-page".to_owned()] {
        let page = machine.get(&path).await;
        assert!(page.body.contains("href=\"/kiosk\""), "{path}");
        for closed in ["href=\"/\"", "href=\"/editions\"", "/results\"", "href=\"/verify\""] {
            assert!(!page.body.contains(closed), "{path} leads to {closed}");
        }
    }
    let english = machine.get("/kiosk?lang=en").await;
    assert!(english.body.contains("<html lang=\"en\""), "it can be read before it is begun");
    assert_eq!(machine.cookies.keys().collect::<Vec<_>>(), ["__Host-kiosk"]);
    machine.pick().await;
    let left = machine.post(&format!("{BASE}/vote/citizens/receipt"), "").await;
    assert_eq!((left.status, left.header("location")), (StatusCode::SEE_OTHER, "/kiosk"));
    machine.pick().await;
    rule(&pool, "{polls,0,identity}", "\"oidc\"").await;
    rule(&pool, "{polls,0,channels}", r#"["oidc", "kiosk"]"#).await;
    let form = "consent=yes&of_age=yes";
    let refused = machine.post(&format!("{BASE}/vote/citizens"), form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("공용 기기에서는"), "{}", refused.body);
    assert_eq!(machine.get("/vote/oidc").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn staff_end_a_kiosk_from_anywhere_and_its_hour_ends_it_too(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut first = machine(&house, &staff).await;
    let mut second = machine(&house, &staff).await;
    let desk = house.get(DESK, &staff).await;
    assert!(desk.body.contains("Lobby &lt;b&gt;"), "what staff type is text");
    let device = "select device_hash from kiosk order by created_at limit 1";
    let device: Vec<u8> = sqlx::query_scalar(device).fetch_one(&pool).await.unwrap();
    assert_ne!(hex::encode(device), first.cookies["__Host-kiosk"], "at rest it is a hash");
    let id: uuid::Uuid = sqlx::query_scalar("select id from kiosk order by created_at limit 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    let end = format!("act=end&kiosk={id}");
    assert_eq!(house.post(DESK, &staff, &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.post(DESK, &staff, &end).await.status, StatusCode::NOT_FOUND);
    let over = first.get("/kiosk").await;
    assert!(over.body.contains("더 이상 투표소가 아닙니다"), "{}", over.body);
    assert!(first.cookies.is_empty(), "the machine is an ordinary one again");
    assert_eq!(second.get("/admin").await.status, StatusCode::NOT_FOUND, "the other one goes on");
    let pass = "update kiosk set expires_at = now() - interval '1 second' where ended_at is null";
    sqlx::query(pass).execute(&pool).await.unwrap();
    let sent = second.get("/").await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/kiosk"));
    assert!(second.get("/kiosk").await.body.contains("더 이상 투표소가 아닙니다"));
    assert_eq!(second.get("/").await.status, StatusCode::OK, "an ordinary browser again");
    let acts = "select string_agg(action, ' ' order by at) from audit_event
        where action like 'kiosk%'";
    let acts: String = sqlx::query_scalar(acts).fetch_one(&pool).await.unwrap();
    assert_eq!(acts, "kiosk.opened kiosk.opened kiosk.ended");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_kiosk_that_ends_in_the_middle_of_a_vote_shows_nothing_of_it(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut machine = machine(&house, &staff).await;
    machine.get(&format!("{BASE}/cases?lang=en")).await;
    machine.pick().await;
    let code = machine.ask(EMAIL, "citizens", EMAIL.mine).await;
    machine.give("citizens", &code).await;
    let pass = "update kiosk set expires_at = now() - interval '1 second'";
    sqlx::query(pass).execute(&pool).await.unwrap();
    let check = format!("{BASE}/vote/citizens/check");
    for path in ["/", "/editions", "/sign-in", "/verify", "/no-such-page", BASE, check.as_str()] {
        for answer in [machine.get(path).await, machine.post(path, "").await] {
            let moved = (answer.status, answer.header("location"));
            assert_eq!(moved, (StatusCode::SEE_OTHER, "/kiosk"), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    assert_eq!(house.get("/page.js", &machine.line()).await.header("location"), "");
    assert_eq!(machine.get("/kiosk/start/none").await.status, StatusCode::OK);
    assert_eq!(rows(&pool, "voter_session").await, 1);
    let over = machine.get("/kiosk").await;
    assert_eq!(over.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(over.body.contains("더 이상 투표소가 아닙니다"), "{}", over.body);
    assert!(over.body.contains("<html lang=\"ko\""), "the last voter's language is gone too");
    assert!(machine.cookies.is_empty(), "{:?}", machine.cookies);
    assert_eq!(rows(&pool, "voter_session").await, 0);
    assert_eq!(rows(&pool, "ballot").await, 0);
    assert_eq!(machine.get("/kiosk").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn opening_a_kiosk_here_signs_the_administrator_out(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    for wrong in ["act=here&place=&until=2020-01-01T00%3A00", "act=here&place=x&until=soon"] {
        let answer = house.post(DESK, &staff, wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    assert_eq!(rows(&pool, "kiosk").await, 0);
    let begun = house.post(DESK, &staff, &form("here")).await;
    assert_eq!((begun.status, begun.header("location")), (StatusCode::SEE_OTHER, "/kiosk"));
    assert!(
        begun.cookies().contains("__Host-kiosk=") && begun.cookies().contains("__Host-session=;")
    );
    assert_eq!(house.get(DESK, &staff).await.status, StatusCode::SEE_OTHER, "the session is over");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_kiosk_casts_no_ballot_in_a_poll_that_does_not_name_it(pool: PgPool) {
    let house = season(&pool).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let mut machine = machine(&house, &staff).await;
    machine.pick().await;
    let code = machine.ask(EMAIL, "citizens", EMAIL.mine).await;
    machine.give("citizens", &code).await;
    let check = format!("{BASE}/vote/citizens/check");
    let ballot = ballot_of(&machine.get(&check).await.body);
    rule(&pool, "{polls,0,channels}", r#"["email_code"]"#).await;
    let refused = machine.post(&check, &ballot).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.body);
    no_ballot(&pool, "a poll without shared machines").await;
    rule(&pool, "{polls,0,channels}", r#"["email_code", "kiosk"]"#).await;
    let cast = machine.post(&check, &ballot).await;
    assert_eq!(cast.header("location"), format!("{BASE}/vote/citizens/receipt"), "{}", cast.body);
}

//! The dates of an edition as a calendar file, as calendars of Korean offices read it, and the table of cases for staff.

use backend::accounts::Role;
use domain::schedule::Phase;
use http::StatusCode;
use sqlx::PgPool;

use crate::support::{House, SLUG, rows};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_public_dates_are_a_calendar_in_both_languages(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Call).await;
    let path = format!("/editions/{SLUG}/calendar.ics");
    let korean = house.get(&path, "lang=ko").await;
    assert_eq!(korean.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(
        korean.header("content-disposition"),
        format!("attachment; filename=\"{SLUG}.ics\"")
    );
    let file = &korean.body;
    assert!(
        file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"),
        "{file}"
    );
    assert!(
        file.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])),
        "{file}"
    );
    // What is folded is put together again before it is read.
    let lines = file.replace("\r\n ", "");
    for line in [
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "UID:daejeon-2024-call@127.0.0.1:3000",
        "DTSTART:20241006T150000Z",
        "DTEND:20241124T150000Z",
        "DTSTART:20241127T150000Z",
        "SUMMARY:2024 대전을 바꾸는 시간: 시민 투표",
        "URL:http://127.0.0.1:3000/editions/daejeon-2024",
    ] {
        assert!(lines.contains(&format!("{line}\r\n")), "{line}: {lines}");
    }
    assert_eq!(lines.matches("CALSCALE").count(), 1);
    assert_eq!(lines.matches("BEGIN:VEVENT").count(), 3, "call, vote and announcement; no judging");
    let english = house.get(&path, "lang=en").await.body.replace("\r\n ", "");
    assert!(english.contains(": public vote\r\n"), "{english}");
    assert!(house.get(&format!("/editions/{SLUG}"), "").await.body.contains("/calendar.ics\""));
    let nowhere = house.get("/editions/nowhere/calendar.ics", "").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn staff_download_the_submitted_cases_as_tables_and_the_trail_says_so(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Screening).await;
    let admin = house.cookie_of(Role::Administrator).await;
    sqlx::query("update cases set title = '=1+1' where id = (select id from cases limit 1)")
        .execute(&pool)
        .await
        .unwrap();
    let draft = "insert into cases (id, edition_id, organisation_id, track_id, title)
        select gen_random_uuid(), edition_id, organisation_id, track_id, '남의 초안' from cases limit 1";
    sqlx::query(draft).execute(&pool).await.unwrap();
    let screening = format!("/admin/{SLUG}/screening");
    let csv = house.post(&screening, &admin, "act=csv").await;
    assert_eq!(
        csv.header("content-disposition"),
        format!("attachment; filename=\"cases-{SLUG}.csv\"")
    );
    assert_eq!(csv.header("cache-control"), "no-store");
    assert!(csv.body.starts_with('\u{FEFF}') && csv.body.contains("\"'=1+1\""), "{}", csv.body);
    let table = domain::table::read_table(&csv.body);
    assert_eq!(table.len(), 25, "a heading and 24 cases");
    assert!(!csv.body.contains("남의 초안"), "a draft is its organisation's alone");
    let book = house.post(&screening, &admin, "act=xlsx").await;
    assert_eq!(book.status, StatusCode::OK);
    assert!(book.header("content-type").ends_with("spreadsheetml.sheet"));
    assert_eq!(rows(&pool, "audit_event where action = 'case.exported'").await, 2);
    for stranger in ["", &house.cookie_of(Role::Judge).await, &house.cookie_of(Role::Member).await]
    {
        for end in ["csv", "xlsx"] {
            let refused = house.post(&screening, stranger, &format!("act={end}")).await;
            assert!(!refused.status.is_success(), "{end}: {}", refused.status);
        }
    }
    assert_eq!(rows(&pool, "audit_event where action = 'case.exported'").await, 2);
}

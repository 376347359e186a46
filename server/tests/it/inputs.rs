//! Files, lists and cookies as other programs make them.

use axum::body::Body;
use backend::accounts::Role;
use domain::schedule::Phase;
use http::{HeaderValue, Request, StatusCode, header};
use phrases::Lang;
use sqlx::PgPool;
use unicode_normalization::UnicodeNormalization as _;

use crate::support::{Answer, House, SLUG, rows};

const TEMPLATE: &str = include_str!("../../../data/template.json");

async fn upload_season(house: &House, cookie: &str, file: &[u8]) -> Answer {
    let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n";
    let body = [part.as_bytes(), file, b"\r\n--x--\r\n"].concat();
    let request = Request::post("/admin/editions/new")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    house.send(request.unwrap()).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_season_file_is_read_as_a_korean_editor_saves_it(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let named = |slug: &str| TEMPLATE.replace("our-contest-2027", slug);
    let file = named("by-cp949");
    let (cp949, _, lost) = encoding_rs::EUC_KR.encode(&file);
    let cp949 = cp949.into_owned();
    assert!(!lost);
    let utf16: Vec<u8> = format!("\u{feff}{}", named("by-utf16"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = format!("\u{feff}{}", named("by-mark")).into_bytes();
    for (slug, file) in [("by-cp949", cp949), ("by-utf16", utf16), ("by-mark", marked)] {
        let made = upload_season(&house, &admin, &file).await;
        assert_eq!(made.header("location"), format!("/admin/{slug}?done=created"), "{}", made.body);
        let edition = house.backend.find_edition(slug).await.unwrap();
        assert!(!edition.title.ko.contains('\u{fffd}'), "{}", edition.title.ko);
    }
    let pictures = [0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F'].repeat(40);
    let refused = upload_season(&house, &admin, &pictures).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(rows(&pool, "edition").await, 4);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_name_in_two_spellings_is_one_name(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let season: serde_json::Value = serde_json::from_str(TEMPLATE).unwrap();
    let first = season["districts"][0]["neighbourhoods"][0].as_str().unwrap().to_owned();
    let apart: String = first.nfd().collect();
    assert_ne!(apart, first);
    let mut twice = season;
    twice["districts"][0]["neighbourhoods"].as_array_mut().unwrap().push(apart.into());
    let refused = upload_season(&house, &admin, twice.to_string().as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let sentence = phrases::season::duplicate_neighbourhood(Lang::Ko, &first);
    assert!(refused.body.contains(&sentence), "{}", refused.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_cookie_of_a_sister_site_hides_no_session(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let admin = house.cookie_of(Role::Administrator).await;
    for foreign in [&b"userNm=\xED\x99\x8D"[..], b"userNm=\xC8\xAB", b"=", b"a", b";;"] {
        let line = [foreign, b"; ", admin.as_bytes(), b"; ", foreign].concat();
        let request = Request::get(format!("/admin/{SLUG}"))
            .header(header::COOKIE, HeaderValue::from_bytes(&line).unwrap())
            .body(Body::empty());
        let page = house.send(request.unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{foreign:?}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_search_is_counted_and_folded(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let sql = "update cases set title = '느티나무  그늘 독서회', head_keys = null where id = (
        select id from cases where state = 'accepted' order by id limit 1)";
    sqlx::query(sql).execute(&pool).await.unwrap();
    house.backend.fill_search_keys().await.unwrap();
    for typed in [
        "독서회 느티나무 그늘",
        "느티나무 그늘",
        "%E1%84%82%E1%85%B3%E1%84%90%E1%85%B5%E1%84%82%E1%85%A1%E1%84%86%E1%85%AE",
    ] {
        let path = format!("/editions/{SLUG}/cases?q={}", typed.replace(' ', "+"));
        let found = house.get(&path, "lang=en").await;
        assert!(found.body.contains("Cases: 1<"), "{typed}: {}", found.body);
    }
}

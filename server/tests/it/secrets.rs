//! What is being written is read by its organisation alone: on no route, in no search, feed or file does anybody else find it.

use app::routes::route_table;
use backend::accounts::Role;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, SLUG, rows};
use crate::typing::encode;
use crate::visitors::addresses;

/// A word that is in no page by itself, and another for what was sent in.
const SECRET: &str = "Quetzalcoatlus";
const SENT: &str = "Archaeopteryx";

/// Saves or sends in a case whose texts hold a word.
async fn post_case(house: &House, member: &str, page: &[String; 3], act: &str, word: &str) {
    let [case, track, place] = page;
    let id = Uuid::parse_str(case.rsplit('/').next().unwrap()).unwrap();
    let version: i32 = sqlx::query_scalar("select version from cases where id = $1")
        .bind(id)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    let film = format!("https://film.example/{word}");
    let form = [
        ("title", word),
        ("title_en", word),
        ("summary", word),
        ("body", word),
        ("track", track),
        ("place", place),
        ("alt", word),
        ("film", &film),
        ("version", &version.to_string()),
        ("people_agree", "yes"),
        ("has_rights", "yes"),
        ("act", act),
    ];
    let answer = house.post(case, member, &encode(&form)).await;
    assert_eq!(answer.status, http::StatusCode::SEE_OTHER, "{act}: {}", answer.body);
}

/// Opens every address as this visitor, and returns those that show the word.
async fn pages_with(house: &House, cookie: &str, case: Uuid, word: &str) -> Vec<String> {
    let mut paths: Vec<String> = route_table()
        .iter()
        .flat_map(|route| addresses(route.path, case, Uuid::nil(), 0))
        .collect();
    paths.push(format!("/editions/{SLUG}/cases?q={word}"));
    paths.push(format!("/admin/{SLUG}/screening?q={word}"));
    paths.push(format!("/organisation/cases/{case}/versions?version=2"));
    let mut found = Vec::new();
    for path in paths {
        let answer = house.get(&path, cookie).await;
        // A page of a search says what was searched for. It must not lead to the case.
        let mark = if path.contains("?q=") { case.to_string() } else { word.to_owned() };
        if answer.body.contains(&mark) {
            found.push(path);
        }
    }
    for act in ["xlsx", "csv"] {
        let path = format!("/admin/{SLUG}/screening");
        if house.post(&path, cookie, &format!("act={act}")).await.body.contains(word) {
            found.push(format!("POST {path} {act}"));
        }
    }
    found
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_else_finds_a_word_of_what_is_being_written(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let judge = house.cookie_of(Role::Judge).await;
    let other = "other@agency.example";
    let other = house.cookie_of_account(other, Role::Member, "서구 표본복지관").await;
    let pages = [
        house.begin_case(&member).await,
        house.begin_case(&member).await,
        house.begin_case(&member).await,
    ];
    let id = |page: &[String; 3]| page[0].rsplit('/').next().unwrap().to_owned();
    // A draft; a case that was withdrawn and written anew; and one that was sent back and is being corrected.
    post_case(&house, &member, &pages[0], "save", SECRET).await;
    for page in &pages[1..] {
        post_case(&house, &member, page, "submit", SENT).await;
    }
    let withdraw = |version: i32| format!("act=withdraw&confirm=yes&version={version}");
    house.post(&pages[1][0], &member, &withdraw(3)).await;
    let until = house.edition().await.schedule.windows.call.closes;
    let until = domain::schedule::format_local_minute(until);
    let back = [("act", "return"), ("version", "3"), ("until", &until), ("correction", "Please")];
    let desk = format!("/admin/{SLUG}/screening/{}", id(&pages[2]));
    let returned = house.post(&desk, &staff, &encode(&back)).await;
    assert_eq!(returned.status, http::StatusCode::SEE_OTHER, "{}", returned.body);
    for page in &pages[1..] {
        post_case(&house, &member, page, "save", SECRET).await;
    }
    assert_eq!(rows(&pool, "case_version where body = 'Quetzalcoatlus'").await, 3);
    for phase in [Phase::Call, Phase::Screening, Phase::Voting] {
        house.stand_at(phase).await;
        for page in &pages {
            let case = Uuid::parse_str(&id(page)).unwrap();
            for (name, cookie) in
                [("nobody", ""), ("staff", &staff), ("judge", &judge), ("other", &other)]
            {
                let found = pages_with(&house, cookie, case, SECRET).await;
                assert!(found.is_empty(), "{phase:?}: {name} reads it on {found:?}");
            }
        }
    }
    // The same walk does find what there is to find.
    let case = Uuid::parse_str(&id(&pages[2])).unwrap();
    let own = pages_with(&house, &member, case, SECRET).await;
    assert!(own.contains(&pages[2][0]) && own.len() >= 3, "{own:?}");
    let read = pages_with(&house, &staff, case, SENT).await;
    assert!(read.contains(&desk) && read.contains(&format!("/admin/{SLUG}/screening")), "{read:?}");
}

//! The pages of the panel and of the quorum: buttons only before the judging, and two
//! administrators for an announcement with too few sheets.

use backend::accounts::{Admin, InvitationRequest, Role, SignInForm};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::Lang;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, PASSWORD, SLUG, rows};

/// Returns the session cookie of one more administrator.
async fn second_admin(house: &House) -> String {
    let email = "second@agency.example".to_owned();
    let invite = InvitationRequest {
        email: email.clone(),
        role: Role::Administrator,
        organisation: String::new(),
        edition: house.edition().await.id,
        lang: Lang::Ko,
    };
    let operator = Admin::local_operator();
    house.backend.create_account(&operator, &invite, "김철수", PASSWORD).await.unwrap();
    let form = SignInForm { email, password: PASSWORD.to_owned() };
    let (token, _) = house.backend.sign_in(&form, "203.0.113.9").await.unwrap();
    format!("__Host-session={token}")
}

/// Stores one signed sheet for each accepted case.
pub(crate) async fn one_sheet_a_case(pool: &PgPool) {
    let judge = Uuid::new_v4();
    let account = "insert into account (id, email, name, role, password_hash)
        values ($1, 'scores@agency.example', '심사위원', 'judge', '')";
    let sheets = "insert into sheet (id, edition_id, judge_id, case_id, scores, signed_at)
        select gen_random_uuid(), edition_id, $1, id, '{1,1,1,1,1}', now()
        from cases where state = 'accepted'";
    for sql in [account, sheets] {
        sqlx::query(sql).bind(judge).execute(pool).await.unwrap();
    }
}

async fn counts_read(pool: &PgPool) -> bool {
    let read = "select counts_read_at is not null from edition";
    sqlx::query_scalar(read).fetch_one(pool).await.unwrap()
}

/// Returns the hidden instant of the reason that the page shows.
fn shown_reason(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("name=\"given_at\" value=\"")?;
    rest.split('"').next()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_administrators_give_the_reason_that_everybody_reads(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Deliberation).await;
    one_sheet_a_case(&pool).await;
    let (one, other) = (house.cookie_of(Role::Administrator).await, second_admin(&house).await);
    let (path, standings) = (format!("/admin/{SLUG}/quorum"), format!("/admin/{SLUG}/standings"));
    assert!(house.get(&standings, &one).await.body.contains(&path), "the way to the reason");
    assert!(!counts_read(&pool).await, "a page that is opened opens no counts");
    let opened = house.post(&standings, &one, "act=open").await;
    assert_eq!(opened.header("location"), standings);
    assert!(counts_read(&pool).await);
    assert!(house.get(&standings, &other).await.body.contains("id=\"announce\""));
    let announce = "act=announce&when=now&confirm=announce";
    let refused = house.post(&standings, &one, announce).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let short = house.post(&path, &one, "act=give&reason=short").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("id=\"error-reason\""), "{}", short.body);
    assert!(short.body.contains("short</textarea>"), "{}", short.body);
    let given = house.post(&path, &one, "act=give&reason=Six+judges+fell+ill+on+day+one.").await;
    assert_eq!(given.header("location"), format!("{path}?done=given"));
    let own = house.get(&path, &one).await;
    assert_eq!(shown_reason(&own.body), None, "nobody confirms their own reason");
    let page = house.get(&path, &other).await;
    assert!(page.body.contains("Six judges fell ill on day one."));
    let shown = shown_reason(&page.body).unwrap();
    let wordless = house.post(&path, &other, &format!("act=confirm&given_at={shown}")).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let word = format!("act=confirm&given_at={shown}&confirm=agree");
    let own = house.post(&path, &one, &word).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let confirmed = house.post(&path, &other, &word).await;
    assert_eq!(confirmed.header("location"), format!("{path}?done=confirmed"));
    let announced = house.post(&standings, &one, announce).await;
    assert_eq!(announced.header("location"), standings);
    let result = house.get(&format!("/editions/{SLUG}/results"), "").await;
    assert_eq!(result.status, StatusCode::OK);
    for part in ["Six judges fell ill on day one.", "김철수"] {
        assert!(result.body.contains(part), "{part}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_buttons_of_the_panel_are_gone_once_the_judging_has_opened(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let quorum = "update edition set rulebook = jsonb_set(rulebook, '{panel,quorum}', '1')";
    sqlx::query(quorum).execute(&pool).await.unwrap();
    let staff = house.cookie_of(Role::Administrator).await;
    house.cookie_of(Role::Judge).await;
    let (people, overview) = (format!("/admin/{SLUG}/people"), format!("/admin/{SLUG}"));
    let page = house.get(&people, &staff).await;
    assert!(page.body.contains("value=\"unseat\""));
    let judge: Uuid =
        sqlx::query_scalar("select judge_id from panel_member").fetch_one(&pool).await.unwrap();
    let taken = house.post(&people, &staff, &format!("act=unseat&judge={judge}")).await;
    assert_eq!(taken.header("location"), format!("{people}?done=unseated"));
    let seated = house.post(&people, &staff, &format!("act=seat&judge={judge}")).await;
    assert_eq!(seated.header("location"), format!("{people}?done=seated"));
    let differs = phrases::admin::panel_differs(Lang::Ko);
    assert!(house.get(&overview, &staff).await.body.contains(differs), "one of seven");
    house.stand_at(Phase::Judging).await;
    let page = house.get(&people, &staff).await;
    assert!(!page.body.contains("name=\"judge\""), "no button");
    assert!(house.get(&overview, &staff).await.body.contains(differs), "still one of seven");
    for act in ["seat", "unseat"] {
        let refused = house.post(&people, &staff, &format!("act={act}&judge={judge}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        assert!(refused.body.contains(phrases::errors::panel_fixed(Lang::Ko)), "{act}");
    }
    assert_eq!(rows(&pool, "panel_member").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_vote_that_could_not_open_is_on_the_overview_and_on_the_page_of_polls(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Screening).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let pages = [format!("/admin/{SLUG}"), format!("/admin/{SLUG}/polls")];
    let sentence = phrases::errors::paper_without_choice(Lang::Ko, "citizens");
    for page in &pages {
        assert!(!house.get(page, &staff).await.body.contains(&sentence), "{page}");
    }
    let one = "update cases set state = 'withdrawn'
        where id not in (select id from cases order by id limit 1)";
    sqlx::query(one).execute(&pool).await.unwrap();
    for page in &pages {
        assert!(house.get(page, &staff).await.body.contains(&sentence), "{page}");
    }
}

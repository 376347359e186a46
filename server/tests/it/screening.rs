//! The desk of the screening: filters, many at once, cases sent back, late ones, and what the organisation sees of it.

use backend::accounts::Role;
use domain::schedule::{Phase, format_local_minute};
use http::StatusCode;
use phrases::{Lang, errors, late, news, screening as words, versions};
use sqlx::PgPool;

use crate::support::{House, SLUG, rows};
use crate::typing::encode;

const KO: Lang = Lang::Ko;

/// Sends in a case with this title. Returns its page.
async fn send_in(house: &House, member: &str, title: &str) -> String {
    let [case, track, place] = house.begin_case(member).await;
    let form = [
        ("title", title),
        ("summary", "열려 있습니다."),
        ("body", "골목의 냉장고"),
        ("track", &track),
        ("place", &place),
        ("version", "1"),
        ("people_agree", "yes"),
        ("has_rights", "yes"),
        ("act", "submit"),
    ];
    let sent = house.post(&case, member, &encode(&form)).await;
    assert_eq!(sent.header("location"), format!("{case}?done=submitted"), "{}", sent.body);
    case
}

fn desk_of(case: &str) -> String {
    format!("/admin/{SLUG}/screening/{}", case.rsplit('/').next().unwrap())
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_queue_is_filtered_and_chosen_cases_are_accepted_and_undone(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let (one, other) = (
        send_in(&house, &member, "골목 냉장고").await,
        send_in(&house, &member, "마을 사진관").await,
    );
    let queue = format!("/admin/{SLUG}/screening");
    let page = house.get(&queue, &staff).await.body;
    assert!(page.contains("골목 냉장고") && page.contains("마을 사진관"));
    assert!(page.contains("<td data-label=\"접수번호\">0001</td>"), "{page}");
    let shown = house.get(&format!("{queue}?q=tkwlsrhks"), &staff).await.body;
    assert!(
        shown.contains("마을 사진관") && !shown.contains("골목 냉장고"),
        "a keyboard left in English"
    );
    let shown = house.get(&format!("{queue}?q=0001&state=submitted"), &staff).await.body;
    assert!(shown.contains("골목 냉장고") && !shown.contains("마을 사진관"));
    let none = house.get(&format!("{queue}?mark=late"), &staff).await.body;
    assert!(none.contains(words::filter_none(KO)));
    let strange = house.get(&format!("{queue}?state=x&track=y&district=z&mark=w"), &staff).await;
    assert!(strange.body.contains("골목 냉장고"), "what names nothing filters nothing");

    let nothing = house.post(&queue, &staff, "act=accept").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains(words::bulk_none(KO)));
    let id = |case: &str| case.rsplit('/').next().unwrap().to_owned();
    // One of them was read in an older version: the others are decided, and it is named.
    let form = format!("act=accept&case={}.3&case={}.2", id(&one), id(&other));
    let done = house.post(&queue, &staff, &form).await;
    assert!(done.body.contains(&words::bulk_done(KO, 1)), "{}", done.body);
    assert!(done.body.contains(words::bulk_left(KO)) && done.body.contains(errors::stale(KO)));
    assert_eq!(rows(&pool, "cases where title = '골목 냉장고' and state = 'accepted'").await, 1);
    let undo = format!("act=undo&case={}.3", id(&one));
    let undone = house.post(&queue, &staff, &undo).await;
    assert!(undone.body.contains(&words::bulk_undone(KO, 1)), "{}", undone.body);
    assert_eq!(rows(&pool, "cases where title = '골목 냉장고' and state = 'submitted'").await, 1);
    for wrong in ["act=accept&case=x", "act=accept&case=1.2", "act=dance"] {
        let answer = house.post(&queue, &staff, wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_that_is_sent_back_says_so_on_both_desks(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let case = send_in(&house, &member, "골목 냉장고").await;
    let sent = house.get(&case, &member).await.body;
    assert!(sent.contains(&format!("<dd>{SLUG}-0001</dd>")), "{sent}");
    let receipt = house.get(&format!("{case}/receipt"), &member).await;
    assert!(receipt.body.starts_with("hanpyo submission/v1\n"), "{}", receipt.body);
    assert!(receipt.header("content-disposition").contains(&format!("receipt-{SLUG}-0001.txt")));
    let edition = house.stand_at(Phase::Screening).await;
    let until = edition.now + chrono::TimeDelta::days(1);
    let typed = format_local_minute(until);
    let form = |until: &str, correction: &str| {
        encode(&[("act", "return"), ("version", "3"), ("until", until), ("correction", correction)])
    };
    let desk = desk_of(&case);
    let wrong = house.post(&desk, &staff, &form("2024-01-01T00:00", "사진 설명")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("사진 설명</textarea>"), "what was typed stays: {}", wrong.body);
    let done = house.post(&desk, &staff, &form(&typed, "사진 설명을 넣어 주세요.")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = house.get(&case, &member).await.body;
    assert!(
        page.contains("사진 설명을 넣어 주세요.") && page.contains(news::edit_lead_returned(KO))
    );
    assert!(page.contains("value=\"submit\""), "it can be sent in again");
    let read = house.get(&desk, &staff).await.body;
    assert!(read.contains(words::returned_shown(KO)) && read.contains(words::return_undo(KO)));
    assert!(!read.contains("value=\"accept\""));
    // After its day: no more form, and staff may decline it.
    let to = backend::editions::ClockMove::To(until);
    let operator = backend::accounts::Admin::local_operator();
    house.backend.move_clock(&operator, &house.edition().await, to).await.unwrap();
    let late = house.get(&case, &member).await.body;
    assert!(
        late.contains(news::returned_missed(KO)) && !late.contains("value=\"submit\""),
        "{late}"
    );
    let read = house.get(&desk, &staff).await.body;
    assert!(read.contains("value=\"reject\"") && !read.contains(words::return_undo(KO)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_late_case_is_begun_by_one_organisation_and_marked_everywhere(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Screening).await;
    let member = house.cookie_of(Role::Member).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let begin = format!("/organisation/cases/new?edition={SLUG}");
    assert_eq!(house.get(&begin, &member).await.status, StatusCode::CONFLICT);
    let page = format!("/admin/{SLUG}/screening/late");
    assert!(house.get(&page, &staff).await.body.contains(late::none(KO)));
    let ours: uuid::Uuid =
        sqlx::query_scalar("select organisation_id from account where role = 'member'")
            .fetch_one(&pool)
            .await
            .unwrap();
    let ours = ours.to_string();
    let until = house.edition().await.now + chrono::TimeDelta::days(1);
    let until = format_local_minute(until);
    let form = |organisation: &str, until: &str, reason: &str| {
        let act = ("act", "admit");
        encode(&[act, ("organisation", organisation), ("until", until), ("reason", reason)])
    };
    for wrong in [form("", &until, "장애"), form(&ours, "", "장애"), form(&ours, &until, "")] {
        let refused = house.post(&page, &staff, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let done = house.post(&page, &staff, &form(&ours, &until, "장애")).await;
    assert_eq!(done.header("location"), format!("{page}?done=admitted"), "{}", done.body);
    let desk = house.get("/organisation", &member).await.body;
    assert!(desk.contains("사례 1건을 제출할 수 있습니다"), "{desk}");
    let case = send_in(&house, &member, "늦은 사례").await;
    assert!(house.get(&page, &staff).await.body.contains(late::state_used(KO)));
    let queue = house.get(&format!("/admin/{SLUG}/screening?mark=late"), &staff).await.body;
    assert!(queue.contains("늦은 사례"));
    house.post(&desk_of(&case), &staff, "act=accept&version=3").await;
    house.stand_at(Phase::Voting).await;
    let public = format!("/editions/{SLUG}/cases/{}", case.rsplit('/').next().unwrap());
    let public = house.get(&public, "").await;
    assert!(public.body.contains(late::mark_text(KO)), "{}", public.body);
    let twice = house.get(&begin, &member).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "one case");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stale_save_shows_both_texts_and_an_earlier_one_comes_back(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let [case, track, place] = house.begin_case(&member).await;
    let save = async |version: &str, body: &str| {
        let form = [
            ("title", "골목 냉장고"),
            ("summary", ""),
            ("body", body),
            ("track", &track),
            ("place", &place),
            ("version", version),
            ("act", "save"),
        ];
        house.post(&case, &member, &encode(&form)).await
    };
    save("1", "처음 글입니다.").await;
    sqlx::query("update case_version set begun_at = now() - interval '1 hour'")
        .execute(&pool)
        .await
        .unwrap();
    save("2", "동료의 글입니다.").await;
    let stale = save("2", "나의 글입니다.").await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let marked = |tag: &str, word: &str| {
        stale
            .body
            .split(&format!("<{tag}>"))
            .skip(1)
            .any(|rest| rest.split(&format!("</{tag}>")).next().unwrap().contains(word))
    };
    assert!(marked("del", "동료의") && marked("ins", "나의"), "{}", stale.body);
    assert!(stale.body.contains("나의 글입니다.</textarea>"));
    let list = format!("{case}/versions");
    let page = house.get(&format!("{list}?version=2"), &member).await.body;
    assert!(page.contains(versions::take_back(KO)) && page.contains("<del>"), "{page}");
    let old = house.post(&list, &member, "version=2&current=2").await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody saved since");
    let back = house.post(&list, &member, "version=2&current=3").await;
    assert_eq!(back.header("location"), format!("{case}?done=taken_back"), "{}", back.body);
    assert!(house.get(&case, &member).await.body.contains("처음 글입니다.</textarea>"));
    let missing = house.post(&list, &member, "version=99&current=4").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

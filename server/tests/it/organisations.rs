//! The pages of organisations: asking for an account, colleagues, lists of councils, taking a case
//! back, and what became of it.

use backend::accounts::{Admin, Role};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, invite, join, news};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{Answer, House, SLUG, rows, rule, waiting};

const JOIN: &str = "/editions/daejeon-2024/join";
const PEOPLE: &str = "/admin/daejeon-2024/people";
const ASK: &str = "organisation=Gayang&person=Kim&email=kim%40council.example&consent=yes";

/// Returns the ids in the values of these inputs.
fn values(page: &str, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).skip(1).map(|rest| rest[..36].to_owned()).collect()
}

/// Returns the address of the page that confirms the waiting request.
async fn join_link(pool: &PgPool) -> String {
    let mails = waiting(pool, "mail").await;
    let found = mails.iter().find_map(|mail| {
        let text = mail.iter().find(|part| part.contains("/join/"))?;
        let (_, rest) = text.split_once("/join/")?;
        rest.split_whitespace().next()
    });
    format!("{JOIN}/{}", found.unwrap())
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_stranger_asks_for_an_account_and_staff_approve(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let landing = house.get(&format!("/editions/{SLUG}"), "").await;
    assert!(landing.body.contains(&format!("href=\"{JOIN}\"")), "{}", landing.body);
    let form = house.get(JOIN, "").await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.body.contains("/sign-in?next=/organisation"), "for those who have an account");
    let empty = house.post(JOIN, "", "organisation=Gayang").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains(join::consent_missing(Lang::Ko)), "{}", empty.body);
    assert!(empty.body.contains("value=\"Gayang\""), "what was typed comes back");
    let sent = house.post(JOIN, "", ASK).await;
    assert_eq!(sent.header("location"), format!("{JOIN}?done=sent"));
    let link = join_link(&pool).await;
    let shown = house.get(&link, "").await;
    assert!(shown.body.contains("kim@council.example"), "{}", shown.body);
    let staff = house.cookie_of(Role::Administrator).await;
    let early = house.get(PEOPLE, &staff).await;
    assert!(!early.body.contains("kim@council.example"), "not confirmed");
    assert_eq!(house.post(&link, "", "").await.header("location"), link);
    let told = house.get(&link, "").await;
    assert!(told.body.contains(join::confirmed(Lang::Ko)), "{}", told.body);
    let page = house.get(PEOPLE, &staff).await;
    assert!(page.body.contains("kim@council.example"), "{}", page.body);
    let id = values(&page.body, "request").remove(0);
    let approve = format!("act=approve&request={id}&into-{id}=Gayang+Council");
    let done = house.post(PEOPLE, &staff, &approve).await;
    assert_eq!(done.header("location"), format!("{PEOPLE}?done=approved"));
    let late = house.post(PEOPLE, &staff, &approve).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "decided before");
    assert!(late.body.contains(phrases::errors::wrong_state(Lang::Ko)), "{}", late.body);
    let mail = waiting(&pool, "mail").await.remove(0);
    assert!(mail[1].contains("Gayang Council"), "{mail:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_answer_to_a_request_does_not_tell_who_has_an_account(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    house.cookie_of(Role::Judge).await;
    let known = "organisation=Gayang&person=Kim&email=judge%40agency.example&consent=yes";
    let (one, other) = (house.post(JOIN, "", ASK).await, house.post(JOIN, "", known).await);
    let shown = |answer: &Answer| {
        (answer.status, answer.header("location").to_owned(), answer.body.clone())
    };
    assert_eq!(shown(&one), shown(&other));
    assert_eq!(rows(&pool, "mail").await, 2);
    assert_eq!(rows(&pool, "join_request").await, 1);
    house.post(&join_link(&pool).await, "", "").await;
    let staff = house.cookie_of(Role::Administrator).await;
    let page = house.get(PEOPLE, &staff).await;
    let id = values(&page.body, "request").remove(0);
    let silent = house.post(PEOPLE, &staff, &format!("act=decline&request={id}")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.body.contains(&format!("id=\"error-reason-{id}\"")), "{}", silent.body);
    let reason = format!("act=decline&request={id}&reason-{id}=Too+late");
    let declined = house.post(PEOPLE, &staff, &reason).await;
    assert_eq!(declined.header("location"), format!("{PEOPLE}?done=declined"));
    house.stand_at(Phase::Screening).await;
    let closed = house.get(JOIN, "").await;
    assert!(closed.body.contains(join::closed(Lang::Ko)) && !closed.body.contains("consent"));
    assert_eq!(house.post(JOIN, "", ASK).await.status, StatusCode::CONFLICT);
}

/// Posts a list as a file.
async fn post_list(house: &House, cookie: &str, bytes: &[u8]) -> Answer {
    house.post_file((PEOPLE, cookie), &[("act", "preview")], ("file", "a.csv"), bytes).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_list_of_councils_is_shown_first_and_sent_when_confirmed(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let staff = house.cookie_of(Role::Administrator).await;
    // "기관;메일" and two councils in CP949, as a Korean spreadsheet writes them.
    let cp949 = b"\xb1\xe2\xb0\xfc;\xb8\xde\xc0\xcf\r\n\xb0\xa1;a@council.example\r\n\
        \xb3\xaa;b@council.example\r\n\xb3\xaa;b@council.example\r\n";
    let preview = post_list(&house, &staff, cp949).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    for part in [
        "a@council.example",
        "b@council.example",
        invite::list_heading(Lang::Ko),
        &invite::list_numbers(Lang::Ko, 1, "4 = 3"),
        &invite::list_confirm(Lang::Ko, 2),
    ] {
        assert!(preview.body.contains(part), "{part}");
    }
    assert_eq!(rows(&pool, "invitation").await, 0, "nothing is sent by looking");
    let confirm = "act=confirm_list&list=Ga%2Ca%40council.example%0D%0ANa%2Cb%40council.example";
    for _ in 0..2 {
        let done = house.post(PEOPLE, &staff, confirm).await;
        assert_eq!(done.header("location"), format!("{PEOPLE}?done=listed"));
        assert_eq!(rows(&pool, "invitation").await, 2);
    }
    let faulty = house.post(PEOPLE, &staff, "act=preview&list=Ga%2Cno+address").await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fault = invite::list_fault(Lang::Ko, invite::fault_no_email(Lang::Ko), 1);
    assert!(faulty.body.contains(&fault), "{}", faulty.body);
    assert!(faulty.body.contains("no address</textarea>"), "it can be mended here");
    let unread = post_list(&house, &staff, &[0xff, 0xfe, 0x00]).await;
    assert!(unread.body.contains(invite::list_not_text(Lang::Ko)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn invitations_are_sent_again_and_cancelled_by_buttons(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let member = house.cookie_of(Role::Member).await;
    let invited = house.post("/organisation", &member, "act=invite&email=new%40council.example");
    assert_eq!(invited.await.header("location"), "/organisation?done=invited");
    let wrong = house.post("/organisation", &member, "act=invite&email=no").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (path, cookie) in [("/organisation", &member), (PEOPLE, &staff)] {
        let page = house.get(path, cookie).await;
        assert!(page.body.contains("new@council.example"), "{path}");
        let id = values(&page.body, "invitation").remove(0);
        let again = house.post(path, cookie, &format!("act=resend&invitation={id}")).await;
        assert_eq!(again.header("location"), format!("{path}?done=resent"));
    }
    let page = house.get(PEOPLE, &staff).await;
    let id = values(&page.body, "invitation").remove(0);
    let cancel = format!("act=cancel&invitation={id}");
    let done = house.post(PEOPLE, &staff, &cancel).await;
    assert_eq!(done.header("location"), format!("{PEOPLE}?done=cancelled"));
    assert_eq!(house.post("/organisation", &member, &cancel).await.status, StatusCode::NOT_FOUND);
    assert_eq!(rows(&pool, "invitation").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_press_does_not_withdraw_a_case(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let own = "update cases set state = 'submitted', submitted_at = now(),
            organisation_id = (select organisation_id from account where role = 'member')
        where id = (select id from cases order by id limit 1) returning id";
    let case: Uuid = sqlx::query_scalar(own).fetch_one(&pool).await.unwrap();
    let path = format!("/organisation/cases/{case}");
    let page = house.get(&path, &member).await;
    let sent = news::state_sent(Lang::Ko);
    assert!(page.body.contains(sent), "{}", page.body);
    let story = page.body.find("case-head").unwrap_or_default();
    let fold = page.body.find("id=\"withdraw\"").unwrap();
    assert!(story < fold, "it comes after the case");
    let once = house.post(&path, &member, "act=withdraw&version=1").await;
    assert_eq!(once.header("location"), format!("{path}?ask=withdraw#withdraw"));
    assert_eq!(rows(&pool, "cases where state = 'withdrawn'").await, 0);
    let asked = house.get(&format!("{path}?ask=withdraw"), &member).await;
    assert!(asked.body.contains(news::withdraw_sure(Lang::Ko)));
    let version: i32 = sqlx::query_scalar("select version from cases where id = $1")
        .bind(case)
        .fetch_one(&pool)
        .await
        .unwrap();
    let sure = format!("act=withdraw&confirm=yes&version={version}");
    let done = house.post(&path, &member, &sure).await;
    assert_eq!(done.header("location"), format!("{path}?done=withdrawn"));
    assert_eq!(rows(&pool, "cases where state = 'withdrawn'").await, 1);
}

/// Votes and signs sheets in a season before its vote, so that the result can be announced.
pub(crate) async fn vote_and_judge(house: &House) {
    let quorum = "update edition set rulebook = jsonb_set(rulebook, '{panel,quorum}', '1')";
    sqlx::query(quorum).execute(&house.pool).await.unwrap();
    crate::dark::open_vote(house).await;
    house.stand_at(Phase::Deliberation).await;
    house.backend.open_and_close_polls().await.unwrap();
    crate::panel::one_sheet_a_case(&house.pool).await;
}

/// Announces the result at once.
pub(crate) async fn announce(house: &House) {
    let form = backend::awards::AnnouncementForm {
        when: backend::awards::ReleaseTime::Now,
        minutes: String::new(),
        confirm: "announce".to_owned(),
        without_judges: true,
    };
    let (admin, edition) = (Admin::local_operator(), house.edition().await);
    let open = edition.deliberation_open().unwrap();
    house.backend.announce_result(&admin, open, &edition, &form).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_organisation_reads_what_became_of_its_cases_once_the_result_is_public(pool: PgPool) {
    let house = crate::dark::season_before_vote(&pool).await;
    let member = house.cookie_of(Role::Member).await;
    let own = "update cases
        set organisation_id = (select organisation_id from account where role = 'member')";
    sqlx::query(own).execute(&pool).await.unwrap();
    vote_and_judge(&house).await;
    let none = news::outcome_none(Lang::Ko);
    let before = house.get("/organisation", &member).await;
    assert!(!before.body.contains(none) && !before.body.contains("class=\"medal\""));
    announce(&house).await;
    let after = house.get("/organisation", &member).await;
    assert!(after.body.contains(none), "{}", after.body);
    assert!(after.body.contains("class=\"medal\""));
    assert!(after.body.contains(&news::outcome_rank(Lang::Ko, 1)));
    assert!(after.body.contains(&format!("/editions/{SLUG}/results")));
    let public = house.edition().await;
    let outcomes =
        house.backend.case_outcomes(public.results_public().unwrap(), &public).await.unwrap();
    let (case, _) = outcomes.iter().find(|(_, outcome)| outcome.award.is_none()).unwrap();
    let page = house.get(&format!("/organisation/cases/{case}"), &member).await;
    assert!(page.body.contains(none) && !page.body.contains("class=\"medal\""));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_contest_may_show_the_ranks_of_its_winners_alone(pool: PgPool) {
    let house = crate::dark::season_before_vote(&pool).await;
    rule(&pool, "{ranks}", "\"awarded\"").await;
    let rules = house.get(&format!("/editions/{SLUG}/rules?lang=en"), "").await;
    assert!(rules.body.contains("the others are listed by title"), "{}", rules.body);
    vote_and_judge(&house).await;
    announce(&house).await;
    let document = house.get(&format!("/editions/{SLUG}/result.json"), "").await;
    let document: serde_json::Value = serde_json::from_str(&document.body).unwrap();
    let page = house.get(&format!("/editions/{SLUG}/results?lang=en"), "").await.body;
    let (_, ranks) = page.split_once("id=\"ranks\"").unwrap();
    let (ranks, others) = ranks.split_once("id=\"others\"").unwrap();
    let (others, _) = others.split_once("</section>").unwrap();
    let cases = document["cases"].as_array().unwrap();
    assert!(cases.iter().any(|case| case["tier"].is_null()));
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let link = format!("/cases/{id}\"");
        let awarded = !case["tier"].is_null();
        assert_eq!((ranks.contains(&link), others.contains(&link)), (awarded, !awarded), "{case}");
        // Neither the bars nor the arithmetic tell what the list leaves out.
        assert_eq!(page.contains(&format!("id=\"case-{id}\"")), awarded);
    }
    assert_eq!(document["rulebook"]["ranks"], "awarded");
}

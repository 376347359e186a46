//! Rolls over HTTP: the administrator's pages, the printed sheet, and the voter's code.

use axum::body::Body;
use backend::accounts::{Admin, Role};
use backend::voting::roll::CodesToPrint;
use domain::schedule::Phase;
use http::{Request, StatusCode};
use phrases::{Lang, errors};
use sqlx::PgPool;

use crate::support::{Answer, House, SLUG, rows, rule};

const VOTE: &str = "/editions/daejeon-2024/vote/citizens";
const ADMIN: &str = "/admin/daejeon-2024/polls/citizens/roll";

/// Returns the season of 2024 with a roll instead of addresses.
async fn house(pool: &PgPool, phase: Phase) -> House {
    let house = House::in_phase(pool.clone(), phase).await;
    let rules = "update edition set rulebook = jsonb_set(rulebook, '{polls,0}',
        (rulebook #> '{polls,0}') || '{\"identity\": \"roll\", \"channels\": [\"printed_code\"]}')";
    sqlx::query(rules).execute(pool).await.unwrap();
    house
}

/// Adds the cookie of the English language.
fn english(cookies: &str) -> String {
    format!("{cookies}; lang=en")
}

/// Posts a form with a file, as a browser does.
async fn upload(house: &House, cookie: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("labels", &b""[..]), ("act", b"add")] {
        body.extend_from_slice(b"--line\r\ncontent-disposition: form-data; name=\"");
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(b"\"\r\n\r\n");
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    let head =
        "--line\r\ncontent-disposition: form-data; name=\"file\"; filename=\"roll.csv\"\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let request = Request::post(ADMIN)
        .header("cookie", cookie)
        .header("content-type", "multipart/form-data; boundary=line")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    house.send(request.unwrap()).await
}

/// Puts these labels on the roll, issues their codes as if printed, and returns the codes.
async fn printed(house: &House, labels: &str) -> Vec<String> {
    let (admin, edition) = (Admin::local_operator(), house.edition().await);
    let poll = &edition.polls[0];
    let labels = domain::roll::parse_roll_list(
        labels,
        domain::roll::RollListWords { headings: &[], totals: &[] },
    )
    .unwrap()
    .labels
    .into_iter()
    .map(|(_, label)| label);
    house.backend.add_to_roll(&admin, &edition, poll, labels.collect()).await.unwrap();
    let drawn =
        house.backend.draw_roll_codes(&admin, &edition, poll, CodesToPrint::Waiting).await.unwrap();
    house.backend.issue_roll_codes(&admin, &edition, poll, &drawn).await.unwrap();
    drawn.slips.iter().map(|slip| slip.code.groups_of_four().join("+")).collect()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_administrator_makes_a_roll_and_prints_its_codes_once(pool: PgPool) {
    let house = house(&pool, Phase::Screening).await;
    let cookie = english(&house.cookie_of(Role::Administrator).await);
    let empty = house.get(ADMIN, &cookie).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(!empty.body.contains("value=\"print\""), "nothing is there to print");

    // The labels 101동 1203호 and 회원 7 in CP949, which Korean Excel writes.
    let cp949 = b"101\xB5\xBF,1203\xC8\xA3\r\n\xC8\xB8\xBF\xF8 7\r\n";
    let shown =
        upload(&house, &cookie, &[b"\xB5\xBF,\xC8\xA3\r\n", cp949.as_slice()].concat()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    for part in ["Entries to add", "101동 1203호", "회원 7", "동 호"] {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    assert_eq!(rows(&pool, "roll_entry").await, 0, "nothing counts before it was seen");
    let (_, text) = shown.body.split_once("name=\"labels\">").unwrap();
    let text = text.split('<').next().unwrap().replace("&quot;", "\"");
    let form = format!("act=confirm_add&labels={}", text.replace('\n', "%0A").replace('"', "%22"));
    let added = house.post(ADMIN, &cookie, &form).await;
    assert_eq!(added.header("location"), format!("{ADMIN}?done=added"), "{}", added.body);
    assert_eq!(rows(&pool, "roll_entry").await, 2);
    let again = upload(&house, &cookie, "새 줄\n회원 7\n".as_bytes()).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("Line 2: 회원 7: on the roll already."), "{}", again.body);
    let twice = house.post(ADMIN, &cookie, "act=add&labels=a%0Ab%0Aa").await;
    assert!(twice.body.contains("Line 3: the same as line 1."));
    assert!(twice.body.contains("\na\nb\na</textarea>"), "what was typed is kept");
    let seats = house.post(ADMIN, &cookie, "act=seats&first=A1&count=3&in_row=2").await;
    assert_eq!(seats.header("location"), format!("{ADMIN}?done=added"));
    let wrong = house.post(ADMIN, &cookie, "act=seats&first=1&count=3&in_row=").await;
    assert!(wrong.body.contains("Letters and a number, such as A1."));

    let page = house.get(ADMIN, &cookie).await;
    for label in ["101동 1203호", "회원 7", "A2", "B1"] {
        assert!(page.body.contains(label), "{label}");
    }
    let sheet = house.post(ADMIN, &cookie, "act=print&format=slips").await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert_eq!(sheet.header("content-type"), "application/pdf");
    assert_eq!(sheet.header("cache-control"), "no-store");
    let name = "attachment; filename=\"codes-daejeon-2024-citizens.pdf\"";
    assert_eq!(sheet.header("content-disposition"), name);
    assert!(sheet.body.starts_with("%PDF-"));
    let more = house.post(ADMIN, &cookie, "act=print&format=slips").await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unsure = house.post(ADMIN, &cookie, "act=print_all&format=seats").await;
    assert!(unsure.body.contains("Please tick the box first."));
    let anew = house.post(ADMIN, &cookie, "act=print_all&format=seats&confirm_all=yes").await;
    assert!(anew.body.starts_with("%PDF-"));

    house.stand_at(Phase::Voting).await;
    let sealed = house.get(ADMIN, &cookie).await;
    assert!(sealed.body.contains("the roll stays as it is"));
    assert!(!sealed.body.contains("value=\"add\"") && !sealed.body.contains("value=\"print_all\""));
    let late = house.post(ADMIN, &cookie, "act=add&labels=C1").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let entry: uuid::Uuid =
        sqlx::query_scalar("select id from roll_entry limit 1").fetch_one(&pool).await.unwrap();
    let one = house.post(ADMIN, &cookie, &format!("act=reissue&entry={entry}")).await;
    assert!(one.body.starts_with("%PDF-"));
    let void = house.post(ADMIN, &cookie, &format!("act=void&entry={entry}")).await;
    assert_eq!(void.header("location"), format!("{ADMIN}?done=voided"));
    let trail = house.get(&format!("/admin/{SLUG}/audit"), &cookie).await;
    for act in ["Codes were printed", "A code was replaced", "A code was withdrawn"] {
        assert!(trail.body.contains(act), "{act}");
    }
    assert!(!trail.body.contains("회원 7"), "the trail names nobody");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_without_a_roll_has_no_roll_page_to_fill(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let cookie = english(&house.cookie_of(Role::Administrator).await);
    assert!(house.get(ADMIN, &cookie).await.body.contains("This vote has no roll"));
    let posted = house.post(ADMIN, &cookie, "act=seats&first=A1&count=3").await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_slip_leads_to_the_cases_and_says_what_is_wrong_with_it(pool: PgPool) {
    let house = house(&pool, Phase::Screening).await;
    let codes = printed(&house, "A1\nA2").await;
    house.stand_at(Phase::Voting).await;
    let page = house.get(VOTE, "lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("name=\"code\"") && page.body.contains("/code.js"));
    assert!(!page.body.contains("name=\"email\""));
    let nothing = house.get(&format!("{VOTE}?code={}", codes[0]), "").await;
    assert!(!nothing.header("set-cookie").contains("voter"), "no GET spends a code");

    let of_age = |code: &str| format!("code={code}&of_age=yes");
    for (form, status, sentence) in [
        (of_age(""), 422, "Please fill this in"),
        (of_age("12345"), 422, "A code has 16 digits and letters"),
        (of_age("0000000000000000"), 422, "There is no such code"),
        (format!("code={}", codes[0]), 422, "at least 14"),
    ] {
        let answer = house.post(VOTE, "lang=en", &form).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert!(answer.body.contains(sentence), "{form}: {sentence}");
    }
    let opened = house.post(VOTE, "lang=en", &of_age(&codes[0].to_lowercase())).await;
    let cases = format!("/editions/{SLUG}/cases?poll=citizens&verified=yes");
    assert_eq!(opened.header("location"), cases);
    let told = house.get(&cases, "lang=en").await;
    assert!(told.body.contains("You are verified"), "{}", told.body);
    let voter = english(&opened.cookies());
    let other = house.post(VOTE, "lang=en", &of_age(&codes[0])).await;
    assert!(other.body.contains("on another device") && other.body.contains("take_over"));
    let moved = house.post(VOTE, "lang=en", &format!("{}&act=take_over", of_age(&codes[0]))).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    let check = house.get(&format!("{VOTE}/check"), &voter).await;
    assert_eq!(check.header("location"), VOTE, "the first browser is out");
    let case: uuid::Uuid = sqlx::query_scalar("select id from cases order by id limit 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    let ballot = format!("key={}&case={case}", uuid::Uuid::from_u128(1));
    let cast = house.post(&format!("{VOTE}/check"), &moved.cookies(), &ballot).await;
    assert_eq!(cast.header("location"), format!("{VOTE}/receipt"), "{}", cast.body);
    let seen = house.get(VOTE, &english(&moved.cookies())).await;
    assert!(seen.body.contains("A vote was cast on this device"), "{}", seen.body);
    assert!(seen.body.contains("/code.js"), "a second slip's code leaves the address bar here too");
    let next = format!("act=next&code={}", codes[1]);
    let next = house.post(&format!("{VOTE}/receipt"), &moved.cookies(), &next).await;
    let code = codes[1].replace('+', "");
    assert_eq!(next.header("location"), format!("{VOTE}?done=next#code={code}"), "it goes along");
    let used = house.post(VOTE, "lang=en", &of_age(&codes[0])).await;
    assert!(used.body.contains("A vote has been cast with this code"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_slip_opens_nothing_until_its_voter_has_stated_what_is_asked_for(pool: PgPool) {
    let house = house(&pool, Phase::Screening).await;
    rule(&pool, "{polls,0,eligibility}", r#"{"min_age": 14, "district": true}"#).await;
    let code = printed(&house, "A1").await.remove(0);
    house.stand_at(Phase::Voting).await;
    assert!(house.get(VOTE, "lang=en").await.body.contains("name=\"of_district\""));
    for (stated, sentence) in [
        ("", errors::age_missing(Lang::En, 14)),
        ("&of_district=yes", errors::age_missing(Lang::En, 14)),
        ("&of_age=yes", errors::district_missing(Lang::En).to_owned()),
    ] {
        let answer = house.post(VOTE, "lang=en", &format!("code={code}{stated}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{stated}");
        assert!(answer.body.contains(&sentence), "{stated}: {}", answer.body);
        assert_eq!(answer.header("set-cookie"), "", "{stated}");
        assert_eq!(rows(&pool, "voter_session").await, 0, "{stated}");
        assert_eq!(rows(&pool, "attempt").await, 0, "{stated} costs no try");
    }
    let all = format!("code={code}&of_age=yes&of_district=yes");
    let opened = house.post(VOTE, "lang=en", &all).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    assert_eq!(rows(&pool, "voter_session").await, 1, "the code was not spent before");
}

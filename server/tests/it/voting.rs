//! The steps of a vote over HTTP, as a browser without JavaScript takes them.

mod held_up;
mod turned_away;

use std::collections::BTreeMap;

use domain::schedule::Phase;
use http::StatusCode;
use sqlx::PgPool;

use crate::support::{Answer, House, SEASON, ballot_of, code_for, no_ballot};

const BASE: &str = "/editions/daejeon-2024";
const EMAIL: &str = "voter@mail.example";
const WHO: &str = "email=voter%40mail.example&consent=yes&of_age=yes";

/// A browser that keeps its cookies and follows no redirect.
struct Browser<'a> {
    house: &'a House,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(house: &'a House) -> Self {
        Self { house, cookies: BTreeMap::from([("lang".to_owned(), "en".to_owned())]) }
    }

    fn line(&self) -> String {
        let pairs: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, answer: Answer) -> Answer {
        for pair in answer.cookies().split("; ") {
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&mut self, end: &str) -> Answer {
        let answer = self.house.get(&format!("{BASE}{end}"), &self.line()).await;
        self.keep(answer)
    }

    async fn post(&mut self, end: &str, form: &str) -> Answer {
        let answer = self.house.post(&format!("{BASE}{end}"), &self.line(), form).await;
        self.keep(answer)
    }

    async fn pick(&mut self, number: i64) -> Answer {
        let case: uuid::Uuid =
            sqlx::query_scalar("select id from cases order by id offset $1 limit 1")
                .bind(number)
                .fetch_one(&self.house.pool)
                .await
                .unwrap();
        self.post("/picks", &format!("case={case}&back={BASE}/cases?page=2")).await
    }

    /// Verifies an address, from the first step to the check page.
    async fn prove(&mut self) {
        moved(&self.post("/vote/citizens", WHO).await, "/vote/citizens/code");
        let code = self.code().await;
        moved(
            &self.post("/vote/citizens/code", &format!("code={code}")).await,
            "/vote/citizens/check",
        );
    }

    async fn code(&self) -> String {
        code_for(&self.house.pool, "mail", EMAIL).await
    }
}

fn moved(answer: &Answer, end: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("{BASE}{end}"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_citizen_walks_from_the_picks_to_the_receipt(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut browser = Browser::new(&house);
    let first = browser.get("/vote/citizens").await;
    assert!(first.body.contains("Pick your cases first") && !first.body.contains("name=\"email\""));
    for number in 0..3 {
        let answer = browser.pick(number).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.header("location").starts_with(&format!("{BASE}/cases?page=2#case-")));
    }
    let fourth = browser.pick(3).await;
    assert_eq!(fourth.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(fourth.body.contains("You have already picked 3"));
    let who = browser.get("/vote/citizens").await;
    assert_eq!(who.body.matches("<li data-case=").count(), 3);
    assert!(
        who.body.contains("right to refuse") && !who.body.contains("checked"),
        "nothing is pre-ticked"
    );
    browser.prove().await;
    let check = browser.get("/vote/citizens/check").await;
    let ballot = ballot_of(&check.body);
    assert_eq!(ballot.matches("&case=").count(), 3);
    moved(&browser.post("/vote/citizens/check", &ballot).await, "/vote/citizens/receipt");
    assert_eq!(browser.cookies["picks.daejeon-2024.citizens"], "", "the next person sees no picks");
    let receipt = browser.get("/vote/citizens/receipt").await;
    assert_eq!(receipt.status, StatusCode::OK);
    assert!(receipt.body.contains("Your vote is in") && receipt.body.contains("close this page"));
    // The page carries the opening for the voter's own browser, which stores it. It is not shown.
    let (before, rest) = receipt.body.split_once("data-opening=\"").unwrap();
    let (opening, after) = rest.split_once('"').unwrap();
    for case in ballot.split("&case=").skip(1) {
        assert!(opening.contains(case));
        assert!(!before.contains(case) && !after.contains(case), "a receipt shows no choice");
    }
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from ballot").fetch_one(&pool).await.unwrap();
    let number = id.simple().to_string().to_uppercase();
    assert!(receipt.body.contains(&number[..4]) && receipt.body.contains(&number[28..]));
    let file = browser.get("/vote/citizens/receipt/file").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    for answer in [&check, &receipt, &file] {
        assert_eq!(answer.header("cache-control"), "no-store", "back shows nothing of a vote");
    }
    moved(&browser.post("/vote/citizens/check", &ballot).await, "/vote/citizens/receipt");
    browser.pick(5).await;
    moved(&browser.get("/vote/citizens/check").await, "/vote/citizens/receipt?again=yes");
    let other = ballot.replacen("key=", "key=00000000-0000-4000-8000-000000000000&old=", 1);
    moved(&browser.post("/vote/citizens/check", &other).await, "/vote/citizens/receipt?again=yes");
    assert_eq!(browser.cookies["picks.daejeon-2024.citizens"], "", "nor those of a second ballot");
    let again = browser.get("/vote/citizens/receipt?again=yes").await;
    assert!(again.body.contains("You have voted already") && again.body.contains(&number[..4]));
    assert!(!again.body.contains("Your vote is in"), "a second ballot is not in");
    let left = browser.post("/vote/citizens/receipt", "").await;
    moved(&left, "");
    assert_eq!(left.header("clear-site-data"), "\"cache\", \"storage\"");
    moved(&browser.get("/vote/citizens/receipt").await, "/vote/citizens");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn every_mistake_has_its_sentence_and_keeps_what_was_typed(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    for (form, sentence) in [
        ("email=my+address&consent=yes&of_age=yes", "Please check the address"),
        ("email=my+address%40mail.example", "Please check the address"),
        ("email=me%40mail.example&of_age=yes", "agree to the use of your personal"),
        ("email=me%40mail.example&consent=yes", "must be at least 14"),
        ("", "Please fill this in"),
    ] {
        let answer = browser.post("/vote/citizens", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(sentence), "{form}: {sentence}");
        let typed = form.split('&').next().unwrap().replace('+', " ").replace("%40", "@");
        let typed = typed.trim_start_matches("email=");
        assert!(answer.body.contains(&format!("value=\"{typed}\"")), "{form} is kept");
    }
    moved(&browser.get("/vote/citizens/code").await, "/vote/citizens");
    moved(&browser.post("/vote/citizens", WHO).await, "/vote/citizens/code");
    let page = browser.get("/vote/citizens/code").await;
    assert!(page.body.contains(EMAIL) && page.body.contains("one-time-code"));
    let soon = browser.post("/vote/citizens/code", "act=resend").await;
    assert!(soon.body.contains("We have just sent a code"), "{}", soon.body);
    sqlx::query("update contact_rest set until = now()").execute(&pool).await.unwrap();
    let more = browser.post("/vote/citizens/code", "act=resend").await;
    moved(&more, "/vote/citizens/code?sent=again");
    let page = browser.get("/vote/citizens/code?sent=again").await;
    assert!(page.body.contains("We sent a new code"), "{}", page.body);
    let right = browser.code().await;
    let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
    let answer = browser.post("/vote/citizens/code", &format!("code={wrong}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Tries left: 4") && answer.body.contains(&wrong));
    let answer = browser.post("/vote/citizens/code", "code=12").await;
    assert!(answer.body.contains("Please enter six digits"));
    let mut stranger = Browser::new(&house);
    let stolen = stranger.post("/vote/citizens/code", &format!("code={right}")).await;
    assert!(stolen.body.contains("can no longer be used"));
    moved(&stranger.get("/vote/citizens/check").await, "/vote/citizens");
    let case: uuid::Uuid = sqlx::query_scalar("select min(id::text)::uuid from cases")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    let ballot = format!("key=00000000-0000-4000-8000-000000000000&case={case}");
    moved(&stranger.post("/vote/citizens/check", &ballot).await, "/vote/citizens?unverified=yes");
    let told = stranger.get("/vote/citizens?unverified=yes").await;
    assert!(told.body.contains("you are not verified here yet"), "{}", told.body);
    moved(
        &browser.post("/vote/citizens/code", &format!("code={right}")).await,
        "/vote/citizens/check",
    );
    let foreign =
        "key=00000000-0000-4000-8000-000000000000&case=00000000-0000-4000-8000-000000000001";
    let answer = browser.post("/vote/citizens/check", foreign).await;
    assert!(answer.body.contains("not part of this vote"));
    let none =
        browser.post("/vote/citizens/check", "key=00000000-0000-4000-8000-000000000000").await;
    assert!(none.body.contains("Pick at least one case"));
    assert_eq!(
        browser.post("/vote/citizens/check", "key=1&case=2").await.status,
        StatusCode::BAD_REQUEST
    );
    no_ballot(&pool, "all of these").await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_verified_voter_is_asked_nothing_again_and_can_make_room_for_another(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    moved(&browser.get("/vote/citizens").await, "/vote/citizens/check");
    let check = browser.get("/vote/citizens/check").await;
    assert!(check.body.contains("Somebody else votes here"));
    browser.pick(0).await;
    let who = browser.get("/vote/citizens").await;
    assert_eq!(who.status, StatusCode::OK);
    for (sentence, there) in [
        ("You are verified", true),
        ("Pick your cases first", true),
        ("Somebody else votes here", true),
        ("name=\"email\"", false),
    ] {
        assert_eq!(who.body.contains(sentence), there, "{sentence}");
    }
    browser.pick(0).await;
    moved(&browser.post("/vote/citizens/receipt", "act=next").await, "/vote/citizens?done=next");
    let next = browser.get("/vote/citizens?done=next").await;
    assert!(next.body.contains("was removed from this device"), "{}", next.body);
    browser.pick(0).await;
    let anew = browser.get("/vote/citizens").await;
    assert!(anew.body.contains("name=\"email\"") && !anew.body.contains("You are verified"));
    let sessions: i64 =
        sqlx::query_scalar("select count(*) from voter_session").fetch_one(&pool).await.unwrap();
    assert_eq!(sessions, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn changing_a_vote_needs_no_second_code(pool: PgPool) {
    let season = SEASON.replacen("\"poll\": {", "\"poll\": {\"may_change\": true, ", 1);
    assert_ne!(season, SEASON);
    let house = House::of(pool.clone(), &season, Phase::Voting, true).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    let first = browser.get("/vote/citizens/check").await;
    assert!(!first.body.contains("takes the place of your earlier one"));
    let ballot = ballot_of(&first.body);
    moved(&browser.post("/vote/citizens/check", &ballot).await, "/vote/citizens/receipt");
    let cases = format!("{BASE}/cases?poll=citizens");
    for page in ["/vote/citizens", "/vote/citizens/receipt", "/vote/citizens/receipt?again=yes"] {
        let answer = browser.get(page).await;
        assert!(answer.body.contains("Change my vote") && answer.body.contains(&cases), "{page}");
        assert!(!answer.body.contains("name=\"email\""), "{page}");
        assert!(!answer.body.contains("You have voted already"), "{page}");
    }
    browser.pick(1).await;
    moved(&browser.get("/vote/citizens").await, "/vote/citizens/check");
    let second = browser.get("/vote/citizens/check").await;
    assert!(second.body.contains("takes the place of your earlier one"));
    let ballot = ballot_of(&second.body);
    moved(&browser.post("/vote/citizens/check", &ballot).await, "/vote/citizens/receipt");
    let ballots: i64 =
        sqlx::query_scalar("select count(*) from ballot").fetch_one(&pool).await.unwrap();
    assert_eq!(ballots, 2);
    house.stand_at(Phase::Judging).await;
    let late = browser.get("/vote/citizens/receipt").await;
    assert!(late.body.contains("Your vote is in") && !late.body.contains("Change my vote"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn before_and_after_the_vote_its_pages_say_when_it_is(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    let ballot = ballot_of(&browser.get("/vote/citizens/check").await.body);
    for (phase, title) in
        [(Phase::Screening, "has not opened yet"), (Phase::Judging, "The vote is over")]
    {
        house.stand_at(phase).await;
        for page in ["/vote/citizens", "/vote/citizens/code", "/vote/citizens/check"] {
            let answer = browser.get(page).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.body.contains(title) && answer.body.contains("28 Nov 2024"), "{page}");
        }
        for (page, form) in [
            ("/vote/citizens", WHO),
            ("/vote/citizens/code", "code=123456"),
            ("/vote/citizens/check", ballot.as_str()),
        ] {
            let answer = browser.post(page, form).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{page}");
            assert!(answer.body.contains(title), "{page}");
        }
        assert_eq!(browser.pick(1).await.status, StatusCode::CONFLICT);
        no_ballot(&house.pool, title).await;
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_pick_leads_back_to_our_own_pages_only(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut browser = Browser::new(&house);
    let case: uuid::Uuid =
        sqlx::query_scalar("select id from cases limit 1").fetch_one(&pool).await.unwrap();
    for hostile in ["//evil.example", "https://evil.example", "/\\evil.example", "evil"] {
        let form = format!("case={case}&back={hostile}");
        moved(&browser.post("/picks", &form).await, &format!("/cases#case-{case}"));
    }
    let unknown = browser.post("/picks", "case=00000000-0000-4000-8000-000000000000").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post("/picks", "case=1").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        browser.cookies["picks.daejeon-2024.citizens"], "daejeon-2024~",
        "four presses are two picks taken back"
    );
    // A button that says what it wants and is pressed twice does not undo itself.
    for want in ["add", "add", "remove", "remove"] {
        browser.post("/picks", &format!("case={case}&want={want}")).await;
        let picked = browser.cookies["picks.daejeon-2024.citizens"].contains(&case.to_string());
        assert_eq!(picked, want == "add", "{want}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn two_hundred_parallel_posts_of_one_voter_store_one_ballot(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Voting).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    let case = sqlx::query_scalar::<_, uuid::Uuid>("select id from cases order by id limit 1");
    let case = case.fetch_one(&house.pool).await.unwrap();
    let cookies = browser.line();
    let mut posts = tokio::task::JoinSet::new();
    for number in 0..200_u32 {
        let key = uuid::Uuid::from_u128(u128::from(number) + 1);
        let request = http::Request::post(format!("{BASE}/vote/citizens/check"))
            .header("cookie", &cookies)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(axum::body::Body::from(format!("key={key}&case={case}")))
            .unwrap();
        let router = house.router.clone();
        posts.spawn(async move { tower::ServiceExt::oneshot(router, request).await.unwrap() });
    }
    let answers = posts.join_all().await;
    // A session has few ballots under way. The others are asked to come again.
    let count = |status| answers.iter().filter(|answer| answer.status() == status).count();
    let receipts = count(StatusCode::SEE_OTHER);
    assert!(receipts >= 1, "a post leads to the receipt of the one ballot");
    assert_eq!(receipts + count(StatusCode::SERVICE_UNAVAILABLE), 200);
    let ballots: i64 =
        sqlx::query_scalar("select count(*) from ballot").fetch_one(&house.pool).await.unwrap();
    assert_eq!(ballots, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_has_voted_picks_nothing_more_in_the_gallery(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut browser = Browser::new(&house);
    browser.pick(0).await;
    browser.prove().await;
    let picks = format!("action=\"{BASE}/picks\"");
    let before = browser.get("/cases").await;
    assert!(before.body.contains(&picks) && before.body.contains("basket"));
    let check = browser.get("/vote/citizens/check").await;
    moved(
        &browser.post("/vote/citizens/check", &ballot_of(&check.body)).await,
        "/vote/citizens/receipt",
    );
    let first = "select id from cases order by id limit 1";
    let case: uuid::Uuid = sqlx::query_scalar(first).fetch_one(&pool).await.unwrap();
    for page in ["/cases".to_owned(), format!("/cases/{case}")] {
        let after = browser.get(&page).await;
        assert!(after.body.contains("You have voted in this poll"), "{page}: {}", after.body);
        assert!(after.body.contains(&format!("{BASE}/vote/citizens/receipt")));
        assert!(!after.body.contains(&picks) && !after.body.contains("class=\"basket\""));
    }
    let other = Browser::new(&house).get("/cases").await;
    assert!(other.body.contains(&picks), "others still vote");
}

//! Faulty posts of the ballot form: each gets its own answer, and nothing is stored.

use axum::body::Body;
use domain::schedule::Phase;
use http::{Request, StatusCode, header};
use phrases::{Lang, errors, voting as words};
use sqlx::PgPool;
use uuid::Uuid;

use super::{BASE, Browser, EMAIL, rows, rule};
use crate::support::{Answer, House, SEASON, ballot_of, no_ballot};

const CHECK: &str = "/editions/daejeon-2024/vote/citizens/check";
const RECEIPT: &str = "/editions/daejeon-2024/vote/citizens/receipt";
const EN: Lang = Lang::En;

/// Two polls with different cases. The second one requires a higher age.
const TWO_POLLS: &str = r#""polls": [
    {"slug": "services", "title": {"ko": "기관", "en": "Services"},
     "cases": {"track": "service"}, "picks": {"at_most": 3}, "identity": "email",
     "weight": "30/100", "basis": "share_of_top"},
    {"slug": "places", "title": {"ko": "동네", "en": "Places"},
     "cases": "list", "picks": {"at_most": 3}, "identity": "email",
     "eligibility": {"min_age": 19}, "weight": "30/100", "basis": "share_of_top"}],
"#;

/// The headers that a browser sends with a form of another site.
const ELSEWHERE: [(&str, &str); 4] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("origin", "https://elsewhere.example"),
    ("origin", "null"),
];

/// Opens the vote of the season with two polls.
async fn two_polls(pool: &PgPool) -> House {
    let start = SEASON.find("\"poll\":").unwrap();
    let end = start + SEASON[start..].find("\"panel\":").unwrap();
    let season = format!("{}{TWO_POLLS}{}", &SEASON[..start], &SEASON[end..]);
    let house = House::of(pool.clone(), &season, Phase::Voting, true).await;
    let listed = "insert into poll_case (poll_id, case_id)
        select poll.id, cases.id
        from poll
        join cases on cases.edition_id = poll.edition_id
        join track on track.id = cases.track_id
        where poll.slug = 'places' and track.slug = 'neighbourhood'";
    sqlx::query(listed).execute(pool).await.unwrap();
    house
}

/// Returns a browser that has verified a contact for this poll.
async fn proven<'a>(house: &'a House, poll: &str, contact: &str) -> Browser<'a> {
    let mut browser = Browser::new(house);
    let code = browser.ask(EMAIL, poll, contact).await;
    let verified = browser.give(poll, &code).await;
    assert_eq!(verified.status, StatusCode::SEE_OTHER, "{}", verified.body);
    browser
}

async fn cases(pool: &PgPool, number: i64) -> Vec<Uuid> {
    let sql = "select id from cases order by id limit $1";
    sqlx::query_scalar(sql).bind(number).fetch_all(pool).await.unwrap()
}

async fn case_of(pool: &PgPool, track: &str) -> Uuid {
    let sql = "select cases.id from cases join track on track.id = cases.track_id
        where track.slug = $1 order by cases.id limit 1";
    sqlx::query_scalar(sql).bind(track).fetch_one(pool).await.unwrap()
}

/// Returns the form of a new ballot for these cases.
fn ballot(cases: &[Uuid]) -> String {
    let cases: Vec<_> = cases.iter().map(|case| format!("&case={case}")).collect();
    format!("key={}{}", Uuid::new_v4(), cases.concat())
}

fn is_in(answer: &Answer, poll: &str) {
    let receipt = format!("{BASE}/vote/{poll}/receipt");
    assert_eq!(answer.header("location"), receipt, "{}", answer.body);
}

/// Checks that the answer redirects to the first step of this poll, which says why.
fn is_led_back(answer: &Answer, poll: &str) {
    let location = answer.header("location").split('?').next().unwrap();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(location, format!("{BASE}/vote/{poll}"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_ballot_that_breaks_a_rule_gets_the_reason_and_is_not_stored(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    let mut browser = proven(&house, "citizens", EMAIL.mine).await;
    let cases = cases(&pool, 4).await;
    let readable = 2 * usize::from(domain::limits::MAX_PICKS);
    let crowd = vec![cases[0]; readable + 1];
    let one = ballot(&cases[..1]);
    let many = errors::picks_too_many(EN, 3);
    let (many, unread) = (many.as_str(), errors::bad_request(EN));
    for (what, form, status, sentence) in [
        ("no case", ballot(&[]), 422, errors::picks_none(EN)),
        ("four of three", ballot(&cases), 422, many),
        ("one case twice", ballot(&[cases[1], cases[1]]), 422, errors::picks_twice(EN)),
        ("as many as are read", ballot(&crowd[..readable]), 422, many),
        ("more than are read", ballot(&crowd), 400, unread),
        ("a case of nobody", ballot(&[cases[0], Uuid::nil()]), 422, errors::foreign_case(EN)),
        ("an invalid case id", format!("{one}&case=1"), 400, unread),
        ("no key", format!("case={}", cases[0]), 400, unread),
        ("an invalid key", format!("key=1&case={}", cases[0]), 400, unread),
        ("a zero byte", format!("{one}&more=%00"), 400, unread),
        ("nothing", String::new(), 400, unread),
        ("too much", format!("{one}&more={}", "9".repeat(600_000)), 413, errors::too_large(EN)),
    ] {
        let answer = browser.post(CHECK, &form).await;
        assert_eq!(answer.status.as_u16(), status, "{what}");
        assert!(answer.body.contains(sentence), "{what}: {}", answer.body);
        no_ballot(&pool, what).await;
    }
    is_in(&browser.post(CHECK, &ballot(&cases[..3])).await, "citizens");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_exact_number_of_picks_refuses_fewer_and_more(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    rule(&pool, "{polls,0,picks}", r#"{"exactly": 3}"#).await;
    let mut browser = proven(&house, "citizens", EMAIL.mine).await;
    let cases = cases(&pool, 4).await;
    for (number, sentence) in [
        (1, errors::picks_too_few(EN, 3)),
        (2, errors::picks_too_few(EN, 3)),
        (4, errors::picks_too_many(EN, 3)),
    ] {
        let answer = browser.post(CHECK, &ballot(&cases[..number])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        assert!(answer.body.contains(&sentence), "{number}: {}", answer.body);
        no_ballot(&pool, "another number").await;
    }
    is_in(&browser.post(CHECK, &ballot(&cases[..3])).await, "citizens");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_and_a_voter_session_are_valid_in_their_own_poll_alone(pool: PgPool) {
    let house = two_polls(&pool).await;
    let check = |poll: &str| format!("{BASE}/vote/{poll}/check");
    let service = case_of(&pool, "service").await;
    let place = case_of(&pool, "neighbourhood").await;
    let mut services = proven(&house, "services", EMAIL.mine).await;
    assert_eq!(rows(&pool, "voter_session").await, 1, "the other poll asks for more");
    is_led_back(&services.post(&check("places"), &ballot(&[place])).await, "places");
    no_ballot(&pool, "a proof for another poll").await;
    // A voter who is old enough for the second poll is old enough for the first.
    let mut both = proven(&house, "places", EMAIL.other).await;
    assert_eq!(rows(&pool, "voter_session").await, 3);
    for (poll, cases) in [
        ("services", vec![place]),
        ("services", vec![service, place]),
        ("places", vec![service]),
        ("places", vec![place, service]),
    ] {
        let answer = both.post(&check(poll), &ballot(&cases)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{poll}");
        assert!(answer.body.contains(errors::foreign_case(EN)), "{poll}: {}", answer.body);
        no_ballot(&pool, "a case of another poll").await;
    }
    let pick = format!("poll=places&case={service}");
    let picked = both.post(&format!("{BASE}/picks"), &pick).await;
    assert_eq!(picked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(picked.header("set-cookie"), "", "nothing is in the basket");
    is_in(&services.post(&check("services"), &ballot(&[service])).await, "services");
    is_in(&both.post(&check("places"), &ballot(&[place])).await, "places");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_unverified_browser_is_led_back_and_nothing_is_stored(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    let over = proven(&house, "citizens", EMAIL.mine).await;
    sqlx::query("update voter_session set expires_at = now()").execute(&pool).await.unwrap();
    let mut invented = Browser::new(&house);
    invented.cookies.insert("__Host-voter".to_owned(), "0".repeat(64));
    // The code was sent, and the voter never entered it.
    let mut waiting = Browser::new(&house);
    waiting.ask(EMAIL, "citizens", EMAIL.other).await;
    let ballot = ballot(&cases(&pool, 1).await);
    for (who, mut browser) in [
        ("nobody", Browser::new(&house)),
        ("an invented secret", invented),
        ("a proof that is over", over),
        ("somebody without the code", waiting),
    ] {
        is_led_back(&browser.post(CHECK, &ballot).await, "citizens");
        no_ballot(&pool, who).await;
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn forms_of_another_site_in_a_voters_browser_are_refused(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    rule(&pool, "{polls,0,channels}", r#"["email_code", "kiosk"]"#).await;
    let start = house.kiosk_link().await;
    let mut browser = proven(&house, "citizens", EMAIL.mine).await;
    let cases = cases(&pool, 1).await;
    let ballot = ballot(&cases);
    for (path, form) in [
        (CHECK, ballot.clone()),
        (RECEIPT, "act=next".to_owned()),
        ("/editions/daejeon-2024/picks", format!("case={}", cases[0])),
        (start.as_str(), String::new()),
    ] {
        for (name, value) in ELSEWHERE {
            let request = Request::post(path)
                .header(header::HOST, "127.0.0.1:3000")
                .header(header::COOKIE, browser.line())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(name, value)
                .body(Body::from(form.clone()));
            let answer = house.send(request.unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert!(answer.body.contains("sent from another site"), "{path}: {}", answer.body);
            assert_eq!(answer.header("set-cookie"), "", "{path} {name}: {value}");
        }
    }
    no_ballot(&pool, "a form from elsewhere").await;
    assert_eq!(rows(&pool, "voter_session").await, 1, "nobody was sent away");
    assert_eq!(rows(&pool, "kiosk where device_hash is not null").await, 0);
    // The same forms are accepted from our own pages.
    is_in(&browser.post(CHECK, &ballot).await, "citizens");
    let machine = Browser::new(&house).post(&start, "").await;
    assert_eq!(machine.header("location"), "/kiosk", "{}", machine.body);
}

/// Posts a ballot to a node that knows the time and the editions, and has lost its connections for
/// ballots.
async fn post_without_database(house: &House, cookies: &str, ballot: &str) -> Answer {
    let away = PgPool::connect_lazy_with((*house.pool.connect_options()).clone());
    let backend = house.backend.clone().with_ballot_pool(away.clone());
    while backend.admit_ballot().await.is_err() {
        // Reading the clock may take too long on a slow machine, so try again.
    }
    let node = house.served_by(backend);
    // Even a ballot without a voter makes the node read the editions.
    is_led_back(&node.post(CHECK, "", ballot).await, "citizens");
    away.close().await;
    node.post(CHECK, cookies, ballot).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_page_says_what_is_known_of_the_ballot_while_the_database_is_away(pool: PgPool) {
    let house = EMAIL.house(&pool).await;
    let mut browser = proven(&house, "citizens", EMAIL.mine).await;
    let ballot = ballot(&cases(&pool, 2).await);

    // A node that cannot read the database's clock accepts no ballots.
    let away = PgPool::connect_lazy_with((*pool.connect_options()).clone());
    away.close().await;
    let node = house.served_by(house.backend.clone().with_ballot_pool(away));
    let busy = node.post(CHECK, &browser.line(), &ballot).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    let seconds = busy.header("retry-after");
    assert!(["1", "2", "3"].contains(&seconds), "{seconds}");
    assert!(busy.body.contains(&words::busy(EN, seconds)), "{}", busy.body);
    let script = Request::post(CHECK)
        .header(header::COOKIE, browser.line())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-mode", "cors")
        .body(Body::from(ballot.clone()));
    let script = node.send(script.unwrap()).await;
    assert_eq!((script.status, script.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, ""));
    assert_ne!(script.header("retry-after"), "", "the voter's script needs no more");
    no_ballot(&pool, "too much to do").await;

    // A node that loses the database then does not know the outcome. It knows the editions for five
    // seconds: if this machine stops for longer, it is busy, and another node is asked.
    let mut unknown = post_without_database(&house, &browser.line(), &ballot).await;
    for _ in 0..20 {
        if unknown.status != StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        unknown = post_without_database(&house, &browser.line(), &ballot).await;
    }
    assert_eq!(unknown.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(unknown.header("retry-after"), "");
    assert!(unknown.body.contains(words::unknown(EN)), "{}", unknown.body);
    no_ballot(&pool, "a database that went away").await;

    // Both pages hold the unchanged ballot, and it counts once although it is sent twice.
    for page in [busy, unknown] {
        assert_eq!(ballot_of(&page.body), ballot);
        is_in(&browser.post(CHECK, &ballot_of(&page.body)).await, "citizens");
    }
    assert_eq!(rows(&pool, "ballot").await, 1);
}

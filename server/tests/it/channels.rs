//! The first step and the code, by e-mail address and by mobile number: hostile input, equal
//! answers for all contacts, and several polls. Kiosks, OpenID and ballots have their own modules.

mod ballots;
mod browsers;
mod kiosk;
mod oidc;

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Request, StatusCode, header};
use phrases::Lang;
use sqlx::PgPool;

use crate::support::{Answer, House, ballot_of, code_for, rows, rule};

const BASE: &str = "/editions/daejeon-2024";

/// The two kinds of contact, each with its field, two contacts and its queue of messages.
const KINDS: [Kind; 2] = [
    Kind {
        field: "email",
        mine: "voter@mail.example",
        other: "other@mail.example",
        queue: "mail",
        malformed: "Please check the address",
    },
    Kind {
        field: "mobile",
        mine: "+821012345678",
        other: "+821087654321",
        queue: "sms",
        malformed: "Please check the number",
    },
];

const EMAIL: Kind = KINDS[0];

#[derive(Clone, Copy)]
struct Kind {
    field: &'static str,
    mine: &'static str,
    other: &'static str,
    queue: &'static str,
    malformed: &'static str,
}

impl Kind {
    fn who(&self, contact: &str) -> String {
        format!("{}={}&consent=yes&of_age=yes", self.field, encoded(contact))
    }

    /// Returns the season with its vote open and its voters identified by this kind of contact.
    async fn house(&self, pool: &PgPool) -> House {
        let house = House::mobile(pool.clone()).await;
        if self.field == "email" {
            rule(pool, "{polls,0,identity}", "\"email\"").await;
            rule(pool, "{polls,0,channels}", "[\"email_code\"]").await;
        }
        house
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Adds a second poll with the same rules.
async fn second_poll(pool: &PgPool) {
    for sql in [
        "update edition set rulebook = jsonb_set(rulebook, '{polls,1}',
            (rulebook #> '{polls,0}') || '{\"slug\": \"second\"}')",
        "insert into poll (id, edition_id, slug, position)
            select gen_random_uuid(), id, 'second', 1 from edition",
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
}

/// A browser that keeps and drops cookies as the responses say, and follows no redirect.
struct Browser<'a> {
    house: &'a House,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(house: &'a House) -> Self {
        Self { house, cookies: BTreeMap::from([("lang".to_owned(), "en".to_owned())]) }
    }

    fn keep(&mut self, answer: Answer) -> Answer {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    async fn get(&mut self, path: &str) -> Answer {
        let answer = self.house.get(path, &self.line()).await;
        self.keep(answer)
    }

    async fn post(&mut self, path: &str, form: &str) -> Answer {
        let answer = self.house.post(path, &self.line(), form).await;
        self.keep(answer)
    }

    async fn pick(&mut self) -> Answer {
        let case: uuid::Uuid = sqlx::query_scalar("select id from cases order by id limit 1")
            .fetch_one(&self.house.pool)
            .await
            .unwrap();
        self.post(&format!("{BASE}/picks"), &format!("case={case}&poll=citizens")).await
    }

    /// Asks for a code in this poll and reads it from the queue.
    async fn ask(&mut self, kind: Kind, poll: &str, contact: &str) -> String {
        let sent = self.post(&format!("{BASE}/vote/{poll}"), &kind.who(contact)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        code_for(&self.house.pool, kind.queue, contact).await
    }

    async fn give(&mut self, poll: &str, code: &str) -> Answer {
        self.post(&format!("{BASE}/vote/{poll}/code"), &format!("code={code}")).await
    }

    /// Casts the ballot of the check page.
    async fn cast(&mut self) -> Answer {
        let check = self.get(&format!("{BASE}/vote/citizens/check")).await;
        self.post(&format!("{BASE}/vote/citizens/check"), &ballot_of(&check.body)).await
    }
}

/// The tables that a refused request must leave unchanged.
const LEFT: [&str; 6] = ["challenge", "mail", "sms", "contact_rest", "voter_session", "ballot"];

/// Counts the rows of each table in [`LEFT`].
async fn left(pool: &PgPool) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for table in LEFT {
        counts.push((table, rows(pool, table).await));
    }
    counts
}

async fn nothing_is_stored(pool: &PgPool, why: &str) {
    assert_eq!(left(pool).await, LEFT.map(|table| (table, 0)), "{why}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_invalid_contact_gets_its_own_answer_and_stores_nothing(pool: PgPool) {
    for kind in KINDS {
        sqlx::query("delete from edition").execute(&pool).await.unwrap();
        let house = kind.house(&pool).await;
        let mut browser = Browser::new(&house);
        browser.pick().await;
        let who = format!("{BASE}/vote/citizens");
        let long = "9".repeat(100_000);
        let malformed = kind.malformed;
        for (contact, sentence) in [
            ("", "Please fill this in"),
            ("nonsense", malformed),
            ("<script>alert(1)</script>", malformed),
            ("' or 1=1 --", malformed),
            ("010-1234-567\r\nBcc: x@y.example", malformed),
            ("٠١٠١٢٣٤٥٦٧٨", malformed),
            ("a@b\u{202E}", malformed),
            (long.as_str(), "Please"),
        ] {
            let answer = browser.post(&who, &kind.who(contact)).await;
            let short: String = contact.chars().take(40).collect();
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{short}");
            assert!(answer.body.contains(sentence), "{short}: {sentence}");
            assert!(!answer.body.contains("<script>alert"), "{short} is text");
        }
        for (form, sentence) in [
            (format!("{}={}&of_age=yes", kind.field, encoded(kind.mine)), "agree to the use"),
            (format!("{}={}&consent=yes", kind.field, encoded(kind.mine)), "at least 14"),
            (String::new(), "Please fill this in"),
        ] {
            let answer = browser.post(&who, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(answer.body.contains(sentence), "{form}: {sentence}");
        }
        let nul = browser.post(&who, &kind.who("a\0b")).await;
        assert_eq!(nul.status, StatusCode::BAD_REQUEST);
        let huge = browser.post(&who, &kind.who(&"9".repeat(600_000))).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        nothing_is_stored(&pool, kind.field).await;
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_foreign_number_gets_its_own_message(pool: PgPool) {
    let house = House::mobile(pool.clone()).await;
    let mut browser = Browser::new(&house);
    browser.pick().await;
    let who = format!("{BASE}/vote/citizens");
    let abroad = browser.post(&who, &KINDS[1].who("+44 7700 900123")).await;
    assert_eq!(abroad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(abroad.body.contains("Only Korean mobile numbers"));
    nothing_is_stored(&pool, "a number abroad").await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_form_from_another_site_is_refused(pool: PgPool) {
    for kind in KINDS {
        sqlx::query("delete from edition").execute(&pool).await.unwrap();
        let house = kind.house(&pool).await;
        for end in ["", "/code"] {
            let request = Request::post(format!("{BASE}/vote/citizens{end}"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "cross-site")
                .header(header::ORIGIN, "https://elsewhere.example")
                .body(Body::from(kind.who(kind.mine)));
            let answer = house.send(request.unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}{end}", kind.field);
        }
        nothing_is_stored(&pool, "another site").await;
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_is_good_in_its_browser_and_its_poll(pool: PgPool) {
    for kind in KINDS {
        sqlx::query("delete from edition").execute(&pool).await.unwrap();
        sqlx::query("delete from contact_rest").execute(&pool).await.unwrap();
        let house = kind.house(&pool).await;
        second_poll(&pool).await;
        let (mut mine, mut theirs) = (Browser::new(&house), Browser::new(&house));
        let refused = |answer: &Answer, sentence: &str| {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
            assert!(answer.body.contains(sentence), "{}: {sentence}", kind.field);
        };
        let code = mine.ask(kind, "citizens", kind.mine).await;
        let other = theirs.ask(kind, "citizens", kind.other).await;
        refused(&mine.give("citizens", "12 34").await, "six digits");
        refused(&mine.give("citizens", &"1".repeat(100_000)).await, "six digits");
        let second = format!("{BASE}/vote/second");
        let first_step = |answer: &Answer| {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
            assert_eq!(answer.header("location"), second, "{}", kind.field);
        };
        first_step(&mine.give("second", &code).await);
        // No statements were made in the second poll, so no code is sent.
        first_step(&mine.post(&format!("{second}/code"), "act=resend").await);
        first_step(&mine.get(&format!("{second}/code")).await);
        assert!(!mine.get(&second).await.body.contains("/vote/second/code"));
        assert!(mine.get(&format!("{BASE}/vote/citizens")).await.body.contains("/citizens/code"));
        if code != other {
            refused(&theirs.give("citizens", &code).await, "That is not the code");
        }
        refused(&Browser::new(&house).give("citizens", &code).await, "can no longer be used");
        assert_eq!(rows(&pool, "voter_session").await, 0, "nobody is in");
        assert_eq!(mine.give("citizens", &code).await.status, StatusCode::SEE_OTHER);
        assert_eq!(rows(&pool, "voter_session").await, 2, "the contact is proven for both polls");
        let unproven = Browser::new(&house).get(&format!("{BASE}/vote/citizens/check")).await;
        assert_eq!(unproven.header("location"), format!("{BASE}/vote/citizens"));
        assert_eq!(rows(&pool, "ballot").await, 0);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn another_poll_opens_too_for_the_contact_that_the_code_went_to(pool: PgPool) {
    let kind = KINDS[1];
    let house = kind.house(&pool).await;
    second_poll(&pool).await;
    let mut browser = Browser::new(&house);
    let code = browser.ask(kind, "citizens", kind.mine).await;
    browser.cookies.insert("__Host-contact".to_owned(), "KzgyMTA4NzY1NDMyMQ".to_owned());
    browser.give("citizens", &code).await;
    assert_eq!(rows(&pool, "voter_session").await, 2, "what the browser says changes nothing");
    let voters = "select count(distinct voter_key) from voter_session";
    let voters: i64 = sqlx::query_scalar(voters).fetch_one(&pool).await.unwrap();
    assert_eq!(voters, 2, "one pseudonym for each poll");
    // A poll that requires more statements than were made is not opened as well.
    rule(&pool, "{polls,1,eligibility}", r#"{"min_age": 19, "district": true}"#).await;
    let mut next = Browser::new(&house);
    let code = next.ask(kind, "citizens", kind.other).await;
    next.give("citizens", &code).await;
    assert_eq!(rows(&pool, "voter_session").await, 3);
    next.pick().await;
    let form = kind.who("+821055555555");
    let before = left(&pool).await;
    let answer = next.post(&format!("{BASE}/vote/second"), &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sentence = phrases::errors::district_missing(Lang::En);
    assert!(answer.body.contains(sentence), "{}", answer.body);
    assert_eq!(left(&pool).await, before, "nothing goes out and nobody is let in");
    let stated = format!("{form}&of_district=yes");
    let answer = next.post(&format!("{BASE}/vote/second"), &stated).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let code = code_for(&pool, kind.queue, "+821055555555").await;
    next.give("second", &code).await;
    let open = "select count(distinct poll_id) from voter_session
        where id_hash = (select id_hash from voter_session order by expires_at desc, ctid desc limit 1)";
    let open: i64 = sqlx::query_scalar(open).fetch_one(&pool).await.unwrap();
    assert_eq!(open, 2, "a proof with more statements is good for the other poll too");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn known_unknown_and_voted_contacts_get_the_same_answer_for_the_same_work(pool: PgPool) {
    for kind in KINDS {
        sqlx::query("delete from edition").execute(&pool).await.unwrap();
        sqlx::query("delete from contact_rest").execute(&pool).await.unwrap();
        let house = kind.house(&pool).await;
        let mut voter = Browser::new(&house);
        voter.pick().await;
        let code = voter.ask(kind, "citizens", kind.mine).await;
        voter.give("citizens", &code).await;
        let cast = voter.cast().await;
        assert_eq!(
            cast.header("location"),
            format!("{BASE}/vote/citizens/receipt"),
            "{}",
            cast.body
        );
        let mut known = Browser::new(&house);
        known.ask(kind, "citizens", kind.other).await;
        sqlx::query("update contact_rest set until = now()").execute(&pool).await.unwrap();
        let unknown = if kind.field == "email" { "new@mail.example" } else { "+821011112222" };
        let mut seen = Vec::new();
        for contact in [kind.mine, kind.other, unknown] {
            let before = work(&pool).await;
            let mut browser = Browser::new(&house);
            let answer = browser.post(&format!("{BASE}/vote/citizens"), &kind.who(contact)).await;
            let after = work(&pool).await;
            let done: Vec<i64> = before.iter().zip(&after).map(|(a, b)| b - a).collect();
            let names: Vec<_> = browser.cookies.keys().cloned().collect();
            let headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            seen.push((answer.status, answer.header("location").to_owned(), names, headers, done));
        }
        assert_eq!(seen[0].0, StatusCode::SEE_OTHER);
        assert_eq!(seen[0], seen[1], "{}: voted and known", kind.field);
        assert_eq!(seen[1], seen[2], "{}: known and unknown", kind.field);
    }
}

/// Counts the rows that asking for a code adds, and pauses that have not ended, because an earlier
/// pause is renewed in its row.
async fn work(pool: &PgPool) -> Vec<i64> {
    vec![
        rows(pool, "challenge").await,
        rows(pool, "mail").await,
        rows(pool, "sms").await,
        rows(pool, "contact_rest where until > now()").await,
        rows(pool, "voter_session").await,
    ]
}

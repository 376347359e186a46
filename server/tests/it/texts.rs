//! Text messages against a fake gateway: signatures, escaping, bad answers, the budget and the
//! circuit breaker.

mod gateway;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::sms::{GatewaySettings, SignatureFormat, TextBudget, TextGateway, TextSender};
use backend::voting::VoterDeclaration;
use backend::{Backend, Error};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::EditionId;
use domain::refusal::{Refusal, VotingRefusal};
use hmac::{Hmac, KeyInit as _, Mac as _};
use phrases::Lang;
use sha2::Sha256;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, Listening, code_for, keys, waiting};
use gateway::{Arrived, Fake, Mood};

const SECRET: &str = "a secret of \"this\" account";
const KEY: &str = "NCSAYU7YDBXYORXC";

/// Returns the settings that docs/channels.md gives for SOLAPI.
fn solapi(fake: &Fake) -> GatewaySettings {
    GatewaySettings {
        url: format!("{}/messages/v4/send", fake.address),
        method: "POST".to_owned(),
        headers: vec![
            "Authorization: HMAC-SHA256 apiKey={key}, date={date}, salt={nonce}, signature={signature}"
                .to_owned(),
            "Content-Type: application/json".to_owned(),
        ],
        body: r#"{"message":{"to":"{to}","from":"{from}","text":"{text}"}}"#.to_owned(),
        from: "0421234567".to_owned(),
        key: KEY.to_owned(),
        secret: SECRET.to_owned(),
        sign: "{date}{nonce}".to_owned(),
        encoding: SignatureFormat::Hex,
        accepted: "\"statusCode\":\"2000\"".to_owned(),
    }
}

fn texter(settings: GatewaySettings) -> TextSender {
    TextSender::Gateway(Box::new(TextGateway::from_settings(settings).unwrap()))
}

fn mac(text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Returns a season whose voters are identified by mobile number.
async fn season(pool: &PgPool) -> House {
    House::mobile(pool.clone()).await
}

async fn ask(backend: &Backend, number: &str) -> backend::Result<String> {
    let edition = backend.find_edition(crate::support::SLUG).await.unwrap();
    let form = VoterDeclaration {
        contact: number.to_owned(),
        consent: true,
        of_age: true,
        of_district: false,
        page_seconds: None,
        ..VoterDeclaration::default()
    };
    let (poll, open) = (edition.polls[0].clone(), edition.poll_open(&edition.polls[0]).unwrap());
    backend.send_code(open, &edition, &poll, &form, "203.0.113.5", Lang::Ko).await
}

async fn run(pool: &PgPool, sql: &'static str) {
    sqlx::query(sql).execute(pool).await.unwrap();
}

async fn number_of(pool: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// Ends every pause of messages and of the gateway.
async fn next_try(pool: &PgPool) {
    run(pool, "update sms set next_try_at = now()").await;
    run(pool, "update sms_gateway set rests_until = now() where rests_until is not null").await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_reaches_the_gateway_signed_once_and_is_forgotten(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let texter = texter(solapi(&fake));
    ask(&house.backend, "+82 10-1234-5678").await.unwrap();
    let waiting = waiting(&pool, "sms").await;
    assert_eq!((waiting.len(), waiting[0][0].as_str()), (1, "+821012345678"));
    assert!(house.backend.send_next_text(&texter).await.unwrap());
    assert!(!house.backend.send_next_text(&texter).await.unwrap(), "nothing is left");
    let arrived = fake.last();
    assert_eq!((arrived.line.as_str(), fake.number()), ("POST /messages/v4/send", 1));
    let signed = arrived.headers["authorization"].to_str().unwrap();
    let part = |name: &str| {
        let rest = signed.split(&format!("{name}=")).nth(1).unwrap();
        rest.split(',').next().unwrap().to_owned()
    };
    assert!(signed.starts_with("HMAC-SHA256 apiKey=NCSAYU7YDBXYORXC, date="));
    assert_eq!(part("signature"), hex::encode(mac(&format!("{}{}", part("date"), part("salt")))));
    let body: serde_json::Value = serde_json::from_slice(&arrived.body).unwrap();
    assert_eq!(body["message"]["to"], "01012345678");
    let text = body["message"]["text"].as_str().unwrap();
    let (host, code) = text.lines().last().unwrap().split_once(" #").unwrap();
    assert_eq!(host, "@127.0.0.1");
    assert!(code.len() == 6 && text.contains(&format!("인증번호 {code}")), "{text}");
    // A short message has at most 90 bytes in EUC-KR. A longer one costs three times as much.
    let bytes: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    assert!(bytes <= 90, "{bytes}");
    assert_eq!(number_of(&pool, "select count(*) from sms").await, 0, "the number is gone");
    assert_eq!(number_of(&pool, "select sent from sms_account").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_signature_of_sens_is_over_method_path_time_and_key(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let settings = GatewaySettings {
        url: format!("{}/sms/v2/services/ncp%3Asms%3Akr%3A1/messages", fake.address),
        headers: vec![
            "x-ncp-apigw-timestamp: {timestamp}".to_owned(),
            "x-ncp-iam-access-key: {key}".to_owned(),
            "x-ncp-apigw-signature-v2: {signature}".to_owned(),
        ],
        sign: "{method} {path}\n{timestamp}\n{key}".to_owned(),
        encoding: SignatureFormat::Base64,
        accepted: String::new(),
        ..solapi(&fake)
    };
    fake.is(Mood::Says(202, "{}"));
    ask(&house.backend, "01012345678").await.unwrap();
    assert!(house.backend.send_next_text(&texter(settings)).await.unwrap());
    let Arrived { headers, .. } = fake.last();
    let timestamp = headers["x-ncp-apigw-timestamp"].to_str().unwrap();
    let signed = format!("POST /sms/v2/services/ncp%3Asms%3Akr%3A1/messages\n{timestamp}\n{KEY}");
    assert_eq!(headers["x-ncp-apigw-signature-v2"], STANDARD.encode(mac(&signed)).as_str());
    assert_eq!(number_of(&pool, "select sent from sms_account").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn hostile_text_stays_text_in_the_body(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    ask(&house.backend, "01012345678").await.unwrap();
    let hostile = "\"},\"to\":\"01099999999\n\\ {key} {signature} 👍 동구 \u{1}";
    let (id, edition): (Uuid, Uuid) =
        sqlx::query_as("select id, edition_id from sms").fetch_one(&pool).await.unwrap();
    let message = ("+821012345678", hostile);
    let sealed = keys().seal_message(Some(EditionId(edition)), id, &message).unwrap();
    sqlx::query("update sms set sealed = $1").bind(sealed).execute(&pool).await.unwrap();
    assert!(house.backend.send_next_text(&texter(solapi(&fake))).await.unwrap());
    let body: serde_json::Value = serde_json::from_slice(&fake.last().body).unwrap();
    assert_eq!(body["message"]["text"], hostile);
    assert_eq!(body["message"]["to"], "01012345678");
    assert_eq!(body["message"].as_object().unwrap().len(), 3);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_number_the_gateway_will_not_take_costs_nothing_and_trips_nothing(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let texter = texter(solapi(&fake));
    fake.is(Mood::Says(400, "{\"errorCode\":\"ValidationError\"}"));
    for number in 0..10 {
        ask(&house.backend, &format!("0100000000{number}")).await.unwrap();
        assert!(house.backend.send_next_text(&texter).await.unwrap());
    }
    assert_eq!(fake.number(), 10);
    assert_eq!(number_of(&pool, "select failed from sms_account").await, 10);
    assert_eq!(number_of(&pool, "select spent from sms_account").await, 0);
    ask(&house.backend, "01012345678").await.expect("nobody else is kept from voting");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn failures_in_a_row_open_the_breaker_and_one_message_closes_it(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let texter = texter(solapi(&fake));
    for (number, mood) in [
        Mood::Says(500, "oops"),
        Mood::Says(503, ""),
        Mood::Says(401, "signature"),
        Mood::Says(302, ""),
        Mood::Says(200, "<html>garbage"),
    ]
    .into_iter()
    .enumerate()
    {
        ask(&house.backend, &format!("0101111000{number}")).await.unwrap();
        fake.is(mood);
        assert!(house.backend.send_next_text(&texter).await.unwrap());
    }
    assert_eq!(fake.number(), 5);
    let refused = ask(&house.backend, "01012345678").await;
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::Voting(VotingRefusal::TextsPaused)))),
        "{refused:?}"
    );
    run(&pool, "update sms set next_try_at = now()").await;
    assert!(!house.backend.send_next_text(&texter).await.unwrap(), "the gateway is left alone");
    assert_eq!(number_of(&pool, "select count(*) from sms").await, 5, "nothing is lost");
    // The pause of the breaker is over: one message is tried, and no second one meanwhile.
    next_try(&pool).await;
    fake.is(Mood::Says(500, ""));
    assert!(house.backend.send_next_text(&texter).await.unwrap());
    assert!(!house.backend.send_next_text(&texter).await.unwrap());
    assert_eq!(fake.number(), 6);
    let rest = "select extract(epoch from rests_until - now())::bigint from sms_gateway";
    // The first pause was 30 seconds.
    assert!(number_of(&pool, rest).await > 30, "it is left alone for longer");
    next_try(&pool).await;
    fake.is(Mood::Takes);
    while house.backend.send_next_text(&texter).await.unwrap() {}
    assert_eq!(number_of(&pool, "select sent from sms_account").await, 5);
    ask(&house.backend, "01012345678").await.expect("the breaker is closed");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_message_without_an_answer_is_tried_again_under_the_same_id(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let settings = GatewaySettings {
        headers: vec!["Idempotency-Key: {id}".to_owned()],
        sign: String::new(),
        ..solapi(&fake)
    };
    let texter = Arc::new(texter(settings));
    fake.is(Mood::Silent);
    ask(&house.backend, "01012345678").await.unwrap();
    // The process dies before the gateway answers, so no result is stored.
    let (backend, lost) = (house.backend.clone(), texter.clone());
    let dying = tokio::spawn(async move { backend.send_next_text(&lost).await });
    while fake.number() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(
        !house.backend.send_next_text(&texter).await.unwrap(),
        "nobody else sends it meanwhile"
    );
    dying.abort();
    let first = fake.last().headers["idempotency-key"].clone();
    next_try(&pool).await;
    fake.is(Mood::Takes);
    assert!(house.backend.send_next_text(&texter).await.unwrap());
    assert_eq!(fake.last().headers["idempotency-key"], first, "a gateway can tell them apart");
    assert_eq!((fake.number(), number_of(&pool, "select sent from sms_account").await), (2, 1));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_slow_gateway_is_given_up_and_its_try_is_paid_for(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let texter = texter(solapi(&fake));
    fake.is(Mood::Silent);
    ask(&house.backend, "01012345678").await.unwrap();
    assert!(house.backend.send_next_text(&texter).await.unwrap());
    assert_eq!(
        number_of(&pool, "select spent from sms_account").await,
        40,
        "it may have been sent"
    );
    assert_eq!(number_of(&pool, "select failures::bigint from sms_gateway").await, 1);
    run(&pool, "update sms set expires_at = now()").await;
    house.backend.delete_expired_texts().await.unwrap();
    assert_eq!(number_of(&pool, "select count(*) from sms").await, 0);
    assert_eq!(number_of(&pool, "select spent from sms_account").await, 20);
    assert_eq!(number_of(&pool, "select failed from sms_account").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_more_is_spent_than_the_hour_and_the_edition_may_cost(pool: PgPool) {
    // A budget for each hour: the hour must not change while twelve ask.
    while number_of(&pool, "select extract(minute from now())::bigint").await == 59 {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let house = season(&pool).await;
    for (number, budget, taken_of_twelve) in [
        (100, TextBudget { per_hour: 60, ..TextBudget::default() }, 3),
        // 59 of 119 won are left.
        (200, TextBudget { per_edition: 119, ..TextBudget::default() }, 2),
    ] {
        let backend = house.backend.clone().with_text_budget(budget);
        let asked = (number..number + 12).map(|number| {
            let (backend, number) = (backend.clone(), format!("01022220{number}"));
            tokio::spawn(async move { ask(&backend, &number).await })
        });
        let mut taken = 0;
        for asked in asked.collect::<Vec<_>>() {
            match asked.await.unwrap() {
                Ok(_) => taken += 1,
                Err(Error::Refused(Refusal::Voting(VotingRefusal::TextsPaused))) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(taken, taken_of_twelve);
        run(&pool, "update sms_hour set spent = 0").await;
    }
    assert_eq!(number_of(&pool, "select count(*) from sms").await, 5);
    assert_eq!(
        number_of(&pool, "select count(*) from challenge").await,
        5,
        "no code without a text"
    );
    assert_eq!(number_of(&pool, "select count(*) from contact_rest").await, 5);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_log_line_contains_a_number_a_code_or_a_key(pool: PgPool) {
    let (house, fake) = (season(&pool).await, Fake::start().await);
    let texter = texter(solapi(&fake));
    let listening = Listening::begin();
    let mut codes = Vec::new();
    for (number, mood) in [
        ("01087654321", Mood::Takes),
        ("01087654322", Mood::Says(400, "no 01087654322")),
        ("01087654323", Mood::Says(500, "no 01087654323")),
        ("01087654324", Mood::Says(200, "no 01087654324")),
    ] {
        ask(&house.backend, number).await.unwrap();
        codes.push(code_for(&pool, "sms", &format!("+82{}", &number[1..])).await);
        fake.is(mood);
        assert!(house.backend.send_next_text(&texter).await.unwrap());
    }
    let log = listening.end();
    assert!(log.contains("a text message was not sent"), "the log was read");
    for secret in ["8765432", SECRET, "signature=", KEY] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    for code in codes {
        assert!(!log.contains(&format!("#{code}")) && !log.contains(&format!("번호 {code}")));
    }
}

#[test]
fn invalid_gateway_settings_are_refused_without_showing_a_key() {
    let fake = Fake {
        mood: Arc::new(Mutex::new(Mood::Takes)),
        arrived: Arc::default(),
        address: "http://127.0.0.1:1".to_owned(),
    };
    let good = solapi(&fake);
    for wrong in [
        GatewaySettings { url: "http://gateway.example/send".to_owned(), ..good.clone() },
        GatewaySettings { url: "no address".to_owned(), ..good.clone() },
        GatewaySettings { method: "PO ST".to_owned(), ..good.clone() },
        GatewaySettings { headers: vec![SECRET.to_owned()], ..good.clone() },
        GatewaySettings { headers: vec![format!("{SECRET}: x")], ..good.clone() },
        GatewaySettings { secret: String::new(), ..good.clone() },
    ] {
        let said = TextGateway::from_settings(wrong).unwrap_err();
        assert!(!said.is_empty() && !said.contains(SECRET) && !said.contains(KEY), "{said}");
    }
    let shown = format!("{:?}", texter(good));
    assert!(!shown.contains(SECRET) && !shown.contains(KEY), "{shown}");
}

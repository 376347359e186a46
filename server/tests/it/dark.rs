//! The standings stay dark: while people vote, nothing that anybody can open or log or ask the
//! database tells which case the votes went to.
//!
//! The same votes are cast twice, for one case and then, on the same database as it was before, for
//! another. Whatever can be opened must be the same both times, but for what is random anyway.

use std::collections::BTreeMap;

use app::routes::table;
use backend::accounts::Role;
use backend::keys;
use backend::voting::{Ballot, Cast, Voter};
use domain::ids::CaseId;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, Listening};

/// Votes each time: more than the few that a page might round away.
const VOTES: usize = 9;
/// What a vote leaves behind, put back between the two times.
const TRACES: [&str; 5] = ["ballot", "waiting", "entry", "tile", "voter_session"];

async fn run(pool: &PgPool, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// Casts so many ballots of new people for one case, and lets the record take them.
async fn vote_for(house: &House, case: Uuid) {
    let edition = house.edition().await;
    let poll = &edition.polls[0];
    for _ in 0..VOTES {
        let token = keys::token();
        sqlx::query(
            "insert into voter_session (id_hash, poll_id, voter_key, expires_at)
            values ($1, $2, $3, now() + interval '1 hour')",
        )
        .bind(keys::token_hash(&token))
        .bind(poll.id.0)
        .bind(keys::random::<32>().as_slice())
        .execute(&house.pool)
        .await
        .unwrap();
        let ballot = Ballot { idempotency_key: Uuid::new_v4(), picks: vec![CaseId(case)] };
        let cast = house.backend.cast(&Voter::with(poll, &token), &edition, &ballot).await.unwrap();
        assert!(matches!(cast, Cast::Accepted(_)));
    }
    house.backend.sequence().await.unwrap();
}

/// The text without what differs from one time to the next: random words, hashes, times.
fn masked(text: &str) -> String {
    let word = |word: &str| {
        let long = word.len() >= 10;
        let number = word.bytes().any(|byte| byte.is_ascii_digit());
        if (long && number) || word.len() >= 40 { "#".to_owned() } else { word.to_owned() }
    };
    let mut out = String::new();
    let apart = |sign: char| !(sign.is_ascii_alphanumeric() || "+/=-_:.".contains(sign));
    for piece in text.split_inclusive(apart) {
        let end = piece.chars().last().filter(|sign| apart(*sign));
        let body = piece.trim_end_matches(apart);
        // 09:00:01 and 09:00 are clocks.
        let clock = body.contains(':') && body.bytes().all(|byte| b"0123456789:".contains(&byte));
        out.push_str(if clock { "#" } else { "" });
        if !clock {
            out.push_str(&word(body));
        }
        out.extend(end);
    }
    out
}

/// The first pages draw a few cases anew on every visit.
fn without_glimpse(page: &str) -> String {
    match page.split_once("glimpse of the cases") {
        Some((before, rest)) => {
            let after = rest.split_once("</section>").map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => page.to_owned(),
    }
}

/// Every page and file that each role can open, by role and path.
async fn everything(
    house: &House,
    roles: &[(String, String)],
    case: Uuid,
) -> BTreeMap<String, String> {
    let ballot: Uuid =
        sqlx::query_scalar("select id from ballot limit 1").fetch_one(&house.pool).await.unwrap();
    let mut seen = BTreeMap::new();
    for route in table() {
        let path = route
            .path
            .replace("{edition}", crate::support::SLUG)
            .replace("{poll}", "citizens")
            .replace("{case}", &case.to_string())
            .replace("{picture}", &Uuid::nil().to_string())
            .replace("{token}", "no-such-token")
            .replace("{file}", "citizens.csv")
            .replace("{ballot}", &ballot.simple().to_string())
            .replace("{*path}", "0/000.p/11");
        for (role, cookie) in roles {
            let answer = house.get(&path, cookie).await;
            assert!(!answer.status.is_server_error(), "{role} {path}");
            // A tile is nothing but hashes, and where a ballot stands in its batch is chance.
            let chance = answer.header("content-type") == "application/octet-stream"
                || route.path.ends_with("/proof/{ballot}");
            let body = if chance { String::new() } else { masked(&without_glimpse(&answer.body)) };
            let text = format!("{} {body}", answer.status);
            seen.insert(format!("{role} {}", route.path), text);
        }
    }
    for path in ["/healthz", "/metrics", "/robots.txt"] {
        let answer = house.get(path, "").await;
        seen.insert(path.to_owned(), format!("{} {}", answer.status, masked(&answer.body)));
    }
    seen
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn until_the_close_everything_is_the_same_whoever_is_ahead(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let mut roles =
        vec![("nobody".to_owned(), "lang=en; seed=00000000000000000000000000000007".to_owned())];
    for role in [Role::Administrator, Role::Judge, Role::Member] {
        let cookie = format!(
            "{}; lang=en; seed=00000000000000000000000000000007",
            house.cookie_of(role).await
        );
        roles.push((role.as_str().to_owned(), cookie));
    }
    let edition = house.edition().await;
    house.backend.open_poll(&edition, &edition.polls[0]).await.unwrap();
    house.backend.sequence().await.unwrap();
    for table in TRACES.iter().chain(&["record"]) {
        run(&pool, format!("create table before_{table} as select * from {table}")).await;
    }
    let cases: Vec<Uuid> = sqlx::query_scalar("select id from cases order by id limit 2")
        .fetch_all(&pool)
        .await
        .unwrap();

    let listening = Listening::begin();
    vote_for(&house, cases[0]).await;
    let log = listening.end();
    assert!(log.contains("insert into ballot"), "the log was read");
    for form in [cases[0].to_string(), cases[0].simple().to_string()] {
        assert!(!log.contains(&form), "the log names what was picked");
    }
    let first = everything(&house, &roles, cases[0]).await;

    for table in TRACES {
        run(&pool, format!("delete from {table}")).await;
        run(
            &pool,
            format!("insert into {table} overriding system value select * from before_{table}"),
        )
        .await;
    }
    let back = "update record set size = old.size, frontier = old.frontier,
        signed_size = old.signed_size, signed_root = old.signed_root, checkpoint = old.checkpoint
        from before_record as old where record.edition_id = old.edition_id";
    run(&pool, back.to_owned()).await;
    vote_for(&house, cases[1]).await;
    let second = everything(&house, &roles, cases[0]).await;

    assert!(first.len() > 200, "every row with every role: {}", first.len());
    for (name, page) in &first {
        assert_eq!(Some(page), second.get(name), "{name} tells where the votes went");
    }
}

/// The walk must be able to fail: a count that moves is seen.
#[test]
fn a_count_that_differs_is_not_masked() {
    let page = |votes: u32| masked(&format!("<td>{votes} votes</td> at 09:00:01 of 0a1b2c3d4e5f"));
    assert_ne!(page(9), page(0));
    assert_eq!(masked("at 09:00:01"), masked("at 09:00:02"));
}

//! No interim results: while a vote is open, no page, no log and no table shows which case the
//! votes went to.
//!
//! The test casts the same votes twice on the same database: first for one case, then, after the
//! database is restored, for another. Everything that can be read must be the same both times,
//! apart from random values, hashes and times.

mod database;
pub(crate) mod masks;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use backend::keys::{self, TokenKind};
use backend::voting::{Ballot, CastOutcome, VoterToken};
use domain::ids::CaseId;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, Listening, SEASON, SLUG, rows};
use database::{Tables, tables};
use masks::said;
use walk::Walk;
pub(crate) use walk::size as signed_size;

/// The number of votes each time: enough that a page which rounds would still differ.
const VOTES: usize = 9;
/// The tables that a vote changes. They are restored between the two times.
const TRACES: [&str; 6] = ["ballot", "ballot_trace", "waiting", "entry", "tile", "voter_session"];

async fn run(pool: &PgPool, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// Opens the vote of the season, on kiosks too.
async fn season(pool: &PgPool) -> House {
    let house = season_before_vote(pool).await;
    open_vote(&house).await;
    house
}

/// The season at the beginning of its vote, on shared machines too, before a job has opened the poll.
pub(crate) async fn season_before_vote(pool: &PgPool) -> House {
    let machines = "\"poll\": {\"channels\": [\"email_code\", \"kiosk\"], ";
    let season = SEASON.replacen("\"poll\": {", machines, 1);
    assert_ne!(season, SEASON);
    House::of(pool.clone(), &season, Phase::Voting, true).await
}

/// Opens the poll, as the job does.
pub(crate) async fn open_vote(house: &House) {
    let edition = house.edition().await;
    house.backend.open_poll(&edition, &edition.polls[0]).await.unwrap();
    read_clock(house).await;
}

/// Reads the database's clock before each run, so that neither log has a clock line more.
async fn read_clock(house: &House) {
    loop {
        house.backend.read_database_clock().await.unwrap();
        if house.backend.admit_ballot().await.is_ok() {
            break;
        }
    }
}

async fn cases(pool: &PgPool) -> Vec<Uuid> {
    let sql = "select id from cases order by id limit 3";
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

/// Opens the session of a new voter and returns its secret.
pub(crate) async fn proven(house: &House) -> String {
    let (edition, token) =
        (house.edition().await, crate::support::keys().issue_token(TokenKind::Voter));
    sqlx::query(
        "insert into voter_session (id_hash, poll_id, voter_key, expires_at, proof)
        values ($1, $2, $3, now() + interval '1 hour',
            convert_to('{\"channel\":\"email\",\"code_seconds\":12}', 'UTF8'))",
    )
    .bind(keys::hash_token(&token))
    .bind(edition.polls[0].id.0)
    .bind(keys::random_bytes::<32>().as_slice())
    .execute(&house.pool)
    .await
    .unwrap();
    token
}

/// Casts the ballot of the voter with this secret.
pub(crate) async fn cast(house: &House, token: &str, picks: &[Uuid]) {
    let edition = house.edition().await;
    let picks = picks.iter().copied().map(CaseId).collect();
    let ballot = Ballot { idempotency_key: Uuid::new_v4(), picks };
    let voter = VoterToken::with_cookie(&edition.polls[0], token);
    let cast = house.backend.cast_ballot(&voter, &edition, &ballot).await.unwrap();
    assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}");
}

/// Casts [`VOTES`] ballots of new voters for one case and appends them to the record.
async fn vote_for(house: &House, case: Uuid) {
    read_clock(house).await;
    for _ in 0..VOTES {
        cast(house, &proven(house).await, &[case]).await;
    }
    house.backend.sequence_records().await.unwrap();
}

/// Copies the tables that a vote changes into the schema `before`, which the test does not compare.
async fn keep(pool: &PgPool) {
    run(pool, "create schema before".to_owned()).await;
    for table in TRACES.iter().chain(&["record"]) {
        run(pool, format!("create table before.{table} as select * from {table}")).await;
    }
    renumber_traces(pool).await;
}

/// Lets the next trace have the number after the last one.
async fn renumber_traces(pool: &PgPool) {
    let sql = "select setval(pg_get_serial_sequence('ballot_trace', 'number'),
        coalesce(max(number), 0) + 1, false) from ballot_trace";
    run(pool, sql.to_owned()).await;
}

/// Restores the tables from the schema `before`.
async fn put_back(pool: &PgPool) {
    for table in TRACES {
        run(pool, format!("delete from {table}")).await;
        let back =
            format!("insert into {table} overriding system value select * from before.{table}");
        run(pool, back).await;
    }
    let back = "update record set size = old.size, frontier = old.frontier,
        signed_size = old.signed_size, signed_root = old.signed_root, checkpoint = old.checkpoint
        from before.record as old where record.edition_id = old.edition_id";
    run(pool, back.to_owned()).await;
    renumber_traces(pool).await;
}

/// Everything that can be observed about the votes for one case.
struct Seen {
    /// The log lines of casting.
    casting: BTreeSet<String>,
    /// Every page and file, for each visitor.
    pages: BTreeMap<String, String>,
    /// The log lines of reading these pages.
    reading: BTreeSet<String>,
    tables: Tables,
}

/// Waits for the first half of a minute, by the database's clock: the desk of the fraud checks counts
/// ballots by the minute, so both times they have to be of one, and it the last one on the page.
async fn wait_for_new_minute(pool: &PgPool) {
    let sql = "select extract(second from now()) < 30";
    while !sqlx::query_scalar::<_, bool>(sql).fetch_one(pool).await.unwrap() {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

async fn see(house: &House, walk: &Walk, case: Uuid, cases: &[Uuid]) -> Seen {
    wait_for_new_minute(&house.pool).await;
    let listening = Listening::begin();
    vote_for(house, case).await;
    let casting = listening.end();
    assert!(casting.contains("insert into ballot"), "the log was read");
    for form in [case.to_string(), case.simple().to_string()] {
        assert!(!casting.contains(&form), "the log names what was picked");
    }
    // The balance is read once for each size of the log, which is the same both times.
    house.backend.published_balance(&house.edition().await).await.unwrap();
    let listening = Listening::begin();
    let pages = walk.pages(house).await;
    let reading = said(&listening.end());
    assert!(reading.iter().any(|line| line.contains("request{")), "the log was read");
    let tables = tables(&house.pool, cases).await;
    Seen { casting: said(&casting), pages, reading, tables }
}

/// Compares entry by entry, so that a failure names the one that differs.
fn same<T: PartialEq + std::fmt::Debug>(first: &BTreeMap<String, T>, second: &BTreeMap<String, T>) {
    assert!(first.keys().eq(second.keys()), "something is there only once");
    for (name, seen) in first {
        assert_eq!(Some(seen), second.get(name), "{name} tells where the votes went");
    }
}

fn same_log(first: &BTreeSet<String>, second: &BTreeSet<String>) {
    let differ: Vec<_> = first.symmetric_difference(second).collect();
    assert!(differ.is_empty(), "the log tells where the votes went: {differ:#?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn before_the_close_nothing_shows_which_case_leads(pool: PgPool) {
    let house = season(&pool).await;
    let cases = cases(&pool).await;
    let walk = Walk::prepare(&house, &cases).await;
    house.backend.sequence_records().await.unwrap();
    keep(&pool).await;
    let first = see(&house, &walk, cases[0], &cases).await;
    // Two lines for the rules and the opening, one for the visitor's ballot, and the votes.
    let size = walk::size(&pool).await;
    assert_eq!(usize::try_from(size), Ok(3 + VOTES));
    put_back(&pool).await;
    let second = see(&house, &walk, cases[1], &cases).await;

    assert!(first.pages.len() > 400, "every row with everybody: {}", first.pages.len());
    for open in [
        format!("nobody /record/{SLUG}/tile/0/000.p/{size}"),
        format!("nobody /record/{SLUG}/tile/entries/000.p/{size}"),
        format!("observer /record/{SLUG}/entries/000.p/{size}"),
        format!("administrator /admin/{SLUG}/record"),
        format!("kiosk /editions/{SLUG}/vote/citizens"),
        format!("verified /editions/{SLUG}/vote/citizens/check"),
        format!("voted /editions/{SLUG}/vote/citizens/receipt"),
    ] {
        assert!(first.pages[&open].starts_with("200"), "{open}: {}", first.pages[&open]);
    }
    same(&first.pages, &second.pages);
    same(&first.tables, &second.tables);
    same_log(&first.casting, &second.casting);
    same_log(&first.reading, &second.reading);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_stored_length_shows_how_many_cases_were_picked(pool: PgPool) {
    let house = season(&pool).await;
    let cases = cases(&pool).await;
    for picks in [&cases[..1], &cases[..2], &cases[..]] {
        cast(&house, &proven(&house).await, picks).await;
    }
    house.backend.sequence_records().await.unwrap();
    assert_eq!(rows(&pool, "entry where ballot_id is not null").await, 3);
    for length in [
        "select count(distinct octet_length(sealed)) from ballot",
        "select count(distinct octet_length(commitment)) from ballot",
        "select count(distinct octet_length(line)) from entry where ballot_id is not null",
    ] {
        let lengths: i64 = sqlx::query_scalar(length).fetch_one(&pool).await.unwrap();
        assert_eq!(lengths, 1, "{length}");
    }
}

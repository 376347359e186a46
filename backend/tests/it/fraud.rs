//! The fraud checks: which ballots are held, what two people decide, what voters answer, and that the
//! balance is right in the counts and in the record.

mod appeals;
mod holds;
mod rulings;
mod second_proof;

use backend::Backend;
use backend::accounts::{Admin, Role};
use backend::editions::Edition;
use backend::fraud::{FraudGroup, GroupFilter, RulingProposal};
use chrono::TimeDelta;
use domain::fraud::RulingReason;
use domain::ids::BallotId;
use domain::schedule::Phase;
use sqlx::PgPool;
use uuid::Uuid;

use crate::record::published::sign_every_case;
use crate::support::{SLUG, account, backend, clock_to, season_in, stand_at, vote};

/// Ballots of the program in these tests: enough for one browser to stand out.
const FORGED: usize = 14;
/// Ballots of people.
const HONEST: usize = 6;

async fn run(pool: &PgPool, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

async fn cases(pool: &PgPool) -> Vec<Uuid> {
    let accepted = "select id from cases where state = 'accepted' order by id limit 3";
    sqlx::query_scalar(accepted).fetch_all(pool).await.unwrap()
}

/// Casts ballots of people: each on an own browser, with a script, at their own pace.
async fn people_vote(backend: &Backend, pool: &PgPool, edition: &Edition, number: usize) {
    let cases = cases(pool).await;
    for at in 0..number {
        vote(backend, pool, edition, &cases[..1]).await;
        let (page, code) = (20 + 17 * at, 9 + 5 * at);
        let traced = format!(
            r#"update ballot_trace set
                request = convert_to('{{"device":"{at:016x}","script_ran":true,"check_seconds":{page},
                    "assets_fetched":true,"fetch_headers":true,"language_header":true}}', 'UTF8'),
                proof = convert_to('{{"channel":"email","page_seconds":{page},"code_seconds":{code}}}', 'UTF8')
            where number = (select max(number) from ballot_trace)"#
        );
        run(pool, traced).await;
    }
}

/// Casts ballots as one program on one browser does. Returns them.
async fn program_votes(
    backend: &Backend,
    pool: &PgPool,
    edition: &Edition,
    number: usize,
) -> Vec<BallotId> {
    let cases = cases(pool).await;
    for _ in 0..number {
        vote(backend, pool, edition, &cases[1..2]).await;
        let traced = r#"update ballot_trace set
            request = convert_to('{"device":"ffffffffffffffff","check_seconds":1}', 'UTF8'),
            proof = convert_to('{"channel":"email","page_seconds":1,"code_seconds":1}', 'UTF8')
            where number = (select max(number) from ballot_trace)"#;
        run(pool, traced.to_owned()).await;
    }
    let forged = r#"select ballot_id from ballot_trace
        where convert_from(request, 'UTF8') like '%ffffffffffffffff%' order by number"#;
    sqlx::query_scalar(forged).fetch_all(pool).await.unwrap()
}

/// Opens a vote in which people and a program vote, and lets the job look at it.
async fn attacked(pool: &PgPool) -> (Backend, Edition, Vec<BallotId>) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    people_vote(&backend, pool, &edition, HONEST).await;
    let forged = program_votes(&backend, pool, &edition, FORGED).await;
    backend.check_ballots_for_fraud().await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    (backend, edition, forged)
}

/// Signs everything, closes the poll and ends the judging.
async fn to_the_counts(backend: &Backend, pool: &PgPool) -> Edition {
    let edition = stand_at(backend, Phase::Deliberation).await;
    sign_every_case(backend, pool).await;
    backend.close_due_polls(&edition).await.unwrap();
    write_lines(backend).await;
    backend.find_edition(SLUG).await.unwrap()
}

/// Lets the jobs work until every line is in the record.
async fn write_lines(backend: &Backend) {
    for _ in 0..3 {
        backend.sequence_records().await.unwrap();
        backend.check_ballots_for_fraud().await.unwrap();
    }
    backend.sequence_records().await.unwrap();
}

/// Moves the clock by more than the time that voters have to appeal.
async fn a_day_later(backend: &Backend) -> Edition {
    let now = backend.find_edition(SLUG).await.unwrap().now;
    clock_to(backend, now + TimeDelta::hours(25)).await
}

/// Two administrators with accounts.
async fn administrators(backend: &Backend, edition: &Edition) -> [Admin; 2] {
    let mut admins = Vec::new();
    for email in ["first@agency.example", "second@agency.example"] {
        let signed = account(backend, edition, Role::Administrator, email, "").await;
        admins.push(signed.require_admin().unwrap());
    }
    admins.try_into().unwrap()
}

/// The only group that is held.
async fn held_group(backend: &Backend, edition: &Edition) -> FraudGroup {
    let admin = Admin::local_operator();
    let waiting = GroupFilter::Waiting;
    let board = backend.fraud_board(&admin, edition.id, waiting, 1).await.unwrap();
    let [group] = board.groups.try_into().unwrap();
    group
}

fn proposal(group: &FraudGroup, reason: RulingReason) -> RulingProposal {
    RulingProposal {
        group: group.id,
        ballot: None,
        reason,
        note: String::new(),
        browser: String::new(),
    }
}

/// Rules on a group by two people, as the pages do.
async fn rule(backend: &Backend, edition: &Edition, admins: &[Admin; 2], of: RulingProposal) {
    let [first, second] = admins;
    let group = of.group;
    backend.open_fraud_evidence(first, edition, group, "").await.unwrap();
    backend.propose_ruling(first, edition, of).await.unwrap();
    let evidence = backend.open_fraud_evidence(second, edition, group, "").await.unwrap();
    let waits = evidence.rulings.iter().find(|ruling| ruling.confirmed_at.is_none()).unwrap();
    backend.confirm_ruling(second, edition, waits.id).await.unwrap();
}

/// Counts the ballots of the standings. Reading them is the first reading of counts.
async fn counted(backend: &Backend, edition: &Edition) -> u64 {
    let open = edition.deliberation_open().unwrap();
    let admin = Admin::local_operator();
    let result = backend.compute_standings(&admin, open, edition).await.unwrap();
    result.polls[0].ballots
}

/// What the record says about the poll, as `received = counted + held + excluded`.
async fn balance(backend: &Backend, edition: &Edition) -> String {
    let recorded = backend.published_balance(edition).await.unwrap().remove(0);
    let balance = recorded.balance.unwrap();
    let sum = balance.counted + balance.held + balance.excluded + balance.replaced;
    assert_eq!(balance.received, sum);
    format!("{} = {} + {} + {}", sum, balance.counted, balance.held, balance.excluded)
}

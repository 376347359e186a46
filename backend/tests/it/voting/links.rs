//! The link in a message with a code, which no stranger can use up, and what a code counts against:
//! the contact, its network and the budget, each in its own edition.

use backend::accounts::Admin;
use backend::budget::BudgetChange;
use backend::editions::{ClockMove, Edition, NewEdition};
use backend::keys::{TokenKind, random_token};
use backend::sms::TextBudget;
use backend::voting::{EnteredCode, VoterDeclaration, VoterToken};
use backend::{Backend, Error, Refusal};
use chrono::TimeDelta;
use domain::refusal::VotingRefusal;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

use super::aborts::cut_after;
use super::codes::pass;
use super::{NETWORK, ballot, cases, who};
use crate::polls::three_polls;
use crate::support::{
    SEASON, SLUG, backend, count, keep_tries, keys, newest_mail, published, season_in, until,
};

const EMAIL: &str = "voter@mail.example";
/// The networks of somebody who does not like this voter.
const STRANGE: [&str; 2] = ["198.51.100.1", "198.51.100.2"];
/// The network of the voter.
const HOME: &str = "203.0.113.40";

async fn send(
    backend: &Backend,
    edition: &Edition,
    contact: &str,
    network: &str,
) -> backend::Result<String> {
    let (open, poll) = (edition.voting_open().unwrap(), &edition.polls[0]);
    backend.send_code(open, edition, poll, &who(contact), network, Lang::Ko).await
}

/// Returns the secret of the link in the newest mail to this address.
async fn link(pool: &PgPool, email: &str) -> String {
    let mail = newest_mail(pool, email).await;
    let (_, rest) = mail.split_once("https://vote.example/code/").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Opens the vote by a link, in a browser that has no session yet.
async fn redeem(backend: &Backend, edition: &Edition, link: &str) -> backend::Result<String> {
    let of = (edition, &edition.polls[0]);
    let open = edition.voting_open().unwrap();
    backend.redeem_code_link(open, of, &who(""), (link, "")).await
}

async fn is_in(backend: &Backend, edition: &Edition, token: &str) -> bool {
    backend.verified_browser(&edition.polls[0], token).await.unwrap().is_some()
}

fn is_refused<T>(answer: &backend::Result<T>, why: &VotingRefusal) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::Voting(found))) if found == why)
}

/// Sends the five codes of a day to this contact, from two networks.
async fn use_up(backend: &Backend, pool: &PgPool, edition: &Edition) {
    for number in 0..5 {
        send(backend, edition, EMAIL, STRANGE[number / 3]).await.unwrap();
        pass(pool, "61 seconds").await;
        keep_tries(pool, "1 day").await;
        keep_tries(pool, "1 hour").await;
    }
    let sixth = send(backend, edition, EMAIL, HOME).await;
    assert!(is_refused(&sixth, &VotingRefusal::CodesUsedUp), "{sixth:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_owner_votes_by_the_link_when_strangers_have_used_up_the_codes(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    use_up(&backend, &pool, &edition).await;
    let link = link(&pool, EMAIL).await;
    let leads = backend.code_link_poll(&link).await.unwrap();
    assert_eq!(leads, (SLUG.to_owned(), "citizens".to_owned()));
    assert_eq!(count(&pool, "voter_session").await, 0, "looking opens nothing");
    let token = redeem(&backend, &edition, &link).await.unwrap();
    assert!(is_in(&backend, &edition, &token).await);
    let voter = VoterToken::with_cookie(&edition.polls[0], &token);
    let mine = ballot(&cases(&pool, &edition, 1).await);
    backend.cast_ballot(&voter, &edition, &mine).await.unwrap();
    assert_eq!(count(&pool, "ballot").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_link_works_once_and_not_after_the_code(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    send(&backend, &edition, EMAIL, HOME).await.unwrap();
    let link = link(&pool, EMAIL).await;
    let token = redeem(&backend, &edition, &link).await.unwrap();
    let again = redeem(&backend, &edition, &link).await;
    assert!(is_refused(&again, &VotingRefusal::CodeOver), "{again:?}");
    let looked = backend.code_link_poll(&link).await;
    assert!(is_refused(&looked, &VotingRefusal::CodeOver), "{looked:?}");
    assert!(is_in(&backend, &edition, &token).await, "the vote goes on");
    assert_eq!(count(&pool, "voter_session").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_link_is_good_for_the_other_polls_of_the_contact_too(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    send(&backend, &edition, EMAIL, HOME).await.unwrap();
    let link = link(&pool, EMAIL).await;
    let token = redeem(&backend, &edition, &link).await.unwrap();
    for poll in &edition.polls {
        let voter = backend.verified_browser(poll, &token).await.unwrap();
        assert!(voter.is_some(), "{}", poll.slug());
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_link_that_is_old_made_up_or_of_another_poll_opens_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = three_polls(&backend, Phase::Voting).await;
    send(&backend, &edition, EMAIL, HOME).await.unwrap();
    let link = link(&pool, EMAIL).await;
    let hash: Vec<u8> =
        sqlx::query_scalar("select link_hash from challenge").fetch_one(&pool).await.unwrap();
    let never_sent = keys().issue_token(TokenKind::CodeLink);
    let other_kind = keys().issue_token(TokenKind::Voter);
    for made_up in ["", "x", &hex::encode(hash), &random_token(), &never_sent, &other_kind] {
        let answer = redeem(&backend, &edition, made_up).await;
        assert!(is_refused(&answer, &VotingRefusal::CodeOver), "{made_up}: {answer:?}");
    }
    let (open, elsewhere) = (edition.voting_open().unwrap(), (&edition, &edition.polls[1]));
    let answer = backend.redeem_code_link(open, elsewhere, &who(""), (&link, "")).await;
    assert!(is_refused(&answer, &VotingRefusal::CodeOver), "{answer:?}");
    let silent = VoterDeclaration { consent: false, ..who("") };
    let here = (&edition, &edition.polls[0]);
    let answer = backend.redeem_code_link(open, here, &silent, (&link, "")).await;
    assert!(is_refused(&answer, &VotingRefusal::ConsentMissing), "{answer:?}");
    let lives = "challenge where link_expires_at > now() + interval '23 hours'
        and link_expires_at <= now() + interval '24 hours'";
    assert_eq!(count(&pool, lives).await, 1, "a day");
    let day = "update challenge set link_expires_at = link_expires_at - interval '1 day'";
    sqlx::query(day).execute(&pool).await.unwrap();
    let late = redeem(&backend, &edition, &link).await;
    assert!(is_refused(&late, &VotingRefusal::CodeOver), "{late:?}");
    assert_eq!(count(&pool, "voter_session").await, 0);
    assert_eq!(count(&pool, "challenge where used_at is not null").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_codes_of_one_edition_do_not_count_in_another(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    use_up(&backend, &pool, &edition).await;
    let admin = Admin::local_operator();
    let file = SEASON.replacen(SLUG, "daejeon-2025", 1);
    backend.create_edition(&admin, &NewEdition { file, rehearsal: true }).await.unwrap();
    let next = backend.find_edition("daejeon-2025").await.unwrap();
    backend.publish_edition(&admin, &next).await.unwrap();
    let to = ClockMove::To(next.schedule.windows.voting.opens + TimeDelta::seconds(2));
    backend.move_clock(&admin, &next, to).await.unwrap();
    let next = backend.find_edition("daejeon-2025").await.unwrap();
    send(&backend, &next, EMAIL, HOME).await.unwrap();
    // Not even the budget is shared.
    pass(&pool, "61 seconds").await;
    let five = BudgetChange { codes_per_hour: Some(5), ..BudgetChange::default() };
    backend.set_budget(&Admin::local_operator(), five).await.unwrap();
    let here = send(&backend, &edition, "other@mail.example", HOME).await;
    assert!(is_refused(&here, &VotingRefusal::CodesPaused), "{here:?}");
    send(&backend, &next, "other@mail.example", HOME).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_last_half_of_the_budget_is_for_networks_whose_codes_come_back(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    for number in 0..8 {
        send(&backend, &edition, &format!("v{number}@mail.example"), STRANGE[0]).await.unwrap();
        keep_tries(&pool, "1 hour").await;
    }
    for number in 0..6 {
        let email = format!("w{number}@mail.example");
        let browser = send(&backend, &edition, &email, STRANGE[1]).await.unwrap();
        keep_tries(&pool, "1 hour").await;
        if number > 0 {
            continue;
        }
        let text = newest_mail(&pool, &email).await;
        let code = text.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok());
        let code = code.unwrap().to_owned();
        let (open, network) = (edition.voting_open().unwrap(), STRANGE[1]);
        let entered = EnteredCode { browser: &browser, code: &code, held: "", network };
        backend.verify_code(open, &edition, &edition.polls[0], entered).await.unwrap();
        keep_tries(&pool, "1 hour").await;
    }
    // Half of 28 codes is left.
    let most = |codes_per_hour| BudgetChange { codes_per_hour, ..BudgetChange::default() };
    backend.set_budget(&Admin::local_operator(), most(Some(28))).await.unwrap();
    assert_eq!(backend.current_budget().await.unwrap().codes_per_hour, 28);
    let greedy = send(&backend, &edition, "a@mail.example", STRANGE[0]).await;
    assert!(is_refused(&greedy, &VotingRefusal::CodesPaused), "{greedy:?}");
    send(&backend, &edition, "a@mail.example", HOME).await.expect("this network has used little");
    keep_tries(&pool, "1 hour").await;
    send(&backend, &edition, "c@mail.example", STRANGE[1]).await.expect("one of six came back");
    keep_tries(&pool, "1 hour").await;
    // An operator changes the number while the program runs.
    backend.set_budget(&Admin::local_operator(), most(Some(1))).await.unwrap();
    let paused = send(&backend, &edition, "b@mail.example", HOME).await;
    assert!(is_refused(&paused, &VotingRefusal::CodesPaused), "{paused:?}");
    backend.set_budget(&Admin::local_operator(), BudgetChange::default()).await.unwrap();
    send(&backend, &edition, "b@mail.example", STRANGE[0]).await.unwrap();
    assert_eq!(count(&pool, "mail").await, 17);
}

/// Opens the vote of a season whose voters are known by their mobile numbers, and which has no
/// money for text messages.
async fn penniless(pool: &PgPool) -> (Backend, Edition) {
    let none = TextBudget { per_edition: 0, ..TextBudget::default() };
    let backend = backend(pool.clone()).with_text_budget(none);
    let file = SEASON.replacen(r#""identity": "email""#, r#""identity": "mobile""#, 1);
    assert_ne!(file, SEASON);
    let edition = published(&backend, file, Phase::Voting).await;
    (backend, edition)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_cannot_be_sent_counts_against_nobody(pool: PgPool) {
    let (backend, edition) = penniless(&pool).await;
    for _ in 0..10 {
        let answer = send(&backend, &edition, "01012345678", NETWORK).await;
        assert!(is_refused(&answer, &VotingRefusal::TextsPaused), "{answer:?}");
    }
    assert!(count(&pool, "attempt").await >= 4, "the contact, its network and all were counted");
    assert_eq!(count(&pool, "attempt where tries <> 0").await, 0);
    assert_eq!(count(&pool, "challenge").await, 0);
    // An operator finds money while the program runs.
    let money = BudgetChange { texts_per_edition: Some(1_000), ..BudgetChange::default() };
    backend.set_budget(&Admin::local_operator(), money).await.unwrap();
    send(&backend, &edition, "01012345678", NETWORK).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_request_that_is_dropped_gives_back_what_it_took(pool: PgPool) {
    let (backend, edition) = penniless(&pool).await;
    let asked = send(&backend, &edition, "01012345678", NETWORK);
    assert!(cut_after(0, asked).await, "it was dropped unfinished");
    until("everything is given back", async || {
        count(&pool, "attempt").await >= 4 && count(&pool, "attempt where tries <> 0").await == 0
    })
    .await;
}

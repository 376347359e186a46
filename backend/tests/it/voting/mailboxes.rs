//! One mailbox is one voter where the rules say so, and one mail domain has an allowance of voters.

use backend::accounts::Admin;
use backend::editions::{Edition, Poll};
use backend::voting::{CastOutcome, ContactShare, EnteredCode};
use backend::{Backend, Error, Refusal};
use domain::refusal::VotingRefusal;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::codes::pass;
use super::{NETWORK, back, ballot, cases, challenge, challenge_in, voter, who, wide};
use crate::polls::three_polls;
use crate::support::{
    SEASON, SLUG, backend, count, keep_tries, poll_with, published, season_in, stand_at,
};

/// One mailbox at Google.
const SPELLINGS: [&str; 3] = ["Kim.Lee+1@gmail.com", "kimlee@googlemail.com", "kimlee@gmail.com"];

/// Casts a ballot from each spelling and returns whether it was accepted.
async fn cast_from_spellings(pool: &PgPool, file: String) -> Vec<bool> {
    let backend = backend(pool.clone());
    let edition = published(&backend, file, Phase::Voting).await;
    let picks = cases(pool, &edition, 1).await;
    let mut accepted = Vec::new();
    for spelling in SPELLINGS {
        // The code is read from the mail to the address as typed.
        let voter = voter(&backend, pool, &edition, spelling).await;
        let cast = backend.cast_ballot(&voter, &edition, &ballot(&picks)).await.unwrap();
        accepted.push(matches!(cast, CastOutcome::Accepted(_)));
        pass(pool, "61 seconds").await;
    }
    accepted
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn all_spellings_of_a_mailbox_have_one_ballot_where_they_are_folded(pool: PgPool) {
    assert_eq!(cast_from_spellings(&pool, SEASON.to_owned()).await, [true, false, false]);
    assert_eq!(count(&pool, "ballot").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn each_spelling_of_a_mailbox_has_a_ballot_where_none_is_folded(pool: PgPool) {
    let file = poll_with(r#""fold_aliases": false"#);
    assert_eq!(cast_from_spellings(&pool, file).await, [true, true, true]);
    assert_eq!(count(&pool, "ballot").await, 3);
}

async fn send(backend: &Backend, edition: &Edition, contact: &str) -> backend::Result<String> {
    send_from(backend, edition, contact, NETWORK).await
}

async fn send_from(
    backend: &Backend,
    edition: &Edition,
    contact: &str,
    network: &str,
) -> backend::Result<String> {
    let open = edition.voting_open().unwrap();
    let poll = &edition.polls[0];
    backend.send_code(open, edition, poll, &who(contact), network, Lang::Ko).await
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_folded_mailbox_gets_five_codes_a_day_however_it_is_spelled(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    for number in 1..=5 {
        // One network gets three of them.
        let network = if number > 3 { "203.0.113.21" } else { NETWORK };
        let contact = format!("kim+{number}@mail.example");
        let sent = send_from(&backend, &edition, &contact, network).await;
        assert!(sent.is_ok(), "{number}");
        let soon = send(&backend, &edition, "kim@mail.example").await;
        assert!(
            matches!(
                soon,
                Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeJustSent { .. })))
            ),
            "the pause is the mailbox's too"
        );
        pass(&pool, "61 seconds").await;
        keep_tries(&pool, "1 day").await;
    }
    let sixth = send_from(&backend, &edition, "kim+6@mail.example", "203.0.113.22").await;
    assert!(
        matches!(sixth, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodesUsedUp)))),
        "{sixth:?}"
    );
    assert!(send(&backend, &edition, "lee@mail.example").await.is_ok());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn without_folding_each_spelling_has_codes_of_its_own(pool: PgPool) {
    let backend = backend(pool.clone());
    let file = poll_with(r#""fold_aliases": false"#);
    let edition = published(&backend, file, Phase::Voting).await;
    for number in 1..=6 {
        let sent = send(&backend, &edition, &format!("kim+{number}@mail.example")).await;
        assert!(sent.is_ok(), "{number}");
    }
}

/// Returns the keys of all counters.
async fn counters(pool: &PgPool) -> Vec<Vec<u8>> {
    sqlx::query_scalar("select distinct key from attempt").fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_mail_domain_has_an_allowance_of_verified_voters(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let verify = async |browser: &str, code: &str| {
        backend.verify_code(open, &edition, &edition.polls[0], back(browser, code)).await
    };
    let (first, first_code) = challenge(&backend, &pool, &edition, "a@catchall.example").await;
    let (second, second_code) = challenge(&backend, &pool, &edition, "b@x.catchall.example").await;
    let before = counters(&pool).await;
    verify(&first, &first_code).await.unwrap();
    let mut new = counters(&pool).await;
    new.retain(|key| !before.contains(key));
    assert_eq!(new.len(), 1, "a verified voter is counted, a code that was sent is not");
    let used_up = "update attempt set tries = 300 where key = $1";
    sqlx::query(used_up).bind(&new[0]).execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    // A code on its way is refused, and so is a new one.
    let late = verify(&second, &second_code).await;
    let full = |refused: &Error| {
        matches!(refused, Error::Refused(Refusal::Voting(VotingRefusal::DomainUsedUp)))
    };
    assert!(full(&late.unwrap_err()));
    assert_eq!(count(&pool, "voter_session").await, 1);
    let asked = send(&backend, &edition, "c@catchall.example").await;
    assert!(full(&asked.unwrap_err()));
    assert_eq!(count(&pool, "mail").await, 2);
    // Another domain has its own allowance, and the refused code is good in the next hour.
    assert!(send(&backend, &edition, "d@other.example").await.is_ok());
    sqlx::query("delete from attempt where key = $1").bind(&new[0]).execute(&pool).await.unwrap();
    verify(&second, &second_code).await.unwrap();
    assert_eq!(count(&pool, "voter_session").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn voters_of_a_large_provider_are_not_counted(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let (browser, code) = challenge(&backend, &pool, &edition, "kim@naver.com").await;
    let before = counters(&pool).await.len();
    let open = edition.voting_open().unwrap();
    backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &code)).await.unwrap();
    assert_eq!(counters(&pool).await.len(), before);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_is_sent_many_times_at_once_counts_one_voter(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, "kim@mail.example").await;
    let before = counters(&pool).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (backend, edition) = (backend.clone(), edition.clone());
            let (browser, code) = (browser.clone(), code.clone());
            tokio::spawn(async move {
                backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &code)).await
            })
        })
        .collect();
    let mut opened = 0;
    for task in tasks {
        opened += i32::from(task.await.unwrap().is_ok());
    }
    assert_eq!(opened, 5, "as often as a code may be tried");
    assert_eq!(count(&pool, "voter_session").await, 1);
    let counted = "select coalesce(sum(tries), 0) from attempt where key <> all ($1)";
    let counted: i64 = sqlx::query_scalar(counted).bind(before).fetch_one(&pool).await.unwrap();
    assert_eq!(counted, 1);
    assert_eq!(count(&pool, "contact_share where codes = 1").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn codes_are_counted_by_domain_and_shown_once_the_poll_is_closed(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season_in(&backend, Phase::Voting).await;
    challenge(&backend, &pool, &edition, "never@mail.example").await;
    assert_eq!(count(&pool, "contact_share").await, 0, "a code that did not come back");
    for number in 0..10 {
        let tag = if number < 2 { "+tag" } else { "" };
        let host = if number < 5 { "mail.example" } else { "sub.mail.example" };
        voter(&backend, &pool, &edition, &format!("voter{number}{tag}@{host}")).await;
    }
    for rare in ["kim@kim.example", "lee+1@lee.example"] {
        voter(&backend, &pool, &edition, rare).await;
    }
    assert_eq!(count(&pool, "contact_share").await, 3);
    let edition = stand_at(&backend, Phase::Deliberation).await;
    let open = edition.deliberation_open().unwrap();
    let shown = backend.contact_shares(&admin, open, edition.id).await.unwrap();
    assert_eq!(shown, [], "the record has not closed the poll");
    backend.close_due_polls(&edition).await.unwrap();
    let share = |domain: Option<&str>, codes, tagged| ContactShare {
        poll: "citizens".to_owned(),
        domain: domain.map(str::to_owned),
        codes,
        tagged,
    };
    let shown = backend.contact_shares(&admin, open, edition.id).await.unwrap();
    assert_eq!(shown, [share(Some("mail.example"), 10, 2), share(None, 2, 1)]);
    let rare = "contact_share where domain in ('kim.example', 'lee.example')";
    assert_eq!(count(&pool, rare).await, 0, "a rare domain is forgotten at the close");
}

/// Verifies this contact in a poll, and returns the polls that the browser may vote in.
async fn proven_polls(
    pool: &PgPool,
    backend: &Backend,
    (edition, poll): (&Edition, &Poll),
    contact: &str,
) -> Vec<String> {
    let (browser, code) = challenge_in(backend, pool, (edition, poll), contact).await;
    let open = edition.voting_open().unwrap();
    let entered = EnteredCode { browser: &browser, code: &code, ..EnteredCode::default() };
    let token = backend.verify_code(open, edition, poll, entered).await.unwrap();
    pass(pool, "61 seconds").await;
    let mut proven = Vec::new();
    for poll in &edition.polls {
        if backend.verified_browser(poll, &token).await.unwrap().is_some() {
            proven.push(poll.slug().to_owned());
        }
    }
    proven
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_mailbox_proven_where_it_is_folded_proves_no_spelling_elsewhere(pool: PgPool) {
    let backend = backend(pool.clone());
    three_polls(&backend, Phase::Voting).await;
    let exact = "update edition
        set rulebook = jsonb_set(rulebook, '{polls,1,fold_aliases}', 'false')";
    sqlx::query(exact).execute(&pool).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    let [folded, exact, _] = &edition.polls[..] else { panic!("three polls") };
    assert!(folded.rules.fold_aliases && !exact.rules.fold_aliases);
    let mine = "kim+1@mail.example";
    let proven = proven_polls(&pool, &backend, (&edition, folded), mine).await;
    assert_eq!(proven, ["services", "seats"], "only the mailbox was proven, not a spelling");
    let proven = proven_polls(&pool, &backend, (&edition, exact), mine).await;
    assert_eq!(proven, ["services", "places", "seats"]);
}

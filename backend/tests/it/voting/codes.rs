//! Codes: five tries, five minutes, one session, one browser, five codes a day.

use domain::refusal::VotingRefusal;
use std::collections::HashSet;

use backend::voting::{CastOutcome, VoterDeclaration};
use backend::{Error, Refusal};
use domain::schedule::Phase;
use domain::text::FieldProblem;
use phrases::Lang;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{NETWORK, back, ballot, cases, challenge, voter, who, wide, wrong};
use crate::support::{backend, count, keep_tries, mails, newest_mail, season_in};

const EMAIL: &str = "voter@mail.example";

/// Moves the times of every code back, as if this much time had passed since it was sent.
pub(super) async fn pass(pool: &PgPool, time: &'static str) {
    for sql in [
        format!("update challenge set expires_at = expires_at - interval '{time}'"),
        format!("update contact_rest set until = until - interval '{time}'"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_fifth_wrong_code_ends_the_code_and_the_right_one_comes_too_late(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    for not_a_code in ["", "12345", "one two", "1234567"] {
        let answer = backend
            .verify_code(open, &edition, &edition.polls[0], back(&browser, not_a_code))
            .await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{not_a_code:?} costs no try");
    }
    for left in (1..=4).rev() {
        let answer = backend
            .verify_code(open, &edition, &edition.polls[0], back(&browser, &wrong(&code)))
            .await;
        let Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeWrong { left: told }))) = answer
        else {
            panic!("{answer:?}")
        };
        assert_eq!(told, left);
    }
    let fifth =
        backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &wrong(&code))).await;
    assert!(
        matches!(fifth, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeTriesUsed)))),
        "{fifth:?}"
    );
    let sixth = backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &code)).await;
    assert!(
        matches!(sixth, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))),
        "{sixth:?}"
    );
    assert_eq!(count(&pool, "voter_session").await, 0);
    pass(&pool, "61 seconds").await;
    voter(&backend, &pool, &edition, EMAIL).await;
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_hundred_guesses_at_once_are_five_tries(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    let guesses: Vec<_> = (0..100)
        .map(|_| {
            let (backend, edition) = (backend.clone(), edition.clone());
            let (browser, guess) = (browser.clone(), wrong(&code));
            tokio::spawn(async move {
                backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &guess)).await
            })
        })
        .collect();
    let mut looked_at = Vec::new();
    for guess in guesses {
        match guess.await.unwrap() {
            Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeWrong { left }))) => {
                looked_at.push(left)
            }
            Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeTriesUsed))) => looked_at.push(0),
            Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver))) => {}
            other => panic!("{other:?}"),
        }
    }
    looked_at.sort_unstable();
    assert_eq!(looked_at, [0, 1, 2, 3, 4]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_is_sent_many_times_at_once_leaves_one_session(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (backend, edition) = (backend.clone(), edition.clone());
            let (browser, code) = (browser.clone(), code.clone());
            tokio::spawn(async move {
                backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &code)).await
            })
        })
        .collect();
    let mut sessions = HashSet::new();
    for task in tasks {
        sessions.extend(task.await.unwrap());
    }
    assert_eq!(sessions.len(), 1, "each of the five tries opened the same one");
    assert_eq!(count(&pool, "voter_session").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_same_code_from_the_same_browser_gets_in_again_because_an_answer_may_be_lost(
    pool: PgPool,
) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let (open, poll) = (edition.voting_open().unwrap(), &edition.polls[0]);
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    let enter = async || backend.verify_code(open, &edition, poll, back(&browser, &code)).await;
    let is_in = async |token: &str| backend.verified_browser(poll, token).await.unwrap().is_some();
    let lost = enter().await.unwrap();
    let second = enter().await.unwrap();
    assert!(is_in(&second).await);
    assert_eq!(second, lost, "the same session");
    let used = "update challenge set used_at = used_at - interval '5 minutes 1 second'";
    sqlx::query(used).execute(&pool).await.unwrap();
    let late = enter().await;
    assert!(
        matches!(late, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))),
        "{late:?}"
    );
    assert!(is_in(&second).await, "a code that is over ends nothing");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_is_invalid_in_another_browser_or_poll_and_after_its_time(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    let (theirs, _) = challenge(&backend, &pool, &edition, "other@mail.example").await;
    let answer = backend.verify_code(open, &edition, &edition.polls[0], back(&theirs, &code)).await;
    assert!(matches!(
        answer,
        Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeWrong { .. })))
    ));
    for unknown in ["", "0000", &browser[1..]] {
        let answer =
            backend.verify_code(open, &edition, &edition.polls[0], back(unknown, &code)).await;
        assert!(matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))));
    }
    let stored: Vec<u8> = sqlx::query_scalar("select browser_hash from challenge limit 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    let answer = backend
        .verify_code(open, &edition, &edition.polls[0], back(&hex::encode(stored), &code))
        .await;
    assert!(answer.is_err(), "what the database holds opens nothing");
    pass(&pool, "15 minutes 1 second").await;
    let answer =
        backend.verify_code(open, &edition, &edition.polls[0], back(&browser, &code)).await;
    assert!(matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeOver)))));
    assert_eq!(count(&pool, "voter_session").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_contact_gets_three_codes_a_day_from_a_network_and_five_in_all(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let send = async |contact: &str, network: &str| {
        let poll = &edition.polls[0];
        backend.send_code(open, &edition, poll, &who(contact), network, Lang::Ko).await
    };
    let used_up = |sent: backend::Result<String>| {
        let used_up = Refusal::Voting(VotingRefusal::CodesUsedUp);
        assert!(matches!(&sent, Err(Error::Refused(why)) if *why == used_up), "{sent:?}");
    };
    let (second, third) = ("203.0.113.21", "203.0.113.22");
    for (spelling, network) in [
        (EMAIL, NETWORK),
        ("VOTER@mail.example", NETWORK),
        (" voter@MAIL.example ", NETWORK),
        (EMAIL, second),
        (EMAIL, second),
    ] {
        assert!(send(spelling, network).await.is_ok(), "{spelling:?}");
        let soon = send(EMAIL, third).await;
        let Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeJustSent { seconds }))) = soon
        else {
            panic!("{soon:?}")
        };
        assert!((1..=60).contains(&seconds), "{seconds}");
        pass(&pool, "60 seconds").await;
        keep_tries(&pool, "1 day").await;
        if count(&pool, "mail").await == 3 {
            used_up(send(EMAIL, NETWORK).await);
        }
    }
    used_up(send(EMAIL, third).await);
    assert_eq!(count(&pool, "mail").await, 5);
    assert!(send("other@mail.example", NETWORK).await.is_ok());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn without_consent_age_or_an_address_no_code_is_sent(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let ask = async |form: VoterDeclaration| {
        backend
            .send_code(open, &edition, &edition.polls[0], &form, NETWORK, Lang::Ko)
            .await
            .unwrap_err()
    };
    let error = ask(VoterDeclaration { consent: false, ..who(EMAIL) }).await;
    assert!(matches!(error, Error::Refused(Refusal::Voting(VotingRefusal::ConsentMissing))));
    let error = ask(VoterDeclaration { of_age: false, ..who(EMAIL) }).await;
    assert!(matches!(
        error,
        Error::Refused(Refusal::Voting(VotingRefusal::AgeMissing { age: 14 }))
    ));
    for (address, problem) in [
        ("", FieldProblem::Missing),
        ("no address", FieldProblem::Malformed),
        ("a@b.example\r\nBcc: c@d.example", FieldProblem::Malformed),
    ] {
        let error = ask(who(address)).await;
        assert!(matches!(&error, Error::Invalid(f) if f[0].problem == problem), "{error:?}");
    }
    assert_eq!(count(&pool, "mail").await, 0);
    assert_eq!(count(&pool, "attempt").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_voter_who_has_voted_gets_the_same_answer_and_the_receipt_after_the_code(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let first = voter(&backend, &pool, &edition, EMAIL).await;
    let cases = cases(&pool, &edition, 2).await;
    let Ok(CastOutcome::Accepted(receipt)) =
        backend.cast_ballot(&first, &edition, &ballot(&cases)).await
    else {
        panic!("the first ballot is accepted")
    };
    pass(&pool, "61 seconds").await;
    let again = voter(&backend, &pool, &edition, "Voter@Mail.Example").await;
    assert_eq!(backend.voter_receipt(&again).await.unwrap(), Some(receipt));
    let answer = backend.cast_ballot(&again, &edition, &ballot(&cases[..1])).await.unwrap();
    assert_eq!(answer, CastOutcome::AlreadyVoted(receipt));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_voters_session_ends_after_two_hours_or_when_they_leave(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let open = edition.voting_open().unwrap();
    let (browser, code) = challenge(&backend, &pool, &edition, EMAIL).await;
    let token = backend
        .verify_code(open, &edition, &edition.polls[0], back(&browser, &code))
        .await
        .unwrap();
    assert!(backend.verified_browser(&edition.polls[0], &token).await.unwrap().is_some());
    let move_on =
        "update voter_session set expires_at = expires_at - interval '2 hours 30 minutes'";
    sqlx::query(move_on).execute(&pool).await.unwrap();
    assert!(backend.verified_browser(&edition.polls[0], &token).await.unwrap().is_none());
    sqlx::query("update voter_session set expires_at = now() + interval '1 hour'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(backend.verified_browser(&edition.polls[0], &token).await.unwrap().is_some());
    backend.end_voter_sessions(&token).await.unwrap();
    assert!(backend.verified_browser(&edition.polls[0], &token).await.unwrap().is_none());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_is_asked_for_twice_at_once_is_one_code_that_works(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let (open, poll) = (edition.voting_open().unwrap(), &edition.polls[0]);
    let ask = async |browser: &str, held: &str| {
        let form =
            VoterDeclaration { browser: browser.to_owned(), held: held.to_owned(), ..who(EMAIL) };
        backend.send_code(open, &edition, poll, &form, NETWORK, Lang::Ko).await
    };
    let (one, other) = tokio::join!(ask("phone", ""), ask("phone", ""));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(mails(&pool).await.len(), 1, "one message");
    // The last answer can use it. Which one that is depends on who was first.
    let mail = newest_mail(&pool, EMAIL).await;
    let code = mail.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap();
    let works = async |browser: &str| {
        backend.verify_code(open, &edition, poll, back(browser, code)).await.is_ok()
    };
    let just_sent = |answer: backend::Result<String>| {
        matches!(answer, Err(Error::Refused(Refusal::Voting(VotingRefusal::CodeJustSent { .. }))))
    };
    // Another browser, one without a number, and this one once it has the answer are told to wait.
    assert!(just_sent(ask("another", "").await));
    assert!(just_sent(ask("", "").await));
    let newest = ask("phone", "lost").await.unwrap();
    assert!(just_sent(ask("phone", &newest).await));
    assert!(!works(&one).await && !works(&other).await, "earlier answers are over");
    assert!(works(&newest).await);
    assert!(just_sent(ask("phone", "").await), "a code that was typed is not handed on");
    assert_eq!(mails(&pool).await.len(), 1);
}

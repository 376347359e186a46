//! Rolls: which labels are accepted, what each code opens, and that one entry has one vote.

use backend::accounts::Admin;
use backend::editions::Edition;
use backend::voting::roll::{AddedLabels, CodesToPrint, PrintBatch, ShownCode};
use backend::voting::{CastOutcome, VoterToken};
use backend::{Backend, Error, Refusal};
use domain::roll::{RollLabel, RollRefusal};
use domain::schedule::Phase;
use domain::text::FieldProblem;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::aborts::cut_after;
use super::{NETWORK, ballot, cases, wide};
use crate::support::{
    SEASON, SLUG, backend, count, keep_tries, poll_with, published, stand_at, until,
};

/// Publishes the season of 2024 with a roll instead of addresses, before its vote.
async fn season(backend: &Backend) -> Edition {
    published(backend, with_roll(SEASON), Phase::Screening).await
}

fn with_roll(file: &str) -> String {
    let changed = file.replacen("\"identity\": \"email\"", "\"identity\": \"roll\"", 1);
    assert_ne!(changed, file);
    changed
}

fn labels(names: &[&str]) -> Vec<RollLabel> {
    names.iter().map(|name| RollLabel::parse_roll_label(name).unwrap()).collect()
}

async fn add(backend: &Backend, edition: &Edition, names: &[&str]) -> AddedLabels {
    let poll = &edition.polls[0];
    backend.add_to_roll(&Admin::local_operator(), edition, poll, labels(names)).await.unwrap()
}

async fn draw(backend: &Backend, edition: &Edition, which: CodesToPrint) -> PrintBatch {
    backend
        .draw_roll_codes(&Admin::local_operator(), edition, &edition.polls[0], which)
        .await
        .unwrap()
}

async fn issue(backend: &Backend, edition: &Edition, printing: &PrintBatch) -> Result<(), Error> {
    backend.issue_roll_codes(&Admin::local_operator(), edition, &edition.polls[0], printing).await
}

/// Prints codes for these entries and returns them in the order of the roll.
async fn print(backend: &Backend, edition: &Edition, which: CodesToPrint) -> Vec<String> {
    let printing = draw(backend, edition, which).await;
    issue(backend, edition, &printing).await.unwrap();
    printing.slips.iter().map(|slip| slip.code.groups_of_four().join("-")).collect()
}

async fn show(backend: &Backend, edition: &Edition, code: &str) -> Result<String, Error> {
    enter(backend, edition, ShownCode { code, held: "", take_over: false }).await
}

async fn enter(backend: &Backend, edition: &Edition, code: ShownCode<'_>) -> Result<String, Error> {
    let open = edition.voting_open().unwrap();
    backend.enter_by_roll_code(open, edition, &edition.polls[0], code, NETWORK).await
}

async fn voter(backend: &Backend, edition: &Edition, token: &str) -> Option<VoterToken> {
    backend.verified_browser(&edition.polls[0], token).await.unwrap()
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Error>) -> RollRefusal {
    match answer {
        Err(Error::Refused(Refusal::Roll(why))) => why,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_opens_one_session_and_stores_one_ballot(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    assert_eq!(add(&backend, &edition, &["101동 101호", "101동 102호"]).await, AddedLabels::All(2));
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let picks = cases(&pool, &edition, 1).await;

    let first = show(&backend, &edition, &codes[0].to_lowercase()).await.unwrap();
    assert_eq!(refusal(show(&backend, &edition, &codes[0]).await), RollRefusal::InUse);
    // The browser that holds the session may send its code again.
    let again = ShownCode { code: &codes[0], held: &first, take_over: false };
    let second = enter(&backend, &edition, again).await.unwrap();
    assert!(voter(&backend, &edition, &first).await.is_none(), "the old secret has ended");
    // Another browser may take over, and then the first one has no session.
    let over = ShownCode { code: &codes[0], held: "", take_over: true };
    let third = enter(&backend, &edition, over).await.unwrap();
    assert!(voter(&backend, &edition, &second).await.is_none());
    let who = voter(&backend, &edition, &third).await.unwrap();
    let cast = backend.cast_ballot(&who, &edition, &ballot(&picks)).await.unwrap();
    assert!(matches!(cast, CastOutcome::Accepted(_)));
    assert_eq!(refusal(show(&backend, &edition, &codes[0]).await), RollRefusal::Used);
    assert_eq!(refusal(enter(&backend, &edition, over).await), RollRefusal::Used);
    let other = show(&backend, &edition, &codes[1]).await.unwrap();
    let who = voter(&backend, &edition, &other).await.unwrap();
    backend.cast_ballot(&who, &edition, &ballot(&picks)).await.unwrap();
    assert_eq!(count(&pool, "ballot").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_session_that_ended_without_a_ballot_is_opened_again_by_the_same_code(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let first = show(&backend, &edition, &codes[0]).await.unwrap();
    sqlx::query("update voter_session set expires_at = now()").execute(&pool).await.unwrap();
    assert!(voter(&backend, &edition, &first).await.is_none());
    let second = show(&backend, &edition, &codes[0]).await.unwrap();
    assert!(voter(&backend, &edition, &second).await.is_some());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn forty_browsers_that_show_one_code_at_once_open_one_session(
    options: PgPoolOptions,
    connect: PgConnectOptions,
) {
    let pool = wide(options, connect).await;
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (backend, edition, code) = (backend.clone(), edition.clone(), codes[0].clone());
        tasks.spawn(async move { show(&backend, &edition, &code).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.into_iter().filter(Result::is_err);
    assert!(refused.map(refusal).all(|why| why == RollRefusal::InUse));
    assert_eq!(count(&pool, "voter_session").await, 1);
}

/// Adds a second poll with the rules of the first.
async fn second_poll(pool: &PgPool, backend: &Backend) -> Edition {
    for sql in [
        "update edition set rulebook = jsonb_set(rulebook, '{polls,1}',
            rulebook->'polls'->0 || '{\"slug\":\"hall\"}')",
        "insert into poll (id, edition_id, slug, position)
            select gen_random_uuid(), id, 'hall', 1 from edition",
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
    backend.find_edition(SLUG).await.unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_is_wrong_void_or_of_another_poll_says_so_and_opens_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    season(&backend).await;
    let edition = second_poll(&pool, &backend).await;
    add(&backend, &edition, &["A1", "A2", "A3"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let hall = &edition.polls[1];
    backend.add_to_roll(&admin, &edition, hall, labels(&["A1"])).await.unwrap();
    let drawn =
        backend.draw_roll_codes(&admin, &edition, hall, CodesToPrint::Waiting).await.unwrap();
    let unissued = drawn.slips[0].code.groups_of_four().concat();
    let edition = stand_at(&backend, Phase::Voting).await;
    let hall = &edition.polls[1];
    assert_eq!(refusal(show(&backend, &edition, &unissued).await), RollRefusal::Unknown);
    backend.issue_roll_codes(&admin, &edition, hall, &drawn).await.unwrap();
    assert_eq!(refusal(show(&backend, &edition, &unissued).await), RollRefusal::Foreign);

    for (typed, problem) in [("", FieldProblem::Missing), ("1234", FieldProblem::Malformed)] {
        let answer = show(&backend, &edition, typed).await;
        assert!(matches!(answer, Err(Error::Invalid(faults)) if faults[0].problem == problem));
    }
    let none = "0000-0000-0000-0000";
    assert_eq!(refusal(show(&backend, &edition, none).await), RollRefusal::Unknown);
    let entries =
        backend.roll_overview(&admin, &edition, &edition.polls[0], "A2").await.unwrap().shown;
    let (two, all) = (entries[0].id, &edition.polls[0]);
    let open = show(&backend, &edition, &codes[1]).await.unwrap();
    backend.void_roll_entry(&admin, &edition, all, two).await.unwrap();
    assert!(voter(&backend, &edition, &open).await.is_none(), "a withdrawn code's session ends");
    assert_eq!(refusal(show(&backend, &edition, &codes[1]).await), RollRefusal::Void);
    let again = backend.void_roll_entry(&admin, &edition, all, two).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))));
    let elsewhere = backend.void_roll_entry(&admin, &edition, hall, two).await;
    assert!(matches!(elsewhere, Err(Error::Refused(Refusal::WrongState))));

    let three = backend.roll_overview(&admin, &edition, all, "a3").await.unwrap().shown[0].id;
    let anew = print(&backend, &edition, CodesToPrint::One(three)).await;
    assert_eq!(refusal(show(&backend, &edition, &codes[2]).await), RollRefusal::Void);
    show(&backend, &edition, &anew[0]).await.unwrap();
    assert_eq!(count(&pool, "voter_session").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_was_replaced_during_the_vote_does_not_tell_who_has_voted(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1", "A2"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let picks = cases(&pool, &edition, 1).await;
    let token = show(&backend, &edition, &codes[0]).await.unwrap();
    let voted = voter(&backend, &edition, &token).await.unwrap();
    backend.cast_ballot(&voted, &edition, &ballot(&picks)).await.unwrap();
    let roll = backend.roll_overview(&admin, &edition, &edition.polls[0], "").await.unwrap();
    for entry in [roll.shown[0].id, roll.shown[1].id] {
        let anew = print(&backend, &edition, CodesToPrint::One(entry)).await;
        let token = show(&backend, &edition, &anew[0]).await.unwrap();
        let who = voter(&backend, &edition, &token).await.unwrap();
        for _ in 0..2 {
            assert_eq!(backend.voter_receipt(&who).await.unwrap(), None);
            let cast = backend.cast_ballot(&who, &edition, &ballot(&picks)).await.unwrap();
            assert_eq!(cast, CastOutcome::HandedIn, "the same for both");
            assert!(backend.voter_opening(&edition, &who).await.unwrap().is_none());
        }
        assert!(voter(&backend, &edition, &token).await.is_some(), "it can be shown again");
    }
    assert_eq!(count(&pool, "ballot").await, 2, "one of each entry");
    let old = backend.cast_ballot(&voted, &edition, &ballot(&picks)).await;
    assert!(!matches!(old, Ok(CastOutcome::Accepted(_))), "{old:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_fresh_code_tells_nobody_who_has_voted_where_votes_may_change(pool: PgPool) {
    let (backend, admin) = (backend(pool.clone()), Admin::local_operator());
    let file = with_roll(&poll_with("\"may_change\": true"));
    let edition = published(&backend, file, Phase::Screening).await;
    add(&backend, &edition, &["A1", "A2"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let roll = backend.roll_overview(&admin, &edition, &edition.polls[0], "").await.unwrap();
    let [voted, other] = [roll.shown[0].id, roll.shown[1].id];
    // Before the vote a lost code is replaced.
    let fresh = print(&backend, &edition, CodesToPrint::One(voted)).await;
    let drawn_early = draw(&backend, &edition, CodesToPrint::One(other)).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    assert_eq!(refusal(show(&backend, &edition, &codes[0]).await), RollRefusal::Void);
    let picks = cases(&pool, &edition, 2).await;
    let token = show(&backend, &edition, &fresh[0]).await.unwrap();
    let who = voter(&backend, &edition, &token).await.unwrap();
    backend.cast_ballot(&who, &edition, &ballot(&picks[..1])).await.unwrap();
    let poll = &edition.polls[0];
    for entry in [voted, other] {
        let drawn = backend.draw_roll_codes(&admin, &edition, poll, CodesToPrint::One(entry)).await;
        assert_eq!(refusal(drawn.map(drop)), RollRefusal::Sealed, "the same for both");
    }
    let tried = "audit_event where action = 'roll.reissue_refused'";
    assert_eq!(count(&pool, tried).await, 2, "each try is in the trail");
    assert_eq!(refusal(issue(&backend, &edition, &drawn_early).await), RollRefusal::Sealed);
    // The codes that were issued before go on working.
    backend.cast_ballot(&who, &edition, &ballot(&picks[1..])).await.unwrap();
    show(&backend, &edition, &codes[1]).await.unwrap();
    assert_eq!(count(&pool, "ballot").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn once_the_poll_opens_its_roll_stays_as_it_is(pool: PgPool) {
    let backend = backend(pool.clone());
    let admin = Admin::local_operator();
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1", "A2"]).await;
    let first = print(&backend, &edition, CodesToPrint::Waiting).await;
    let anew = print(&backend, &edition, CodesToPrint::All).await;
    add(&backend, &edition, &["B1"]).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let poll = &edition.polls[0];
    assert_eq!(refusal(show(&backend, &edition, &first[0]).await), RollRefusal::Void);
    show(&backend, &edition, &anew[0]).await.unwrap();
    let more = backend.add_to_roll(&admin, &edition, poll, labels(&["C1"])).await;
    assert_eq!(refusal(more), RollRefusal::Sealed);
    let emptied = backend.empty_roll(&admin, &edition, poll).await;
    assert_eq!(refusal(emptied), RollRefusal::Sealed);
    let all = backend.draw_roll_codes(&admin, &edition, poll, CodesToPrint::All).await;
    assert_eq!(refusal(all.map(|_| ())), RollRefusal::Sealed);
    // An entry that has no code yet may still get one.
    let late = print(&backend, &edition, CodesToPrint::Waiting).await;
    show(&backend, &edition, &late[0]).await.unwrap();
    let none = backend.draw_roll_codes(&admin, &edition, poll, CodesToPrint::Waiting).await;
    assert_eq!(refusal(none.map(|_| ())), RollRefusal::NothingToPrint);
    let roll = backend.roll_overview(&admin, &edition, poll, "").await.unwrap();
    assert!(roll.sealed && roll.entries == 3 && roll.issued == 3 && roll.waiting == 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_codes_of_an_overtaken_print_are_not_valid(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1", "A2"]).await;
    let slow = draw(&backend, &edition, CodesToPrint::Waiting).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let late = issue(&backend, &edition, &slow).await;
    assert!(matches!(late, Err(Error::Refused(Refusal::Stale))), "{late:?}");
    let edition = stand_at(&backend, Phase::Voting).await;
    show(&backend, &edition, &codes[1]).await.unwrap();
    let lost = slow.slips[0].code.groups_of_four().concat();
    assert_eq!(refusal(show(&backend, &edition, &lost).await), RollRefusal::Unknown);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_label_is_on_the_roll_once_and_the_trail_names_nobody(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    let admin = Admin::local_operator();
    add(&backend, &edition, &["홍길동", "A1"]).await;
    let twice = add(&backend, &edition, &["B1", "홍길동"]).await;
    assert_eq!(twice, AddedLabels::Twice(vec!["홍길동".to_owned()]));
    assert_eq!(count(&pool, "roll_entry").await, 2, "all of a list, or nothing");
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("select code_hash from roll_entry order by position")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert!(kept.iter().all(|hash| hash.len() == 32), "only an HMAC is kept");
    backend.empty_roll(&admin, &edition, &edition.polls[0]).await.unwrap();
    let trail: Vec<String> =
        sqlx::query_scalar("select action || subject || detail::text from audit_event")
            .fetch_all(&pool)
            .await
            .unwrap();
    let trail = trail.join("\n");
    for action in ["roll.extended", "roll.printed", "roll.emptied"] {
        assert!(trail.contains(action), "{action} is in the trail");
    }
    assert!(!trail.contains("홍길동") && !trail.contains(&codes[0]));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_roll_is_gone_on_the_erase_day(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1"]).await;
    print(&backend, &edition, CodesToPrint::Waiting).await;
    print(&backend, &edition, CodesToPrint::All).await;
    backend.delete_edition_rolls(edition.id).await.unwrap();
    assert_eq!(count(&pool, "roll_entry").await, 0);
    assert_eq!(count(&pool, "roll_void_code").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_network_that_guesses_is_stopped_and_right_codes_do_not_count(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["A1"]).await;
    let codes = print(&backend, &edition, CodesToPrint::Waiting).await;
    let edition = stand_at(&backend, Phase::Voting).await;
    let take_over = ShownCode { code: &codes[0], held: "", take_over: true };
    for _ in 0..5 {
        enter(&backend, &edition, take_over).await.unwrap();
    }
    let tried: i64 = sqlx::query_scalar("select coalesce(sum(tries), 0)::bigint from attempt")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(tried, 0, "right codes are given back");
    refusal(show(&backend, &edition, "0000-0000-0000-0000").await);
    sqlx::query("update attempt set tries = 1000 where tries = 1").execute(&pool).await.unwrap();
    keep_tries(&pool, "1 hour").await;
    let stopped = show(&backend, &edition, "0000-0000-0000-0000").await;
    assert!(matches!(stopped, Err(Error::TooMany { .. })), "{stopped:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_right_code_whose_request_is_dropped_costs_its_network_no_try(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season(&backend).await;
    add(&backend, &edition, &["1동 101호"]).await;
    let code = print(&backend, &edition, CodesToPrint::Waiting).await.remove(0);
    let edition = stand_at(&backend, Phase::Voting).await;
    let shown = ShownCode { code: &code, held: "", take_over: false };
    assert!(cut_after(0, enter(&backend, &edition, shown)).await, "it was dropped unfinished");
    let tries = "attempt where tries <> 0";
    until("the try is counted and given back", async || {
        count(&pool, "attempt").await > 0 && count(&pool, tries).await == 0
    })
    .await;
}

//! A season to stand in: the real file of 2024, as a rehearsal whose clock the tests move.

use std::time::Duration;

use backend::accounts::{Admin, Invite, Role, SignIn, SignedIn};
use backend::editions::{ClockMove, Edition, NewEdition, Poll};
use backend::keys::{self, Keys};
use backend::voting::{Ballot, Cast, Voter};
use backend::{Backend, Settings};
use chrono::TimeDelta;
use domain::ids::{CaseId, EditionId};
use domain::schedule::{Instant, Phase};
use phrases::Lang;
use sqlx::PgPool;
use tokio::net::TcpSocket;
use uuid::Uuid;

/// The season every test walks.
pub(crate) const SEASON: &str = include_str!("../../../data/daejeon-2024.json");
/// Its short name.
pub(crate) const SLUG: &str = "daejeon-2024";
/// A password that every test account has.
pub(crate) const PASSWORD: &str = "a long enough password";
/// Far longer than anything here takes; a test that waits so long has failed.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// The keys of every test.
pub(crate) fn keys() -> Keys {
    Keys::from_bytes([42; 32])
}

/// The use cases on a fresh database.
pub(crate) fn backend(pool: PgPool) -> Backend {
    backend_with(pool, true, None)
}

/// The use cases on a fresh database, set as the test needs it.
pub(crate) fn backend_with(
    pool: PgPool,
    demonstration: bool,
    mail_folder: Option<std::path::PathBuf>,
) -> Backend {
    let public_url = "https://vote.example".to_owned();
    let settings = Settings { public_url, official: false, demonstration, mail_folder };
    Backend::new(pool, keys(), settings)
}

/// The published season, with its clock at the beginning of this phase.
pub(crate) async fn season_in(backend: &Backend, phase: Phase) -> Edition {
    published(backend, SEASON.to_owned(), phase).await
}

/// The season of this file, published, with its clock at the beginning of this phase.
pub(crate) async fn published(backend: &Backend, file: String, phase: Phase) -> Edition {
    let admin = Admin::operator();
    backend.create_edition(&admin, &NewEdition { file, rehearsal: true }).await.unwrap();
    let edition = backend.edition(SLUG).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
    stand_at(backend, phase).await
}

/// The season's file with this said of its poll, too.
pub(crate) fn poll_with(rule: &str) -> String {
    let file = SEASON.replacen("\"poll\": {", &format!("\"poll\": {{{rule}, "), 1);
    assert_ne!(file, SEASON);
    file
}

/// Moves the clock to the beginning of this phase.
pub(crate) async fn stand_at(backend: &Backend, phase: Phase) -> Edition {
    let edition = backend.edition(SLUG).await.unwrap();
    let windows = edition.schedule.windows;
    let instant = match phase {
        Phase::Draft => windows.call.opens - chrono::Duration::days(1),
        Phase::Call => windows.call.opens,
        Phase::Screening => windows.call.closes,
        Phase::Voting => windows.voting.opens,
        // By the plan the judges begin nine hours after the vote.
        Phase::Judging => windows.judging.opens,
        Phase::Deliberation => windows.judging.closes,
        Phase::Announced | Phase::Archived => windows.announcement,
    };
    clock_to(backend, instant).await
}

/// Moves the clock one to two seconds past this instant: it is moved by whole seconds, and a node
/// may be a tenth of a second behind.
pub(crate) async fn clock_to(backend: &Backend, instant: Instant) -> Edition {
    let edition = backend.edition(SLUG).await.unwrap();
    let to = ClockMove::To(instant + TimeDelta::seconds(2));
    backend.move_clock(&Admin::operator(), &edition, to).await.unwrap();
    backend.edition(SLUG).await.unwrap()
}

/// Makes an account and signs it in.
pub(crate) async fn account(
    backend: &Backend,
    edition: &Edition,
    role: Role,
    email: &str,
    organisation: &str,
) -> SignedIn {
    let invite = Invite {
        email: email.to_owned(),
        role,
        organisation: organisation.to_owned(),
        edition: edition.id,
        lang: Lang::Ko,
    };
    backend.create_account(&Admin::operator(), &invite, "홍길동", PASSWORD).await.unwrap();
    let form = SignIn { email: email.to_owned(), password: PASSWORD.to_owned() };
    backend.sign_in(&form, "203.0.113.9").await.unwrap().1
}

/// Opens the voting session of somebody new; nobody has to read a mail for it.
pub(crate) async fn verified(pool: &PgPool, poll: &Poll) -> Voter {
    let token = keys::token();
    sqlx::query(
        "insert into voter_session (id_hash, poll_id, voter_key, expires_at)
        values ($1, $2, $3, now() + interval '1 hour')",
    )
    .bind(keys::token_hash(&token))
    .bind(poll.id.0)
    .bind(keys::random::<32>().as_slice())
    .execute(pool)
    .await
    .unwrap();
    Voter::with(poll, &token)
}

/// Casts a ballot of somebody new in the first poll; the season must be in its vote.
pub(crate) async fn vote(backend: &Backend, pool: &PgPool, edition: &Edition, picks: &[Uuid]) {
    vote_in(backend, pool, (edition, &edition.polls[0]), picks).await;
}

/// Casts a ballot of somebody new in this poll.
pub(crate) async fn vote_in(
    backend: &Backend,
    pool: &PgPool,
    (edition, poll): (&Edition, &Poll),
    picks: &[Uuid],
) {
    let picks = picks.iter().copied().map(CaseId).collect();
    let ballot = Ballot { idempotency_key: Uuid::new_v4(), picks };
    let voter = verified(pool, poll).await;
    let cast = backend.cast(&voter, edition, &ballot).await.unwrap();
    assert!(matches!(cast, Cast::Accepted(_)), "{cast:?}");
}

/// How many rows a table has, or how many a condition keeps.
pub(crate) async fn count(pool: &PgPool, from: &'static str) -> i64 {
    let sql = format!("select count(*) from {from}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.unwrap()
}

/// Waits until something holds, however slow the machine is.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, held).await.expect(what);
}

/// Counts every try so far in the next window of this length too: a test that begins at the end of
/// an hour or a day must come out like any other. Asked for after each try.
pub(crate) async fn keep_tries(pool: &PgPool, length: &'static str) {
    let sql = format!(
        "insert into attempt (key, window_start, tries)
        select key, window_start + interval '{length}', tries from attempt
        on conflict (key, window_start)
            do update set tries = greatest(attempt.tries, excluded.tries)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// A port that nobody else gets and nobody listens on yet: whoever connects is turned away.
pub(crate) fn deaf_port() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket
}

/// Lets the job that sends mails work until the condition holds.
pub(crate) async fn send_until(
    backend: &Backend,
    mailer: &backend::mail::Mailer,
    pool: &PgPool,
    rows: &'static str,
) {
    tokio::select! {
        () = backend.send_mails(mailer) => {}
        () = until(rows, async || count(pool, rows).await > 0) => {}
    }
}

/// The mails that wait, newest first, opened with the keys: to whom, subject, text.
pub(crate) async fn mails(pool: &PgPool) -> Vec<(String, String, String)> {
    let sql = "select id, edition_id, sealed from mail where sealed <> '' order by created_at desc";
    let rows: Vec<(Uuid, Option<Uuid>, Vec<u8>)> =
        sqlx::query_as(sql).fetch_all(pool).await.unwrap();
    let open = |(id, edition, sealed): (Uuid, Option<Uuid>, Vec<u8>)| {
        keys().open_message(edition.map(EditionId), id, &sealed).unwrap()
    };
    rows.into_iter().map(open).collect()
}

/// The text of the newest mail to this address: the test's mail box.
pub(crate) async fn newest_mail(pool: &PgPool, to: &str) -> String {
    let mut newest = None;
    // Some mails are written after the answer, so that its time tells nothing.
    until(to, async || {
        newest = mails(pool).await.into_iter().find(|mail| mail.0 == to);
        newest.is_some()
    })
    .await;
    newest.unwrap().2
}

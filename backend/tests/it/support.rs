//! The season that the tests use: the real file of 2024, as a rehearsal whose clock they move.

use std::time::Duration;

use backend::accounts::{Admin, InvitationRequest, Role, SignInForm, SignedIn};
use backend::editions::{ClockMove, Edition, NewEdition, Poll};
use backend::keys::{self, Keys, TokenKind};
use backend::voting::{Ballot, CastOutcome, VoterToken};
use backend::{Backend, Settings};
use chrono::TimeDelta;
use domain::ids::{CaseId, EditionId};
use domain::schedule::{Instant, Phase};
use phrases::Lang;
use sqlx::PgPool;
use tokio::net::TcpSocket;
use uuid::Uuid;

/// The season file that the tests use.
pub(crate) const SEASON: &str = include_str!("../../../data/daejeon-2024.json");
/// The short name of [`SEASON`].
pub(crate) const SLUG: &str = "daejeon-2024";
/// The password of every test account.
pub(crate) const PASSWORD: &str = "a long enough password";
/// The longest wait of a test. It is far longer than any step takes, so a timeout is a failure.
pub(crate) const LONG: Duration = Duration::from_secs(300);

/// Returns the keys that every test uses.
pub(crate) fn keys() -> Keys {
    Keys::from_bytes([42; 32])
}

/// Returns the backend on a fresh database, as a demonstration without a mail folder.
pub(crate) fn backend(pool: PgPool) -> Backend {
    backend_with(pool, true, None)
}

/// Returns the backend on a fresh database, with these settings.
pub(crate) fn backend_with(
    pool: PgPool,
    demonstration: bool,
    mail_folder: Option<std::path::PathBuf>,
) -> Backend {
    let public_url = "https://vote.example".to_owned();
    let settings = Settings { public_url, official: false, demonstration, mail_folder };
    Backend::new(pool, keys(), settings)
}

/// Publishes the season and moves its clock to the beginning of this phase.
pub(crate) async fn season_in(backend: &Backend, phase: Phase) -> Edition {
    published(backend, SEASON.to_owned(), phase).await
}

/// Publishes the season of this file and moves its clock to the beginning of this phase.
pub(crate) async fn published(backend: &Backend, file: String, phase: Phase) -> Edition {
    let admin = Admin::local_operator();
    backend.create_edition(&admin, &NewEdition { file, rehearsal: true }).await.unwrap();
    let edition = backend.find_edition(SLUG).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
    read_clock(backend).await;
    stand_at(backend, phase).await
}

/// Returns the season file with this rule added to its poll.
pub(crate) fn poll_with(rule: &str) -> String {
    let file = SEASON.replacen("\"poll\": {", &format!("\"poll\": {{{rule}, "), 1);
    assert_ne!(file, SEASON);
    file
}

/// Moves the clock to the beginning of this phase.
pub(crate) async fn stand_at(backend: &Backend, phase: Phase) -> Edition {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let windows = edition.schedule.windows;
    let instant = match phase {
        Phase::Draft => windows.call.opens - chrono::Duration::days(1),
        Phase::Call => windows.call.opens,
        Phase::Screening => windows.call.closes,
        Phase::Voting => windows.voting.opens,
        // In the season file judging opens nine hours after the vote closes.
        Phase::Judging => windows.judging.opens,
        Phase::Deliberation => windows.judging.closes,
        Phase::Announced | Phase::Archived => windows.announcement,
    };
    clock_to(backend, instant).await
}

/// Moves the clock one to two seconds past this instant, because it moves by whole seconds and
/// the clock of a node may be 100 ms behind.
pub(crate) async fn clock_to(backend: &Backend, instant: Instant) -> Edition {
    let edition = backend.find_edition(SLUG).await.unwrap();
    let to = ClockMove::To(instant + TimeDelta::seconds(2));
    backend.move_clock(&Admin::local_operator(), &edition, to).await.unwrap();
    backend.find_edition(SLUG).await.unwrap()
}

/// Creates an account and signs it in. The panel is fixed when the judging opens, so a judge of a
/// later phase is created while the clock stands before it.
pub(crate) async fn account(
    backend: &Backend,
    edition: &Edition,
    role: Role,
    email: &str,
    organisation: &str,
) -> SignedIn {
    let invite = InvitationRequest {
        email: email.to_owned(),
        role,
        organisation: organisation.to_owned(),
        edition: edition.id,
        lang: Lang::Ko,
    };
    let admin = Admin::local_operator();
    let here = backend.find_edition(&edition.slug).await.unwrap();
    let moves = role == Role::Judge && here.is_panel_fixed();
    if moves {
        let before = here.schedule.windows.judging.opens - TimeDelta::hours(1);
        backend.move_clock(&admin, &here, ClockMove::To(before)).await.unwrap();
    }
    backend.create_account(&admin, &invite, "홍길동", PASSWORD).await.unwrap();
    if moves {
        // From the reading before the first move: exactly where the clock stood.
        backend.move_clock(&admin, &here, ClockMove::By(0)).await.unwrap();
    }
    let form = SignInForm { email: email.to_owned(), password: PASSWORD.to_owned() };
    backend.sign_in(&form, "203.0.113.9").await.unwrap().1
}

/// Reads the database's clock until a ballot can be admitted. A busy machine may need several
/// readings, and the product asks a voter to try again after five slow ones.
pub(crate) async fn read_clock(backend: &Backend) {
    while backend.admit_ballot().await.is_err() {
        backend.read_database_clock().await.unwrap();
    }
}

/// Opens a voting session for a new voter directly in the database, without a mail.
pub(crate) async fn verified(pool: &PgPool, poll: &Poll) -> VoterToken {
    let token = keys().issue_token(TokenKind::Voter);
    sqlx::query(
        "insert into voter_session (id_hash, poll_id, voter_key, expires_at, proof)
        values ($1, $2, $3, now() + interval '1 hour',
            convert_to('{\"channel\":\"email\",\"code_seconds\":12}', 'UTF8'))",
    )
    .bind(keys::hash_token(&token))
    .bind(poll.id.0)
    .bind(keys::random_bytes::<32>().as_slice())
    .execute(pool)
    .await
    .unwrap();
    VoterToken::with_cookie(poll, &token)
}

/// Casts the ballot of a new voter in the first poll. The season must be in its vote.
pub(crate) async fn vote(backend: &Backend, pool: &PgPool, edition: &Edition, picks: &[Uuid]) {
    vote_in(backend, pool, (edition, &edition.polls[0]), picks).await;
}

/// Casts the ballot of a new voter in this poll.
pub(crate) async fn vote_in(
    backend: &Backend,
    pool: &PgPool,
    (edition, poll): (&Edition, &Poll),
    picks: &[Uuid],
) {
    let picks = picks.iter().copied().map(CaseId).collect();
    let ballot = Ballot { idempotency_key: Uuid::new_v4(), picks };
    let voter = verified(pool, poll).await;
    read_clock(backend).await;
    let cast = backend.cast_ballot(&voter, edition, &ballot).await.unwrap();
    assert!(matches!(cast, CastOutcome::Accepted(_)), "{cast:?}");
}

/// Counts the rows of a table, or those that meet a condition.
pub(crate) async fn count(pool: &PgPool, from: &'static str) -> i64 {
    let sql = format!("select count(*) from {from}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.unwrap()
}

/// Waits until a condition holds, for at most [`LONG`].
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, held).await.expect(what);
}

/// Copies every counted try into the next window of this length, because a test that begins at the
/// end of an hour or a day must not lose its tries. Call it after each try.
///
/// A test that runs across midnight (UTC) loses them all the same, because the key of the counters
/// changes daily.
pub(crate) async fn keep_tries(pool: &PgPool, length: &'static str) {
    let sql = format!(
        "insert into attempt (key, window_start, tries)
        select key, window_start + interval '{length}', tries from attempt
        on conflict (key, window_start)
            do update set tries = greatest(attempt.tries, excluded.tries)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

/// Reserves a port on which nobody listens yet, so that connections are refused.
pub(crate) fn deaf_port() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket
}

/// Runs the job that sends mails until a row meets the condition.
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

/// Returns the queued mails, newest first and decrypted: recipient, subject, text.
pub(crate) async fn mails(pool: &PgPool) -> Vec<(String, String, String)> {
    let sql = "select id, edition_id, sealed from mail where sealed <> '' order by created_at desc";
    let rows: Vec<(Uuid, Option<Uuid>, Vec<u8>)> =
        sqlx::query_as(sql).fetch_all(pool).await.unwrap();
    let open = |(id, edition, sealed): (Uuid, Option<Uuid>, Vec<u8>)| {
        keys().open_message(edition.map(EditionId), id, &sealed).unwrap()
    };
    rows.into_iter().map(open).collect()
}

/// Waits for a mail to this address and returns the text of the newest one.
pub(crate) async fn newest_mail(pool: &PgPool, to: &str) -> String {
    let mut newest = None;
    // Some mails are queued after the answer, so that the answer's time reveals nothing.
    until(to, async || {
        newest = mails(pool).await.into_iter().find(|mail| mail.0 == to);
        newest.is_some()
    })
    .await;
    newest.unwrap().2
}

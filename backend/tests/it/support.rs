//! A season to stand in: the real file of 2024, as a rehearsal whose clock the tests move.

use backend::accounts::{Admin, Invite, Role, SignIn, SignedIn};
use backend::editions::{ClockMove, Edition, NewEdition};
use backend::keys::Keys;
use backend::{Backend, Settings};
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

/// The season every test walks.
pub(crate) const SEASON: &str = include_str!("../../../data/daejeon-2024.json");
/// Its short name.
pub(crate) const SLUG: &str = "daejeon-2024";
/// A password that every test account has.
pub(crate) const PASSWORD: &str = "a long enough password";

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
    Backend::new(pool, Keys::from_bytes([42; 32]), settings)
}

/// The published season, with its clock at the beginning of this phase.
pub(crate) async fn season_in(backend: &Backend, phase: Phase) -> Edition {
    let admin = Admin::operator();
    let new = NewEdition { file: SEASON.to_owned(), rehearsal: true };
    backend.create_edition(&admin, &new).await.unwrap();
    let edition = backend.edition(SLUG).await.unwrap();
    backend.publish_edition(&admin, &edition).await.unwrap();
    stand_at(backend, phase).await
}

/// Moves the clock to the beginning of this phase (plus a second, so that it is surely inside).
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
    let to = ClockMove::To(instant + chrono::Duration::seconds(1));
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

/// How many rows a table has, or how many a condition keeps.
pub(crate) async fn count(pool: &PgPool, from: &'static str) -> i64 {
    let sql = format!("select count(*) from {from}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await.unwrap()
}

/// The text of the newest mail to this address: the test's mail box.
pub(crate) async fn newest_mail(pool: &PgPool, to: &str) -> String {
    // Some mails are written after the answer, so that its time tells nothing.
    for _ in 0..100 {
        let newest = "select body from mail where recipient = $1 order by created_at desc limit 1";
        if let Some(body) = sqlx::query_scalar(newest).bind(to).fetch_optional(pool).await.unwrap()
        {
            return body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no mail to {to}")
}

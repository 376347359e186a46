//! The router on a fresh database, and the requests that most tests make.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum_client_ip::ClientIpSource;
use backend::accounts::{Admin, InvitationRequest, Role, SignInForm};
use backend::editions::{ClockMove, Edition, NewEdition};
use backend::keys::Keys;
use backend::voting::NewKiosk;
use backend::{Backend, Settings};
use domain::ids::EditionId;
use domain::schedule::Phase;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use phrases::Lang;
use sqlx::PgPool;
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const SLUG: &str = "daejeon-2024";
pub(crate) const PASSWORD: &str = "a long enough password";
/// The season file that the tests use.
pub(crate) const SEASON: &str = include_str!("../../../data/daejeon-2024.json");

/// Returns the keys that every test uses.
pub(crate) fn keys() -> Keys {
    Keys::from_bytes([42; 32])
}

/// Returns the queued mails or text messages, newest first and decrypted: recipient, subject (mails
/// only), text.
pub(crate) async fn waiting(pool: &PgPool, queue: &'static str) -> Vec<Vec<String>> {
    let sql = format!("select id, edition_id, sealed from {queue} order by created_at desc");
    let rows: Vec<(Uuid, Option<Uuid>, Vec<u8>)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
    let open = |(id, edition, sealed): (Uuid, Option<Uuid>, Vec<u8>)| {
        keys().open_message(edition.map(EditionId), id, &sealed).unwrap()
    };
    rows.into_iter().map(open).collect()
}

/// Returns the code in the newest queued message to this contact.
pub(crate) async fn code_for(pool: &PgPool, queue: &'static str, contact: &str) -> String {
    let waiting = waiting(pool, queue).await;
    let text = waiting.iter().find(|message| message[0] == contact).unwrap().last().unwrap();
    let digits = text.split(|letter: char| !letter.is_ascii_digit());
    digits.into_iter().find(|word| word.len() == 6).unwrap().to_owned()
}

/// Changes a rule in the database.
pub(crate) async fn rule(pool: &PgPool, path: &str, value: &str) {
    let sql =
        "update edition set rulebook = jsonb_set(rulebook, $1::text::text[], $2::text::jsonb)";
    sqlx::query(sql).bind(path).bind(value).execute(pool).await.unwrap();
}

/// Counts the rows of a table, or those that meet a condition.
pub(crate) async fn rows(pool: &PgPool, from: &'static str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("select count(*) from {from}"));
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// Checks that no ballot is stored: no ballot, no waiting line, and no line in the record.
pub(crate) async fn no_ballot(pool: &PgPool, why: &str) {
    for from in ["ballot", "waiting where rank = 2", "entry where ballot_id is not null"] {
        assert_eq!(rows(pool, from).await, 0, "{from} after {why}");
    }
}

/// Returns the ballot form of a page as a browser would post it.
pub(crate) fn ballot_of(page: &str) -> String {
    let values = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).skip(1).map(|rest| rest[..36].to_owned()).collect::<Vec<_>>()
    };
    let key = &values("key")[0];
    let cases: Vec<_> = values("case").iter().map(|case| format!("&case={case}")).collect();
    format!("key={key}{}", cases.concat())
}

/// Reads the database's clock until a ballot can be admitted. A busy machine may need several
/// readings, and the product asks a voter to try again after five slow ones.
pub(crate) async fn read_clock(backend: &Backend) {
    while backend.admit_ballot().await.is_err() {
        backend.read_database_clock().await.unwrap();
    }
}

/// A running site without a network socket.
pub(crate) struct House {
    pub(crate) backend: Backend,
    pub(crate) router: Router,
    pub(crate) pool: PgPool,
}

impl House {
    /// Builds the site with the season of 2024 as a rehearsal, at the beginning of this phase.
    pub(crate) async fn in_phase(pool: PgPool, phase: Phase) -> Self {
        Self::build(pool, phase, true).await
    }

    pub(crate) async fn build(pool: PgPool, phase: Phase, demonstration: bool) -> Self {
        Self::of(pool, SEASON, phase, demonstration).await
    }

    /// Builds the site with the vote open and its voters identified by mobile number.
    pub(crate) async fn mobile(pool: PgPool) -> Self {
        let season = SEASON.replace(r#""identity": "email""#, r#""identity": "mobile""#);
        assert_ne!(season, SEASON);
        Self::of(pool, &season, Phase::Voting, true).await
    }

    /// Builds the site with the season of this file.
    pub(crate) async fn of(pool: PgPool, season: &str, phase: Phase, demonstration: bool) -> Self {
        let settings = Settings {
            public_url: "http://127.0.0.1:3000".to_owned(),
            official: false,
            demonstration,
            mail_folder: None,
        };
        let backend = Backend::new(pool.clone(), keys(), settings);
        let admin = Admin::local_operator();
        let new = NewEdition { file: season.to_owned(), rehearsal: true };
        backend.create_edition(&admin, &new).await.unwrap();
        let edition = backend.find_edition(SLUG).await.unwrap();
        backend.publish_edition(&admin, &edition).await.unwrap();
        read_clock(&backend).await;
        let router = server::build_router(backend.clone(), ClientIpSource::ConnectInfo);
        let house = Self { backend, router, pool };
        house.stand_at(phase).await;
        house
    }

    /// Returns the same site on the same database, served by another backend.
    pub(crate) fn served_by(&self, backend: Backend) -> Self {
        let router = server::build_router(backend.clone(), ClientIpSource::ConnectInfo);
        Self { backend, router, pool: self.pool.clone() }
    }

    /// Moves the clock to the beginning of this phase.
    pub(crate) async fn stand_at(&self, phase: Phase) -> Edition {
        let edition = self.edition().await;
        let windows = edition.schedule.windows;
        let instant = match phase {
            Phase::Draft => windows.call.opens - chrono::Duration::days(1),
            Phase::Call => windows.call.opens,
            Phase::Screening => windows.call.closes,
            Phase::Voting => windows.voting.opens,
            Phase::Judging => windows.judging.opens,
            Phase::Deliberation => windows.judging.closes,
            Phase::Announced | Phase::Archived => windows.announcement,
        };
        let to = ClockMove::To(instant + chrono::Duration::seconds(2));
        self.backend.move_clock(&Admin::local_operator(), &edition, to).await.unwrap();
        self.edition().await
    }

    pub(crate) async fn edition(&self) -> Edition {
        self.backend.find_edition(SLUG).await.unwrap()
    }

    /// Creates an account with this role and returns its session cookie. A judge must be created
    /// before the judging opens, because the panel is fixed then.
    pub(crate) async fn cookie_of(&self, role: Role) -> String {
        let email = format!("{}@agency.example", role.as_str());
        self.cookie_of_account(&email, role, "동구 표본종합사회복지관").await
    }

    /// Creates an account of an organisation and returns its session cookie.
    pub(crate) async fn cookie_of_account(
        &self,
        email: &str,
        role: Role,
        organisation: &str,
    ) -> String {
        let (edition, email) = (self.edition().await, email.to_owned());
        let invite = InvitationRequest {
            email: email.clone(),
            role,
            organisation: organisation.to_owned(),
            edition: edition.id,
            lang: Lang::Ko,
        };
        let operator = Admin::local_operator();
        self.backend.create_account(&operator, &invite, "홍길동", PASSWORD).await.unwrap();
        let form = SignInForm { email, password: PASSWORD.to_owned() };
        let (token, _) = self.backend.sign_in(&form, "203.0.113.9").await.unwrap();
        format!("__Host-session={token}")
    }

    /// Returns the path of a kiosk link. The browser that posts to it becomes a kiosk.
    pub(crate) async fn kiosk_link(&self) -> String {
        let until = chrono::Utc::now() + chrono::Duration::hours(1);
        let new = NewKiosk { place: "Lobby".to_owned(), until };
        let edition = self.edition().await;
        let start =
            self.backend.open_kiosk(&Admin::local_operator(), &edition, &new).await.unwrap();
        format!("/kiosk/start/{start}")
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty());
        self.send(request.unwrap()).await
    }

    /// Posts a form as a browser does from our own page.
    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()));
        self.send(request.unwrap()).await
    }

    /// Posts a form with these texts and a file, in a field and with a name.
    pub(crate) async fn post_file(
        &self,
        (path, cookie): (&str, &str),
        texts: &[(&str, &str)],
        (field, name): (&str, &str),
        file: &[u8],
    ) -> Answer {
        let part = "--x\r\nContent-Disposition: form-data; name=";
        let texts = texts.iter().map(|(name, text)| format!("{part}\"{name}\"\r\n\r\n{text}\r\n"));
        let head = format!("{part}\"{field}\"; filename=\"{name}\"\r\n\r\n");
        let body =
            [&texts.collect::<String>().into_bytes(), head.as_bytes(), file, b"\r\n--x--\r\n"];
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.concat()));
        self.send(request.unwrap()).await
    }

    /// Begins a case of a member with the title *Fridge*. Returns its page, the key of its track and the key of a district.
    pub(crate) async fn begin_case(&self, member: &str) -> [String; 3] {
        let places = self.backend.tracks_and_districts(self.edition().await.id).await.unwrap();
        let (track, place) = (places.tracks[0].id.to_string(), places.districts[0].id.to_string());
        let begin = format!("/organisation/cases/new?edition={SLUG}");
        let begun = self.post(&begin, member, &format!("title=Fridge&track={track}")).await;
        [begun.header("location").to_owned(), track, place]
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer::read(response).await
    }
}

/// A response whose body was read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
    /// The length of the body in bytes, because the body may not be text.
    pub(crate) length: usize,
}

impl Answer {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let length = bytes.len();
        Self { status: parts.status, headers: parts.headers, body, length }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the cookies that were set, as a browser sends them back.
    pub(crate) fn cookies(&self) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        let pairs: Vec<&str> =
            set.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
        pairs.join("; ")
    }
}

/// Captures the log of this thread at every level. It leaves out the time and the level of each
/// line, because a slow machine logs the same lines later and at a higher level.
pub(crate) struct Listening {
    log: Log,
    guard: tracing::subscriber::DefaultGuard,
}

impl Listening {
    pub(crate) fn begin() -> Self {
        let log = Log::default();
        let kept = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_level(false)
            .without_time()
            .with_writer(move || kept.clone())
            .finish();
        Self { log, guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Stops listening and returns everything that was logged.
    pub(crate) fn end(self) -> String {
        drop(self.guard);
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

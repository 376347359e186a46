//! What every page and form knows about its request: who asks, in which language, from where.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::accounts::{Admin, Judge, Member, SignedIn};
use backend::voting::KioskMode;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri, header};
use phrases::Lang;
use serde::Deserialize;

use crate::AppError;
pub use crate::look::Look;
use crate::page::Assets;
use crate::rendered::Rendered;
use crate::turns::Turns;
use crate::voting::{kiosk, pages};

/// The session cookie. `__Host-` makes the browser refuse it from a subdomain or without TLS.
pub const SESSION_COOKIE: &str = "__Host-session";
/// The language that was chosen with `?lang=`.
const LANG_COOKIE: &str = "lang";
/// Theme and text size, e.g. `dark.3`.
const LOOK_COOKIE: &str = "look";
/// A year, for choices that are no secrets.
const YEAR_SECONDS: u32 = 365 * 24 * 3600;

/// What the handlers share. The router clones it several times for each request: one count.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// What [`Site`] holds.
pub struct Shared {
    /// The use cases.
    pub backend: Backend,
    /// The names of the built files.
    pub assets: Assets,
    /// Who comes first when there is too much to do.
    pub(crate) turns: Turns,
    /// Public pages of the last second.
    pub(crate) rendered: Rendered,
}

impl Site {
    /// These use cases, shown with these files.
    #[must_use]
    pub fn new(backend: Backend, assets: Assets) -> Self {
        let turns = Turns::new(backend.connections());
        Self(Arc::new(Shared { backend, assets, turns, rendered: Rendered::default() }))
    }
}

impl std::ops::Deref for Site {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The network a request came from, made by the server: an IPv4 address or an IPv6 /64. It slows
/// floods down and decides nothing.
#[derive(Clone, Debug)]
pub struct Network(pub String);

/// One request's context. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

struct Inner {
    site: Site,
    lang: Lang,
    look: Look,
    path: String,
    query: String,
    network: String,
    cookies: Vec<(String, String)>,
    visitor: Option<SignedIn>,
    kiosk: Option<KioskMode>,
}

impl Cx {
    async fn read(site: Site, parts: &Parts) -> Result<Self, AppError> {
        let cookies = cookies(&parts.headers);
        let cookie =
            |name: &str| cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let visitor = match cookie(SESSION_COOKIE) {
            Some(token) => site.backend.signed_in(token).await?,
            None => None,
        };
        let kiosk = match cookie(kiosk::KIOSK_COOKIE) {
            Some(device) => site.backend.kiosk(device).await?,
            None => None,
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let shared = cookie(kiosk::KIOSK_COOKIE).is_some();
        // Where the next voter begins, what the last one has chosen counts no more.
        let begins = shared && parts.uri.path() == kiosk::START;
        let chosen = |name: &str| cookie(name).filter(|_| !begins);
        let accepted =
            parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let lang = asked_language(&query)
            .or_else(|| chosen(LANG_COOKIE).and_then(|tag| Lang::from_tag(tag)))
            // A shared machine speaks Korean until its voter says otherwise.
            .or_else(|| accepted.filter(|_| !shared).and_then(Lang::accepted))
            .unwrap_or_default();
        let network = parts.extensions.get::<Network>().map(|network| network.0.clone());
        Ok(Self(Arc::new(Inner {
            look: Look::parse(chosen(LOOK_COOKIE).map_or("", String::as_str)),
            path: parts.uri.path().to_owned(),
            network: network.unwrap_or_default(),
            site,
            lang,
            query,
            cookies,
            visitor,
            kiosk,
        })))
    }

    /// What the handlers share.
    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    /// The use cases.
    #[must_use]
    pub fn backend(&self) -> &Backend {
        &self.0.site.backend
    }

    /// The names of the built files.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.0.site.assets
    }

    /// The reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The reader's theme and text size.
    #[must_use]
    pub fn look(&self) -> Look {
        self.0.look
    }

    /// The path of this request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The query of this request, without the language.
    #[must_use]
    pub fn query_without_language(&self) -> String {
        let kept: Vec<_> = self
            .0
            .query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
            .collect();
        kept.join("&")
    }

    /// Where the request came from, coarsely.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.0.network
    }

    /// The cookie of this name.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.0.cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The names of the cookies that begin like this.
    pub(crate) fn cookies_named(&self, beginning: &str) -> impl Iterator<Item = &str> {
        let names = self.0.cookies.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| name.starts_with(beginning))
    }

    /// Who is signed in.
    #[must_use]
    pub fn visitor(&self) -> Option<&SignedIn> {
        self.0.visitor.as_ref()
    }

    /// What this machine is open for, where it is a shared one.
    #[must_use]
    pub fn kiosk(&self) -> Option<&KioskMode> {
        self.0.kiosk.as_ref()
    }

    /// Whether this is a shared machine: nothing of its voter may stay in the browser.
    #[must_use]
    pub fn is_kiosk(&self) -> bool {
        self.0.kiosk.is_some()
    }

    /// Whether this is a demonstration.
    #[must_use]
    pub fn demonstration(&self) -> bool {
        self.backend().settings().demonstration
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// [`AppError::SignIn`] where nobody is.
    pub fn signed_in(&self) -> Result<&SignedIn, AppError> {
        self.visitor().ok_or(AppError::SignIn)
    }

    /// Proof: an administrator asks.
    ///
    /// # Errors
    /// [`AppError::SignIn`], [`AppError::Forbidden`].
    pub fn admin(&self) -> Result<Admin, AppError> {
        Ok(self.signed_in()?.admin()?)
    }

    /// Proof: a judge asks.
    ///
    /// # Errors
    /// [`AppError::SignIn`], [`AppError::Forbidden`].
    pub fn judge(&self) -> Result<Judge, AppError> {
        Ok(self.signed_in()?.judge()?)
    }

    /// Proof: a member of an organisation asks.
    ///
    /// # Errors
    /// [`AppError::SignIn`], [`AppError::Forbidden`].
    pub fn member(&self) -> Result<Member, AppError> {
        Ok(self.signed_in()?.member()?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or(AppError::BadRequest)
    }
}

/// The layer around every page: reads the context once, and turns errors into pages in the
/// reader's language.
pub async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let cx = match Cx::read(site, &parts).await {
        Ok(cx) => cx,
        // Without a session there is no language either; the bare status has to do.
        Err(error) => return error.status().into_response(),
    };
    parts.extensions.insert(cx.clone());
    let mut response = if holds_nul(&parts.uri) {
        AppError::NotFound.into_response()
    } else if kiosk::is_over(&cx) && !kiosk::survives_its_end(cx.path()) {
        go(kiosk::START)
    } else if let Err(error) = kiosk::admits(&cx) {
        error.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    let error = response.extensions_mut().remove::<AppError>().or_else(|| unread(&response));
    if let Some(error) = error.filter(|_| !cx.path().starts_with("/api/")) {
        response = crate::page::error_page(&cx, &error);
    }
    pages::keep_nowhere(&cx, &mut response);
    kiosk::seal(&cx, &mut response);
    if cx.path().starts_with("/record/") {
        crate::record::files::open_to_every_origin(&mut response);
    }
    // A shared machine's first page keeps nothing, not even the language it is read in.
    if let Some(lang) = asked_language(&cx.0.query).filter(|_| cx.path() != kiosk::START) {
        set_cookie(&mut response, LANG_COOKIE, lang.code(), YEAR_SECONDS);
    }
    response
}

/// What axum itself says of a path or a query that it cannot read is plain English text.
fn unread(response: &Response) -> Option<AppError> {
    let kind = response.headers().get(header::CONTENT_TYPE)?;
    let plain = kind.as_bytes().starts_with(b"text/plain");
    (response.status().is_client_error() && plain).then_some(AppError::BadRequest)
}

/// PostgreSQL keeps no NUL in a text, so nothing can have a name with one.
fn holds_nul(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|whole| whole.as_str().contains("%00"))
}

fn asked_language(query: &str) -> Option<Lang> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Lang::from_tag)
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Sets a cookie that scripts cannot read. `seconds` of 0 deletes it.
pub fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: u32) {
    add_cookie(
        response,
        &format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}"),
    );
}

/// Sets a cookie that islands may read and write: for choices, never for secrets.
pub fn set_open_cookie(response: &mut Response, name: &str, value: &str) {
    add_cookie(
        response,
        &format!("{name}={value}; Path=/; Secure; SameSite=Lax; Max-Age={YEAR_SECONDS}"),
    );
}

fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Moves the browser on after a form was taken (303, so that a reload posts nothing again).
#[must_use]
pub fn go(path: &str) -> Response {
    // Only our own paths: `//host` and `https:` would leave the site.
    // Browsers drop tabs and line ends, so those could hide a second slash.
    let hidden = path.contains(|sign: char| sign == '\\' || sign.is_control());
    let ours = path.starts_with('/') && !path.starts_with("//") && !hidden;
    Redirect::to(if ours { path } else { "/" }).into_response()
}

/// What the buttons of the look ask for. A missing part stays as it is.
#[derive(Debug, Default, Deserialize)]
pub struct LookChange {
    theme: Option<String>,
    size: Option<u8>,
    #[serde(default)]
    back: String,
}

/// POST /look: remembers theme and text size.
///
/// # Errors
/// None; the type is that of every form.
pub async fn change_look(cx: Cx, Query(change): Query<LookChange>) -> Result<Response, AppError> {
    let theme = change.theme.as_deref().unwrap_or(cx.look().theme);
    let size = change.size.unwrap_or(cx.look().size);
    let look = Look::parse(&format!("{theme}.{size}"));
    let mut response = go(&change.back);
    set_cookie(&mut response, LOOK_COOKIE, &look.as_cookie(), YEAR_SECONDS);
    Ok(response)
}

/// The context of a server function.
///
/// # Errors
/// [`AppError::BadRequest`] outside a request: Leptos also runs code once at start.
pub(crate) fn server_cx() -> Result<Cx, AppError> {
    leptos::context::use_context::<Cx>().ok_or(AppError::BadRequest)
}

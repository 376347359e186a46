//! The context of one request: visitor, language, network and URL.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use backend::Backend;
use backend::accounts::{Admin, Judge, Member, SignedIn};
use backend::editions::Edition;
use backend::voting::KioskMode;
use http::header;
use http::request::Parts;
use phrases::Lang;

use crate::AppError;
use crate::web::assets::Assets;
use crate::web::cookies::{KIOSK_COOKIE, LANG_COOKIE, LOOK_COOKIE, SESSION_COOKIE, read_cookies};
use crate::web::limits::{Place, Queue};
use crate::web::look::Look;
use crate::web::route::{FoundRoute, RouteRules, SharedMachine};
use crate::web::state::AppState;

/// The client's network, set by the server: an IPv4 address or an IPv6 /64. It only serves to slow
/// down floods; it decides nothing else.
#[derive(Clone, Debug)]
pub struct ClientNetwork(pub String);

/// The context of one request. Cheap to clone.
#[derive(Clone)]
pub struct RequestContext(Arc<ContextData>);

struct ContextData {
    site: AppState,
    found: FoundRoute,
    lang: Lang,
    look: Look,
    path: String,
    query: String,
    network: String,
    cookies: Vec<(String, String)>,
    visitor: Option<SignedIn>,
    kiosk: Option<KioskMode>,
    /// Why account and kiosk are unknown although the browser has a cookie.
    look_up_error: Option<AppError>,
    /// The place in a queue that this request holds.
    place: Mutex<Option<Place>>,
    /// Whether the page shows an edition that is not public yet.
    preview: AtomicBool,
}

impl RequestContext {
    /// Reads the context of a request: its session, its language, and the row of its URL. If the
    /// cookies cannot be looked up, [`Self::look_up_error`] says why, and the request must be refused.
    pub(crate) async fn read_request(site: AppState, parts: &Parts) -> Self {
        let cookies = read_cookies(&parts.headers);
        let cookie =
            |name: &str| cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let found = look_up_cookies(&site, cookie(SESSION_COOKIE), cookie(KIOSK_COOKIE)).await;
        let (visitor, kiosk, look_up_error) = match found {
            Ok((visitor, kiosk)) => (visitor, kiosk, None),
            Err(error) => (None, None, Some(error)),
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let shared = cookie(KIOSK_COOKIE).is_some();
        // The start page of a shared machine ignores the last voter's language and look.
        let found = site.routes.find_route(parts.uri.path());
        let begins = shared && found.rules.shared_machine == SharedMachine::Start;
        let chosen = |name: &str| cookie(name).filter(|_| !begins);
        let accepted =
            parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let lang = language_of_query(&query)
            .or_else(|| chosen(LANG_COOKIE).and_then(|tag| Lang::from_tag(tag)))
            // A shared machine shows Korean until its voter chooses another language.
            .or_else(|| accepted.filter(|_| !shared).and_then(Lang::from_accept_language))
            .unwrap_or_default();
        let network = parts.extensions.get::<ClientNetwork>().map(|network| network.0.clone());
        Self(Arc::new(ContextData {
            look: Look::from_cookie(chosen(LOOK_COOKIE).map_or("", String::as_str)),
            path: parts.uri.path().to_owned(),
            network: network.unwrap_or_default(),
            site,
            found,
            lang,
            query,
            cookies,
            visitor,
            kiosk,
            look_up_error,
            place: Mutex::default(),
            preview: AtomicBool::new(false),
        }))
    }

    /// Returns why the cookies could not be looked up. Then the visitor is unknown.
    pub(crate) fn look_up_error(&self) -> Option<&AppError> {
        self.0.look_up_error.as_ref()
    }

    /// Returns the edition that a public page shows: a published one, or for an administrator also
    /// one that is not public yet, as citizens will see it.
    ///
    /// # Errors
    /// Returns [`AppError::NotFound`].
    pub(crate) async fn find_shown_edition(&self, slug: &str) -> Result<Edition, AppError> {
        let mut edition = self.backend().find_edition(slug).await?;
        if !edition.schedule.published {
            self.require_admin().map_err(|_| AppError::NotFound)?;
            edition.schedule.published = true;
            self.0.preview.store(true, Ordering::Relaxed);
        }
        Ok(edition)
    }

    /// Returns whether the page shows an edition that is not public yet.
    pub(crate) fn shows_preview(&self) -> bool {
        self.0.preview.load(Ordering::Relaxed)
    }

    /// Waits for a place in this queue. The request holds it until it is answered or calls
    /// [`Self::release_place`]. A place that it held before is free again at once.
    ///
    /// # Errors
    /// Returns [`AppError::Busy`] if no place becomes free in time.
    pub(crate) async fn hold_place(&self, queue: Queue) -> Result<(), AppError> {
        self.release_place();
        let place = self.app_state().limits.wait_for_place(queue).await?;
        *self.0.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
        Ok(())
    }

    /// Frees the place of this request, e.g. before another machine is asked.
    pub(crate) fn release_place(&self) {
        *self.0.place.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Returns the state that all handlers share.
    pub(crate) fn app_state(&self) -> &AppState {
        &self.0.site
    }

    /// Returns the use cases.
    #[must_use]
    pub fn backend(&self) -> &Backend {
        &self.0.site.backend
    }

    /// Returns the names of the built files.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.0.site.assets
    }

    /// Returns the reader's language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Returns the reader's theme and text size.
    #[must_use]
    pub fn look(&self) -> Look {
        self.0.look
    }

    /// Returns the path of this request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Returns the rules of this URL.
    pub(crate) fn route_rules(&self) -> &RouteRules {
        &self.0.found.rules
    }

    /// Returns the path and the query of this request, without the language.
    pub(crate) fn path_and_query(&self) -> String {
        let query = self.query_without_language();
        if query.is_empty() { self.path().to_owned() } else { format!("{}?{query}", self.path()) }
    }

    /// Returns the path and the query of this request, in another language.
    pub(crate) fn path_in_language(&self, lang: Lang) -> String {
        let query = self.query_without_language();
        let more = if query.is_empty() { String::new() } else { format!("&{query}") };
        // A request for `//host/` must not turn into a link to that host.
        format!("/{}?lang={}{more}", self.path().trim_start_matches('/'), lang.language_tag())
    }

    /// Returns the language that the query asks for.
    pub(crate) fn asked_language(&self) -> Option<Lang> {
        language_of_query(&self.0.query)
    }

    /// Returns the query of this request, without the language.
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

    /// Returns the client's network: an IPv4 address or an IPv6 /64.
    #[must_use]
    pub fn client_network(&self) -> &str {
        &self.0.network
    }

    /// Returns the value of the cookie with this name.
    #[must_use]
    pub fn cookie_value(&self, name: &str) -> Option<&str> {
        self.0.cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns the names of the cookies with this prefix.
    pub(crate) fn cookies_with_prefix(&self, beginning: &str) -> impl Iterator<Item = &str> {
        let names = self.0.cookies.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| name.starts_with(beginning))
    }

    /// Returns the signed-in visitor, if any.
    #[must_use]
    pub fn visitor(&self) -> Option<&SignedIn> {
        self.0.visitor.as_ref()
    }

    /// Returns what a shared machine is open for; `None` for an ordinary browser.
    #[must_use]
    pub fn kiosk_mode(&self) -> Option<&KioskMode> {
        self.0.kiosk.as_ref()
    }

    /// Returns whether this is a shared machine, which must keep no data of its voter.
    #[must_use]
    pub fn is_kiosk(&self) -> bool {
        self.0.kiosk.is_some()
    }

    /// Returns whether this is the start page, where a shared machine removes the last voter's
    /// data.
    pub(crate) fn is_kiosk_start(&self) -> bool {
        self.route_rules().shared_machine == SharedMachine::Start
    }

    /// Returns whether this site is a demonstration.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.backend().settings().demonstration
    }

    /// Returns the signed-in visitor.
    ///
    /// # Errors
    /// Returns [`AppError::SignIn`] if nobody is signed in.
    pub fn require_sign_in(&self) -> Result<&SignedIn, AppError> {
        self.visitor().ok_or(AppError::SignIn)
    }

    /// Returns the proof that the visitor is an administrator.
    ///
    /// # Errors
    /// Returns [`AppError::SignIn`] or [`AppError::Forbidden`].
    pub fn require_admin(&self) -> Result<Admin, AppError> {
        Ok(self.require_sign_in()?.require_admin()?)
    }

    /// Returns the proof that the visitor is a judge.
    ///
    /// # Errors
    /// Returns [`AppError::SignIn`] or [`AppError::Forbidden`].
    pub fn require_judge(&self) -> Result<Judge, AppError> {
        Ok(self.require_sign_in()?.require_judge()?)
    }

    /// Returns the proof that the visitor is a member of an organisation.
    ///
    /// # Errors
    /// Returns [`AppError::SignIn`] or [`AppError::Forbidden`].
    pub fn require_member(&self) -> Result<Member, AppError> {
        Ok(self.require_sign_in()?.require_member()?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or(AppError::BadRequest)
    }
}

/// Looks up the account and the shared machine that the cookies name. Anybody can send cookies that
/// name nothing, so this waits in a queue of its own.
async fn look_up_cookies(
    site: &AppState,
    session: Option<&String>,
    device: Option<&String>,
) -> Result<(Option<SignedIn>, Option<KioskMode>), AppError> {
    if session.is_none() && device.is_none() {
        return Ok((None, None));
    }
    let _place = site.limits.wait_for_place(Queue::Cookie).await?;
    let visitor = match session {
        Some(token) => site.backend.resume_session(token).await?,
        None => None,
    };
    let kiosk = match device {
        Some(device) => site.backend.kiosk_mode(device).await?,
        None => None,
    };
    Ok((visitor, kiosk))
}

fn language_of_query(query: &str) -> Option<Lang> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Lang::from_tag)
}

/// Returns the context of a server function.
///
/// # Errors
/// Returns [`AppError::BadRequest`] outside a request, because Leptos also runs code once at start.
pub(crate) fn server_context() -> Result<RequestContext, AppError> {
    leptos::context::use_context::<RequestContext>().ok_or(AppError::BadRequest)
}

//! The middleware around every page. It reads the context once, keeps shared machines to the pages
//! that they may open, and turns errors into pages in the reader's language.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderValue, Uri, header};

use crate::AppError;
use crate::web::answer::{PlainText, path_without_tail, redirect_to, render_error_page};
use crate::web::cookies::{LANG_COOKIE, YEAR_SECONDS, set_cookie};
use crate::web::paths::KIOSK_START;
use crate::web::posted_form::KeptTexts;
use crate::web::request::RequestContext;
use crate::web::shared_machine;
use crate::web::state::AppState;

/// The forms that a drill takes: signing in and out, and the look of the pages.
const TAKEN_IN_DRILL: [&str; 3] = ["/sign-in", "/sign-out", "/look"];

/// Reads the request's context, runs the page, and turns an error into a page. An island reads an
/// error as JSON.
pub(crate) async fn add_context(
    State(site): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let cx = RequestContext::read_request(site, &parts).await;
    parts.extensions.insert(cx.clone());
    let mut response = if let Some(error) = cx.look_up_error() {
        error.clone().into_response()
    } else if has_nul(&parts.uri) {
        AppError::NotFound.into_response()
    } else if shared_machine::has_ended(&cx) && !shared_machine::can_open_after_end(&cx) {
        redirect_to(KIOSK_START)
    } else if parts.method.is_safe()
        && let Some(path) = path_without_tail(cx.path())
    {
        // Also behind the secret of a link, which would be another secret.
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        redirect_to(&format!("{path}{query}"))
    } else if cx.is_kiosk() && is_kiosk_start_form(&parts) {
        // Pressed twice: the first has made this browser a shared machine.
        redirect_to(KIOSK_START)
    } else if !shared_machine::can_open(&cx, cx.path()) {
        AppError::NotFound.into_response()
    } else if cx.backend().is_drill() && !is_taken_in_drill(&parts) {
        AppError::Drill.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    let error = response.extensions_mut().remove::<AppError>();
    let typed = response.extensions_mut().remove::<KeptTexts>();
    if cx.route_rules().for_islands {
        if let Some(error) = error {
            response = (error.http_status(), Json(error)).into_response();
        }
    } else if let Some(error) = error.or_else(|| find_axum_rejection(&response)) {
        response = render_error_page(&cx, &error, typed);
    }
    apply_route_rules(&cx, &mut response);
    response
}

/// Sets the headers that the URL's row asks for, and stores the chosen language in a cookie.
fn apply_route_rules(cx: &RequestContext, response: &mut Response) {
    let route = cx.route_rules();
    let headers = response.headers_mut();
    if route.no_store {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if route.other_origins {
        // A browser sends no cookies with a request from another origin.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    shared_machine::forbid_storing_pages(cx, response);
    // The start page of a shared machine stores nothing, not even its language.
    if let Some(lang) = cx.asked_language().filter(|_| !cx.is_kiosk_start()) {
        set_cookie(response, LANG_COOKIE, lang.language_tag(), YEAR_SECONDS);
    }
}

/// Returns `BadRequest` for axum's own plain-text answer to a path or query that it cannot read.
fn find_axum_rejection(response: &Response) -> Option<AppError> {
    if response.extensions().get::<PlainText>().is_some() {
        return None;
    }
    let kind = response.headers().get(header::CONTENT_TYPE)?;
    let plain = kind.as_bytes().starts_with(b"text/plain");
    (response.status().is_client_error() && plain).then_some(AppError::BadRequest)
}

/// Returns whether this is a form that makes a browser a shared machine: of a link, or of the administrators' page.
fn is_kiosk_start_form(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let on_desk = path.starts_with("/admin/") && path.ends_with("/kiosk");
    parts.method == http::Method::POST && (on_desk || path.starts_with("/kiosk/start/"))
}

/// Returns whether a drill answers this request. It shows every page, lets staff in and out, and
/// takes no other form.
fn is_taken_in_drill(parts: &Parts) -> bool {
    parts.method.is_safe() || TAKEN_IN_DRILL.contains(&parts.uri.path())
}

/// Returns whether the URL holds a NUL. PostgreSQL stores no NUL in a text, so no such page exists.
fn has_nul(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|whole| whole.as_str().contains("%00"))
}

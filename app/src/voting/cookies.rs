//! The cookies of a voter's browser, and how they are cleared.

use axum::response::Response;
use http::HeaderValue;

use crate::voting::booth::{Booth, vote_path};
use crate::web::answer::redirect_to;
use crate::web::cookies::set_cookie;
use crate::web::request::RequestContext;

/// The poll in which a code was requested, and the secret that ties the code to this browser.
pub(crate) const CHALLENGE_COOKIE: &str = "__Host-challenge";

/// The email address or mobile number that the code was sent to. The code page shows it and sends
/// another code to it. Only the voter's browser keeps it, because the server does not store it. It
/// is deleted when a correct code is entered.
pub(crate) const CONTACT_COOKIE: &str = "__Host-contact";

/// The session of a verified voter: one secret, which may be valid for several polls.
pub(crate) const VOTER_COOKIE: &str = "__Host-voter";

/// Returns the secret of this browser's voter, or an empty string if there is no cookie.
pub(crate) fn voter_token(cx: &RequestContext) -> &str {
    cx.cookie_value(VOTER_COOKIE).unwrap_or_default()
}

/// The poll in which this browser has requested a code, relative to the poll of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeRequest<'a> {
    /// It has requested no code, or the cookie has expired.
    Nowhere,
    /// In this poll, with this secret. The voter gave consent and statements here.
    Here(&'a str),
    /// In another poll, which may ask for other statements.
    Elsewhere,
}

/// Reads from the cookie in which poll this browser has requested a code.
pub(crate) fn code_request<'a>(cx: &'a RequestContext, booth: &Booth) -> CodeRequest<'a> {
    match cx.cookie_value(CHALLENGE_COOKIE).and_then(|cookie| cookie.split_once('.')) {
        Some((poll, browser)) if poll == booth.poll.id.to_string() => CodeRequest::Here(browser),
        Some(_) => CodeRequest::Elsewhere,
        None => CodeRequest::Nowhere,
    }
}

/// Returns the value of [`CHALLENGE_COOKIE`] for a code that was requested in this poll.
pub(crate) fn challenge_cookie_value(booth: &Booth, browser: &str) -> String {
    format!("{}.{browser}", booth.poll.id)
}

/// Makes the browser delete its cached pages of this site and the data that scripts have stored. It
/// needs no script. Cookies are not affected.
pub(crate) fn clear_browser_data(response: &mut Response) {
    let all = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", all);
}

/// The secret that ties an `OpenID` sign-in to this browser. It is `SameSite=Lax`, because the
/// provider sends the browser back from another site.
pub(crate) const OIDC_FLOW_COOKIE: &str = "__Host-oidc";

/// Life of [`OIDC_FLOW_COOKIE`], in seconds: a little longer than a sign-in may take.
pub(crate) const OIDC_FLOW_SECONDS: u32 = 20 * 60;

/// Life of [`VOTER_COOKIE`], in seconds. The database ends the session after two hours. The cookie
/// lives longer, so that a late voter can read why they must identify again.
const VOTER_COOKIE_SECONDS: u32 = 6 * 3600;

/// Redirects a voter who has just been verified to the check page, and sets the session's cookie.
pub(crate) fn start_voter_session(booth: &Booth, token: &str) -> Response {
    let mut response = redirect_to(&vote_path(booth, "/check"));
    set_cookie(&mut response, VOTER_COOKIE, token, VOTER_COOKIE_SECONDS);
    set_cookie(&mut response, CHALLENGE_COOKIE, "", 0);
    set_cookie(&mut response, CONTACT_COOKIE, "", 0);
    response
}

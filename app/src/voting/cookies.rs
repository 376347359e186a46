//! The cookies of a voter's browser, and forgetting them.

use axum::response::Response;
use http::HeaderValue;

use crate::voting::booth::{Booth, path};
use crate::web::answer::go;
use crate::web::cookies::set_cookie;
use crate::web::request::Cx;

/// The poll that a code was asked for in, and the secret that ties the code to this browser.
pub(crate) const CHALLENGE_COOKIE: &str = "__Host-challenge";

/// The address or number the code went to, for the page that says so and for sending another. It is kept by
/// the voter's own browser, because this side keeps it nowhere, and goes once the code is right.
pub(crate) const CONTACT_COOKIE: &str = "__Host-contact";

/// The session of a verified voter: one secret, which may be good for several polls.
pub(crate) const VOTER_COOKIE: &str = "__Host-voter";

/// The secret of this browser's voter, empty where there is none.
pub(crate) fn voter_token(cx: &Cx) -> &str {
    cx.cookie(VOTER_COOKIE).unwrap_or_default()
}

/// Where this browser has asked for the code that it waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// Nowhere, or too long ago.
    Nowhere,
    /// In this poll, with this secret: consent and statements were given here.
    Here(&'a str),
    /// In another poll, which may ask for other statements.
    Elsewhere,
}

/// Where this browser has asked for its code, seen from this poll.
pub(crate) fn asked<'a>(cx: &'a Cx, booth: &Booth) -> Asked<'a> {
    match cx.cookie(CHALLENGE_COOKIE).and_then(|cookie| cookie.split_once('.')) {
        Some((poll, browser)) if poll == booth.poll.id.to_string() => Asked::Here(browser),
        Some(_) => Asked::Elsewhere,
        None => Asked::Nowhere,
    }
}

/// What the cookie of a code holds that was asked for in this poll.
pub(crate) fn challenge(booth: &Booth, browser: &str) -> String {
    format!("{}.{browser}", booth.poll.id)
}

/// The browser drops what it holds of this site besides cookies: copies of pages, and what scripts
/// have kept, also where none runs now.
pub(crate) fn clear_browser(response: &mut Response) {
    let all = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", all);
}

/// The secret that ties the way back to this browser. Lax, since it comes back from elsewhere.
pub(crate) const WAY_COOKIE: &str = "__Host-oidc";

/// A little longer than a way may take.
pub(crate) const WAY_SECONDS: u32 = 20 * 60;

/// The database ends the session after two hours. The cookie stays a little longer, so that whoever
/// comes late is told why they are asked again.
const VOTER_SECONDS: u32 = 6 * 3600;

/// Leads a voter who has just been proven to the check, with the session's cookie.
pub(crate) fn let_in(booth: &Booth, token: &str) -> Response {
    let mut response = go(&path(booth, "/check"));
    set_cookie(&mut response, VOTER_COOKIE, token, VOTER_SECONDS);
    set_cookie(&mut response, CHALLENGE_COOKIE, "", 0);
    set_cookie(&mut response, CONTACT_COOKIE, "", 0);
    response
}

//! The number by which a browser is known while a vote runs. Only keyed hashes of it are stored.

use axum::response::Response;

use crate::web::cookies::set_cookie;
use crate::web::request::RequestContext;

/// A random number of this browser, so that many voters on one browser can be seen, and two
/// administrators on one.
const BROWSER_COOKIE: &str = "__Host-browser";
/// Life of [`BROWSER_COOKIE`], in seconds: a vote of a month.
const BROWSER_SECONDS: u32 = 30 * 24 * 3600;

/// Returns the number of this browser; empty if it has none.
pub(crate) fn browser_number(cx: &RequestContext) -> &str {
    cx.cookie_value(BROWSER_COOKIE).unwrap_or_default()
}

/// Gives the browser a number if it has none. A shared machine gets none.
pub(crate) fn remember_browser(cx: &RequestContext, response: &mut Response) {
    if browser_number(cx).is_empty() && !cx.is_kiosk() {
        set_cookie(response, BROWSER_COOKIE, &backend::keys::random_token(), BROWSER_SECONDS);
    }
}

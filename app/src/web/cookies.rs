//! The cookies of the site: names, reading, setting.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// The session cookie. `__Host-` makes the browser refuse it from a subdomain or without TLS.
pub(crate) const SESSION_COOKIE: &str = "__Host-session";

/// The secret by which the browser of an account is known at the next sign-in. It outlives the
/// session and opens nothing without the password.
pub(crate) const DEVICE_COOKIE: &str = "__Host-device";

/// The secret that makes a browser a shared machine.
pub(crate) const KIOSK_COOKIE: &str = "__Host-kiosk";

/// The language that was chosen with `?lang=`.
pub(crate) const LANG_COOKIE: &str = "lang";

/// Theme and text size, e.g. `dark.3`.
pub(crate) const LOOK_COOKIE: &str = "look";

/// One year, in seconds: the lifetime of choices that are not secret.
pub(crate) const YEAR_SECONDS: u32 = 365 * 24 * 3600;

pub(crate) fn read_cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        // Sister sites may set bytes that are no ASCII. Such a pair is dropped, and the others count.
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter(|pair| pair.is_ascii())
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Sets a cookie that scripts cannot read. If `seconds` is 0, the browser deletes it.
pub(crate) fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: u32) {
    append_cookie_header(
        response,
        &format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}"),
    );
}

/// Sets a cookie that scripts may read and write: for choices, never for secrets.
pub(crate) fn set_readable_cookie(response: &mut Response, name: &str, value: &str) {
    append_cookie_header(
        response,
        &format!("{name}={value}; Path=/; Secure; SameSite=Lax; Max-Age={YEAR_SECONDS}"),
    );
}

fn append_cookie_header(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

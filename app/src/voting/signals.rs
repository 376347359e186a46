//! What a browser tells about how a ballot was made, for the fraud checks. It is little, it is named
//! in the consent, and all of it is a claim of the browser.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::response::IntoResponse as _;
use backend::fraud::RequestClaims;
use http::{HeaderMap, header};
use leptos::prelude::*;

use crate::web::answer::PageResult;
use crate::web::browser::browser_number;
use crate::web::cookies::set_cookie;
use crate::web::fields::FormFields;
use crate::web::request::RequestContext;

/// Set by the picture on the pages of a vote: whoever fetches pictures is probably no script.
const DRAWN_COOKIE: &str = "__Host-drawn";
/// Life of [`DRAWN_COOKIE`], in seconds.
const DRAWN_SECONDS: u32 = 6 * 3600;

/// Builds the hidden fields of a form of the vote: when the page was shown, and whether its script ran.
pub(crate) fn signal_fields() -> AnyView {
    let shown = unix_seconds().to_string();
    view! {
        <input type="hidden" name="shown" value=shown/>
        <input type="hidden" name="script" value=""/>
        <img src="/vote/drawn.svg" width="1" height="1" alt="" class="visually-hidden"/>
    }
    .into_any()
}

/// Returns how many seconds ago the page of this form was shown, as the form says.
pub(crate) fn seconds_since_shown(fields: &FormFields) -> Option<u32> {
    let shown: u64 = fields.field_text("shown").parse().ok()?;
    u32::try_from(unix_seconds().checked_sub(shown)?).ok()
}

/// Collects what the request of a ballot tells.
pub(crate) fn collect_claims<'a>(
    cx: &'a RequestContext,
    headers: &HeaderMap,
    fields: &FormFields,
) -> RequestClaims<'a> {
    RequestClaims {
        device: browser_number(cx),
        network: cx.client_network(),
        kiosk: cx.is_kiosk(),
        check_seconds: seconds_since_shown(fields),
        script_ran: fields.field_text("script") == "yes",
        assets_fetched: cx.cookie_value(DRAWN_COOKIE).is_some(),
        fetch_headers: headers.contains_key("sec-fetch-mode"),
        language_header: headers.contains_key(header::ACCEPT_LANGUAGE),
    }
}

/// GET /vote/drawn.svg: an empty picture. That it was fetched is remembered by the browser alone.
pub(crate) async fn drawn_picture() -> PageResult {
    let empty = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
    let mut response = ([(header::CONTENT_TYPE, "image/svg+xml")], empty).into_response();
    set_cookie(&mut response, DRAWN_COOKIE, "1", DRAWN_SECONDS);
    Ok(response)
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

//! The rules of a shared machine (kiosk): which pages it may open, how long a page waits for a
//! touch, and that the browser stores no page.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use crate::web::cookies::KIOSK_COOKIE;
use crate::web::paths::KIOSK_START;
use crate::web::request::RequestContext;
use crate::web::route::{IdleLimit, SharedMachine};

/// A page returns to the start page after this many seconds without a touch.
pub(crate) const IDLE_SECONDS: u32 = 90;
/// The page of the code waits this many minutes, as long as the code is valid, because the code
/// must arrive on the voter's own phone.
pub(crate) const CODE_MINUTES: u32 = 5;
/// A page asks whether somebody is still there this many seconds before it returns (WCAG 2.2.1).
pub(crate) const WARNING_SECONDS: u32 = 20;
/// A receipt is shown for this many seconds, long enough to print or photograph it.
pub(crate) const RECEIPT_SECONDS: u32 = 30;

/// Returns whether this browser may open a path. A browser that is not a shared machine may open
/// all.
pub(crate) fn can_open(cx: &RequestContext, path: &str) -> bool {
    let Some(mode) = cx.kiosk_mode() else { return true };
    let found = cx.app_state().routes.find_route(path);
    match found.rules.shared_machine {
        SharedMachine::Allowed | SharedMachine::Start => true,
        SharedMachine::OwnEdition => found.edition.as_deref() == Some(mode.slug.as_str()),
        SharedMachine::Refused | SharedMachine::OnlyWhenOver => false,
    }
}

/// Returns whether this machine was a shared one until its time was over or staff ended it. That
/// may happen in the middle of a vote. So the machine must remove the voter's data before it
/// becomes an ordinary browser.
pub(crate) fn has_ended(cx: &RequestContext) -> bool {
    !cx.is_kiosk() && cx.cookie_value(KIOSK_COOKIE).is_some()
}

/// Returns whether a machine whose time is over may still open this URL.
pub(crate) fn can_open_after_end(cx: &RequestContext) -> bool {
    let rule = cx.route_rules().shared_machine;
    matches!(rule, SharedMachine::Start | SharedMachine::OnlyWhenOver)
}

/// Returns how long this page waits for a touch, in seconds.
pub(crate) fn idle_seconds(cx: &RequestContext) -> u32 {
    match cx.route_rules().idle {
        IdleLimit::Code => CODE_MINUTES * 60,
        IdleLimit::Usual | IdleLimit::Receipt => IDLE_SECONDS,
    }
}

/// Forbids a shared machine's browser to store the page, and makes a receipt return to the start
/// page by itself.
pub(crate) fn forbid_storing_pages(cx: &RequestContext, response: &mut Response) {
    if cx.cookie_value(KIOSK_COOKIE).is_none() {
        return;
    }
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if cx.route_rules().idle == IdleLimit::Receipt && status == StatusCode::OK {
        let refresh = format!("{RECEIPT_SECONDS}; url={KIOSK_START}");
        if let Ok(refresh) = HeaderValue::from_str(&refresh) {
            headers.insert(header::REFRESH, refresh);
        }
    }
}

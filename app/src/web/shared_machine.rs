//! A shared machine (kiosk): what it may open, how long a page waits for a touch, and that nothing
//! of its pages is kept.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use crate::web::cookies::KIOSK_COOKIE;
use crate::web::paths::KIOSK_START;
use crate::web::request::Cx;
use crate::web::route::{IdleLimit, SharedMachine};

/// A page leads back to the start after this many seconds without a touch.
pub(crate) const IDLE_SECONDS: u32 = 90;
/// A code has to arrive on the voter's own phone, so its page waits as long as the code is good.
pub(crate) const CODE_MINUTES: u32 = 5;
/// This many seconds before it leads back, a page asks whether somebody is still there (WCAG 2.2.1).
pub(crate) const WARNING_SECONDS: u32 = 20;
/// A receipt is shown for this many seconds: time enough to print it or to photograph it.
pub(crate) const RECEIPT_SECONDS: u32 = 30;

/// Whether this browser may open a path: every browser that is no shared machine may.
pub(crate) fn may_open(cx: &Cx, path: &str) -> bool {
    let Some(mode) = cx.kiosk() else { return true };
    let found = cx.site().routes.find(path);
    match found.rules.shared_machine {
        SharedMachine::Allowed | SharedMachine::Start => true,
        SharedMachine::OwnEdition => found.edition.as_deref() == Some(mode.slug.as_str()),
        SharedMachine::Refused | SharedMachine::OnlyWhenOver => false,
    }
}

/// Whether this machine was a shared one until its time was over, or until staff ended it. That may
/// have happened in the middle of a vote, so it must forget the voter before it is an ordinary
/// browser again.
pub(crate) fn is_over(cx: &Cx) -> bool {
    !cx.is_kiosk() && cx.cookie(KIOSK_COOKIE).is_some()
}

/// Whether a machine whose time is over may still open this URL.
pub(crate) fn may_open_when_over(cx: &Cx) -> bool {
    let rule = cx.route().shared_machine;
    matches!(rule, SharedMachine::Start | SharedMachine::OnlyWhenOver)
}

/// How long this page waits for a touch, in seconds.
pub(crate) fn idle_seconds(cx: &Cx) -> u32 {
    match cx.route().idle {
        IdleLimit::Code => CODE_MINUTES * 60,
        IdleLimit::Usual | IdleLimit::Receipt => IDLE_SECONDS,
    }
}

/// Lets nothing of a shared machine's pages be kept, and a receipt lead back to the start by itself.
pub(crate) fn forget_answer(cx: &Cx, response: &mut Response) {
    if cx.cookie(KIOSK_COOKIE).is_none() {
        return;
    }
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if cx.route().idle == IdleLimit::Receipt && status == StatusCode::OK {
        let refresh = format!("{RECEIPT_SECONDS}; url={KIOSK_START}");
        if let Ok(refresh) = HeaderValue::from_str(&refresh) {
            headers.insert(header::REFRESH, refresh);
        }
    }
}

//! A shared machine: what it may show, how it forgets each voter, and where the next one begins.
//!
//! Everything a voter leaves is in cookies and in the browser's stores. `/kiosk` empties them all;
//! every page leads back there by itself when nobody touches the machine any more.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, kiosk as words};

use super::pages::{clear_browser, voter_token};
use crate::AppError;
use crate::context::{Cx, go, set_cookie};
use crate::page::{Answer, Page};
use crate::ui::{AuthPanel, ButtonLink, Notice, Submit, Tone, Weight};

/// The secret that makes a browser a kiosk.
pub(crate) const KIOSK_COOKIE: &str = "__Host-kiosk";
/// Where a shared machine begins, and where it forgets.
pub(crate) const START: &str = "/kiosk";
/// Nobody reads a page for longer than this without touching the machine.
pub(crate) const IDLE_SECONDS: u32 = 90;
/// A code has to arrive on the voter's own phone: its page waits as long as the code is good.
pub(crate) const CODE_MINUTES: u32 = 5;
/// How long before it leaves a page asks whether somebody is still there (WCAG 2.2.1).
pub(crate) const WARNING_SECONDS: u32 = 20;
/// How long a receipt stands: time enough to print it or to photograph it.
pub(crate) const RECEIPT_SECONDS: u32 = 30;
/// The machine's cookie outlasts the longest event; the database decides when it ends.
const COOKIE_SECONDS: u32 = 7 * 24 * 3600;

/// Whether a shared machine may show this page.
pub(crate) fn admits(cx: &Cx) -> Result<(), AppError> {
    if shows(cx, cx.path()) { Ok(()) } else { Err(AppError::NotFound) }
}

/// Whether there is something behind this link: on a shared machine its own edition's public
/// pages, the proofs that a receipt waits for, and nothing else.
pub(crate) fn shows(cx: &Cx, href: &str) -> bool {
    let Some(mode) = cx.kiosk() else { return true };
    let path = href.split('?').next().unwrap_or_default();
    let shared = path == "/look" || path == START || path.starts_with("/pictures/");
    let own =
        path.strip_prefix("/editions/").and_then(|rest| rest.strip_prefix(mode.slug.as_str()));
    let inside = own.is_some_and(|end| {
        let end = end.trim_end_matches('/');
        // A file would stay behind in the machine's downloads.
        let stays = end.ends_with("/receipt/file");
        let public = end.is_empty()
            || ["/cases", "/vote", "/picks", "/rules"].iter().any(|page| {
                end.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
        public && !stays
    });
    let proof =
        path.strip_prefix("/record/").and_then(|rest| rest.strip_prefix(mode.slug.as_str()));
    let proof = proof.is_some_and(|end| end.starts_with("/proof/"));
    shared || inside || proof
}

/// Whether this page is a receipt, which stands for a shorter time.
pub(crate) fn is_receipt(cx: &Cx) -> bool {
    is_step(cx, "receipt")
}

/// Whether this page waits for a code.
pub(crate) fn is_code(cx: &Cx) -> bool {
    is_step(cx, "code")
}

fn is_step(cx: &Cx, name: &str) -> bool {
    let parts: Vec<&str> = cx.path().split('/').collect();
    matches!(parts.as_slice(), ["", "editions", _, "vote", _, step] if *step == name)
}

/// How long this page waits for a touch, in seconds.
pub(crate) fn patience(cx: &Cx) -> u32 {
    if is_code(cx) { CODE_MINUTES * 60 } else { IDLE_SECONDS }
}

/// Whether this machine was a shared one until its hour had passed, or until staff ended it. It
/// may have ended in the middle of a vote, so it is no ordinary browser before it has forgotten.
pub(crate) fn is_over(cx: &Cx) -> bool {
    !cx.is_kiosk() && cx.cookie(KIOSK_COOKIE).is_some()
}

/// What a machine that is over may still ask for: the page that says so and forgets everything,
/// and a link that makes it a kiosk again.
pub(crate) fn survives_its_end(path: &str) -> bool {
    path == START || path.starts_with("/kiosk/start/")
}

/// Nothing of a shared machine's pages is kept anywhere, and a receipt leads away by itself.
pub(crate) fn seal(cx: &Cx, response: &mut Response) {
    if cx.cookie(KIOSK_COOKIE).is_none() {
        return;
    }
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_receipt(cx) && status == StatusCode::OK {
        let refresh = format!("{RECEIPT_SECONDS}; url={START}");
        if let Ok(refresh) = HeaderValue::from_str(&refresh) {
            headers.insert(header::REFRESH, refresh);
        }
    }
}

/// GET /kiosk: the last voter is forgotten, the next one begins.
pub(crate) async fn start(cx: Cx) -> Answer {
    if cx.cookie(KIOSK_COOKIE).is_none() {
        // It has forgotten already, or never was a kiosk: an ordinary browser loses nothing here.
        return Ok(cx.page(over_page(cx.lang()).status(StatusCode::NOT_FOUND)));
    }
    cx.backend().leave_vote(voter_token(&cx)).await?;
    let mut response = match cx.kiosk() {
        Some(mode) => {
            let edition = cx.backend().public_edition(&mode.slug).await?;
            let title = edition.title.clone();
            cx.page(
                start_page(cx.lang(), &mode.slug, cx.lang().of(&title.ko, &title.en)).of(&edition),
            )
        }
        None => cx.page(over_page(cx.lang())),
    };
    forget(&cx, &mut response);
    Ok(response)
}

/// Takes everything away that a voter has left here, whatever its name; the machine stays a kiosk.
fn forget(cx: &Cx, response: &mut Response) {
    for name in cx.cookies_named("") {
        if name != KIOSK_COOKIE || !cx.is_kiosk() {
            set_cookie(response, name, "", 0);
        }
    }
    clear_browser(response);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn start_page(lang: Lang, slug: &str, edition: &str) -> Page {
    let begin = |lang: Lang| format!("/editions/{slug}/cases?lang={}", lang.code());
    let (korean, english) = (begin(Lang::Ko), begin(Lang::En));
    let lead = words::start_lead(lang, edition);
    Page::new(words::start_title(lang), move || {
        view! {
            <div class="kiosk-start">
                <AuthPanel title=words::start_title(lang) lead>
                    <div class="actions">
                        <ButtonLink label=words::begin(Lang::Ko) href=korean/>
                        <ButtonLink label=words::begin(Lang::En) href=english
                            weight=Weight::Secondary/>
                    </div>
                    <p class="small muted">{words::forgets(lang)}</p>
                </AuthPanel>
            </div>
        }
    })
}

fn over_page(lang: Lang) -> Page {
    Page::new(words::over_title(lang), move || {
        view! {
            <AuthPanel title=words::over_title(lang) lead=words::over_lead(lang)>
                <div class="actions"><ButtonLink label=words::to_site(lang) href="/"/></div>
            </AuthPanel>
        }
    })
}

/// GET /kiosk/start/{token}: what this machine would become. Looking uses nothing up.
pub(crate) async fn invitation(cx: Cx, Path(token): Path<String>) -> Answer {
    let lang = cx.lang();
    let good = cx.backend().kiosk_can_start(&token).await?;
    let page = Page::new(words::become_title(lang), move || {
        let content = if good {
            view! {
                <form method="post" class="form">
                    <Submit label=words::become_here(lang)/>
                </form>
            }
            .into_any()
        } else {
            view! {
                <Notice lang tone=Tone::Warning>
                    <p>{phrases::errors::link_invalid(lang)}</p>
                </Notice>
            }
            .into_any()
        };
        view! {
            <AuthPanel title=words::become_title(lang) lead=words::become_lead(lang)>
                {content}
            </AuthPanel>
        }
    });
    Ok(cx.page(page))
}

/// POST /kiosk/start/{token}: this machine becomes a kiosk.
pub(crate) async fn accept(cx: Cx, Path(token): Path<String>) -> Answer {
    begin(&cx, &token).await
}

/// Makes this browser a kiosk. Whoever is signed in here is signed out: a machine that strangers
/// use holds nobody's session.
pub(super) async fn begin(cx: &Cx, start: &str) -> Answer {
    let (device, _) = cx.backend().start_kiosk(start).await?;
    if let Some(token) = cx.cookie(crate::context::SESSION_COOKIE) {
        cx.backend().sign_out(token).await?;
    }
    let mut response = go(START).into_response();
    forget(cx, &mut response);
    set_cookie(&mut response, KIOSK_COOKIE, &device, COOKIE_SECONDS);
    Ok(response)
}

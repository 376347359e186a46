//! /kiosk: the page on which a shared machine forgets the last voter, and the link that makes a
//! browser a shared machine.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, kiosk as words};

use crate::ui::{AuthPanel, ButtonLink, ButtonWeight, Notice, Submit, Tone};
use crate::voting::cookies::{clear_browser_data, voter_token};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::cookies::{KIOSK_COOKIE, SESSION_COOKIE, set_cookie};
use crate::web::page::Page;
use crate::web::paths::KIOSK_START;
use crate::web::request::RequestContext;

/// Life of the kiosk cookie, in seconds: 7 days, longer than the longest event. The database
/// decides when the kiosk ends.
const KIOSK_COOKIE_SECONDS: u32 = 7 * 24 * 3600;

/// GET /kiosk: forgets the last voter and shows the start page to the next one.
pub(crate) async fn show_kiosk_start(cx: RequestContext) -> PageResult {
    if cx.cookie_value(KIOSK_COOKIE).is_none() {
        // This machine has already forgotten the voter, or it never was a kiosk. Nothing is
        // cleared, because an ordinary browser must lose nothing here.
        return Ok(cx.render_page(kiosk_over_page(cx.lang()).with_status(StatusCode::NOT_FOUND)));
    }
    cx.backend().end_voter_sessions(voter_token(&cx)).await?;
    let mut response = match cx.kiosk_mode() {
        Some(mode) => {
            let edition = cx.backend().find_public_edition(&mode.slug).await?;
            let title = edition.title.clone();
            cx.render_page(
                kiosk_start_page(
                    cx.lang(),
                    &mode.slug,
                    cx.lang().choose_text(&title.ko, &title.en),
                )
                .for_edition(&edition),
            )
        }
        None => cx.render_page(kiosk_over_page(cx.lang())),
    };
    clear_voter_traces(&cx, &mut response);
    Ok(response)
}

/// Clears all cookies, cached pages and script data that a voter has left. A kiosk keeps its kiosk
/// cookie.
fn clear_voter_traces(cx: &RequestContext, response: &mut Response) {
    for name in cx.cookies_with_prefix("") {
        if name != KIOSK_COOKIE || !cx.is_kiosk() {
            set_cookie(response, name, "", 0);
        }
    }
    clear_browser_data(response);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn kiosk_start_page(lang: Lang, slug: &str, edition: &str) -> Page {
    let begin = |lang: Lang| format!("/editions/{slug}/cases?lang={}", lang.language_tag());
    let (korean, english) = (begin(Lang::Ko), begin(Lang::En));
    let lead = words::start_lead(lang, edition);
    Page::titled(words::start_title(lang), move || {
        view! {
            <div class="kiosk-start">
                <AuthPanel title=words::start_title(lang) lead>
                    <div class="actions">
                        <ButtonLink label=words::begin(Lang::Ko) href=korean/>
                        <ButtonLink label=words::begin(Lang::En) href=english
                            weight=ButtonWeight::Secondary/>
                    </div>
                    <p class="small muted">{words::forgets(lang)}</p>
                </AuthPanel>
            </div>
        }
    })
}

fn kiosk_over_page(lang: Lang) -> Page {
    Page::titled(words::over_title(lang), move || {
        view! {
            <AuthPanel title=words::over_title(lang) lead=words::over_lead(lang)>
                <div class="actions"><ButtonLink label=words::to_site(lang) href="/"/></div>
            </AuthPanel>
        }
    })
}

/// GET /kiosk/start/{token}: asks whether this machine should become a kiosk. The link stays
/// unused.
pub(crate) async fn show_kiosk_invitation(
    cx: RequestContext,
    Path(token): Path<String>,
) -> PageResult {
    let lang = cx.lang();
    let good = cx.backend().can_start_kiosk(&token).await?;
    let page = Page::titled(words::become_title(lang), move || {
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
    Ok(cx.render_page(page))
}

/// POST /kiosk/start/{token}: makes this machine a kiosk.
pub(crate) async fn accept_kiosk_invitation(
    cx: RequestContext,
    Path(token): Path<String>,
) -> PageResult {
    make_browser_kiosk(&cx, &token).await
}

/// Makes this browser a kiosk. Signs out the account that is signed in here, because strangers will
/// use the machine.
pub(crate) async fn make_browser_kiosk(cx: &RequestContext, start: &str) -> PageResult {
    let (device, _) = cx.backend().start_kiosk(start).await?;
    if let Some(token) = cx.cookie_value(SESSION_COOKIE) {
        cx.backend().sign_out(token).await?;
    }
    let mut response = redirect_to(KIOSK_START).into_response();
    clear_voter_traces(cx, &mut response);
    set_cookie(&mut response, KIOSK_COOKIE, &device, KIOSK_COOKIE_SECONDS);
    Ok(response)
}

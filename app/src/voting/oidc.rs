//! Proving who you are by a sign-in at an `OpenID` provider: what the first page of the vote asks,
//! the way there, and the way back.

use axum::extract::{Path, Query};
use axum::response::Response;
use backend::voting::WhoIAm;
use backend::voting::oidc::{Arrival, Way};
use domain::refusal::{OidcRefusal, Refusal};
use domain::schedule::VotingOpen;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, oidc as words, voting};
use serde::Deserialize;

use super::code::let_in;
use super::pages::{Booth, open_booth, path, voter_token};
use super::who::{consent, statements};
use crate::AppError;
use crate::context::{Cx, set_cookie};
use crate::fields::Fields;
use crate::page::{Answer, Page};
use crate::sentences;
use crate::ui::{AuthPanel, ButtonLink, Notice, Section, Submit, Tone, Weight};

/// The secret that ties the way back to this browser. Lax, since it comes back from elsewhere.
const WAY_COOKIE: &str = "__Host-oidc";
/// A little longer than a way may take.
const WAY_SECONDS: u32 = 20 * 60;

/// The question: the consent, what a voter has to state, and the button that leads away.
pub(super) async fn form(
    cx: &Cx,
    booth: &Booth,
    typed: &Fields,
    error: Option<&AppError>,
) -> Result<AnyView, AppError> {
    let (lang, action) = (cx.lang(), path(booth, ""));
    if cx.is_kiosk() {
        // Whoever signed in here would stay signed in at the provider for the next one.
        return Ok(view! {
            <Notice lang tone=Tone::Info><p>{words::not_on_a_kiosk(lang)}</p></Notice>
        }
        .into_any());
    }
    let Some(name) = cx.backend().provider_name(lang).map(str::to_owned) else {
        return Ok(view! {
            <Notice lang tone=Tone::Info><p>{voting::not_here_yet(lang)}</p></Notice>
        }
        .into_any());
    };
    let item = [
        words::item(lang, &name),
        voting::purpose_pseudonym(lang).to_owned(),
        voting::period_pseudonym(lang).to_owned(),
    ];
    let consent = consent(lang, typed, error, &[item]);
    let statements = statements(cx, booth, typed, error).await?;
    let (lead, go) = (words::who_lead(lang, &name), words::go(lang, &name));
    Ok(view! {
        <Section title=voting::who_title(lang) lead>
            <form method="post" action=action class="form">
                {consent}
                {statements}
                <div class="actions"><Submit label=go/></div>
            </form>
        </Section>
    }
    .into_any())
}

/// What the form does: a page of ours that leads on to the provider. A redirect would be simpler,
/// but the content security policy lets forms lead to this site alone, and browsers count what a
/// form is redirected to.
pub(super) async fn submit(
    cx: &Cx,
    booth: &Booth,
    open: VotingOpen,
    typed: &Fields,
) -> Result<Response, AppError> {
    let said = WhoIAm {
        contact: String::new(),
        consent: typed.has("consent"),
        of_age: typed.has("of_age"),
        of_district: typed.has("of_district"),
    };
    let held = cx.cookie(WAY_COOKIE).unwrap_or_default();
    let way = cx.backend().depart(open, &booth.poll, &said, held, cx.network()).await?;
    let lang = cx.lang();
    let name = cx.backend().provider_name(lang).unwrap_or_default().to_owned();
    let (title, address) = (words::forward_title(lang, &name), way.address.clone());
    let page = Page::new(title.clone(), move || {
        view! {
            <AuthPanel title=title lead=words::forward(lang)>
                <div class="actions"><ButtonLink label=words::go(lang, name) href=address/></div>
            </AuthPanel>
        }
    });
    let mut response = cx.page(page.of(&booth.edition));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={}", way.address)) {
        headers.insert(header::REFRESH, refresh);
    }
    set_cookie(&mut response, WAY_COOKIE, &way.browser, WAY_SECONDS);
    Ok(response)
}

/// What the provider writes into the address it sends a browser back to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    state: String,
    code: String,
    error: String,
    iss: String,
}

/// GET /vote/oidc: the way back. Each way ends here once, whatever comes of it.
pub(crate) async fn back(cx: Cx, Query(back): Query<Back>) -> Answer {
    let browser = cx.cookie(WAY_COOKIE).unwrap_or_default();
    let way = match cx.backend().end_of_way(&back.state, browser).await.map_err(AppError::from) {
        Ok(way) => way,
        Err(error) => return failed(&cx, None, error),
    };
    let names = Path((way.edition.clone(), way.poll.clone()));
    let (booth, open) = match open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let Back { state, code, error, iss: issuer } = back;
    let arrival = Arrival { state, code, error, issuer };
    match arrive(&cx, &booth, open, &way, &arrival).await {
        Ok(response) => Ok(response),
        Err(error) => failed(&cx, Some(&booth), error),
    }
}

async fn arrive(cx: &Cx, booth: &Booth, open: VotingOpen, way: &Way, arrival: &Arrival) -> Answer {
    let held = voter_token(cx);
    let token = cx.backend().arrive(open, way, arrival, held).await?;
    let mut response = let_in(booth, &token);
    set_cookie(&mut response, WAY_COOKIE, "", 0);
    Ok(response)
}

/// Why there is no session, and the way to try again.
fn failed(cx: &Cx, booth: Option<&Booth>, error: AppError) -> Answer {
    let AppError::Refused(Refusal::Oidc(why)) = error else { return Err(error) };
    let lang = cx.lang();
    let status = match why {
        OidcRefusal::Down => StatusCode::SERVICE_UNAVAILABLE,
        OidcRefusal::Cancelled => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let href = booth.map_or_else(|| "/editions".to_owned(), |booth| path(booth, ""));
    let sentence = sentences::refusal(lang, &Refusal::Oidc(why));
    let tone = if why == OidcRefusal::Cancelled { Tone::Info } else { Tone::Warning };
    let page = Page::new(words::failed_title(lang), move || {
        view! {
            <AuthPanel title=words::failed_title(lang)>
                <Notice lang tone><p>{sentence}</p></Notice>
                <p>{words::kept(lang)}</p>
                <div class="actions">
                    <ButtonLink label=words::again(lang) href weight=Weight::Primary/>
                </div>
            </AuthPanel>
        }
    });
    let page = page.status(status);
    Ok(cx.page(match booth {
        Some(booth) => page.of(&booth.edition),
        None => page,
    }))
}

/// Why a sign-in says no.
pub(crate) fn refusal(lang: Lang, refusal: OidcRefusal) -> &'static str {
    match refusal {
        OidcRefusal::Over => words::over(lang),
        OidcRefusal::Used => words::used(lang),
        OidcRefusal::Cancelled => words::cancelled(lang),
        OidcRefusal::Declined => words::declined(lang),
        OidcRefusal::Foreign => words::foreign(lang),
        OidcRefusal::Nonce => words::nonce(lang),
        OidcRefusal::Unproven => words::unproven(lang),
        OidcRefusal::Down => words::down(lang),
    }
}

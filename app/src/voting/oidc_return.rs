//! GET /vote/oidc: the return from an `OpenID` provider.

use axum::extract::{Path, Query};
use axum::response::Response;
use backend::voting::oidc::{OidcCallback, OidcFlow, TakenOidcFlow};
use domain::refusal::{OidcRefusal, Refusal};
use domain::schedule::VotingOpen;
use http::StatusCode;
use leptos::prelude::*;
use phrases::oidc as words;
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AuthPanel, ButtonLink, ButtonWeight, Notice, Tone};
use crate::voting::booth::{Booth, vote_path};
use crate::voting::closed::find_open_booth;
use crate::voting::cookies::{OIDC_FLOW_COOKIE, start_voter_session, voter_token};
use crate::web::answer::PageResult;
use crate::web::cookies::set_cookie;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::refusals;

/// The query that the provider adds to the URL to which it sends the browser back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OidcReturnQuery {
    state: String,
    code: String,
    error: String,
    iss: String,
}

/// GET /vote/oidc: finishes the sign-in. Each sign-in can be finished only once, even if it fails.
pub(crate) async fn return_from_provider(
    cx: RequestContext,
    Query(back): Query<OidcReturnQuery>,
) -> PageResult {
    // Asked for before the sign-in is used up, so that a voter whom it refuses can come again.
    let _provider_place = cx.backend().reserve_provider_place()?;
    let browser = cx.cookie_value(OIDC_FLOW_COOKIE).unwrap_or_default();
    let way = match cx.backend().take_oidc_flow(&back.state, browser).await.map_err(AppError::from)
    {
        Ok(TakenOidcFlow::New(way)) => way,
        Ok(TakenOidcFlow::Finished { edition, poll, token }) => {
            let names = Path((edition, poll));
            return match find_open_booth(&cx, names, StatusCode::CONFLICT).await? {
                Ok((booth, _)) => Ok(enter_with_session(&booth, &token)),
                Err(closed) => Ok(closed),
            };
        }
        Err(error) => return oidc_failure_response(&cx, None, error),
    };
    let names = Path((way.edition.clone(), way.poll.clone()));
    let (booth, open) = match find_open_booth(&cx, names, StatusCode::CONFLICT).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    // The provider may take long to answer. Readers of public pages must not wait for it. The session
    // is then opened without a place, but only for a voter whom the provider has confirmed.
    cx.release_place();
    let OidcReturnQuery { state, code, error, iss: issuer } = back;
    let arrival = OidcCallback { state, code, error, issuer };
    match finish_oidc(&cx, &booth, open, &way, &arrival).await {
        Ok(response) => Ok(response),
        Err(error) => oidc_failure_response(&cx, Some(&booth), error),
    }
}

async fn finish_oidc(
    cx: &RequestContext,
    booth: &Booth,
    open: VotingOpen,
    way: &OidcFlow,
    arrival: &OidcCallback,
) -> PageResult {
    let held = voter_token(cx);
    let token = cx.backend().finish_oidc(open, way, arrival, held).await?;
    Ok(enter_with_session(booth, &token))
}

fn enter_with_session(booth: &Booth, token: &str) -> Response {
    let mut response = start_voter_session(booth, token);
    set_cookie(&mut response, OIDC_FLOW_COOKIE, "", 0);
    response
}

/// Shows why there is no session, and the link to try again.
fn oidc_failure_response(
    cx: &RequestContext,
    booth: Option<&Booth>,
    error: AppError,
) -> PageResult {
    let AppError::Refused(Refusal::Oidc(why)) = error else { return Err(error) };
    let lang = cx.lang();
    let status = match why {
        OidcRefusal::Down => StatusCode::SERVICE_UNAVAILABLE,
        OidcRefusal::Cancelled => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let href = booth.map_or_else(|| "/editions".to_owned(), |booth| vote_path(booth, ""));
    let sentence = refusals::refusal_sentence(lang, &Refusal::Oidc(why));
    let tone = if why == OidcRefusal::Cancelled { Tone::Info } else { Tone::Warning };
    let page = Page::titled(words::failed_title(lang), move || {
        view! {
            <AuthPanel title=words::failed_title(lang)>
                <Notice lang tone><p>{sentence}</p></Notice>
                <p>{words::kept(lang)}</p>
                <div class="actions">
                    <ButtonLink label=words::again(lang) href weight=ButtonWeight::Primary/>
                </div>
            </AuthPanel>
        }
    });
    let page = page.with_status(status);
    Ok(cx.render_page(match booth {
        Some(booth) => page.for_edition(&booth.edition),
        None => page,
    }))
}

//! The check page, the last step before a ballot is cast: the picks and the button that casts them.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use backend::voting::{Ballot, CastAttempt, CastOutcome, PaperCase, VotePlace};
use domain::ids::CaseId;
use domain::refusal::Refusal;
use domain::rulebook::OpeningsAccess;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::voting as words;

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Notice, PageHead, Submit, Tone};
use crate::voting::booth::{
    Booth, PollPath, distinct_poll_name, find_booth, pick_gallery_path, vote_path,
};
use crate::voting::closed::{closed_poll_response, find_open_booth, held_up_response};
use crate::voting::cookies::voter_token;
use crate::voting::form_errors::vote_form_errors;
use crate::voting::picks;
use crate::voting::picks::{
    case_title_view, is_valid_pick_count, load_picked_cases, picks_section,
};
use crate::voting::signals::{collect_claims, signal_fields};
use crate::voting::steps::{VoteStep, vote_steps_section};
use crate::voting::voter_status::{UNVERIFIED_QUERY, next_voter_form, replaces_ballot_notice};
use crate::web::answer::{PageResult, redirect_to, retry_after_seconds};
use crate::web::fields::FormFields;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// GET /editions/{edition}/vote/{poll}/check
pub(crate) async fn show_ballot_check(cx: RequestContext, names: PollPath) -> PageResult {
    let (booth, _) = match find_open_booth(&cx, names, StatusCode::OK).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let Some(voter) = cx.backend().verified_browser(&booth.poll, voter_token(&cx)).await? else {
        return Ok(redirect_to(&vote_path(&booth, "")));
    };
    let voted = cx.backend().voter_receipt(&voter).await?.is_some();
    if voted && !booth.poll.rules.may_change {
        return Ok(redirect_to(&vote_path(&booth, "/receipt?again=yes")));
    }
    let entries = load_picked_cases(&cx, &booth.edition, &booth.poll).await?;
    let key = uuid::Uuid::new_v4().to_string();
    Ok(cx.render_page(ballot_check_page(&cx, &booth, &entries, key, voted, None)))
}

/// POST /editions/{edition}/vote/{poll}/check
pub(crate) async fn cast_ballot(
    cx: RequestContext,
    names: PollPath,
    headers: HeaderMap,
    fields: FormFields,
) -> PageResult {
    // The script sends the ballot again by itself and reads no page. No page is rendered for it,
    // because the server may be turning many ballots away.
    let by_script = headers.get("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    match try_to_cast_ballot(&cx, names, &headers, &fields).await {
        Err(error @ (AppError::Busy | AppError::Unknown)) if by_script => {
            Ok(with_retry_after(error.http_status().into_response(), &error, retry_after_seconds()))
        }
        Err(error @ (AppError::Busy | AppError::Unknown | AppError::Internal { .. })) => {
            Ok(ballot_retry_response(&cx, &fields, &error))
        }
        answer => answer,
    }
}

async fn try_to_cast_ballot(
    cx: &RequestContext,
    names: PollPath,
    headers: &HeaderMap,
    fields: &FormFields,
) -> PageResult {
    if cx.is_kiosk() {
        // A shared machine takes part only in the polls that name it.
        find_booth(cx, Path(names.0.clone())).await?;
    }
    let Path((edition, poll)) = names;
    let ballot = parse_ballot_form(fields)?;
    // The phase is not checked here, because a retry after the close must get its receipt. The
    // statement that stores the ballot refuses every other late ballot.
    let claims = collect_claims(cx, headers, fields);
    let place = VotePlace { edition: &edition, poll: &poll, cookie: voter_token(cx), claims };
    let CastAttempt { edition, poll, outcome } = cx.backend().cast(place, &ballot).await?;
    let booth = Booth { edition, poll };
    match outcome.map_err(AppError::from) {
        Ok(cast) => {
            let end = match cast {
                CastOutcome::Accepted(_) => "/receipt",
                CastOutcome::AlreadyVoted(_) => "/receipt?again=yes",
                CastOutcome::HandedIn => "/receipt?handed_in=yes",
            };
            let mut response = redirect_to(&vote_path(&booth, end));
            picks::empty_basket(&mut response, &booth);
            Ok(response)
        }
        // The page of the first step says why. The picks are kept.
        Err(AppError::Forbidden) => Ok(redirect_to(&vote_path(&booth, UNVERIFIED_QUERY))),
        Err(AppError::Phase(phase)) => {
            Ok(closed_poll_response(cx, &booth, phase, StatusCode::CONFLICT))
        }
        Err(error @ (AppError::Busy | AppError::Unknown | AppError::Internal { .. })) => Err(error),
        // The vote should have begun a moment ago and cannot: what staff have to mend says nothing to a voter.
        Err(AppError::Refused(Refusal::Edition(_))) => {
            Ok(held_up_response(cx, &booth, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => {
            let picks = &ballot.picks;
            let entries = cx.backend().paper_cases(&booth.edition, &booth.poll, picks);
            let entries = Box::pin(entries).await?;
            let key = ballot.idempotency_key.to_string();
            let page = ballot_check_page(cx, &booth, &entries, key, false, Some(error.clone()));
            cx.show_again(page, &error)
        }
    }
}

/// Answers with a form that sends the same ballot again, because the server is too busy or does not
/// know whether the ballot was stored. Uses only the posted fields, because a look-up would add to
/// the load. The page shows no steps, because they depend on the poll.
fn ballot_retry_response(cx: &RequestContext, fields: &FormFields, error: &AppError) -> Response {
    let (lang, action, seconds) = (cx.lang(), cx.path().to_owned(), retry_after_seconds());
    let (title, lead) = match error {
        AppError::Busy => (words::busy_title(lang), words::busy(lang, seconds)),
        _ => (words::unknown_title(lang), words::unknown(lang).to_owned()),
    };
    let key = fields.field_text("key").to_owned();
    let cases: Vec<String> = fields.all_texts("case").map(str::to_owned).collect();
    let page = Page::titled(title, move || {
        let cases = cases.into_iter();
        let cases = cases.map(|case| view! { <input type="hidden" name="case" value=case/> });
        view! {
            <PageHead title lead>""</PageHead>
            <form method="post" action=action class="form">
                <input type="hidden" name="key" value=key/>
                {cases.collect_view()}
                <div class="actions"><Submit label=words::busy_again(lang)/></div>
            </form>
        }
    });
    with_retry_after(cx.render_page(page.with_status(error.http_status())), error, seconds)
}

/// Adds `Retry-After` in seconds if the server was too busy. No other error gets the header.
fn with_retry_after(mut response: Response, error: &AppError, seconds: u8) -> Response {
    if *error == AppError::Busy {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(u16::from(seconds)));
    }
    response
}

/// Reads the ballot from the form of the check page. Refuses more than twice as many ids as any
/// rulebook allows, because the form never sends them.
fn parse_ballot_form(fields: &FormFields) -> Result<Ballot, AppError> {
    let idempotency_key = fields.field_text("key").parse().map_err(|_| AppError::BadRequest)?;
    let picks =
        fields.all_texts("case").map(|id| id.parse::<CaseId>().map_err(|_| AppError::BadRequest));
    let picks = picks.collect::<Result<Vec<_>, _>>()?;
    if picks.len() > 2 * usize::from(domain::limits::MAX_PICKS) {
        return Err(AppError::BadRequest);
    }
    Ok(Ballot { idempotency_key, picks })
}

/// Builds the page with the picks and the button that casts them. The ballot holds the picks of
/// this page, even if the basket changes in another tab. A voter who has voted reads what another
/// ballot does.
fn ballot_check_page(
    cx: &RequestContext,
    booth: &Booth,
    entries: &[PaperCase],
    key: String,
    voted: bool,
    error: Option<AppError>,
) -> Page {
    let lang = cx.lang();
    let Booth { edition, poll } = booth;
    let ready = is_valid_pick_count(poll, entries.len());
    let before = (!ready).then(|| picks_section(cx, booth, entries));
    let form = ready.then(|| cast_ballot_form(cx, booth, entries, key));
    let steps = vote_steps_section(lang, booth, VoteStep::Check);
    let replaces = voted.then(|| replaces_ballot_notice(lang, booth));
    let next = next_voter_form(cx, booth);
    let eyebrow = distinct_poll_name(lang, edition, poll).unwrap_or_default();
    let lead = match poll.rules.may_change {
        true => words::check_lead_change(lang),
        false => words::check_lead(lang),
    };
    let page = Page::titled(words::check_title(lang), move || {
        view! {
            {steps}
            <PageHead title=words::check_title(lang) eyebrow lead>""</PageHead>
            {vote_form_errors(lang, error.as_ref())}
            {replaces}
            {before}
            {form}
            {next}
        }
    });
    page.for_edition(edition).with_voter_bundle()
}

fn cast_ballot_form(
    cx: &RequestContext,
    booth: &Booth,
    entries: &[PaperCase],
    key: String,
) -> AnyView {
    let lang = cx.lang();
    // Leads to the cases, because the first page of the vote redirects to this page.
    let back = pick_gallery_path(booth);
    let secret = match booth.poll.rules.openings {
        OpeningsAccess::Public => words::secret_until_opened(lang),
        OpeningsAccess::Observers => words::secret(lang),
    };
    let lines = entries
        .iter()
        .map(|entry| {
            view! {
                <li>
                    <span>
                        {case_title_view(lang, entry)}
                        <span class="muted small" lang="ko">{entry.organisation.clone()}</span>
                    </span>
                    <input type="hidden" name="case" value=entry.id.to_string()/>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <form method="post" class="form cast-form" id="cast-form" data-offline="" data-lang=lang.language_tag()>
            <input type="hidden" name="key" value=key/>
            {signal_fields()}
            <ul class="ballot-paper">{lines}</ul>
            <Notice lang tone=Tone::Info><p>{secret}</p></Notice>
            <div class="actions">
                <Submit label=words::cast(lang)/>
                <ButtonLink label=words::change_picks(lang) href=back weight=ButtonWeight::Quiet/>
            </div>
            <div class="casting" id="casting" role="status" tabindex="-1" hidden>
                <p class="casting-words" id="casting-text">{words::casting_first(lang)}</p>
                <div class="actions" id="casting-long" hidden>
                    <button type="button" class="button" data-weight="secondary" id="cast-again">
                        {words::casting_again(lang)}
                    </button>
                </div>
            </div>
        </form>
    }
    .into_any()
}

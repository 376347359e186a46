//! The page for visitors who come before the opening or after the close of a poll.

use axum::response::Response;
use domain::schedule::{PhaseError, VotingOpen};
use http::StatusCode;
use leptos::prelude::*;
use phrases::voting as words;

use crate::AppError;
use crate::ui::{ButtonLink, Facts, PageHead};
use crate::voting::booth::{Booth, PollPath, distinct_poll_name, find_booth};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::web::shared_machine;
use crate::words::{errors, times};

/// Answers a visitor of a vote that should be open and could not begin, before any contact is asked for.
pub(crate) fn held_up_response(cx: &RequestContext, booth: &Booth, status: StatusCode) -> Response {
    let lang = cx.lang();
    let contact = format!("/editions/{}/contact", booth.edition.slug);
    let page = Page::titled(words::held_up_title(lang), move || {
        view! {
            <PageHead title=words::held_up_title(lang) lead=words::held_up(lang)>""</PageHead>
            <div class="actions">
                <ButtonLink label=phrases::office::contact(lang) href=contact/>
            </div>
        }
    });
    cx.render_page(page.for_edition(&booth.edition).with_status(status))
}

/// Answers a visitor who comes before the opening or after the close: when the poll is open, and a
/// link to what can be read now.
pub(crate) fn closed_poll_response(
    cx: &RequestContext,
    booth: &Booth,
    phase: PhaseError,
    status: StatusCode,
) -> Response {
    let (lang, Booth { edition, poll }) = (cx.lang(), booth);
    let title = match phase {
        PhaseError::Over { .. } => words::over_title(lang),
        PhaseError::NotYet { .. } | PhaseError::NotPublished => words::not_yet_title(lang),
    };
    // An announcement may come earlier or later than planned.
    let (label, announced) = match edition.schedule.released_at {
        Some(at) if at <= edition.now => (words::announced(lang), at),
        released => {
            (words::announcement(lang), released.unwrap_or(edition.schedule.windows.announcement))
        }
    };
    let mut rows = vec![
        (words::window(lang).to_owned(), times::format_window(lang, poll.window)),
        (label.to_owned(), times::format_minute(lang, announced)),
    ];
    if let Some(name) = distinct_poll_name(lang, edition, poll) {
        rows.insert(0, (words::poll(lang).to_owned(), name));
    }
    let base = format!("/editions/{}", edition.slug);
    let results = format!("{base}/results");
    let (label, href) =
        if edition.results_public().is_ok() && shared_machine::can_open(cx, &results) {
            (words::see_results(lang), results)
        } else if edition.gallery_public().is_ok() {
            (words::read_cases(lang), format!("{base}/cases"))
        } else {
            (words::about(lang), base)
        };
    // Whoever has just pressed the last button wants to know what became of that.
    let pressed = status == StatusCode::CONFLICT && cx.path().ends_with("/check");
    let lead = if pressed && matches!(phase, PhaseError::Over { .. }) {
        format!("{} {}", words::late_ballot(lang), errors::phase_sentence(lang, phase))
    } else {
        errors::phase_sentence(lang, phase)
    };
    let page = Page::titled(title, move || {
        view! {
            <PageHead title lead>""</PageHead>
            <Facts rows/>
            <div class="actions"><ButtonLink label href/></div>
        }
    });
    cx.render_page(page.for_edition(edition).with_status(status))
}

/// Finds the poll of a page of the vote and proves that it is open. The inner `Err` is the page
/// that says when it is open.
pub(crate) async fn find_open_booth(
    cx: &RequestContext,
    names: PollPath,
    status: StatusCode,
) -> Result<Result<(Booth, VotingOpen), Response>, AppError> {
    let booth = find_booth(cx, names).await?;
    match booth.edition.poll_open(&booth.poll) {
        Ok(_) if cx.backend().is_vote_held_up(&booth.edition).await? => {
            Ok(Err(held_up_response(cx, &booth, status)))
        }
        Ok(open) => Ok(Ok((booth, open))),
        Err(phase) => Ok(Err(closed_poll_response(cx, &booth, phase, status))),
    }
}

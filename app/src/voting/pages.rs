//! What the steps of a vote share, and the check. One question to a page; the picks are in their
//! cookie and survive every way back.

use axum::extract::Path;
use axum::response::Response;
use backend::editions::{Edition, Poll};
use backend::voting::Entry;
use domain::schedule::VotingOpen;
use domain::text::FieldProblem;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use super::picks::{max_picks, pick_forms, picked_entries, picks_list, title_view};
use super::receipts::closed;
use crate::context::{Cx, go};
use crate::page::{Answer, Page, form_errors};
use crate::ui::{ButtonLink, ErrorSummary, Notice, PageHead, Section, Steps, Submit, Tone, Weight};
use crate::{AppError, sentences};

/// The secret that ties a code to this browser.
pub(super) const CHALLENGE_COOKIE: &str = "__Host-challenge";
/// The address or number the code went to, for the page that says so and for sending another. It is kept by
/// the voter's own browser, because this side keeps it nowhere, and goes once the code is right.
pub(super) const CONTACT_COOKIE: &str = "__Host-contact";
/// The session of a verified voter.
pub(super) const VOTER_COOKIE: &str = "__Host-voter";

/// A poll and its edition: where a page of the vote stands.
pub(super) struct Booth {
    pub(super) edition: Edition,
    pub(super) poll: Poll,
}

/// The names of an edition and of its poll, as they stand in the path.
pub(super) type Names = Path<(String, String)>;

/// The poll of a page of the vote, open or not.
pub(super) async fn booth(cx: &Cx, Path((edition, poll)): Names) -> Result<Booth, AppError> {
    let edition = cx.backend().public_edition(&edition).await?;
    let poll = edition.poll(&poll)?.clone();
    Ok(Booth { edition, poll })
}

/// The poll of a page of the vote, and the proof that it is open; or the page that says when.
pub(super) async fn open_booth(
    cx: &Cx,
    names: Names,
    status: StatusCode,
) -> Result<Result<(Booth, VotingOpen), Response>, AppError> {
    let booth = booth(cx, names).await?;
    match booth.edition.poll_open(&booth.poll) {
        Ok(open) => Ok(Ok((booth, open))),
        Err(phase) => Ok(Err(closed(cx, &booth.edition, phase, status))),
    }
}

/// GET /editions/{edition}/vote: on to the poll.
pub(crate) async fn vote(cx: Cx, Path(slug): Path<String>) -> Answer {
    let edition = cx.backend().public_edition(&slug).await?;
    let poll = edition.polls.first().ok_or(AppError::NotFound)?;
    Ok(go(&format!("/editions/{slug}/vote/{}", poll.slug())))
}

/// The steps of the vote, with this one open.
pub(super) fn steps(lang: Lang, current: usize) -> AnyView {
    let items = [
        words::step_pick(lang),
        words::step_who(lang),
        words::step_code(lang),
        words::step_check(lang),
        words::step_receipt(lang),
    ];
    let items = items.map(str::to_owned).into();
    view! { <Steps lang items current/> }.into_any()
}

/// The path of a page of the vote: `""`, `/code`, `/check`, `/receipt`.
pub(super) fn path(booth: &Booth, end: &str) -> String {
    format!("/editions/{}/vote/{}{end}", booth.edition.slug, booth.poll.slug())
}

/// What a form page says above its fields: the faulty fields with links, or the rule that said no.
pub(super) fn errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error {
        Some(AppError::Invalid(faults)) => {
            let item = |fault: &crate::FieldFault| {
                (fault.field.clone(), field(lang, &fault.field, fault.problem))
            };
            let items = faults.iter().map(item).collect();
            view! { <ErrorSummary lang items/> }.into_any()
        }
        other => form_errors(lang, other),
    }
}

fn field(lang: Lang, name: &str, problem: FieldProblem) -> String {
    let sentence = match (name, problem) {
        ("code", _) => words::code_malformed(lang),
        ("email", FieldProblem::Malformed | FieldProblem::NotAllowed) => {
            words::email_malformed(lang)
        }
        (
            "mobile",
            FieldProblem::Malformed | FieldProblem::NotAllowed | FieldProblem::TooLong { .. },
        ) => words::mobile_malformed(lang),
        _ => return sentences::field(lang, problem),
    };
    sentence.to_owned()
}

pub(super) fn field_error(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    error.and_then(|error| error.of_field(name)).map(|problem| field(lang, name, problem))
}

pub(super) fn picks_section(cx: &Cx, edition: &Edition, entries: &[Entry]) -> AnyView {
    let (lang, max) = (cx.lang(), max_picks(edition));
    let cases = format!("/editions/{}/cases", edition.slug);
    if entries.is_empty() {
        return view! {
            <Notice lang tone=Tone::Info title=words::pick_first_title(lang)>
                <p>{words::pick_first(lang, max)}</p>
            </Notice>
            <div class="actions"><ButtonLink label=words::read_cases(lang) href=cases/></div>
        }
        .into_any();
    }
    let lead = words::picks_lead(lang, max, entries.len());
    let list = pick_forms(cx, edition).map(|forms| picks_list(&forms, entries));
    view! {
        <Section title=words::your_picks(lang) lead>
            {list}
            <p><a href=cases>{words::change_picks(lang)}</a></p>
        </Section>
    }
    .into_any()
}

/// GET /editions/{edition}/vote/{poll}/check
pub(crate) async fn check(cx: Cx, names: Names) -> Answer {
    let (booth, _) = match open_booth(&cx, names, StatusCode::OK).await? {
        Ok(open) => open,
        Err(closed) => return Ok(closed),
    };
    let token = cx.cookie(VOTER_COOKIE).unwrap_or_default();
    let Some(voter) = cx.backend().voter(&booth.poll, token).await? else {
        return Ok(go(&path(&booth, "")));
    };
    if cx.backend().receipt(&voter).await?.is_some() {
        return Ok(go(&path(&booth, "/receipt?again=yes")));
    }
    let entries = picked_entries(&cx, &booth.edition).await?;
    let key = uuid::Uuid::new_v4().to_string();
    Ok(cx.page(check_page(&cx, &booth, &entries, key, None)))
}

/// The picks once more, and the button that casts them. What is cast is what this page shows, even
/// if the basket changes in another tab.
pub(super) fn check_page(
    cx: &Cx,
    booth: &Booth,
    entries: &[Entry],
    key: String,
    error: Option<AppError>,
) -> Page {
    let (lang, edition) = (cx.lang(), &booth.edition);
    let cases = format!("/editions/{}/cases", edition.slug);
    let empty = entries.is_empty().then(|| picks_section(cx, edition, entries));
    let lines = entries
        .iter()
        .map(|entry| {
            view! {
                <li>
                    <span>
                        {title_view(lang, entry)}
                        <span class="muted small" lang="ko">{entry.organisation.clone()}</span>
                    </span>
                    <input type="hidden" name="case" value=entry.id.to_string()/>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let form = (!entries.is_empty()).then(|| {
        view! {
            <form method="post" class="form">
                <input type="hidden" name="key" value=key/>
                <ul class="ballot-paper">{lines}</ul>
                <Notice lang tone=Tone::Info><p>{words::secret(lang)}</p></Notice>
                <div class="actions">
                    <Submit label=words::cast(lang)/>
                    <ButtonLink label=words::change_picks(lang) href=cases weight=Weight::Quiet/>
                </div>
            </form>
        }
    });
    let page = Page::new(words::check_title(lang), move || {
        view! {
            {steps(lang, 3)}
            <PageHead title=words::check_title(lang) lead=words::check_lead(lang)>""</PageHead>
            {errors(lang, error.as_ref())}
            {empty}
            {form}
        }
    });
    page.of(edition)
}

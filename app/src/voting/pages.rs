//! What the steps of a vote share. One question to a page; the picks are in their cookie and
//! survive every way back.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use backend::editions::{Edition, Poll};
use domain::rulebook::Identity;
use domain::schedule::VotingOpen;
use domain::text::FieldProblem;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use super::receipts::closed;
use crate::context::Cx;
use crate::page::form_errors;
use crate::ui::{ErrorSummary, Steps};
use crate::{AppError, sentences};

/// The poll that a code was asked for in, and the secret that ties the code to this browser.
pub(super) const CHALLENGE_COOKIE: &str = "__Host-challenge";
/// The address or number the code went to, for the page that says so and for sending another. It is kept by
/// the voter's own browser, because this side keeps it nowhere, and goes once the code is right.
pub(super) const CONTACT_COOKIE: &str = "__Host-contact";
/// The session of a verified voter: one secret, which may be good for several polls.
pub(super) const VOTER_COOKIE: &str = "__Host-voter";

/// The secret of this browser's voter, empty where there is none.
pub(super) fn voter_token(cx: &Cx) -> &str {
    cx.cookie(VOTER_COOKIE).unwrap_or_default()
}

/// Where this browser has asked for the code that it waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// Nowhere, or too long ago.
    Nowhere,
    /// In this poll, with this secret: consent and statements were given here.
    Here(&'a str),
    /// In another poll, which may ask for other statements.
    Elsewhere,
}

/// Where this browser has asked for its code, seen from this poll.
pub(super) fn asked<'a>(cx: &'a Cx, booth: &Booth) -> Asked<'a> {
    match cx.cookie(CHALLENGE_COOKIE).and_then(|cookie| cookie.split_once('.')) {
        Some((poll, browser)) if poll == booth.poll.id.to_string() => Asked::Here(browser),
        Some(_) => Asked::Elsewhere,
        None => Asked::Nowhere,
    }
}

/// What the cookie of a code holds that was asked for in this poll.
pub(super) fn challenge(booth: &Booth, browser: &str) -> String {
    format!("{}.{browser}", booth.poll.id)
}

/// A poll and its edition: where a page of the vote stands. All ballots that wait share one edition.
pub(super) struct Booth {
    pub(super) edition: Arc<Edition>,
    pub(super) poll: Poll,
}

/// The names of an edition and of its poll, as they stand in the path.
pub(super) type Names = Path<(String, String)>;

/// The poll of a page of the vote, open or not.
pub(super) async fn booth(cx: &Cx, Path((edition, poll)): Names) -> Result<Booth, AppError> {
    let edition = cx.backend().public_edition(&edition).await?;
    let poll = edition.poll(&poll)?.clone();
    if !is_here(cx, &poll) {
        return Err(AppError::NotFound);
    }
    Ok(Booth { edition: edition.into(), poll })
}

/// Whether this machine takes part in a poll: a shared one only where the rules name it.
pub(super) fn is_here(cx: &Cx, poll: &Poll) -> bool {
    !cx.is_kiosk() || poll.rules.has_kiosk()
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
        Err(phase) => Ok(Err(closed(cx, &booth, phase, status))),
    }
}

/// A step of the vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Picking cases.
    Pick,
    /// Saying who one is; by a slip, that is the whole proof.
    Who,
    /// Typing the code that was sent.
    Code,
    /// Looking at the ballot once more.
    Check,
    /// The receipt.
    Receipt,
}

impl Step {
    /// The steps of a vote whose voters are known like this, in their order: a code is typed where
    /// one is sent, and a slip comes before the picks.
    const fn of(identity: Identity) -> &'static [Self] {
        match identity {
            Identity::Email | Identity::Mobile => {
                &[Self::Pick, Self::Who, Self::Code, Self::Check, Self::Receipt]
            }
            Identity::Oidc => &[Self::Pick, Self::Who, Self::Check, Self::Receipt],
            Identity::Roll => &[Self::Who, Self::Pick, Self::Check, Self::Receipt],
        }
    }

    const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Pick => words::step_pick(lang),
            Self::Who => words::step_who(lang),
            Self::Code => words::step_code(lang),
            Self::Check => words::step_check(lang),
            Self::Receipt => words::step_receipt(lang),
        }
    }
}

/// The steps of this poll, with one of them open.
pub(super) fn steps(lang: Lang, booth: &Booth, open: Step) -> AnyView {
    let steps = Step::of(booth.poll.rules.identity);
    let current = steps.iter().position(|step| *step == open).unwrap_or_default();
    let items = steps.iter().map(|step| step.name(lang).to_owned()).collect();
    view! { <Steps lang items current/> }.into_any()
}

/// The path of a page of the vote: `""`, `/code`, `/check`, `/receipt`.
pub(super) fn path(booth: &Booth, end: &str) -> String {
    format!("/editions/{}/vote/{}{end}", booth.edition.slug, booth.poll.slug())
}

/// The pages of a vote are kept nowhere: after *Finish on this device* going back shows nothing.
pub(crate) fn keep_nowhere(cx: &Cx, response: &mut Response) {
    let parts: Vec<&str> = cx.path().split('/').collect();
    if matches!(parts.as_slice(), ["", "editions", _, "vote", ..]) {
        let nowhere = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, nowhere);
    }
}

/// The browser drops what it holds of this site besides cookies: copies of pages, and what scripts
/// have kept, also where none runs now.
pub(super) fn clear_browser(response: &mut Response) {
    let all = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", all);
}

/// The gallery with the pick buttons of this poll.
pub(super) fn cases(Booth { edition, poll }: &Booth) -> String {
    format!("/editions/{}/cases?poll={}", edition.slug, poll.slug())
}

/// Whether a vote that was cast in this poll may be changed now.
pub(super) fn may_change(Booth { edition, poll }: &Booth) -> bool {
    poll.rules.may_change && edition.poll_open(poll).is_ok()
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

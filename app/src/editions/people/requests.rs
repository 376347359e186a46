//! Requests for an account: organisations that want to send a case.

use backend::accounts::{Admin, JoinRequest, JoinRequests};
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, join as words};
use uuid::Uuid;

use crate::AppError;
use crate::ui::{AreaField, ButtonWeight, Facts, Field, Pager, Section, Submit, paragraphs};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::request::RequestContext;
use crate::words::{cases, times};

/// The list of names that the browser offers for the organisation of a request.
const NAME_LIST: &str = "organisation-names";

/// A decision that failed: about which request, what was typed, and why.
#[derive(Default)]
pub(crate) struct RequestAttempt {
    request: Option<Uuid>,
    reason: String,
    error: Option<AppError>,
}

impl RequestAttempt {
    /// Keeps what was typed and why it was not carried out.
    pub(super) fn failed(fields: &FormFields, error: AppError) -> Self {
        let request = fields.field_text("request").parse().ok();
        let reason = request.map(|id| typed_text(fields, "reason", id)).unwrap_or_default();
        Self { request, reason, error: Some(error) }
    }
}

/// Returns the text of a request's own field: each form has fields of its own names, so that labels
/// lead to their controls.
fn typed_text(fields: &FormFields, field: &str, request: Uuid) -> String {
    fields.field_text(&format!("{field}-{request}")).to_owned()
}

/// Lists the open requests, each with its two forms.
pub(super) fn join_requests_section(
    lang: Lang,
    open: &JoinRequests,
    attempt: &RequestAttempt,
) -> AnyView {
    // A request that somebody else has decided is gone, but the reader must learn it.
    let shown = open.requests.iter().any(|request| Some(request.id) == attempt.request);
    let lost = (!shown).then(|| render_form_errors(lang, attempt.error.as_ref()));
    let list = if open.requests.is_empty() {
        view! { <p class="muted">{words::requests_none(lang)}</p> }.into_any()
    } else {
        let names = open.organisations.iter().map(|name| {
            let name = name.clone();
            view! { <option value=name></option> }
        });
        let names = names.collect_view();
        let cards: Vec<_> = open
            .requests
            .iter()
            .map(|request| {
                let own = (Some(request.id) == attempt.request).then_some(attempt);
                join_request_card(lang, request, &open.organisations, own)
            })
            .collect();
        view! { <datalist id=NAME_LIST>{names}</datalist><div class="desk">{cards}</div> }
            .into_any()
    };
    let (page, pages) = (open.page, open.pages);
    view! {
        <Section title=words::requests(lang) lead=words::requests_lead(lang) id="requests">
            {lost}{list}
            <Pager lang page pages base="?page="/>
        </Section>
    }
    .into_any()
}

fn join_request_card(
    lang: Lang,
    request: &JoinRequest,
    organisations: &[String],
    attempt: Option<&RequestAttempt>,
) -> AnyView {
    let rows = vec![
        (words::contact_person(lang).to_owned(), request.person.clone()),
        (words::email(lang).to_owned(), request.email.clone()),
    ];
    let mark = cases::korean_mark(lang);
    let note = (!request.note.is_empty()).then(|| {
        let note = paragraphs::render_paragraphs(&request.note);
        view! { <div class="prose" lang=mark>{note}</div> }
    });
    let asked = words::asked_on(lang, times::format_minute(lang, request.confirmed_at));
    let id = request.id.to_string();
    view! {
        <article class="panel">
            <h3 lang=mark>{request.organisation.clone()}</h3>
            <p class="muted small">{asked}</p>
            <Facts rows/>
            {note}
            {approve_form(lang, request, &id, organisations, attempt)}
            {decline_form(lang, &id, attempt)}
        </article>
    }
    .into_any()
}

fn approve_form(
    lang: Lang,
    request: &JoinRequest,
    id: &str,
    organisations: &[String],
    attempt: Option<&RequestAttempt>,
) -> AnyView {
    let error = attempt.and_then(|attempt| attempt.error.as_ref());
    let wrong = field_error_sentence(lang, error, "organisation");
    let general = error.filter(|error| !matches!(error, AppError::Invalid(_)));
    let general = render_form_errors(lang, general);
    let name = format!("into-{id}");
    let hint = if organisations.contains(&request.organisation) {
        words::into_same_name(lang, &request.organisation)
    } else {
        words::into_new(lang, &request.organisation)
    };
    let (id, typed) = (id.to_owned(), request.organisation.clone());
    let (control, described) = (format!("field-{name}"), format!("hint-{name}"));
    view! {
        {general}
        <form method="post" class="form">
            <input type="hidden" name="request" value=id/>
            <Field lang name=name.clone() label=words::into(lang) hint error=wrong required=true>
                <input class="input" type="text" id=control name=name list=NAME_LIST required=true
                    autocomplete="off" value=typed
                    aria-describedby=described/>
            </Field>
            <div class="actions">
                <Submit label=words::approve(lang) name="act" value="approve"/>
            </div>
        </form>
    }
    .into_any()
}

fn decline_form(lang: Lang, id: &str, attempt: Option<&RequestAttempt>) -> AnyView {
    let error = attempt.and_then(|attempt| attempt.error.as_ref());
    let wrong = field_error_sentence(lang, error, "reason");
    let (field, id) = (format!("reason-{id}"), id.to_owned());
    let (open, typed) = (wrong.is_some(), attempt.map(|attempt| attempt.reason.clone()));
    view! {
        <details class="stack" open=open>
            <summary>{words::decline_open(lang)}</summary>
            <form method="post" class="form">
                <input type="hidden" name="request" value=id/>
                <AreaField lang name=field label=words::reason(lang) rows=3
                    hint=words::reason_hint(lang) required=true value=typed.unwrap_or_default()
                    error=wrong/>
                <div class="actions">
                    <Submit label=words::decline(lang) weight=ButtonWeight::Secondary name="act"
                        value="decline"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Approves or declines a request.
pub(super) async fn decide_request(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    fields: &FormFields,
) -> Result<&'static str, AppError> {
    let id = fields.field_text("request").parse().map_err(|_| AppError::BadRequest)?;
    if fields.field_text("act") == "approve" {
        let organisation = typed_text(fields, "into", id);
        cx.backend().approve_join_request(admin, edition, id, &organisation).await?;
        return Ok("approved");
    }
    let reason = typed_text(fields, "reason", id);
    cx.backend().decline_join_request(admin, edition, id, &reason).await?;
    Ok("declined")
}

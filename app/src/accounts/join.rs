//! The form by which an organisation asks for an account, and the page that confirms it by the link of
//! the mail. The answer is the same whether the address has an account or not.

use axum::extract::{Path, Query};
use backend::accounts::{JoinForm, Role, SentJoinRequest};
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, join as words};
use serde::Deserialize;

use crate::AppError;
use crate::ui::{AreaField, AuthPanel, Checkbox, Facts, Notice, Submit, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{field_error_sentence, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::editions;

/// Whether a request was just sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JoinQuery {
    done: String,
}

/// GET /editions/{edition}/join
pub(crate) async fn show_join_form(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<JoinQuery>,
) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    if query.done == "sent" {
        let (title, text) = (words::sent_title, words::sent);
        return Ok(cx.render_page(sent_page(cx.lang(), &edition, title, text)));
    }
    if edition.may_organisations_join().is_err() {
        return Ok(cx.render_page(requests_closed_page(cx.lang(), &edition)));
    }
    Ok(cx.render_page(join_page(&cx, &edition, JoinForm::default(), None)))
}

/// POST /editions/{edition}/join
pub(crate) async fn submit_join_form(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let text = |name: &str| fields.field_text(name).to_owned();
    let form = JoinForm {
        organisation: text("organisation"),
        person: text("person"),
        email: text("email"),
        note: text("note"),
        consent: fields.has_field("consent"),
    };
    match cx.backend().request_account(&edition, &form, cx.client_network(), cx.lang()).await {
        Ok(()) => Ok(redirect_to(&format!("/editions/{slug}/join?done=sent"))),
        Err(error) => {
            let error = AppError::from(error);
            cx.show_again(join_page(&cx, &edition, form, Some(error.clone())), &error)
        }
    }
}

/// GET /editions/{edition}/join/{token}
pub(crate) async fn show_join_request(
    cx: RequestContext,
    Path((slug, token)): Path<(String, String)>,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    let request = cx.backend().find_join_request(&edition, &token).await?;
    if request.confirmed {
        let (title, text) = (words::confirmed_title, words::confirmed);
        return Ok(cx.render_page(sent_page(cx.lang(), &edition, title, text)));
    }
    if edition.may_organisations_join().is_err() {
        return Ok(cx.render_page(requests_closed_page(cx.lang(), &edition)));
    }
    Ok(cx.render_page(confirm_page(cx.lang(), &edition, request)))
}

/// POST /editions/{edition}/join/{token}
pub(crate) async fn confirm_join_request(
    cx: RequestContext,
    Path((slug, token)): Path<(String, String)>,
) -> PageResult {
    let edition = cx.backend().find_public_edition(&slug).await?;
    cx.backend().confirm_join_request(&edition, &token).await?;
    Ok(redirect_to(&format!("/editions/{slug}/join/{token}")))
}

fn confirm_page(lang: Lang, edition: &Edition, request: SentJoinRequest) -> Page {
    let rows = vec![
        (words::organisation(lang).to_owned(), request.organisation),
        (words::person(lang).to_owned(), request.person),
        (words::email(lang).to_owned(), request.email),
    ];
    let page = Page::titled(words::check_title(lang), move || {
        view! {
            <AuthPanel title=words::check_title(lang) lead=words::check_lead(lang)>
                <Facts rows/>
                <form method="post" class="form">
                    <div class="actions"><Submit label=words::check(lang)/></div>
                </form>
            </AuthPanel>
        }
    });
    for_this_edition(lang, page, edition)
}

fn edition_path(edition: &Edition) -> String {
    format!("/editions/{}", edition.slug)
}

fn for_this_edition(lang: Lang, page: Page, edition: &Edition) -> Page {
    let title = editions::edition_title(lang, edition);
    let crumbs = vec![(title, Some(edition_path(edition))), (words::title(lang).to_owned(), None)];
    page.for_edition(edition).with_crumbs(crumbs)
}

/// Builds the form, empty or with the typed text.
fn join_page(
    cx: &RequestContext,
    edition: &Edition,
    form: JoinForm,
    error: Option<AppError>,
) -> Page {
    let (lang, account) = (cx.lang(), account_note(cx));
    let page = Page::titled(words::title(lang), move || {
        let [organisation, person, email, note, consent] =
            ["organisation", "person", "email", "note", "consent"]
                .map(|name| field_error_sentence(lang, error.as_ref(), name));
        let consent = consent.map(|_| words::consent_missing(lang).to_owned());
        view! {
            <AuthPanel title=words::title(lang) lead=words::lead(lang)>
                {account}
                {render_form_errors(lang, error.as_ref())}
                <form method="post" class="form">
                    <TextField lang name="organisation" label=words::organisation(lang)
                        hint=words::organisation_hint(lang) autocomplete="organization"
                        required=true value=form.organisation
                        max=domain::limits::ORGANISATION_NAME_CHARS error=organisation/>
                    <TextField lang name="person" label=words::person(lang) autocomplete="name"
                        required=true value=form.person max=domain::limits::PERSON_NAME_CHARS
                        error=person/>
                    <TextField lang name="email" kind="email" label=words::email(lang)
                        hint=words::email_hint(lang) autocomplete="email" required=true
                        value=form.email error=email/>
                    <AreaField lang name="note" label=words::note(lang) rows=3
                        hint=words::note_hint(lang) value=form.note
                        max=domain::limits::JOIN_NOTE_CHARS error=note/>
                    <div class="consent">
                        <h2 class="field-label">{words::consent_title(lang)}</h2>
                        <p>{words::consent_text(lang)}</p>
                        <Checkbox lang name="consent" label=words::consent(lang) required=true
                            checked=form.consent error=consent/>
                    </div>
                    <div class="actions"><Submit label=words::send(lang)/></div>
                </form>
            </AuthPanel>
        }
    });
    for_this_edition(lang, page, edition)
}

/// Leads people who have an account to the sign-in, and members to their desk.
fn account_note(cx: &RequestContext) -> AnyView {
    let lang = cx.lang();
    let (question, label, href) = match cx.visitor() {
        Some(visitor) if visitor.role() == Role::Member => {
            (words::signed_in(lang), words::to_desk(lang), "/organisation")
        }
        _ => (words::have_account(lang), words::sign_in(lang), "/sign-in?next=/organisation"),
    };
    view! { <p>{question}" "<a href=href>{label}</a></p> }.into_any()
}

/// A phrase without a blank to fill.
type Phrase = fn(Lang) -> &'static str;

/// Builds the page after one of the two steps.
fn sent_page(lang: Lang, edition: &Edition, title: Phrase, text: Phrase) -> Page {
    let href = edition_path(edition);
    let page = Page::titled(title(lang), move || {
        view! {
            <AuthPanel title=title(lang)>
                <Notice lang tone=Tone::Success><p>{text(lang)}</p></Notice>
                <p><a href=href>{words::back(lang)}</a></p>
            </AuthPanel>
        }
    });
    for_this_edition(lang, page, edition)
}

fn requests_closed_page(lang: Lang, edition: &Edition) -> Page {
    let href = edition_path(edition);
    let page = Page::titled(words::title(lang), move || {
        view! {
            <AuthPanel title=words::closed_title(lang)>
                <Notice lang tone=Tone::Info><p>{words::closed(lang)}</p></Notice>
                <p>
                    {words::have_account(lang)}" "
                    <a href="/sign-in?next=/organisation">{words::sign_in(lang)}</a>
                </p>
                <p><a href=href>{words::back(lang)}</a></p>
            </AuthPanel>
        }
    });
    for_this_edition(lang, page, edition)
}

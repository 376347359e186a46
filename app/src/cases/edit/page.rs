//! One case on its organisation's desk: a form while it can be edited, its text afterwards.

use axum::extract::{Path, Query};
use backend::cases::{Case, CaseState};
use backend::editions::Edition;
use domain::refusal::{CaseRefusal, Refusal};
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};
use serde::Deserialize;

use crate::AppError;
use crate::cases::case::public_case_view;
use crate::cases::edit::fields::{TypedDraft, case_form, picture_error};
use crate::cases::edit::fill::document_error;
use crate::cases::files::{FileReader, file_error};
use crate::cases::organisation::{case_progress_timeline, organisation_crumbs, own_case_title};
use crate::cases::{outcome, state};
use crate::islands::draft_form::DraftForm;
use crate::ui::{
    AreaField, Badge, ButtonWeight, ErrorSummary, Notice, PageHead, Section, Submit, Tone,
    paragraphs,
};
use crate::web::answer::PageResult;
use crate::web::form_errors::render_form_errors;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::cases::case_field_label;
use crate::words::{cases, times};

/// What was just done, for the notice on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditCaseQuery {
    done: String,
    /// `withdraw`: the reader has pressed a button that only asks.
    ask: String,
}

/// GET /organisation/cases/{case}
pub(crate) async fn show_own_case(
    cx: RequestContext,
    Path(id): Path<String>,
    Query(query): Query<EditCaseQuery>,
) -> PageResult {
    let case = cx.backend().own_case(&cx.require_member()?, paths::parse_path_key(&id)?).await?;
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let note = if query.ask.is_empty() { &query.done } else { &query.ask };
    let page = edit_case_page(&cx, &edition, case, None, None, note).await?;
    Ok(cx.render_page(page))
}

/// Builds the page of a case, as stored or with the typed text.
pub(crate) async fn edit_case_page(
    cx: &RequestContext,
    edition: &Edition,
    case: Case,
    typed: Option<TypedDraft>,
    error: Option<AppError>,
    done: &str,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let comments = match edition.results_public() {
        Ok(public) => cx.backend().case_comments(&cx.require_member()?, public, case.id).await?,
        Err(_) => Vec::new(),
    };
    let files = cx.backend().case_files(case.id).await?;
    let outcome = outcome::published_outcomes(cx, edition).await?.remove(&case.id);
    let open = edition.submissions_open().is_ok();
    let closes = times::format_end(lang, edition.schedule.windows.call.closes);
    let (asks, of) = (done == "withdraw", edition.clone());
    let writable = open && case.state.can_be_written();
    let (title, head) = (own_case_title(lang, &case), own_case_head(lang, edition, &case, done));
    let crumbs = organisation_crumbs(lang, title.clone());
    let page = Page::titled(title, move || {
        let content = if writable {
            let typed = typed.unwrap_or_else(|| TypedDraft::from_case(&case));
            view! {
                {case_errors_notice(lang, &case, error.as_ref())}
                // An island has no box in the layout, but the column of the page needs one.
                <div>
                    <DraftForm lang case=case.id>
                        {case_form(lang, &places, (&case, &files), typed, error.as_ref())}
                    </DraftForm>
                </div>
                <script src="/tus.js" defer=true></script>
                <script src="/files.js" defer=true></script>
            }
            .into_any()
        } else {
            let outcome = outcome.map(|outcome| outcome::case_outcome_view(lang, &of, &outcome));
            let withdraw = (open && case.state.can_be_withdrawn())
                .then(|| withdraw_form(lang, &case, closes, asks));
            view! {
                {render_form_errors(lang, error.as_ref())}
                {typed.and_then(|typed| typed_text_section(lang, &case, &typed))}
                {outcome}
                {settled_case_section(lang, &case, open)}
                {judges_feedback_section(lang, comments)}
                {public_case_view(lang, &places, (&case, None), (&files, FileReader::Insider), None)}
                {withdraw}
            }
            .into_any()
        };
        view! { {head}{content} }
    });
    let page = page.for_edition(edition).with_crumbs(crumbs);
    Ok(if writable { page.with_desk_bundle() } else { page })
}

/// Shows what was typed for a case that can no longer be written, for example because it was submitted in
/// another tab, so that nobody loses it. `None` if the case says the same.
fn typed_text_section(lang: Lang, case: &Case, typed: &TypedDraft) -> Option<AnyView> {
    if typed.is_stored_in(case) {
        return None;
    }
    let text = |name: &str, value: &str| {
        let (label, value) = (case_field_label(lang, name), value.to_owned());
        view! { <AreaField lang name=format!("typed-{name}") label=label rows=3 value=value/> }
    };
    let texts = [
        ("title", &typed.draft.title),
        ("summary", &typed.draft.summary),
        ("body", &typed.draft.body),
    ];
    let texts = texts.map(|(name, value)| text(name, value)).into_iter().collect_view();
    let view = view! {
        <Notice lang tone=Tone::Warning title=words::typed_kept_title(lang)>
            <p>{words::typed_kept(lang)}</p>
        </Notice>
        <div class="form">{texts}</div>
    };
    Some(view.into_any())
}

fn own_case_head(lang: Lang, edition: &Edition, case: &Case, done: &str) -> AnyView {
    let done = match done {
        "saved" => words::saved(lang),
        "submitted" => words::submitted(lang),
        "withdrawn" => words::withdrawn(lang),
        "masked" => words::personal_masked(lang),
        "picture_removed" => words::picture_removed(lang),
        "files_added" => phrases::files::added(lang),
        "file_removed" => phrases::files::removed(lang),
        _ => "",
    };
    let done = (!done.is_empty()).then(|| {
        view! { <Notice lang tone=Tone::Success><p>{done}</p></Notice> }
    });
    let (tone, label) = state::case_state_label(lang, case.state);
    let writable = edition.submissions_open().is_ok() && case.state.can_be_written();
    let closes = times::format_deadline(lang, edition.schedule.windows.call.closes);
    let title = writable.then(|| {
        let lead = words::edit_lead(lang);
        let eyebrow = words::deadline(lang, closes);
        view! { <PageHead title=words::edit(lang) eyebrow lead>""</PageHead> }
    });
    view! {
        {done}
        {title}
        <div class="case-state">
            <p><Badge tone label/></p>
            {case_progress_timeline(lang, edition, case.state)}
        </div>
    }
    .into_any()
}

/// Shows the reason of the decision and a note, for a case that cannot be edited.
fn settled_case_section(lang: Lang, case: &Case, open: bool) -> AnyView {
    let reason = case.reason.as_ref().map(|reason| {
        let reason = paragraphs::render_paragraphs(reason);
        view! {
            <Notice lang tone=Tone::Warning title=words::reason(lang)>
                <div lang=cases::korean_mark(lang)>{reason}</div>
            </Notice>
        }
    });
    let note = if open {
        (Tone::Info, words::withdraw_hint(lang))
    } else if case.state.can_be_written() {
        (Tone::Warning, words::never_submitted(lang))
    } else {
        (Tone::Info, words::call_over(lang))
    };
    let (tone, note) = note;
    let shown = !(open && case.state == CaseState::Rejected);
    let note = shown.then(|| view! { <Notice lang tone><p>{note}</p></Notice> });
    view! { {reason}{note} }.into_any()
}

/// Builds the folded form that withdraws a case, at the end of its page: one press opens it, the
/// second one withdraws. `asks` shows it open.
fn withdraw_form(lang: Lang, case: &Case, closes: String, asks: bool) -> AnyView {
    let version = case.version.to_string();
    let sure = asks.then(|| {
        view! { <Notice lang tone=Tone::Warning><p>{news::withdraw_sure(lang)}</p></Notice> }
    });
    view! {
        <details class="stack" id="withdraw" open=asks>
            <summary>{news::withdraw_open(lang)}</summary>
            {sure}
            <p>{news::withdraw_text(lang, closes)}</p>
            <form method="post" class="form">
                <input type="hidden" name="version" value=version/>
                <input type="hidden" name="confirm" value="yes"/>
                <div class="actions">
                    <Submit label=news::withdraw_confirm(lang) weight=ButtonWeight::Danger
                        name="act" value="withdraw"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Lists the judges' comments for the organisation.
fn judges_feedback_section(lang: Lang, comments: Vec<String>) -> Option<AnyView> {
    if comments.is_empty() {
        return None;
    }
    let mark = cases::korean_mark(lang);
    let items = comments
        .into_iter()
        .map(
            |comment| view! { <li class="prose" lang=mark>{paragraphs::render_paragraphs(&comment)}</li> },
        )
        .collect_view();
    let section = view! {
        <Section title=words::feedback(lang) lead=words::feedback_lead(lang)>
            <ul class="stack">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}

/// Shows the errors in one box with links. After a conflict it also shows the stored version.
pub(crate) fn case_errors_notice(lang: Lang, case: &Case, error: Option<&AppError>) -> AnyView {
    let faults = [
        ("picture", picture_error(lang, error)),
        ("document", document_error(lang, error)),
        ("files", file_error(lang, error)),
    ];
    let fault = faults.into_iter().find_map(|(field, fault)| Some((field.to_owned(), fault?)));
    if let Some(fault) = fault {
        return view! { <ErrorSummary lang items=vec![fault]/> }.into_any();
    }
    match error {
        Some(AppError::Refused(Refusal::Case(CaseRefusal::Incomplete(missing)))) => {
            let items = missing
                .iter()
                .map(|name| {
                    (name.clone(), words::missing_field(lang, case_field_label(lang, name)))
                })
                .collect();
            view! {
                <Notice lang tone=Tone::Warning><p>{words::missing_title(lang)}</p></Notice>
                <ErrorSummary lang items/>
            }
            .into_any()
        }
        Some(AppError::Refused(Refusal::Stale)) => {
            let (body, mark) =
                (paragraphs::render_paragraphs(&case.body), cases::korean_mark(lang));
            view! {
                {render_form_errors(lang, error)}
                <details class="stack" open=true>
                    <summary>{words::stale_title(lang)}</summary>
                    <p class="muted small">{words::stale_hint(lang)}</p>
                    <div class="prose" lang=mark>
                        <p><strong>{case.title.clone()}</strong></p>
                        <p>{case.summary.clone()}</p>
                        {body}
                    </div>
                </details>
            }
            .into_any()
        }
        error => render_form_errors(lang, error),
    }
}

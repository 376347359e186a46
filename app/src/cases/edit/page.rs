//! One case on its organisation's desk: a form while it can be edited, its text afterwards.

use axum::extract::{Path, Query};
use backend::cases::{Case, CaseState};
use backend::editions::Edition;
use domain::refusal::{CaseRefusal, Refusal};
use domain::schedule::Instant;
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};
use serde::Deserialize;

use crate::AppError;
use crate::cases::case::public_case_view;
use crate::cases::differences::draft_differences;
use crate::cases::edit::fields::{TypedDraft, picture_error};
use crate::cases::edit::fill::document_error;
use crate::cases::edit::parts::{CaseParts, case_form};
use crate::cases::edit::settled::{
    judges_feedback_section, objection_form, settled_case_section, typed_text_section,
    withdraw_form,
};
use crate::cases::files::{FileReader, file_error};
use crate::cases::organisation::{case_progress_timeline, organisation_crumbs, own_case_title};
use crate::cases::receipt::receipt_section;
use crate::cases::{outcome, state};
use crate::islands::draft_form::DraftForm;
use crate::ui::{
    Badge, ButtonLink, ButtonWeight, ErrorSummary, Notice, PageHead, Tone, paragraphs,
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
    let comments = published_comments(cx, edition, &case).await?;
    let files = cx.backend().case_files(case.id).await?;
    let partners = cx.backend().case_partners(case.id).await?;
    let outcome = outcome::published_outcomes(cx, edition).await?.remove(&case.id);
    let open = case.submissions_open(edition).is_ok();
    let closes = times::format_end(lang, own_deadline(edition, &case));
    let receipt = receipt_section(cx, edition, &case)?;
    let (asks, of) = (done == "withdraw", edition.clone());
    let writable = open && case.state.can_be_written();
    let (title, head) = (own_case_title(lang, &case), own_case_head(lang, edition, &case, done));
    let crumbs = organisation_crumbs(lang, title.clone());
    let versions = versions_link(lang, &case);
    let page = Page::titled(title, move || {
        let content = if writable {
            view! {
                {returned_notice(lang, &case)}
                {case_errors_notice(lang, &case, typed.as_ref(), error.as_ref())}
                // An island has no box in the layout, but the column of the page needs one.
                <div>
                    <DraftForm lang case=case.id>
                        {case_form(
                            lang,
                            &places,
                            &CaseParts { case: &case, files: &files, partners: &partners },
                            typed.unwrap_or_else(|| TypedDraft::from_case(&case)),
                            error.as_ref(),
                        )}
                    </DraftForm>
                </div>
                <script src="/tus.js" defer=true></script>
                <script src="/files.js" defer=true></script>
            }
            .into_any()
        } else {
            let objection = typed.as_ref().map(|typed| typed.objection.clone()).unwrap_or_default();
            let outcome = outcome.map(|outcome| outcome::case_outcome_view(lang, &of, &outcome));
            let withdraw = (open && case.state.can_be_withdrawn())
                .then(|| withdraw_form(lang, &case, closes, asks));
            view! {
                {render_form_errors(lang, error.as_ref())}
                {typed.and_then(|typed| typed_text_section(lang, &case, &typed))}
                {outcome}
                {settled_case_section(lang, &case, open)}
                {objection_form(lang, &of, &case, objection, error.as_ref())}
                {receipt}
                {judges_feedback_section(lang, comments)}
                {public_case_view(lang, &places, (&case, None), (&files, FileReader::Insider), None)}
                {withdraw}
            }
            .into_any()
        };
        view! { {head}{content}{versions} }
    });
    let page = page.for_edition(edition).with_crumbs(crumbs);
    Ok(if writable { page.with_desk_bundle() } else { page })
}

/// Returns the judges' comments, once the result is public.
async fn published_comments(
    cx: &RequestContext,
    edition: &Edition,
    case: &Case,
) -> Result<Vec<String>, AppError> {
    match edition.results_public() {
        Ok(public) => {
            Ok(cx.backend().case_comments(&cx.require_member()?, public, case.id).await?)
        }
        Err(_) => Ok(Vec::new()),
    }
}

/// Until when its organisation may write a case: the close of the call, or a later instant of its own.
fn own_deadline(edition: &Edition, case: &Case) -> Instant {
    let closes = edition.schedule.windows.call.closes;
    case.open_until.map_or(closes, |until| until.max(closes))
}

fn versions_link(lang: Lang, case: &Case) -> AnyView {
    let href = format!("/organisation/cases/{}/versions", case.id);
    let label = phrases::versions::open(lang);
    view! { <div class="actions"><ButtonLink label href weight=ButtonWeight::Quiet/></div> }
        .into_any()
}

/// Says what is to be corrected, and until when.
fn returned_notice(lang: Lang, case: &Case) -> Option<AnyView> {
    let (Some(until), Some(reason)) = (case.open_until, case.reason.as_ref()) else { return None };
    let title = news::returned_title(lang, times::format_end(lang, until));
    let reason = paragraphs::render_paragraphs(reason);
    let notice = view! {
        <Notice lang tone=Tone::Warning title>
            <div lang=cases::korean_mark(lang)>{reason}</div>
        </Notice>
    };
    Some(notice.into_any())
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
        "taken_back" => phrases::versions::taken_back(lang),
        "objected" => news::objected(lang),
        _ => "",
    };
    let done = (!done.is_empty()).then(|| {
        view! { <Notice lang tone=Tone::Success><p>{done}</p></Notice> }
    });
    let (tone, label) = state::case_state_label(lang, case.state);
    let late =
        case.late.then(|| view! { " "<Badge tone=Tone::Warning label=phrases::late::mark(lang)/> });
    let writable = case.submissions_open(edition).is_ok() && case.state.can_be_written();
    let own = edition.submissions_open().is_err() || case.state == CaseState::Returned;
    let closes = times::format_deadline(lang, own_deadline(edition, case));
    let returned = case.state == CaseState::Returned;
    let title = writable.then(|| {
        let lead = if returned { news::edit_lead_returned(lang) } else { words::edit_lead(lang) };
        let eyebrow =
            if own { news::deadline_own(lang, closes) } else { words::deadline(lang, closes) };
        view! { <PageHead title=words::edit(lang) eyebrow lead>""</PageHead> }
    });
    view! {
        {done}
        {title}
        <div class="case-state">
            <p><Badge tone label/>{late}</p>
            {case_progress_timeline(lang, edition, case.state, case.open_until)}
        </div>
    }
    .into_any()
}

/// Shows the errors in one box with links. After a conflict it also shows the stored version.
pub(crate) fn case_errors_notice(
    lang: Lang,
    case: &Case,
    typed: Option<&TypedDraft>,
    error: Option<&AppError>,
) -> AnyView {
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
            let stored = TypedDraft::from_case(case).draft;
            let differences = typed.map(|typed| {
                view! {
                    <p><strong>{phrases::versions::legend_stale(lang)}</strong></p>
                    {draft_differences(lang, &stored, &typed.draft)}
                }
            });
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
                    {differences}
                </details>
            }
            .into_any()
        }
        error => render_form_errors(lang, error),
    }
}

//! The list's own forms: accept the chosen cases, undo it, download the list.

use axum::extract::{Path, Query};
use backend::Error;
use backend::accounts::Admin;
use backend::cases::ScreeningDecision;
use backend::editions::Edition;
use domain::ids::CaseId;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::AppError;
use crate::cases::export;
use crate::cases::screening::filters::ScreeningQuery;
use crate::cases::screening::list::screening_page;
use crate::ui::{ButtonWeight, Notice, Submit, Tone};
use crate::web::answer::PageResult;
use crate::web::fields::FormFields;
use crate::web::form_errors::render_done_notice;
use crate::web::request::RequestContext;
use crate::words::errors;

/// GET /admin/{edition}/screening
pub(crate) async fn show_screening(
    cx: RequestContext,
    Path(edition): Path<String>,
    Query(query): Query<ScreeningQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&edition).await?;
    let said = match query.done.as_str() {
        "second_look" => Some(words::second_look_asked(cx.lang())),
        _ => None,
    };
    let said = render_done_notice(cx.lang(), said);
    Ok(cx.render_page(screening_page(&cx, &edition, &query, said).await?))
}

/// POST /admin/{edition}/screening
pub(crate) async fn submit_screening(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<ScreeningQuery>,
    fields: FormFields,
) -> PageResult {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let decision = match fields.field_text("act") {
        "accept" => ScreeningDecision::Accept,
        "undo" => ScreeningDecision::Undo,
        _ => return export::download_cases(&cx, &slug, &fields).await,
    };
    let edition = cx.backend().find_edition(&slug).await?;
    let chosen: Vec<_> = fields.all_texts("case").map(parse_chosen_case).collect();
    let chosen: Option<Vec<(CaseId, i32)>> = chosen.into_iter().collect();
    let chosen = chosen.ok_or(AppError::BadRequest)?;
    if chosen.is_empty() {
        let said =
            view! { <Notice lang tone=Tone::Warning><p>{words::bulk_none(lang)}</p></Notice> };
        let page = screening_page(&cx, &edition, &query, Some(said.into_any())).await?;
        return Ok(cx.render_page(page.with_status(StatusCode::UNPROCESSABLE_ENTITY)));
    }
    let outcome = decide_chosen(&cx, &admin, &edition, &chosen, &decision).await?;
    let said = outcome.outcome_notice(lang, &decision);
    Ok(cx.render_page(screening_page(&cx, &edition, &query, Some(said)).await?))
}

/// Reads `<case>.<version>`.
fn parse_chosen_case(text: &str) -> Option<(CaseId, i32)> {
    let (case, version) = text.split_once('.')?;
    Some((case.parse().ok()?, version.parse().ok()?))
}

/// What became of the chosen cases.
struct BulkOutcome {
    done: Vec<(CaseId, i32)>,
    /// The others: each title with its reason.
    left: Vec<(String, String)>,
}

/// Decides on each case by itself: one that cannot be decided leaves the others alone.
async fn decide_chosen(
    cx: &RequestContext,
    admin: &Admin,
    edition: &Edition,
    chosen: &[(CaseId, i32)],
    decision: &ScreeningDecision,
) -> Result<BulkOutcome, AppError> {
    let open = edition.screening_open().map_err(Error::from)?;
    let titles = cx.backend().screening_list(admin, edition).await?;
    let mut outcome = BulkOutcome { done: Vec::new(), left: Vec::new() };
    for (case, version) in chosen {
        let decided = cx
            .backend()
            .decide_case(admin, open, edition, *case, *version, decision.clone())
            .await
            .map_err(AppError::from);
        match decided {
            Ok(()) => outcome.done.push((*case, *version)),
            Err(error @ (AppError::Refused(_) | AppError::NotFound | AppError::Phase(_))) => {
                let line = titles.iter().find(|line| line.id == *case);
                let title = line.map(|line| line.title.clone()).unwrap_or_default();
                outcome.left.push((title, errors::error_sentence(cx.lang(), &error)));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(outcome)
}

impl BulkOutcome {
    /// Says how many were decided, offers to undo it, and names the others.
    fn outcome_notice(self, lang: Lang, decision: &ScreeningDecision) -> AnyView {
        let accepts = *decision == ScreeningDecision::Accept;
        let count = self.done.len();
        let said =
            if accepts { words::bulk_done(lang, count) } else { words::bulk_undone(lang, count) };
        let undo = (accepts && count > 0).then(|| {
            let cases = self
                .done
                .iter()
                .map(|(case, version)| {
                    let value = format!("{case}.{version}");
                    view! { <input type="hidden" name="case" value=value/> }
                })
                .collect_view();
            view! {
                <form method="post">
                    {cases}
                    <Submit label=words::bulk_undo(lang) weight=ButtonWeight::Secondary name="act"
                        value="undo"/>
                </form>
            }
        });
        let left = (!self.left.is_empty()).then(|| {
            let items = self
                .left
                .into_iter()
                .map(|(title, why)| view! { <li><strong>{title}</strong>" "{why}</li> })
                .collect_view();
            view! {
                <Notice lang tone=Tone::Warning title=words::bulk_left(lang)>
                    <ul>{items}</ul>
                </Notice>
            }
        });
        let tone = if count > 0 { Tone::Success } else { Tone::Info };
        view! { <Notice lang tone><p>{said}</p>{undo}</Notice>{left} }.into_any()
    }
}

//! Moving the windows: a form of seven instants in Korean time, and the earlier moves.

use axum::extract::{Path, Query};
use backend::audit::{AuditAction, AuditEvent};
use backend::editions::Edition;
use backend::{Error, Refusal};
use domain::schedule::{Windows, format_local_minute, parse_local_minute};
use domain::text::FieldProblem;
use http::StatusCode;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::AppError;
use crate::audit::events;
use crate::staff::{DoneQuery, edition_tabs, staff_crumbs};
use crate::ui::{ErrorSummary, Notice, PageHead, Section, Submit, TableBox, TextField, Tone};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::form_errors::{render_done_notice, render_form_errors};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::windows::{
    INPUTS, format_input_instant, input_label, rest_day_lines, window_instants,
};
use crate::words::{field_problems, season_problems, times, windows};

/// The typed form and its faults.
pub(crate) struct WindowsAttempt {
    /// The texts in the order of [`INPUTS`].
    pub(crate) typed: [String; 7],
    /// Inputs, each with its fault.
    pub(crate) faults: Vec<(&'static str, String)>,
    /// An error that belongs to no input.
    pub(crate) error: Option<AppError>,
}

/// GET /admin/{edition}/windows
pub(crate) async fn show_windows(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<DoneQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    let typed = window_instants(&edition.schedule.windows).map(format_local_minute);
    let attempt = WindowsAttempt { typed, faults: Vec::new(), error: None };
    Ok(cx.render_page(windows_page(&cx, edition, attempt, &query.done).await?))
}

/// Builds the form, with the present windows or with the typed ones.
pub(crate) async fn windows_page(
    cx: &RequestContext,
    edition: Edition,
    attempt: WindowsAttempt,
    done: &str,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.require_admin()?);
    let kind = Some(AuditAction::EditionWindowsMoved);
    let moves = cx.backend().audit_trail_page(&admin, Some(edition.id), kind, 1).await?.events;
    let done = match done {
        "moved" => Some(words::windows_done(lang)),
        "same" => Some(words::windows_same(lang)),
        _ => None,
    };
    let crumbs = staff_crumbs(lang, &edition, words::windows(lang));
    let (of, of_windows) = (edition.clone(), edition.schedule.windows);
    let page = Page::titled(words::windows(lang), move || {
        let items = attempt
            .faults
            .iter()
            .map(|(input, sentence)| ((*input).to_owned(), sentence.clone()))
            .collect();
        let content = if edition.schedule.released_at.is_some() {
            view! { <Notice lang tone=Tone::Info><p>{words::windows_closed(lang)}</p></Notice> }
                .into_any()
        } else {
            windows_form(lang, &edition, &attempt)
        };
        let counts = counts_notice(lang, &edition);
        view! {
            <PageHead title=words::windows(lang) lead=words::windows_lead(lang)/>
            {edition_tabs(lang, &edition, "/windows")}
            {counts}
            {rest_days_notice(lang, &of_windows)}
            {render_done_notice(lang, done)}
            {render_form_errors(lang, attempt.error.as_ref())}
            <ErrorSummary lang items/>
            {content}
            {moved_windows_section(lang, &moves)}
        }
    });
    Ok(page.for_edition(&of).with_crumbs(crumbs))
}

/// Points out which windows close on a day on which offices are closed. `None` if none does.
pub(crate) fn rest_days_notice(lang: Lang, windows: &Windows) -> Option<AnyView> {
    let lines = rest_day_lines(lang, windows);
    let items = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    (!lines.is_empty()).then(|| {
        view! {
            <Notice lang tone=Tone::Info title=words::rest_title(lang)>
                <p>{words::rest_text(lang)}</p>
                <ul>{items}</ul>
            </Notice>
        }
        .into_any()
    })
}

/// Says that reading counts fixes the windows, or that somebody has read them.
fn counts_notice(lang: Lang, edition: &Edition) -> Option<AnyView> {
    let sentence = match (edition.counts_read, edition.deliberation_open()) {
        (true, _) => words::windows_counts_read(lang),
        (false, Ok(_)) => words::windows_counts_soon(lang),
        (false, Err(_)) => return None,
    };
    Some(view! { <Notice lang tone=Tone::Warning><p>{sentence}</p></Notice> }.into_any())
}

/// Writes the windows that a form was filled from. They show whether somebody else has moved the
/// windows since.
pub(crate) fn encode_shown_windows(windows: &Windows) -> String {
    window_instants(windows).map(|instant| instant.timestamp_micros().to_string()).join(".")
}

pub(crate) fn windows_form(lang: Lang, edition: &Edition, attempt: &WindowsAttempt) -> AnyView {
    let present = window_instants(&edition.schedule.windows);
    let field = |index: usize| {
        let input = INPUTS[index];
        let hint = words::now_is(lang, format_input_instant(lang, input, present[index]));
        let fault = attempt.faults.iter().find(|(name, _)| *name == input);
        let error = fault.map(|(_, sentence)| sentence.clone());
        let value = attempt.typed[index].clone();
        view! {
            <TextField lang name=input kind="datetime-local" label=input_label(lang, input) hint
                required=true value error/>
        }
    };
    let fields = (0..INPUTS.len()).map(field).collect_view();
    view! {
        <form method="post" class="form">
            <input type="hidden" name="shown" value=encode_shown_windows(&edition.schedule.windows)/>
            <div class="windows">{fields}</div>
            <div class="actions"><Submit label=words::save_windows(lang)/></div>
        </form>
    }
    .into_any()
}

/// Lists the moves, newest first, with the old and the new value of every changed instant.
fn moved_windows_section(lang: Lang, moves: &[AuditEvent]) -> AnyView {
    let row = |event: &AuditEvent| {
        let (at, who) = (times::format_minute(lang, event.at), events::actor_name(lang, event));
        let changes = events::moved_windows_list(lang, &event.detail);
        view! {
            <tr>
                <td data-label=words::at(lang)>{at}</td>
                <td data-label=words::who(lang)>{who}</td>
                <td data-label=words::what(lang)>{changes}</td>
            </tr>
        }
    };
    let content = if moves.is_empty() {
        view! { <p class="muted">{words::windows_history_none(lang)}</p> }.into_any()
    } else {
        let rows = moves.iter().map(row).collect_view();
        view! {
            <div class="titled">
                <TableBox caption=words::windows_history(lang)>
                    <thead>
                        <tr>
                            <th scope="col">{words::at(lang)}</th>
                            <th scope="col">{words::who(lang)}</th>
                            <th scope="col">{words::what(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </TableBox>
            </div>
        }
        .into_any()
    };
    view! { <Section title=words::windows_history(lang)>{content}</Section> }.into_any()
}

/// POST /admin/{edition}/windows
pub(crate) async fn move_windows(
    cx: RequestContext,
    Path(slug): Path<String>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let typed = windows::INPUTS.map(|input| fields.field_text(input).to_owned());
    let moved = match read_typed_windows(cx.lang(), &edition, &typed) {
        Ok(moved) => moved,
        Err(faults) => {
            let attempt = WindowsAttempt { typed, faults, error: None };
            let page = windows_page(&cx, edition, attempt, "").await?;
            return Ok(cx.render_page(page.with_status(StatusCode::UNPROCESSABLE_ENTITY)));
        }
    };
    if moved == edition.schedule.windows {
        return Ok(redirect_to(&format!("/admin/{slug}/windows?done=same")));
    }
    let answer = if fields.field_text("shown") == encode_shown_windows(&edition.schedule.windows) {
        cx.backend().move_windows(&admin, &edition, moved).await
    } else {
        Err(Error::Refused(Refusal::Stale))
    };
    match answer {
        Ok(()) => Ok(redirect_to(&format!("/admin/{slug}/windows?done=moved"))),
        Err(error) => {
            let error = AppError::from(error);
            let attempt = WindowsAttempt { typed, faults: Vec::new(), error: Some(error.clone()) };
            cx.show_again(windows_page(&cx, edition, attempt, "").await?, &error)
        }
    }
}

type WindowFaults = Vec<(&'static str, String)>;

/// Reads the typed windows. Returns every wrong input with its sentence if there are faults.
fn read_typed_windows(
    lang: Lang,
    edition: &Edition,
    typed: &[String; 7],
) -> Result<domain::schedule::Windows, WindowFaults> {
    let mut instants = windows::window_instants(&edition.schedule.windows);
    let mut faults = WindowFaults::new();
    for (index, text) in typed.iter().enumerate() {
        // An input shows minutes only, so an unchanged input keeps the stored seconds.
        if *text == format_local_minute(instants[index]) {
            continue;
        }
        match parse_local_minute(text) {
            Some(instant) => instants[index] = instant,
            None if text.is_empty() => {
                let sentence = field_problems::field_sentence(lang, FieldProblem::Missing);
                faults.push((windows::INPUTS[index], sentence));
            }
            None => {
                let sentence = field_problems::field_sentence(lang, FieldProblem::Malformed);
                faults.push((windows::INPUTS[index], sentence));
            }
        }
    }
    let moved = windows::windows_from_instants(instants);
    if faults.is_empty() {
        let problem = |problem| {
            (
                windows::faulty_input(problem),
                season_problems::windows_problem_sentence(lang, problem).to_owned(),
            )
        };
        faults.extend(moved.window_problems().into_iter().map(problem));
    }
    if faults.is_empty() { Ok(moved) } else { Err(faults) }
}

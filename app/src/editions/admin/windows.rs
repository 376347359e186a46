//! Moving the windows: seven instants in Korean time, and what was moved before.

use axum::extract::{Path, Query};
use backend::audit::AuditEvent;
use backend::editions::Edition;
use domain::schedule::{Instant, Window, WindowProblem, Windows};
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use super::{Done, acts, crumbs, done_notice, tabs};
use crate::AppError;
use crate::context::Cx;
use crate::page::{Answer, Page, form_errors};
use crate::ui::{ErrorSummary, Notice, PageHead, Section, Submit, TableBox, TextField, Tone};
use crate::when;

/// The inputs of the form, in the order of the season.
pub(in crate::editions) const INPUTS: [&str; 7] = [
    "call_opens",
    "call_closes",
    "voting_opens",
    "voting_closes",
    "judging_opens",
    "judging_closes",
    "announcement",
];

/// The instants of these windows, in the order of [`INPUTS`].
pub(in crate::editions) fn instants(windows: &Windows) -> [Instant; 7] {
    let Windows { call, voting, judging, announcement } = *windows;
    [
        call.opens,
        call.closes,
        voting.opens,
        voting.closes,
        judging.opens,
        judging.closes,
        announcement,
    ]
}

/// The windows of these instants, in the order of [`INPUTS`].
pub(in crate::editions) fn windows_of(instants: [Instant; 7]) -> Windows {
    let [a, b, c, d, e, f, announcement] = instants;
    let window = |opens, closes| Window { opens, closes };
    Windows { call: window(a, b), voting: window(c, d), judging: window(e, f), announcement }
}

/// The input that a problem of the windows is about.
pub(in crate::editions) fn input_of(problem: WindowProblem) -> &'static str {
    match problem.pointer() {
        "/call/0" => "call_opens",
        "/call/1" => "call_closes",
        "/voting/0" => "voting_opens",
        "/voting/1" => "voting_closes",
        "/judging/0" => "judging_opens",
        "/judging/1" => "judging_closes",
        _ => "announcement",
    }
}

/// The name of an input in words.
pub(super) fn label(lang: Lang, input: &str) -> &'static str {
    match input {
        "call_opens" => words::call_opens(lang),
        "call_closes" => words::call_closes(lang),
        "voting_opens" => words::voting_opens(lang),
        "voting_closes" => words::voting_closes(lang),
        "judging_opens" => words::judging_opens(lang),
        "judging_closes" => words::judging_closes(lang),
        _ => words::announcement(lang),
    }
}

/// What was typed into the form, and what is wrong with it.
pub(in crate::editions) struct Attempt {
    /// The texts in the order of [`INPUTS`].
    pub(in crate::editions) typed: [String; 7],
    /// Inputs with what is wrong with them.
    pub(in crate::editions) faults: Vec<(&'static str, String)>,
    /// Another reason why not.
    pub(in crate::editions) error: Option<AppError>,
}

/// GET /admin/{edition}/windows
pub(crate) async fn windows(cx: Cx, Path(slug): Path<String>, Query(query): Query<Done>) -> Answer {
    let edition = cx.backend().edition(&slug).await?;
    let typed = instants(&edition.schedule.windows).map(when::input);
    let attempt = Attempt { typed, faults: Vec::new(), error: None };
    Ok(cx.page(windows_page(&cx, edition, attempt, &query.done).await?))
}

/// The form, with the present windows or with what was typed.
pub(in crate::editions) async fn windows_page(
    cx: &Cx,
    edition: Edition,
    attempt: Attempt,
    done: &str,
) -> Result<Page, AppError> {
    let (lang, admin) = (cx.lang(), cx.admin()?);
    let kind = Some("edition.windows_moved");
    let moves = cx.backend().audit_trail(&admin, edition.id, kind, 1).await?.events;
    let done = match done {
        "moved" => Some(words::windows_done(lang)),
        "same" => Some(words::windows_same(lang)),
        _ => None,
    };
    let crumbs = crumbs(lang, &edition, words::windows(lang));
    let of = edition.clone();
    let page = Page::new(words::windows(lang), move || {
        let items = attempt
            .faults
            .iter()
            .map(|(input, sentence)| ((*input).to_owned(), sentence.clone()))
            .collect();
        let content = if edition.schedule.released_at.is_some() {
            view! { <Notice lang tone=Tone::Info><p>{words::windows_closed(lang)}</p></Notice> }
                .into_any()
        } else {
            form(lang, &edition, &attempt)
        };
        view! {
            <PageHead title=words::windows(lang) lead=words::windows_lead(lang)/>
            {tabs(lang, &edition, "/windows")}
            {done_notice(lang, done)}
            {form_errors(lang, attempt.error.as_ref())}
            <ErrorSummary lang items/>
            {content}
            {history(lang, &moves)}
        }
    });
    Ok(page.of(&of).crumbs(crumbs))
}

/// The windows a form was filled from: a form from before somebody else's change is told apart.
pub(in crate::editions) fn shown(windows: &Windows) -> String {
    instants(windows).map(|instant| instant.timestamp_micros().to_string()).join(".")
}

fn form(lang: Lang, edition: &Edition, attempt: &Attempt) -> AnyView {
    let present = instants(&edition.schedule.windows);
    let field = |index: usize| {
        let input = INPUTS[index];
        let hint = words::now_is(lang, when::minute(lang, present[index]));
        let fault = attempt.faults.iter().find(|(name, _)| *name == input);
        let error = fault.map(|(_, sentence)| sentence.clone());
        let value = attempt.typed[index].clone();
        view! {
            <TextField lang name=input kind="datetime-local" label=label(lang, input) hint
                required=true value error/>
        }
    };
    let fields = (0..INPUTS.len()).map(field).collect_view();
    view! {
        <form method="post" class="form">
            <input type="hidden" name="shown" value=shown(&edition.schedule.windows)/>
            <div class="windows">{fields}</div>
            <div class="actions"><Submit label=words::save_windows(lang)/></div>
        </form>
    }
    .into_any()
}

/// What was moved, newest first: old and new of every instant that changed.
fn history(lang: Lang, moves: &[AuditEvent]) -> AnyView {
    let row = |event: &AuditEvent| {
        let (at, who) = (when::minute(lang, event.at), acts::actor(lang, event));
        let changes = acts::windows_moved(lang, &event.detail);
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

#[cfg(test)]
mod tests {
    use super::{INPUTS, input_of, instants, windows_of};

    #[test]
    fn the_instants_of_the_form_are_the_windows_in_their_order() {
        let season = include_str!("../../../../data/daejeon-2024.json");
        let windows = domain::season::Season::parse(season).unwrap().windows;
        assert_eq!(windows_of(instants(&windows)), windows);
        assert!(instants(&windows).is_sorted());
        assert_eq!(INPUTS.len(), 7);
    }

    #[test]
    fn a_fault_is_shown_at_the_input_that_is_wrong() {
        let season = include_str!("../../../../data/daejeon-2024.json");
        let mut windows = domain::season::Season::parse(season).unwrap().windows;
        windows.announcement = windows.judging.opens;
        windows.call.closes = windows.call.opens;
        let inputs: Vec<_> = windows.problems().into_iter().map(input_of).collect();
        assert_eq!(inputs, ["call_closes", "announcement"]);
    }
}

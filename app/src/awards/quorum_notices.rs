//! What other pages say about the quorum: whether cases with too few sheets stop the announcement,
//! and the reason at the head of a result that was announced all the same.

use backend::awards::QuorumState;
use backend::editions::Edition;
use backend::judging::JudgingBoard;
use domain::result::{ResultDocument, SheetCount};
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{Notice, Tone};
use crate::words::{numbers, polls};

/// Says that cases are below the quorum and leads to the page where the reason is given. `None` if
/// every case has enough sheets.
pub(crate) fn below_quorum_notice(
    lang: Lang,
    edition: &Edition,
    state: &QuorumState,
) -> Option<AnyView> {
    if state.below.is_empty() {
        return None;
    }
    let n = numbers::group_length(state.below.len());
    let (tone, sentence) = if state.is_excused() {
        (Tone::Info, say::quorum_excused(lang, n))
    } else {
        (Tone::Warning, say::quorum_stops(lang, n))
    };
    let href = format!("/admin/{}/quorum", edition.slug);
    let view = view! {
        <Notice lang tone title=say::quorum_title(lang)>
            <p>{sentence}</p>
            <p><a href=href>{say::quorum_go(lang)}</a></p>
        </Notice>
    };
    Some(view.into_any())
}

/// Names the judges who have not signed all of their sheets, and says how many the rules ask for. `None`
/// if everybody has signed and nobody is missing.
pub(crate) fn missing_judges_notice(
    lang: Lang,
    edition: &Edition,
    board: &JudgingBoard,
) -> Option<AnyView> {
    let (missing, cases) = (board.list_missing_judges(), board.cases.len());
    let wanted = usize::try_from(edition.rulebook.panel.judges).unwrap_or_default();
    let seated = board.judges.len();
    if missing.is_empty() && seated >= wanted {
        return None;
    }
    let number = numbers::group_length;
    let items = missing.iter().map(|judge| {
        let asked = i64::try_from(cases).unwrap_or(i64::MAX) - judge.stepped_back;
        let count = numbers::group_stored_count;
        view! { <li>{say::judge_signed(lang, count(asked), &judge.name, count(judge.signed))}</li> }
    });
    let items = items.collect_view();
    let few = (seated < wanted).then(|| {
        view! { <p>{say::judges_few(lang, number(seated), number(wanted))}</p> }
    });
    let href = format!("/admin/{}/progress", edition.slug);
    let view = view! {
        <Notice lang tone=Tone::Warning title=say::judges_missing_title(lang)>
            {few}
            <ul>{items}</ul>
            <p><a href=href>{say::to_progress(lang)}</a></p>
        </Notice>
    };
    Some(view.into_any())
}

/// Shows why a result was announced below the quorum, who answers for it, and the sheets of each
/// such case. `None` if every case has enough sheets.
pub(crate) fn published_exception_notice(lang: Lang, document: &ResultDocument) -> Option<AnyView> {
    let exception = document.quorum_exception.as_ref()?;
    let line = |count: &SheetCount| {
        let case = document.cases.iter().find(|case| case.id == count.case)?;
        let title = polls::in_language(lang, &case.title);
        let line = say::quorum_case_sheets(lang, count.sheets, title);
        Some(view! { <li>{line}</li> })
    };
    let lines = exception.cases.iter().filter_map(line).collect_view();
    let lead = say::quorum_public_lead(lang, document.rulebook.panel.quorum);
    let (given, confirmed) = (exception.given_by.as_str(), exception.confirmed_by.as_str());
    let names = say::quorum_public_names(lang, confirmed, given);
    let reason = render_paragraphs(&exception.reason);
    let view = view! {
        <Notice lang tone=Tone::Warning title=say::quorum_public_title(lang)>
            <p>{lead}</p>
            <blockquote>{reason}</blockquote>
            <p>{names}</p>
            <ul>{lines}</ul>
        </Notice>
    };
    Some(view.into_any())
}

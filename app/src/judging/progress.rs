//! The chair's board: the progress of each judge and each case. It shows no scores.

use axum::extract::{Path, Query};
use backend::editions::Edition;
use backend::judging::{CaseProgress, JudgeProgress, JudgingBoard};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use phrases::{Lang, judging as words};
use serde::Deserialize;

use crate::ui::{
    Badge, ButtonWeight, Empty, Notice, PageHead, Progress, Section, Submit, TableBox, Tone,
};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::form_errors::render_form_errors;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::cases::translated_title;
use crate::words::times;
use crate::{AppError, staff};

/// The number of judges who were just sent a reminder.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProgressQuery {
    reminded: Option<u32>,
}

/// GET /admin/{edition}/progress
pub(crate) async fn show_progress(
    cx: RequestContext,
    Path(slug): Path<String>,
    Query(query): Query<ProgressQuery>,
) -> PageResult {
    let edition = cx.backend().find_edition(&slug).await?;
    Ok(cx.render_page(progress_page(&cx, &edition, query.reminded, None).await?))
}

/// Builds the board, with an error if a reminder was not sent.
pub(crate) async fn progress_page(
    cx: &RequestContext,
    edition: &Edition,
    reminded: Option<u32>,
    error: Option<AppError>,
) -> Result<Page, AppError> {
    let lang = cx.lang();
    let board = cx.backend().judging_board(&cx.require_admin()?, edition.id).await?;
    let title = lang.choose_text(&edition.title.ko, &edition.title.en).to_owned();
    let crumbs = staff::staff_crumbs(lang, edition, words::board(lang));
    let tabs = staff::edition_tabs(lang, edition, "/progress");
    let open = edition.judging_open().is_ok();
    let window = times::format_window(lang, edition.schedule.windows.judging);
    let page = Page::titled(words::board(lang), move || {
        let reminder = open.then(|| reminder_form(lang, reminded, error.as_ref()));
        let all = total_progress_view(lang, &board);
        let judges = judges_progress_table(lang, &board);
        let cases = cases_progress_table(lang, &board);
        view! {
            <PageHead title=words::board(lang) eyebrow=title lead=words::board_lead(lang)>
                ""
            </PageHead>
            {tabs}
            <p class="muted">{words::window(lang)}" "{window}</p>
            {all}
            {reminder}
            {judges}
            {cases}
        }
    });
    Ok(page.for_edition(edition).with_crumbs(crumbs))
}

fn total_progress_view(lang: Lang, board: &JudgingBoard) -> AnyView {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let (signed, expected) = (board.count_signed_sheets(), board.count_expected_sheets());
    let text = words::progress_text(lang, expected, signed);
    view! {
        <Progress label=words::board_all(lang) value=number(signed) max=number(expected) text/>
    }
    .into_any()
}

fn reminder_form(lang: Lang, reminded: Option<u32>, error: Option<&AppError>) -> AnyView {
    let sent = reminded.map(|judges| {
        let sentence = match judges {
            0 => words::nobody_to_remind(lang).to_owned(),
            judges => words::reminded(lang, judges),
        };
        view! { <Notice lang tone=Tone::Success><p>{sentence}</p></Notice> }
    });
    view! {
        {sent}
        {render_form_errors(lang, error)}
        <form method="post" class="form">
            <div class="actions">
                <Submit label=words::remind(lang) weight=ButtonWeight::Secondary/>
                <span class="small muted">{words::remind_hint(lang)}</span>
            </div>
        </form>
    }
    .into_any()
}

fn last_saved_time(lang: Lang, at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| words::never(lang).to_owned(), |at| times::format_minute(lang, at))
}

fn judges_progress_table(lang: Lang, board: &JudgingBoard) -> AnyView {
    if board.judges.is_empty() {
        return view! {
            <Empty title=words::no_judges(lang)><p>{words::no_judges_text(lang)}</p></Empty>
        }
        .into_any();
    }
    let heads = [
        words::judge(lang),
        words::started(lang),
        words::complete(lang),
        words::signed(lang),
        words::recused(lang),
        words::last_saved(lang),
    ];
    let row = |judge: &JudgeProgress| {
        let cells = [
            judge.name.clone(),
            judge.started.to_string(),
            judge.complete.to_string(),
            judge.signed.to_string(),
            judge.stepped_back.to_string(),
            last_saved_time(lang, judge.last_saved),
        ];
        labelled_row(&heads, cells)
    };
    let rows = board.judges.iter().map(row).collect_view();
    progress_table(words::board_judges(lang), &heads, rows.into_any())
}

fn labelled_row<const N: usize>(heads: &[&'static str; N], cells: [String; N]) -> AnyView {
    let cells = heads.iter().zip(cells).map(|(head, cell)| {
        view! { <td data-label=*head>{cell}</td> }
    });
    view! { <tr>{cells.collect_view()}</tr> }.into_any()
}

fn progress_table(title: &'static str, heads: &[&'static str], rows: AnyView) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <Section title>
            <TableBox caption=title>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </Section>
    }
    .into_any()
}

fn cases_progress_table(lang: Lang, board: &JudgingBoard) -> AnyView {
    let heads = [words::case(lang), words::signed(lang), words::last_saved(lang)];
    let row = |case: &CaseProgress| {
        let signed = words::n_of(lang, board.count_scoring_judges(case), case.signed);
        let sample = case
            .sample
            .then(|| view! { <Badge tone=Tone::Sample label=phrases::ui::sample(lang)/> });
        view! {
            <tr>
                <td data-label=words::case(lang)>{translated_title(lang, &case.title)}" "{sample}</td>
                <td data-label=words::signed(lang)>{signed}</td>
                <td data-label=words::last_saved(lang)>{last_saved_time(lang, case.last_saved)}</td>
            </tr>
        }
    };
    let rows = board.cases.iter().map(row).collect_view();
    progress_table(words::board_cases(lang), &heads, rows.into_any())
}

/// POST /admin/{edition}/progress
pub(crate) async fn remind_judges(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let open = edition.judging_open().map_err(AppError::Phase)?;
    match cx.backend().remind_judges(&admin, open, &edition).await {
        Ok(judges) => Ok(redirect_to(&format!("/admin/{slug}/progress?reminded={judges}"))),
        Err(error) => {
            let error = AppError::from(error);
            let page = progress_page(&cx, &edition, None, Some(error.clone())).await?;
            cx.show_again(page, &error)
        }
    }
}

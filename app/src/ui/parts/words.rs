//! Headings, steps, notices, lists, an empty list and an error page.

use leptos::prelude::*;
use phrases::Lang;
use phrases::parts as say;

use crate::ui::{
    Badge, Breadcrumb, Dialog, Empty, ErrorPage, Facts, FileItem, Files, Notice, PageHead, Pager,
    Progress, Section, Steps, TableBox, Toast, Tone,
};

/// Renders the breadcrumb, the head of a page, and the steps of a vote.
pub(super) fn sample_page_head(lang: Lang) -> AnyView {
    let crumbs = vec![
        (say::home(lang).to_owned(), Some("/".to_owned())),
        (say::here(lang).to_owned(), None),
    ];
    let steps = [say::step_pick, say::step_who, say::step_check, say::step_receipt]
        .map(|step| step(lang).to_owned())
        .to_vec();
    view! {
        <Breadcrumb lang=lang items=crumbs/>
        <PageHead title=say::title(lang) lead=say::lead(lang)/>
        <Steps lang=lang items=steps current=1/>
    }
    .into_any()
}

/// Renders one notice and one badge in each tone.
pub(super) fn sample_notices(lang: Lang) -> AnyView {
    let samples = [
        (Tone::Info, say::notice_info(lang)),
        (Tone::Success, say::notice_success(lang)),
        (Tone::Warning, say::notice_warning(lang)),
        (Tone::Danger, say::notice_danger(lang)),
        (Tone::Award, say::notice_award(lang)),
    ];
    let notices = samples
        .iter()
        .map(|&(tone, text)| {
            view! { <Notice lang=lang tone=tone title=tone.spoken_word(lang)><p>{text}</p></Notice> }
        })
        .collect_view();
    let badges = [
        Tone::Plain,
        Tone::Info,
        Tone::Success,
        Tone::Warning,
        Tone::Danger,
        Tone::Award,
        Tone::Sample,
    ]
    .map(|tone| view! { <Badge tone=tone label=tone.spoken_word(lang)/> })
    .into_iter()
    .collect_view();
    view! {
        <Section title=say::section_start(lang)>
            {notices}
            <p class="cluster">{badges}</p>
            <Toast lang=lang tone=Tone::Success here=true>{say::toast(lang)}</Toast>
            <Progress label=say::progress(lang) value=7 max=10 text="7 / 10"/>
            <div class="cluster">
                <button class="button" type="button" data-weight="danger" popovertarget="withdraw">
                    {say::dialog_open(lang)}
                </button>
            </div>
            <Dialog lang=lang id="withdraw" title=say::dialog_title(lang)>
                <p>{say::dialog_text(lang)}</p>
            </Dialog>
        </Section>
    }
    .into_any()
}

/// Renders facts, files, a table and its pages.
pub(super) fn sample_lists(lang: Lang) -> AnyView {
    let facts = vec![(say::facts_place(lang).to_owned(), say::facts_place_text(lang).to_owned())];
    let files = vec![
        FileItem::with_link(say::file_name(lang), say::file_note(lang), Some("#files".to_owned())),
        FileItem::with_link(say::file_name(lang), say::file_note(lang), None),
    ];
    let rows = [say::case_one(lang), say::case_two(lang), say::case_three(lang)]
        .map(|title| {
            view! {
                <tr>
                    <th scope="row" data-label=say::table_title(lang)>{title}</th>
                    <td data-label=say::table_state(lang)>
                        <Badge tone=Tone::Success label=say::choice_accept(lang)/>
                    </td>
                </tr>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <Section title=say::section_rest(lang) id="files">
            <Facts rows=facts/>
            <Files lang=lang items=files/>
            <TableBox caption=say::table_caption(lang)>
                <thead>
                    <tr>
                        <th scope="col">{say::table_title(lang)}</th>
                        <th scope="col">{say::table_state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
            <Pager lang=lang page=4 pages=12 base="?page="/>
        </Section>
    }
    .into_any()
}

/// Renders an empty list, and the page of an error.
pub(super) fn sample_errors(lang: Lang) -> AnyView {
    view! {
        <Empty title=say::empty_title(lang)><p>{say::empty_text(lang)}</p></Empty>
        <ErrorPage lang=lang code="404" title=say::error_title(lang) home="/" incident="7F3A-22">
            <p>{say::error_text(lang)}</p>
        </ErrorPage>
    }
    .into_any()
}

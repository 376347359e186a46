//! The frame of the pages under `/admin`: breadcrumb, tabs, and the list of an edition's pages.

use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, admin as words};
use serde::Deserialize;

use crate::ui::{Chips, Crumbs, NavLink};
use crate::words::editions;

/// The query `?done=…`: what a form has just done. The page that the form leads to shows it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DoneQuery {
    #[serde(default)]
    pub(crate) done: String,
}

/// Returns the breadcrumb of a page of an edition. `here` is the page's name; it is empty for the
/// dashboard.
pub(crate) fn staff_crumbs(lang: Lang, edition: &Edition, here: &str) -> Crumbs {
    let top = (words::administration(lang).to_owned(), Some("/admin".to_owned()));
    let title = editions::edition_title(lang, edition);
    if here.is_empty() {
        return vec![top, (title, None)];
    }
    vec![top, (title, Some(format!("/admin/{}", edition.slug))), (here.to_owned(), None)]
}

/// A page of an edition for administrators: the end of its path, its name and its purpose.
pub(crate) struct EditionPage {
    pub(crate) end: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) fn edition_pages(lang: Lang, edition: &Edition) -> Vec<EditionPage> {
    let door = |end, name, text| EditionPage { end, name, text };
    let mut doors = vec![
        door("/screening", words::screening(lang), words::screening_text(lang)),
        door(
            "/recommendations",
            phrases::recommend::title(lang),
            phrases::recommend::staff_text(lang),
        ),
        door("/people", words::people(lang), words::people_text(lang)),
        door("/progress", words::progress(lang), words::progress_text(lang)),
        door("/standings", words::standings(lang), words::standings_text(lang)),
        door("/photographs", phrases::photographs::name(lang), phrases::photographs::text(lang)),
        door("/office", phrases::office::desk(lang), phrases::office::desk_text(lang)),
        door("/setup", phrases::setup::settings(lang), phrases::setup::settings_text(lang)),
        door("/windows", words::windows(lang), words::windows_text(lang)),
        door("/polls", phrases::polls::page(lang), phrases::polls::page_text(lang)),
    ];
    if edition.polls.iter().any(|poll| poll.rules.has_kiosk()) {
        doors.push(door("/kiosk", phrases::kiosk::desk(lang), phrases::kiosk::desk_text(lang)));
    }
    doors.push(door("/fraud", phrases::fraud::name(lang), phrases::fraud::text(lang)));
    if edition.rehearsal {
        doors.push(door("/clock", words::clock(lang), words::clock_text(lang)));
    }
    doors.push(door("/record", phrases::record::name(lang), phrases::record::admin_text(lang)));
    doors.push(door("/audit", words::audit(lang), words::audit_text(lang)));
    doors
}

/// Renders the links between the pages of an edition. `here` is the end of this page's path.
pub(crate) fn edition_tabs(lang: Lang, edition: &Edition, here: &str) -> AnyView {
    let base = format!("/admin/{}", edition.slug);
    let mut items =
        vec![NavLink::link_to(words::dashboard(lang), base.clone()).with_current(here.is_empty())];
    items.extend(edition_pages(lang, edition).into_iter().map(
        |EditionPage { end, name, .. }| {
            NavLink::link_to(name, format!("{base}{end}")).with_current(end == here)
        },
    ));
    view! { <Chips label=words::edition_pages(lang) items/> }.into_any()
}

/// Shows every line of a list that was read, folded, so that what was filled in can be seen.
pub(crate) fn folded_lines(lang: Lang, lines: Vec<String>) -> AnyView {
    let summary = phrases::invite::list_all(lang, lines.len());
    let items = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <details class="stack"><summary>{summary}</summary><ol>{items}</ol></details> }
        .into_any()
}

//! The administrators' pages: all editions, one edition, its windows, clock, people and trail.

mod acts;
pub(crate) mod clock;
pub(crate) mod new;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod polls;
pub(crate) mod trail;
pub(crate) mod windows;

use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, admin as words};
use serde::Deserialize;

use super::phases;
use crate::ui::{Chips, Crumbs, NavLink, Notice, Tone};

/// What a form has just done, to be told on the page it leads to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

/// The word that something worked.
fn done_notice(lang: Lang, sentence: Option<&'static str>) -> Option<AnyView> {
    sentence.map(|sentence| {
        view! { <Notice lang tone=Tone::Success><p>{sentence}</p></Notice> }.into_any()
    })
}

/// The way to a page of an edition; the dashboard itself has no name of its own.
pub(crate) fn crumbs(lang: Lang, edition: &Edition, here: &str) -> Crumbs {
    let top = (words::administration(lang).to_owned(), Some("/admin".to_owned()));
    let title = phases::title(lang, edition);
    if here.is_empty() {
        return vec![top, (title, None)];
    }
    vec![top, (title, Some(format!("/admin/{}", edition.slug))), (here.to_owned(), None)]
}

/// A page of an edition for its administrators: the end of its path, its name, what it is for.
struct Door {
    end: &'static str,
    name: &'static str,
    text: &'static str,
}

fn doors(lang: Lang, edition: &Edition) -> Vec<Door> {
    let door = |end, name, text| Door { end, name, text };
    let mut doors = vec![
        door("/screening", words::screening(lang), words::screening_text(lang)),
        door("/people", words::people(lang), words::people_text(lang)),
        door("/progress", words::progress(lang), words::progress_text(lang)),
        door("/standings", words::standings(lang), words::standings_text(lang)),
        door("/windows", words::windows(lang), words::windows_text(lang)),
        door("/polls", phrases::polls::page(lang), phrases::polls::page_text(lang)),
    ];
    if edition.rehearsal {
        doors.push(door("/clock", words::clock(lang), words::clock_text(lang)));
    }
    doors.push(door("/audit", words::audit(lang), words::audit_text(lang)));
    doors
}

/// The row of links between the pages of an edition; `here` is the end of this page's path.
pub(crate) fn tabs(lang: Lang, edition: &Edition, here: &str) -> AnyView {
    let base = format!("/admin/{}", edition.slug);
    let mut items = vec![NavLink::to(words::dashboard(lang), base.clone()).here(here.is_empty())];
    items.extend(
        doors(lang, edition).into_iter().map(|Door { end, name, .. }| {
            NavLink::to(name, format!("{base}{end}")).here(end == here)
        }),
    );
    view! { <Chips label=words::edition_pages(lang) items/> }.into_any()
}

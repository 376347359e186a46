//! Whom people can ask, and the pages about a contest that law and users expect: privacy policy, contact,
//! help, accessibility, terms for organisations, notices.

pub(crate) mod desk;
pub(crate) mod pages;
pub(crate) mod privacy;

use backend::editions::{Edition, Office};
use leptos::prelude::*;
use phrases::{Lang, office as say};

use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{Facts, PageHead, Section};
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{editions, polls};

/// A part of such a page: its heading and its content.
pub(super) type Part = (&'static str, AnyView);

/// Makes a part of one of our own texts.
pub(super) fn text_part(title: &'static str, text: &'static str) -> Part {
    (title, view! { <div class="prose">{render_paragraphs(text)}</div> }.into_any())
}

/// Makes a part of what the organiser has added; `None` without any.
pub(super) fn organiser_part(lang: Lang, text: &str) -> Option<Part> {
    let mark = crate::words::cases::korean_mark(lang);
    let added =
        || view! { <div class="prose" lang=mark>{render_paragraphs(text)}</div> }.into_any();
    (!text.is_empty()).then(|| (say::more(lang), added()))
}

/// Builds a page of parts.
pub(super) fn page_of_parts(
    cx: &RequestContext,
    edition: &Edition,
    (title, lead): (&'static str, String),
    parts: Vec<Part>,
) -> Page {
    let lang = cx.lang();
    let name = editions::edition_title(lang, edition);
    let crumbs =
        vec![(name.clone(), Some(format!("/editions/{}", edition.slug))), (title.to_owned(), None)];
    let described = lead.clone();
    let page = Page::titled(title, move || {
        let parts = parts
            .into_iter()
            .map(|(heading, content)| view! { <Section title=heading>{content}</Section> })
            .collect_view();
        view! { <PageHead title=title eyebrow=name lead=lead>""</PageHead>{parts} }
    });
    page.for_edition(edition).with_crumbs(crumbs).with_description(described)
}

/// Shows whom people can ask, or says that nobody has entered it yet.
pub(super) fn contact_facts(lang: Lang, edition: &Edition, office: &Office) -> AnyView {
    let host = polls::in_language(lang, &edition.host);
    let mut rows = vec![(say::host(lang).to_owned(), host)];
    for (name, value) in [
        (say::department(lang), &office.department),
        (say::telephone(lang), &office.telephone),
        (say::email(lang), &office.email),
        (say::hours(lang), &office.hours),
    ] {
        if !value.is_empty() {
            rows.push((name.to_owned(), value.clone()));
        }
    }
    let none =
        (!office.has_contact()).then(|| view! { <p class="muted">{say::contact_none(lang)}</p> });
    view! { <Facts rows/>{none} }.into_any()
}

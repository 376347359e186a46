//! Contact, help, terms for organisations, accessibility, and notices of an edition.

use axum::extract::Path;
use backend::editions::PublicNotice;
use leptos::prelude::*;
use phrases::{Lang, office as say};

use super::{contact_facts, organiser_part, page_of_parts, text_part};
use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{Empty, PageHead, Section};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::{editions, times};

/// GET /editions/{edition}/contact
pub(crate) async fn show_contact(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let lang = cx.lang();
    let parts = vec![(say::contact(lang), contact_facts(lang, &edition, &office))];
    let head = (say::contact(lang), say::contact_lead(lang).to_owned());
    Ok(cx.render_page(page_of_parts(&cx, &edition, head, parts)))
}

/// GET /editions/{edition}/help
pub(crate) async fn show_help(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let lang = cx.lang();
    let mut parts = vec![
        text_part(say::q_vote(lang), say::a_vote(lang)),
        text_part(say::q_code(lang), say::a_code(lang)),
        text_part(say::q_again(lang), say::a_again(lang)),
        text_part(say::q_receipt(lang), say::a_receipt(lang)),
        text_part(say::q_secret(lang), say::a_secret(lang)),
        text_part(say::q_shared(lang), say::a_shared(lang)),
        text_part(say::q_held(lang), say::a_held(lang)),
    ];
    parts.extend(organiser_part(lang, &office.help_more));
    parts.push((say::contact(lang), contact_facts(lang, &edition, &office)));
    let head = (say::help(lang), say::help_lead(lang).to_owned());
    Ok(cx.render_page(page_of_parts(&cx, &edition, head, parts)))
}

/// GET /editions/{edition}/terms
pub(crate) async fn show_terms(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let lang = cx.lang();
    let mut parts = vec![
        text_part(say::terms_content(lang), say::terms_content_text(lang)),
        text_part(say::terms_use(lang), say::terms_use_text(lang)),
        text_part(say::terms_withdraw(lang), say::terms_withdraw_text(lang)),
        text_part(say::terms_fair(lang), say::terms_fair_text(lang)),
    ];
    parts.extend(organiser_part(lang, &office.terms_more));
    parts.push((say::contact(lang), contact_facts(lang, &edition, &office)));
    let head = (say::terms(lang), say::terms_lead(lang).to_owned());
    Ok(cx.render_page(page_of_parts(&cx, &edition, head, parts)))
}

/// GET /editions/{edition}/accessibility
pub(crate) async fn show_accessibility(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let office = cx.backend().edition_office(edition.id).await?;
    let lang = cx.lang();
    let ask = view! {
        <p>{say::accessibility_ask(lang)}</p>
        {contact_facts(lang, &edition, &office)}
    };
    let parts = vec![
        text_part(say::accessibility_target(lang), say::accessibility_target_text(lang)),
        text_part(say::accessibility_ways(lang), say::accessibility_ways_text(lang)),
        text_part(say::accessibility_limits(lang), say::accessibility_limits_text(lang)),
        (say::contact(lang), ask.into_any()),
    ];
    let head = (say::accessibility(lang), say::accessibility_lead(lang).to_owned());
    Ok(cx.render_page(page_of_parts(&cx, &edition, head, parts)))
}

/// GET /editions/{edition}/notices
pub(crate) async fn show_notices(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let edition = cx.find_shown_edition(&slug).await?;
    let notices = cx.backend().public_notices(edition.id).await?;
    let lang = cx.lang();
    let name = editions::edition_title(lang, &edition);
    let crumbs = vec![
        (name.clone(), Some(format!("/editions/{}", edition.slug))),
        (say::notices(lang).to_owned(), None),
    ];
    let page = Page::titled(say::notices(lang), move || {
        let content = if notices.is_empty() {
            view! {
                <Empty title=say::notices_none_title(lang)><p>{say::notices_none(lang)}</p></Empty>
            }
            .into_any()
        } else {
            notices.iter().map(|notice| notice_section(lang, notice)).collect_view().into_any()
        };
        view! {
            <PageHead title=say::notices(lang) eyebrow=name lead=say::notices_lead(lang)>""</PageHead>
            {content}
        }
    });
    let page = page.for_edition(&edition).with_crumbs(crumbs);
    Ok(cx.render_page(page.with_description(say::notices_lead(lang))))
}

/// Shows a notice with its day.
pub(super) fn notice_section(lang: Lang, notice: &PublicNotice) -> AnyView {
    let mark = crate::words::cases::korean_mark(lang);
    let text = render_paragraphs(&notice.body);
    let (title, day) = (notice.title.clone(), times::format_day(lang, notice.published_at));
    view! {
        <Section title>
            <p class="small muted">{day}</p>
            <div class="prose" lang=mark>{text}</div>
        </Section>
    }
    .into_any()
}

//! The first public pages: the start page, the list of editions, the landing page of one.

use axum::extract::Path;
use backend::editions::Edition;
use domain::schedule::Phase;
use leptos::prelude::*;
use phrases::editions as words;

use crate::editions::landing::{Landing, edition_card};
use crate::ui::{ButtonLink, ButtonWeight, Empty, PageHead, Section};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::editions;

/// GET /
pub(crate) async fn show_start(cx: RequestContext) -> PageResult {
    let lang = cx.lang();
    let mut editions = cx.backend().listed_editions().await?;
    // The editions come newest first. The stable sort keeps that order within each rank.
    editions.sort_by_key(|edition| (edition.rehearsal, start_page_rank(edition)));
    let mut editions = editions.into_iter();
    let Some(first) = editions.next() else {
        return Ok(cx.render_page(no_editions_page(&cx)));
    };
    let landing = Landing::load_landing(&cx, first).await?;
    let others: Vec<Edition> = editions.collect();
    let (edition, description) =
        (landing.edition.clone(), editions::season_sentence(lang, &landing.edition));
    let page = Page::titled(words::about(lang), move || {
        let cards: Vec<_> = others.iter().map(|edition| edition_card(lang, edition)).collect();
        let others = (!cards.is_empty()).then(|| {
            view! {
                <Section title=words::other_editions(lang)>
                    <ul class="editions">{cards}</ul>
                </Section>
            }
        });
        view! { {landing.landing_view()}{others} }
    });
    Ok(cx.render_page(
        page.for_edition(&edition).with_description(description).with_countdown_bundle(),
    ))
}

/// Ranks an edition for the start page: running first, then with a result, then planned, then
/// archived.
fn start_page_rank(edition: &Edition) -> u8 {
    match edition.current_phase() {
        Phase::Call | Phase::Screening | Phase::Voting | Phase::Judging | Phase::Deliberation => 0,
        Phase::Announced => 1,
        Phase::Draft => 2,
        Phase::Archived => 3,
    }
}

fn no_editions_page(cx: &RequestContext) -> Page {
    let lang = cx.lang();
    let (label, href) = match cx.visitor() {
        Some(visitor) => (visitor.person_name().to_owned(), crate::web::paths::home_path(visitor)),
        None => (words::sign_in(lang).to_owned(), "/sign-in"),
    };
    Page::titled(words::about(lang), move || {
        view! {
            <h1 class="visually-hidden">{phrases::ui::brand(lang)}</h1>
            <Empty title=words::none_title(lang)>
                <p>{words::none_text(lang)}</p>
                <ButtonLink label href weight=ButtonWeight::Secondary/>
            </Empty>
        }
    })
}

/// GET /editions
pub(crate) async fn show_editions(cx: RequestContext) -> PageResult {
    let lang = cx.lang();
    let editions = cx.backend().listed_editions().await?;
    let crumbs = vec![
        (words::home(lang).to_owned(), Some("/".to_owned())),
        (words::editions(lang).to_owned(), None),
    ];
    let page = Page::titled(words::editions(lang), move || {
        let cards: Vec<_> = editions.iter().map(|edition| edition_card(lang, edition)).collect();
        let content = if cards.is_empty() {
            view! { <Empty title=words::none_title(lang)><p>{words::none_text(lang)}</p></Empty> }
                .into_any()
        } else {
            view! { <ul class="editions">{cards}</ul> }.into_any()
        };
        view! {
            <PageHead title=words::editions(lang) lead=words::editions_lead(lang)/>
            {content}
        }
    });
    Ok(cx.render_page(page.with_crumbs(crumbs).with_description(words::editions_lead(lang))))
}

/// GET /editions/{edition}
pub(crate) async fn show_landing(cx: RequestContext, Path(slug): Path<String>) -> PageResult {
    let lang = cx.lang();
    let edition = cx.find_shown_edition(&slug).await?;
    let landing = Landing::load_landing(&cx, edition).await?;
    let crumbs = vec![
        (words::home(lang).to_owned(), Some("/".to_owned())),
        (words::editions(lang).to_owned(), Some("/editions".to_owned())),
        (editions::edition_title(lang, &landing.edition), None),
    ];
    let (edition, description) =
        (landing.edition.clone(), editions::season_sentence(lang, &landing.edition));
    let page = Page::titled(words::about(lang), move || landing.landing_view());
    Ok(cx.render_page(
        page.for_edition(&edition)
            .with_crumbs(crumbs)
            .with_description(description)
            .with_countdown_bundle(),
    ))
}

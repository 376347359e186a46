//! The page of one case.

use axum::extract::{Path, Query};
use backend::cases::{AdjacentCase, AdjacentCases, Case, CaseFile};
use backend::editions::{Edition, TracksAndDistricts};
use domain::text::FilmLink;
use leptos::prelude::*;
use phrases::{Lang, cases as words, partners};
use serde::Deserialize;

use crate::AppError;
use crate::awards::tiers::PublicAwards;
use crate::cases::files::{FileReader, shown_files_section};
use crate::cases::{gallery, visitor_order};
use crate::ui::{Badge, ButtonLink, ButtonWeight, CaseHead, Notice, Section, Tone, paragraphs};
use crate::voting::open_polls::{BallotPapers, OpenPolls};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::{cases, editions};

/// The poll that the reader picks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CaseQuery {
    poll: String,
}

/// GET /editions/{edition}/cases/{case}
pub(crate) async fn show_case(
    cx: RequestContext,
    Path((edition, id)): Path<(String, String)>,
    Query(wish): Query<CaseQuery>,
) -> PageResult {
    let edition = cx.find_shown_edition(&edition).await?;
    let public = edition.gallery_public().map_err(backend::Error::from)?;
    let case = cx.backend().public_case(public, &edition, paths::parse_path_key(&id)?).await?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let beside = match visitor_order::known_seed(&cx) {
        Some(seed) => cx.backend().adjacent_cases(public, &edition, case.id, seed).await?,
        // Before the gallery gives the visitor an order, no case is beside another. So the page is
        // the same for all who come by a link, and the page cache can keep it.
        None => AdjacentCases::default(),
    };
    let (picking, papers) = find_poll_for_case(&cx, &edition, &case, &wish.poll).await?;
    let basket = picking.load_chosen_basket(&cx, &edition).await?;
    let award = PublicAwards::load_awards(&cx, &edition).await?.award_of(case.id);
    let files = cx.backend().case_files(case.id).await?;
    let about = (&case, files.as_slice(), award);
    let page = public_case_page(&cx, &edition, &places, about, beside, (&picking, &papers));
    Ok(cx.render_page(gallery::with_basket_bar(page, basket)))
}

/// Finds the poll that this case is picked for: the one in the query, else the only poll that has
/// the case.
async fn find_poll_for_case(
    cx: &RequestContext,
    edition: &Edition,
    case: &Case,
    wish: &str,
) -> Result<(OpenPolls, BallotPapers), AppError> {
    let picking = OpenPolls::load_open_polls(cx, edition, wish).await?;
    let papers = picking.load_ballot_papers(cx, edition, &[case.id]).await?;
    match papers.only_poll_with_case(case.id) {
        Some(only) if picking.chosen_poll().is_none() => {
            let picking = OpenPolls::load_open_polls(cx, edition, only).await?;
            let papers = picking.load_ballot_papers(cx, edition, &[case.id]).await?;
            Ok((picking, papers))
        }
        _ => Ok((picking, papers)),
    }
}

fn public_case_page(
    cx: &RequestContext,
    edition: &Edition,
    places: &TracksAndDistricts,
    (case, files, award): (&Case, &[CaseFile], Option<String>),
    beside: AdjacentCases,
    (picking, papers): (&OpenPolls, &BallotPapers),
) -> Page {
    let lang = cx.lang();
    let base = format!("/editions/{}/cases", edition.slug);
    let query = picking
        .chosen_poll_query()
        .map(|(name, poll)| format!("?{name}={poll}"))
        .unwrap_or_default();
    let (title, _) = cases::title_with_mark(lang, &case.title, &case.title_en);
    let pick = papers.pick_form_or_links(case.id, &title).or_else(|| picking.voted_notice());
    let crumbs = vec![
        (words::home(lang).to_owned(), Some("/".to_owned())),
        (editions::edition_title(lang, edition), Some(format!("/editions/{}", edition.slug))),
        (words::gallery(lang).to_owned(), Some(format!("{base}{query}"))),
        (title.clone(), None),
    ];
    let result = award.is_some().then(|| {
        let href = format!("/editions/{}/results", edition.slug);
        view! { <ButtonLink label=phrases::editions::see_result(lang) href/> }.into_any()
    });
    let files = (files, FileReader::of_public_page(cx));
    let shown = public_case_view(lang, places, (case, award), files, pick.or(result));
    let others = neighbours_nav(lang, &base, &query, beside);
    Page::titled(title, move || view! { {shown}{others} })
        .for_edition(edition)
        .with_crumbs(crumbs)
        .with_description(case.summary.clone())
}

/// Shows a case as the public sees it. Staff see the same before they decide.
pub(crate) fn public_case_view(
    lang: Lang,
    places: &TracksAndDistricts,
    (case, award): (&Case, Option<String>),
    (files, reader): (&[CaseFile], FileReader),
    pick: Option<AnyView>,
) -> AnyView {
    let (title, title_lang) = cases::title_with_mark(lang, &case.title, &case.title_en);
    let (track, track_index) = cases::track_name(lang, places, case.track);
    let (picture, alt) = match &case.picture {
        Some(picture) => (format!("/pictures/{}", picture.id), picture.alt.clone()),
        None => (String::new(), String::new()),
    };
    let korean = [&case.summary, &case.body].into_iter().any(|text| cases::has_korean(text));
    let mark = cases::korean_mark(lang).filter(|_| korean);
    let note = mark.map(|_| {
        view! { <Notice lang tone=Tone::Info><p>{words::korean_only(lang)}</p></Notice> }
    });
    let summary = case.summary.clone();
    let story = paragraphs::render_paragraphs(&case.body);
    let story = (!story.is_empty()).then(|| {
        view! {
            <Section title=words::story(lang)><div class="prose" lang=mark>{story}</div></Section>
        }
    });
    let late = case.late.then(|| {
        view! {
            <p class="cluster">
                <Badge tone=Tone::Warning label=phrases::late::mark(lang)/>
                <span class="muted small">{phrases::late::mark_text(lang)}</span>
            </p>
        }
    });
    let film = FilmLink::parse_film_link(&case.film).ok().map(|film| film_section(lang, &film));
    view! {
        <CaseHead lang title organisation=case.organisation_name.clone()
            place=cases::place_line(lang, places, case.district, case.neighbourhood) track track_index
            seed=case.id.0.into_bytes() picture alt award sample=case.sample title_lang
                text_lang=cases::korean_mark(lang)>
            {pick}
        </CaseHead>
        {note}
        {late}
        <p class="lead" lang=mark>{summary}</p>
        {story}
        {together_section(lang, case, files)}
        {shown_files_section(lang, files, reader)}
        {film}
    }
    .into_any()
}

/// Names the partners with their agreement, and who recommended the case.
fn together_section(lang: Lang, case: &Case, files: &[CaseFile]) -> Option<AnyView> {
    let mark = cases::korean_mark(lang);
    let mut rows = Vec::new();
    if !case.partners.is_empty() {
        rows.push((partners::with(lang), case.partners.join(", ")));
    }
    let day = case.agreement_on.map(|day| day.to_string());
    let agreement = match (case.agreement_title.as_str(), day) {
        ("", None) => None,
        ("", Some(day)) => Some(day),
        (title, None) => Some(title.to_owned()),
        (title, Some(day)) => Some(format!("{title} ({day})")),
    };
    rows.extend(agreement.map(|said| (partners::agreement(lang), said)));
    let file = files.iter().find(|file| Some(file.id) == case.agreement_file);
    let file = file.filter(|file| file.is_file_shown() || file.is_text_shown());
    rows.extend(file.map(|file| (partners::agreement_file(lang), file.name.clone())));
    if let Some(by) = &case.recommended_by {
        rows.push((partners::recommended(lang), by.clone()));
    }
    if rows.is_empty() {
        return None;
    }
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd lang=mark>{value}</dd></div> })
        .collect_view();
    Some(view! { <dl class="facts">{rows}</dl> }.into_any())
}

/// Links a film. Nothing of it is loaded before somebody follows the link.
fn film_section(lang: Lang, film: &FilmLink) -> AnyView {
    let (href, host) = (film.as_address().to_owned(), film.host_name().to_owned());
    view! {
        <Section title=words::film_title(lang)>
            <p><a href=href rel="noopener noreferrer nofollow ugc">{words::film_watch(lang, host)}</a></p>
        </Section>
    }
    .into_any()
}

/// Links the cases before and after, in this visitor's own order if there is one.
fn neighbours_nav(
    lang: Lang,
    base: &str,
    query: &str,
    beside: AdjacentCases,
) -> impl IntoView + use<> {
    let link = |word: &'static str, other: Option<AdjacentCase>| {
        other.map(|other| {
            let (title, title_lang) = cases::title_with_mark(lang, &other.title, &other.title_en);
            let href = format!("{base}/{}{query}", other.id);
            view! {
                <li><span class="muted small">{word}</span>" "<a href=href lang=title_lang>{title}</a></li>
            }
        })
    };
    let previous = link(words::previous(lang), beside.previous);
    let next = link(words::next(lang), beside.next);
    let all = format!("{base}{query}");
    let beside = (previous.is_some() || next.is_some())
        .then(|| view! { <ul class="stack">{previous}{next}</ul> });
    view! {
        <nav class="section stack" aria-label=words::others(lang)>
            {beside}
            <div class="actions">
                <ButtonLink label=words::back_to_gallery(lang) href=all weight=ButtonWeight::Secondary/>
            </div>
        </nav>
    }
}

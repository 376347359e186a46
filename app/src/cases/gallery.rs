//! The gallery: accepted cases with filters, search, and an order that is fair to each of them.

use axum::extract::{Path, Query};
use backend::cases::{GalleryCard, GalleryFilter, GalleryPage};
use backend::editions::{District, Edition, Track, TracksAndDistricts};
use domain::ids::NeighbourhoodId;
use domain::rulebook::{BallotPaper, PicksRule};
use leptos::prelude::*;
use phrases::{Lang, cases as words};
use serde::Deserialize;

use crate::awards::tiers::PublicAwards;
use crate::cases::tile_map::tile_map_section;
use crate::cases::visitor_order;
use crate::ui::{ButtonLink, ButtonWeight, CaseCard, Chips, Empty, NavLink, PageHead, Pager};
use crate::voting::open_polls::{BallotPapers, OpenPolls};
use crate::voting::picks::LoadedBasket;
use crate::voting::voter_status::verified_notice;
use crate::web::answer::PageResult;
use crate::web::cookies::set_readable_cookie;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::{cases, editions};

/// The query of the gallery.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GalleryQuery {
    track: String,
    district: String,
    neighbourhood: String,
    q: String,
    page: String,
    poll: String,
    /// Set by the step before if the voter has just been verified by a printed code.
    verified: String,
}

/// The filters of the query that name something that exists.
#[derive(Clone)]
struct ChosenFilters {
    picking: OpenPolls,
    track: Option<Track>,
    district: Option<District>,
    neighbourhood: Option<NeighbourhoodId>,
    search: String,
}

impl ChosenFilters {
    fn from_query(wish: &GalleryQuery, places: &TracksAndDistricts, picking: OpenPolls) -> Self {
        let district =
            places.districts.iter().find(|district| district.slug == wish.district).cloned();
        let neighbourhood = wish.neighbourhood.parse().ok();
        Self {
            track: places.tracks.iter().find(|track| track.slug == wish.track).cloned(),
            neighbourhood: neighbourhood.filter(|id| places.find_neighbourhood(*id).is_some()),
            search: wish.q.trim().chars().take(domain::limits::SEARCH_CHARS).collect(),
            district,
            picking,
        }
    }

    /// Builds the filter. If the reader has chosen one of several polls, it keeps only the cases on
    /// the ballot paper of that poll.
    fn case_filter(&self, places: &TracksAndDistricts) -> GalleryFilter {
        let paper = self.picking.chosen_poll().filter(|_| self.picking.has_several_polls());
        let track = match paper.map(|poll| &poll.rules.cases) {
            Some(BallotPaper::Track(slug)) => {
                places.tracks.iter().find(|track| track.slug == *slug)
            }
            _ => self.track.as_ref(),
        };
        GalleryFilter {
            listed: paper.filter(|poll| poll.rules.cases == BallotPaper::List).map(|poll| poll.id),
            track: track.map(|track| track.id),
            district: self.district.as_ref().map(|district| district.id),
            neighbourhood: self.neighbourhood,
            search: self.search.clone(),
        }
    }

    fn has_no_filter(&self) -> bool {
        self.track.is_none()
            && self.district.is_none()
            && self.neighbourhood.is_none()
            && self.search.is_empty()
    }

    /// Returns the query without filters. The chosen poll stays.
    fn cleared_query(&self) -> String {
        let poll = self.picking.chosen_poll_query().map(|(name, poll)| format!("{name}={poll}"));
        format!("?{}", poll.unwrap_or_default())
    }

    fn query_pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("poll", self.picking.chosen_poll_query().map(|(_, poll)| poll)),
            ("track", self.track.as_ref().map(|track| track.slug.clone())),
            ("district", self.district.as_ref().map(|district| district.slug.clone())),
            ("neighbourhood", self.neighbourhood.map(|id| id.to_string())),
            ("q", (!self.search.is_empty()).then(|| paths::percent_encode(&self.search))),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Returns the query with a `&` after each pair, so that another pair can be appended.
    fn query_prefix(&self) -> String {
        let pairs = self.query_pairs().into_iter();
        pairs.map(|(name, value)| format!("{name}={value}&")).collect()
    }
}

/// GET /editions/{edition}/cases
pub(crate) async fn show_gallery(
    cx: RequestContext,
    Path(edition): Path<String>,
    Query(wish): Query<GalleryQuery>,
) -> PageResult {
    let edition = cx.find_shown_edition(&edition).await?;
    let public = edition.gallery_public().map_err(backend::Error::from)?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let picking = OpenPolls::load_open_polls(&cx, &edition, &wish.poll).await?;
    let voted = picking.voted_notice();
    let chosen = ChosenFilters::from_query(&wish, &places, picking);
    let (seed, fresh) = visitor_order::visitor_seed(&cx);
    let wanted = wish.page.parse().unwrap_or(1);
    let filter = chosen.case_filter(&places);
    let shown = cx.backend().gallery_page(public, &edition, &filter, seed, wanted).await?;
    let ids: Vec<_> = shown.cards.iter().map(|card| card.id).collect();
    let papers = chosen.picking.load_ballot_papers(&cx, &edition, &ids).await?;
    let basket = chosen.picking.load_chosen_basket(&cx, &edition).await?;
    let awards = PublicAwards::load_awards(&cx, &edition).await?;
    let counts = cx.backend().cases_by_neighbourhood(public, &edition).await?;
    let lang = cx.lang();
    let map = tile_map_section(lang, &places, &counts, chosen.neighbourhood, |place| {
        let only = ChosenFilters { neighbourhood: Some(place), district: None, ..chosen.clone() };
        format!("?{}", only.query_prefix().trim_end_matches('&'))
    });
    let page = gallery_page(&cx, &edition, &places, &chosen, (&shown, &awards), (&papers, map));
    let page = match voted {
        Some(notice) => page.with_view_before(move || notice),
        None if !wish.verified.is_empty() => page.with_view_before(move || verified_notice(lang)),
        None => page,
    };
    let mut response = cx.render_page(with_basket_bar(page, basket));
    if fresh {
        set_readable_cookie(&mut response, visitor_order::SEED_COOKIE, &seed.to_hex_text());
    }
    Ok(response)
}

/// Adds the bar of the picks to the end of the page, while citizens may vote.
pub(crate) fn with_basket_bar(page: Page, basket: Option<LoadedBasket>) -> Page {
    match basket {
        Some(basket) => page.with_view_after(move || basket.basket_section()).with_voter_bundle(),
        None => page,
    }
}

fn gallery_page(
    cx: &RequestContext,
    edition: &Edition,
    places: &TracksAndDistricts,
    chosen: &ChosenFilters,
    (shown, awards): (&GalleryPage, &PublicAwards),
    (papers, map): (&BallotPapers, Option<AnyView>),
) -> Page {
    let lang = cx.lang();
    let lead = match chosen.picking.chosen_poll().map(|poll| poll.rules.picks) {
        Some(PicksRule::AtMost(max)) => words::gallery_lead_voting(lang, max),
        Some(PicksRule::Exactly(max)) => words::gallery_lead_exactly(lang, max),
        None if chosen.picking.has_several_polls() => {
            words::gallery_lead_several(lang, edition.polls.len())
        }
        None => words::gallery_lead(lang).to_owned(),
    };
    let tabs = chosen.picking.poll_tabs_section();
    let list = case_cards_list(lang, edition, places, chosen, (shown, awards), papers);
    let (filters, count) = (filters_section(lang, places, chosen), words::count(lang, shown.total));
    let pager = (shown.page, shown.pages, format!("?{}page=", chosen.query_prefix()));
    let crumbs = vec![
        (words::home(lang).to_owned(), Some("/".to_owned())),
        (editions::edition_title(lang, edition), Some(format!("/editions/{}", edition.slug))),
        (words::gallery(lang).to_owned(), None),
    ];
    let searched = !chosen.search.is_empty();
    let order = if searched { words::found_order(lang) } else { words::fair_order(lang) };
    let description = lead.clone();
    let page = Page::titled(words::gallery(lang), move || {
        let (page, pages, base) = pager;
        view! {
            <PageHead title=words::gallery(lang) lead>""</PageHead>
            {tabs}
            {filters}
            {map}
            <div class="case-state">
                <h2 class="visually-hidden" id="list">{words::list(lang)}</h2>
                <p role="status"><strong>{count}</strong></p>
                <p class="muted small">{order}</p>
            </div>
            {list}
            <Pager lang page pages base/>
        }
    });
    page.for_edition(edition).with_crumbs(crumbs).with_description(description)
}

fn filters_section(lang: Lang, places: &TracksAndDistricts, chosen: &ChosenFilters) -> AnyView {
    let link = |label: &str, to: &ChosenFilters, here: bool| {
        NavLink::link_to(label, format!("?{}", to.query_prefix().trim_end_matches('&')))
            .with_current(here)
    };
    let to = |track: Option<&Track>| ChosenFilters { track: track.cloned(), ..chosen.clone() };
    let mut tracks = vec![link(words::all(lang), &to(None), chosen.track.is_none())];
    tracks.extend(places.tracks.iter().map(|track| {
        let name = lang.choose_text(&track.name.ko, &track.name.en);
        link(name, &to(Some(track)), chosen.track.as_ref() == Some(track))
    }));
    // A neighbourhood belongs to one district, so choosing a district clears it.
    let to = |district: Option<&District>| ChosenFilters {
        district: district.cloned(),
        neighbourhood: None,
        ..chosen.clone()
    };
    let mut districts = vec![link(words::all(lang), &to(None), chosen.district.is_none())];
    districts.extend(places.districts.iter().map(|district| {
        let name = lang.choose_text(&district.name.ko, &district.name.en);
        link(name, &to(Some(district)), chosen.district.as_ref() == Some(district))
    }));
    let search = search_form(lang, places, chosen);
    let open = !chosen.has_no_filter();
    view! {
        <details class="filters-fold" open=open>
            <summary>{words::filters(lang)}</summary>
            <div class="filters">
                <Chips label=words::filter_track(lang) items=tracks/>
                <Chips label=words::filter_district(lang) items=districts/>
                {search}
            </div>
        </details>
    }
    .into_any()
}

/// Builds the form with neighbourhood and search. It keeps the chosen chips.
fn search_form(lang: Lang, places: &TracksAndDistricts, chosen: &ChosenFilters) -> AnyView {
    let kept = chosen
        .query_pairs()
        .into_iter()
        .filter(|(name, _)| matches!(*name, "poll" | "track" | "district"))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let groups = places
        .districts
        .iter()
        .filter(|district| chosen.district.as_ref().is_none_or(|only| only == *district))
        .map(|district| neighbourhood_options(lang, district, chosen.neighbourhood))
        .collect_view();
    let clear = (!chosen.has_no_filter()).then(|| {
        let cleared = chosen.cleared_query();
        view! { <a class="button" data-weight="quiet" href=cleared>{words::clear(lang)}</a> }
    });
    let typed = chosen.search.clone();
    view! {
        <form method="get" class="search" role="search" aria-label=words::search(lang)>
            {kept}
            <select class="input" name="neighbourhood" aria-label=words::filter_neighbourhood(lang)>
                <option value="">{words::all_neighbourhoods(lang)}</option>
                {groups}
            </select>
            <input class="input" type="search" name="q" value=typed enterkeyhint="search"
                aria-label=words::search_label(lang)
                placeholder=words::search_label(lang)/>
            <button class="button" type="submit">{words::search_go(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn neighbourhood_options(
    lang: Lang,
    district: &District,
    chosen: Option<NeighbourhoodId>,
) -> impl IntoView + use<> {
    let name = lang.choose_text(&district.name.ko, &district.name.en).to_owned();
    let options = district
        .neighbourhoods
        .iter()
        .map(|place| {
            let (value, selected) = (place.id.to_string(), Some(place.id) == chosen);
            let name = place.name.clone();
            view! { <option value=value selected=selected lang=cases::korean_mark(lang)>{name}</option> }
        })
        .collect_view();
    view! { <optgroup label=name>{options}</optgroup> }
}

fn case_cards_list(
    lang: Lang,
    edition: &Edition,
    places: &TracksAndDistricts,
    chosen: &ChosenFilters,
    (shown, awards): (&GalleryPage, &PublicAwards),
    papers: &BallotPapers,
) -> AnyView {
    if shown.cards.is_empty() {
        return no_cases_notice(lang, chosen);
    }
    let query = chosen.picking.chosen_poll_query().map(|(name, poll)| format!("?{name}={poll}"));
    let query = query.unwrap_or_default();
    let cards = shown
        .cards
        .iter()
        .map(|card| {
            let href = format!("/editions/{}/cases/{}{query}", edition.slug, card.id);
            view! { <li>{self::gallery_case_card(lang, href, places, (card, awards.award_of(card.id)), papers)}</li> }
        })
        .collect_view();
    view! { <ul class="cards">{cards}</ul> }.into_any()
}

fn no_cases_notice(lang: Lang, chosen: &ChosenFilters) -> AnyView {
    if chosen.has_no_filter() {
        return view! { <Empty title=words::none_title(lang)><p>{words::none(lang)}</p></Empty> }
            .into_any();
    }
    let cleared = chosen.cleared_query();
    view! {
        <Empty title=words::empty_title(lang)>
            <p>{words::empty(lang)}</p>
            <ButtonLink label=words::clear(lang) href=cleared weight=ButtonWeight::Secondary/>
        </Empty>
    }
    .into_any()
}

fn gallery_case_card(
    lang: Lang,
    href: String,
    places: &TracksAndDistricts,
    (card, award): (&GalleryCard, Option<String>),
    papers: &BallotPapers,
) -> AnyView {
    let chosen = papers.is_picked(card.id);
    let (title, title_lang) = cases::title_with_mark(lang, &card.title, &card.title_en);
    let (track, track_index) = cases::track_name(lang, places, card.track);
    let pick = papers.pick_form_or_links(card.id, &title);
    view! {
        <CaseCard lang href title
            summary=card.summary.clone() organisation=card.organisation_name.clone()
            place=cases::place_line(lang, places, card.district, card.neighbourhood) track track_index
            seed=card.id.0.into_bytes() award sample=card.sample chosen title_lang
            text_lang=cases::korean_mark(lang)
            picture=card.picture.map(|id| format!("/pictures/{id}")).unwrap_or_default()>
            {pick}
        </CaseCard>
    }
    .into_any()
}

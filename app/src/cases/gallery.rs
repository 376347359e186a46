//! The gallery: accepted cases with filters, search, and an order that is fair to each of them.

use axum::extract::{Path, Query};
use backend::cases::{GalleryCard, GalleryFilter, GalleryPage};
use backend::editions::{District, Edition, Track, TracksAndDistricts};
use domain::ids::NeighbourhoodId;
use domain::rulebook::{Paper, PicksRule};
use leptos::prelude::*;
use phrases::{Lang, cases as words};
use serde::Deserialize;

use crate::cases::order;
use crate::ui::{ButtonLink, CaseCard, Chips, Empty, NavLink, PageHead, Pager, Weight};
use crate::voting::open_polls::{Papers, Picking};
use crate::voting::picks::LoadedBasket;
use crate::voting::voter_status::verified;
use crate::web::answer::Answer;
use crate::web::cookies::set_open_cookie;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::Cx;
use crate::words::{cases, editions};

/// The query of the gallery.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wish {
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
struct Chosen {
    picking: Picking,
    track: Option<Track>,
    district: Option<District>,
    neighbourhood: Option<NeighbourhoodId>,
    search: String,
}

impl Chosen {
    fn new(wish: &Wish, places: &TracksAndDistricts, picking: Picking) -> Self {
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
    fn filter(&self, places: &TracksAndDistricts) -> GalleryFilter {
        let paper = self.picking.chosen().filter(|_| self.picking.several());
        let track = match paper.map(|poll| &poll.rules.cases) {
            Some(Paper::Track(slug)) => places.tracks.iter().find(|track| track.slug == *slug),
            _ => self.track.as_ref(),
        };
        GalleryFilter {
            listed: paper.filter(|poll| poll.rules.cases == Paper::List).map(|poll| poll.id),
            track: track.map(|track| track.id),
            district: self.district.as_ref().map(|district| district.id),
            neighbourhood: self.neighbourhood,
            search: self.search.clone(),
        }
    }

    fn is_everything(&self) -> bool {
        self.track.is_none()
            && self.district.is_none()
            && self.neighbourhood.is_none()
            && self.search.is_empty()
    }

    /// Returns the query without filters. The chosen poll stays.
    fn cleared(&self) -> String {
        let poll = self.picking.query().map(|(name, poll)| format!("{name}={poll}"));
        format!("?{}", poll.unwrap_or_default())
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("poll", self.picking.query().map(|(_, poll)| poll)),
            ("track", self.track.as_ref().map(|track| track.slug.clone())),
            ("district", self.district.as_ref().map(|district| district.slug.clone())),
            ("neighbourhood", self.neighbourhood.map(|id| id.to_string())),
            ("q", (!self.search.is_empty()).then(|| paths::encoded(&self.search))),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Returns the query with a `&` after each pair, so that another pair can be appended.
    fn query(&self) -> String {
        let pairs = self.pairs().into_iter();
        pairs.map(|(name, value)| format!("{name}={value}&")).collect()
    }
}

/// GET /editions/{edition}/cases
pub(crate) async fn page(cx: Cx, Path(edition): Path<String>, Query(wish): Query<Wish>) -> Answer {
    let edition = cx.backend().find_public_edition(&edition).await?;
    let public = edition.gallery_public().map_err(backend::Error::from)?;
    let places = cx.backend().tracks_and_districts(edition.id).await?;
    let chosen = Chosen::new(&wish, &places, Picking::new(&cx, &edition, &wish.poll));
    let (seed, fresh) = order::seed(&cx);
    let wanted = wish.page.parse().unwrap_or(1);
    let filter = chosen.filter(&places);
    let shown = cx.backend().gallery_page(public, &edition, &filter, seed, wanted).await?;
    let ids: Vec<_> = shown.cards.iter().map(|card| card.id).collect();
    let papers = chosen.picking.papers(&cx, &edition, &ids).await?;
    let basket = chosen.picking.basket(&cx, &edition).await?;
    let page = gallery(&cx, &edition, &places, &chosen, &shown, &papers);
    let lang = cx.lang();
    let page = if wish.verified.is_empty() { page } else { page.led_by(move || verified(lang)) };
    let mut response = cx.page(with_basket(page, basket));
    if fresh {
        set_open_cookie(&mut response, order::SEED_COOKIE, &seed.to_hex_text());
    }
    Ok(response)
}

/// Adds the bar of the picks to the end of the page, while citizens may vote.
pub(crate) fn with_basket(page: Page, basket: Option<LoadedBasket>) -> Page {
    match basket {
        Some(basket) => page.followed_by(move || basket.view()).with_voter(),
        None => page,
    }
}

fn gallery(
    cx: &Cx,
    edition: &Edition,
    places: &TracksAndDistricts,
    chosen: &Chosen,
    shown: &GalleryPage,
    papers: &Papers,
) -> Page {
    let lang = cx.lang();
    let lead = match chosen.picking.chosen().map(|poll| poll.rules.picks) {
        Some(PicksRule::AtMost(max)) => words::gallery_lead_voting(lang, max),
        Some(PicksRule::Exactly(max)) => words::gallery_lead_exactly(lang, max),
        None if chosen.picking.several() => words::gallery_lead_several(lang, edition.polls.len()),
        None => words::gallery_lead(lang).to_owned(),
    };
    let tabs = chosen.picking.tabs();
    let list = list(lang, edition, places, chosen, shown, papers);
    let (filters, count) = (filters(lang, places, chosen), words::count(lang, shown.total));
    let pager = (shown.page, shown.pages, format!("?{}page=", chosen.query()));
    let crumbs = vec![
        (words::home(lang).to_owned(), Some("/".to_owned())),
        (editions::title(lang, edition), Some(format!("/editions/{}", edition.slug))),
        (words::gallery(lang).to_owned(), None),
    ];
    let description = lead.clone();
    let page = Page::new(words::gallery(lang), move || {
        let (page, pages, base) = pager;
        view! {
            <PageHead title=words::gallery(lang) lead>""</PageHead>
            {tabs}
            {filters}
            <div class="case-state">
                <h2 class="visually-hidden" id="list">{words::list(lang)}</h2>
                <p role="status"><strong>{count}</strong></p>
                <p class="muted small">{words::fair_order(lang)}</p>
            </div>
            {list}
            <Pager lang page pages base/>
        }
    });
    page.of(edition).crumbs(crumbs).described(description)
}

fn filters(lang: Lang, places: &TracksAndDistricts, chosen: &Chosen) -> AnyView {
    let link = |label: &str, to: &Chosen, here: bool| {
        NavLink::to(label, format!("?{}", to.query().trim_end_matches('&'))).here(here)
    };
    let to = |track: Option<&Track>| Chosen { track: track.cloned(), ..chosen.clone() };
    let mut tracks = vec![link(words::all(lang), &to(None), chosen.track.is_none())];
    tracks.extend(places.tracks.iter().map(|track| {
        let name = lang.choose_text(&track.name.ko, &track.name.en);
        link(name, &to(Some(track)), chosen.track.as_ref() == Some(track))
    }));
    // A neighbourhood belongs to one district, so choosing a district clears it.
    let to = |district: Option<&District>| Chosen {
        district: district.cloned(),
        neighbourhood: None,
        ..chosen.clone()
    };
    let mut districts = vec![link(words::all(lang), &to(None), chosen.district.is_none())];
    districts.extend(places.districts.iter().map(|district| {
        let name = lang.choose_text(&district.name.ko, &district.name.en);
        link(name, &to(Some(district)), chosen.district.as_ref() == Some(district))
    }));
    let search = search(lang, places, chosen);
    view! {
        <div class="filters">
            <Chips label=words::filter_track(lang) items=tracks/>
            <Chips label=words::filter_district(lang) items=districts/>
            {search}
        </div>
    }
    .into_any()
}

/// Builds the form with neighbourhood and search. It keeps the chosen chips.
fn search(lang: Lang, places: &TracksAndDistricts, chosen: &Chosen) -> AnyView {
    let kept = chosen
        .pairs()
        .into_iter()
        .filter(|(name, _)| matches!(*name, "poll" | "track" | "district"))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let groups = places
        .districts
        .iter()
        .filter(|district| chosen.district.as_ref().is_none_or(|only| only == *district))
        .map(|district| neighbourhoods(lang, district, chosen.neighbourhood))
        .collect_view();
    let clear = (!chosen.is_everything()).then(|| {
        let cleared = chosen.cleared();
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
                maxlength=domain::limits::SEARCH_CHARS aria-label=words::search_label(lang)
                placeholder=words::search_label(lang)/>
            <button class="button" type="submit">{words::search_go(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn neighbourhoods(
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
            view! { <option value=value selected=selected lang=cases::korean(lang)>{name}</option> }
        })
        .collect_view();
    view! { <optgroup label=name>{options}</optgroup> }
}

fn list(
    lang: Lang,
    edition: &Edition,
    places: &TracksAndDistricts,
    chosen: &Chosen,
    shown: &GalleryPage,
    papers: &Papers,
) -> AnyView {
    if shown.cards.is_empty() {
        return nothing(lang, chosen);
    }
    let query = chosen.picking.query().map(|(name, poll)| format!("?{name}={poll}"));
    let query = query.unwrap_or_default();
    let cards = shown
        .cards
        .iter()
        .map(|card| {
            let href = format!("/editions/{}/cases/{}{query}", edition.slug, card.id);
            view! { <li>{self::card(lang, href, places, card, papers)}</li> }
        })
        .collect_view();
    view! { <ul class="cards">{cards}</ul> }.into_any()
}

fn nothing(lang: Lang, chosen: &Chosen) -> AnyView {
    if chosen.is_everything() {
        return view! { <Empty title=words::none_title(lang)><p>{words::none(lang)}</p></Empty> }
            .into_any();
    }
    let cleared = chosen.cleared();
    view! {
        <Empty title=words::empty_title(lang)>
            <p>{words::empty(lang)}</p>
            <ButtonLink label=words::clear(lang) href=cleared weight=Weight::Secondary/>
        </Empty>
    }
    .into_any()
}

fn card(
    lang: Lang,
    href: String,
    places: &TracksAndDistricts,
    card: &GalleryCard,
    papers: &Papers,
) -> AnyView {
    let chosen = papers.has(card.id);
    let (title, title_lang) = cases::title(lang, &card.title, &card.title_en);
    let (track, track_index) = cases::track(lang, places, card.track);
    let pick = papers.pick(card.id, &title);
    view! {
        <CaseCard lang href title
            summary=card.summary.clone() organisation=card.organisation_name.clone()
            place=cases::place(lang, places, card.district, card.neighbourhood) track track_index
            seed=card.id.0.into_bytes() sample=card.sample chosen title_lang
            text_lang=cases::korean(lang)
            picture=card.picture.map(|id| format!("/pictures/{id}")).unwrap_or_default()>
            {pick}
        </CaseCard>
    }
    .into_any()
}

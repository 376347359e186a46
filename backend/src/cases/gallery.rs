//! The gallery: the accepted cases, public from the opening of the vote.

mod queries;
mod search;

use std::collections::HashMap;

use domain::ids::{CaseId, DistrictId, NeighbourhoodId, PictureId, PollId, TrackId};
use domain::limits;
use domain::schedule::GalleryPublic;
use domain::search::SearchWords;

use super::{Case, CaseState, OrderSeed};
use crate::editions::Edition;
use crate::{Backend, Error, Result};

/// The filter of the gallery. An empty filter keeps every case.
#[derive(Clone, Debug, Default)]
pub struct GalleryFilter {
    /// Only this track.
    pub track: Option<TrackId>,
    /// Only this district.
    pub district: Option<DistrictId>,
    /// Only this neighbourhood.
    pub neighbourhood: Option<NeighbourhoodId>,
    /// Only cases that staff put on the list of this poll.
    pub listed: Option<PollId>,
    /// Only cases with these words in the title, the organisation's name, the summary or the story.
    pub search: String,
}

impl GalleryFilter {
    /// Returns the words of the search, made plain as every stored text is.
    fn search_words(&self) -> SearchWords {
        SearchWords::parse_search(&self.search, limits::SEARCH_CHARS)
    }
}

/// A case as a card of the gallery.
#[derive(Clone, Debug)]
pub struct GalleryCard {
    /// Its key.
    pub id: CaseId,
    /// Its title in Korean.
    pub title: String,
    /// Its title in English; may be empty.
    pub title_en: String,
    /// What it is about.
    pub summary: String,
    /// The name of its organisation.
    pub organisation_name: String,
    /// Its track.
    pub track: TrackId,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its neighbourhood.
    pub neighbourhood: Option<NeighbourhoodId>,
    /// Whether it was invented for a demonstration.
    pub sample: bool,
    /// Its picture.
    pub picture: Option<PictureId>,
}

/// One page of the gallery.
#[derive(Clone, Debug)]
pub struct GalleryPage {
    /// The cards, in the visitor's order.
    pub cards: Vec<GalleryCard>,
    /// How many cases the filter keeps on all pages together.
    pub total: usize,
    /// The number of this page, counted from 1; never above `pages`.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
}

/// The case before or after another one.
#[derive(Clone, Debug)]
pub struct AdjacentCase {
    /// Its key.
    pub id: CaseId,
    /// Its title in Korean.
    pub title: String,
    /// Its title in English; may be empty.
    pub title_en: String,
}

/// The cases before and after a case, in the visitor's order.
#[derive(Clone, Debug, Default)]
pub struct AdjacentCases {
    /// The one before.
    pub previous: Option<AdjacentCase>,
    /// The one after.
    pub next: Option<AdjacentCase>,
}

impl Backend {
    /// Returns a page of the accepted cases in this visitor's own order, or of those that a search finds, the best
    /// first. It takes two statements for any number of cases, and a third for a search that finds nothing at first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn gallery_page(
        &self,
        _public: GalleryPublic,
        edition: &Edition,
        filter: &GalleryFilter,
        seed: OrderSeed,
        page: usize,
    ) -> Result<GalleryPage> {
        let mut connection = self.acquire_connection().await?;
        let ids = if filter.search_words().is_empty() {
            let mut ids = queries::accepted_case_ids(&mut connection, edition.id, filter).await?;
            seed.sort_cases(&mut ids);
            ids
        } else {
            search::search_cases(&mut connection, edition, filter, seed).await?
        };
        let pages = ids.len().div_ceil(limits::CARDS_PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let wanted: Vec<CaseId> = ids
            .iter()
            .copied()
            .skip((page - 1) * limits::CARDS_PER_PAGE)
            .take(limits::CARDS_PER_PAGE)
            .collect();
        let cards = queries::accepted_case_cards(&mut connection, edition.id, &wanted).await?;
        Ok(GalleryPage { cards, total: ids.len(), page, pages })
    }

    /// Returns how many accepted cases each neighbourhood has; one without a case is not in it.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn cases_by_neighbourhood(
        &self,
        _public: GalleryPublic,
        edition: &Edition,
    ) -> Result<HashMap<NeighbourhoodId, i64>> {
        let mut connection = self.acquire_connection().await?;
        let counts = queries::count_by_neighbourhood(&mut connection, edition.id).await?;
        Ok(counts.into_iter().collect())
    }

    /// Returns the cards of these cases in the given order. Ids that are not accepted cases of the
    /// edition are left out.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn case_cards(
        &self,
        _public: GalleryPublic,
        edition: &Edition,
        cases: &[CaseId],
    ) -> Result<Vec<GalleryCard>> {
        queries::accepted_case_cards(&mut *self.acquire_connection().await?, edition.id, cases)
            .await
    }

    /// Returns an accepted case.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for a case that was not accepted.
    pub async fn public_case(
        &self,
        _public: GalleryPublic,
        edition: &Edition,
        case: CaseId,
    ) -> Result<Case> {
        let found = super::queries::find_case(&mut *self.acquire_connection().await?, case).await?;
        found
            .filter(|case| case.edition == edition.id && case.state == CaseState::Accepted)
            .ok_or(Error::NotFound)
    }

    /// Returns the cases before and after this one in the visitor's order.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn adjacent_cases(
        &self,
        public: GalleryPublic,
        edition: &Edition,
        case: CaseId,
        seed: OrderSeed,
    ) -> Result<AdjacentCases> {
        let everything = GalleryFilter::default();
        let mut ids = queries::accepted_case_ids(
            &mut *self.acquire_connection().await?,
            edition.id,
            &everything,
        )
        .await?;
        seed.sort_cases(&mut ids);
        let Some(place) = ids.iter().position(|id| *id == case) else {
            return Ok(AdjacentCases::default());
        };
        let before = place.checked_sub(1).and_then(|place| ids.get(place)).copied();
        let after = ids.get(place + 1).copied();
        let beside: Vec<CaseId> = before.into_iter().chain(after).collect();
        let cards = self.case_cards(public, edition, &beside).await?;
        let named = |id: Option<CaseId>| {
            let card = cards.iter().find(|card| Some(card.id) == id)?;
            Some(AdjacentCase {
                id: card.id,
                title: card.title.clone(),
                title_en: card.title_en.clone(),
            })
        };
        Ok(AdjacentCases { previous: named(before), next: named(after) })
    }
}

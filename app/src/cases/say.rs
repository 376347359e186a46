//! What several pages of cases say in the same way: titles, places, tracks, states.

use std::str::FromStr;

use backend::cases::{CaseState, Seed};
use backend::editions::{Edition, Places};
use domain::ids::{DistrictId, NeighbourhoodId, TrackId};
use leptos::prelude::*;
use phrases::{Lang, cases as words};

use crate::AppError;
use crate::context::Cx;
use crate::ui::Tone;

/// The cookie that keeps a visitor's order of the gallery.
pub(super) const SEED_COOKIE: &str = "seed";

/// The visitor's seed, and whether it is new and has to be kept.
pub(super) fn seed(cx: &Cx) -> (Seed, bool) {
    match cx.cookie(SEED_COOKIE).and_then(Seed::parse) {
        Some(seed) => (seed, false),
        None => (Seed::fresh(), true),
    }
}

/// The key in a path. One that cannot be read names nothing.
pub(super) fn key<T: FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// The mark of Korean words on a page in another language.
pub(super) fn korean(lang: Lang) -> Option<&'static str> {
    (lang != Lang::Ko).then_some("ko")
}

/// The title in the reader's language where there is one, and the mark where it is not.
pub(super) fn title(lang: Lang, ko: &str, en: &str) -> (String, Option<&'static str>) {
    match lang {
        Lang::En if !en.is_empty() => (en.to_owned(), None),
        _ if ko.is_empty() => (words::untitled(lang).to_owned(), None),
        _ => (ko.to_owned(), korean(lang)),
    }
}

/// District and neighbourhood in one line.
pub(super) fn place(
    lang: Lang,
    places: &Places,
    district: Option<DistrictId>,
    neighbourhood: Option<NeighbourhoodId>,
) -> String {
    let district = district.and_then(|id| places.district(id));
    let neighbourhood = neighbourhood.and_then(|id| places.neighbourhood(id));
    let names = [
        district.map(|district| lang.of(&district.name.ko, &district.name.en)),
        neighbourhood.map(|neighbourhood| neighbourhood.name.as_str()),
    ];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The name of a track, and its place among the tracks.
pub(super) fn track(lang: Lang, places: &Places, id: TrackId) -> (String, usize) {
    let index = places.tracks.iter().position(|track| track.id == id).unwrap_or_default();
    let name = places.track(id).map_or("", |track| lang.of(&track.name.ko, &track.name.en));
    (name.to_owned(), index)
}

/// The name of an edition.
pub(super) fn edition_name(lang: Lang, edition: &Edition) -> String {
    lang.of(&edition.title.ko, &edition.title.en).to_owned()
}

/// A state in words for the organisation.
pub(super) fn state(lang: Lang, state: CaseState) -> (Tone, &'static str) {
    match state {
        CaseState::Draft => (Tone::Plain, words::state_draft(lang)),
        CaseState::Submitted => (Tone::Info, words::state_submitted(lang)),
        CaseState::Accepted => (Tone::Success, words::state_accepted(lang)),
        CaseState::Rejected => (Tone::Warning, words::state_rejected(lang)),
        CaseState::Withdrawn => (Tone::Plain, words::state_withdrawn(lang)),
    }
}

/// Plain text as paragraphs: a blank line begins a new one, a line break stays a line break.
pub(super) fn paragraphs(text: &str) -> Vec<AnyView> {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line.to_owned());
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
        .into_iter()
        .map(|lines| {
            let lines = lines
                .into_iter()
                .enumerate()
                .map(|(index, line)| {
                    let gap = (index > 0).then(|| view! { <br/> });
                    view! { {gap}{line} }
                })
                .collect_view();
            view! { <p>{lines}</p> }.into_any()
        })
        .collect()
}

/// A text as the value of a query.
pub(super) fn encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml as _;
    use phrases::Lang;

    use super::{encoded, paragraphs, title};

    fn html(text: &str) -> String {
        paragraphs(text).into_iter().map(|view| view.to_html()).collect()
    }

    #[test]
    fn a_blank_line_begins_a_paragraph_and_no_word_becomes_markup() {
        let html = html("하나\n둘\n\n \n<b>셋</b>\n");
        assert_eq!(html.matches("<p>").count(), 2, "{html}");
        assert_eq!(html.matches("<br>").count(), 1, "{html}");
        assert!(html.contains("&lt;b&gt;셋") && !html.contains("<b>"), "{html}");
        assert!(paragraphs("").is_empty());
    }

    #[test]
    fn korean_titles_are_marked_on_english_pages() {
        assert_eq!(title(Lang::En, "나눔", ""), ("나눔".to_owned(), Some("ko")));
        assert_eq!(title(Lang::En, "나눔", "Sharing"), ("Sharing".to_owned(), None));
        assert_eq!(title(Lang::Ko, "나눔", "Sharing"), ("나눔".to_owned(), None));
    }

    #[test]
    fn a_search_cannot_add_to_the_query() {
        assert_eq!(encoded("a&b=한 #"), "a%26b%3D%ED%95%9C%20%23");
    }
}

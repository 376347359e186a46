//! Titles, places and tracks of cases as text.

use backend::editions::TracksAndDistricts;
use domain::ids::{DistrictId, NeighbourhoodId, TrackId};
use domain::text::Bilingual;
use phrases::{Lang, cases as words};

/// Returns the `lang` attribute of Korean text on a page in another language.
pub(crate) fn korean_mark(lang: Lang) -> Option<&'static str> {
    (lang != Lang::Ko).then_some("ko")
}

/// Returns whether a text has a Korean syllable.
pub(crate) fn has_korean(text: &str) -> bool {
    text.chars().any(|sign| matches!(sign, '\u{AC00}'..='\u{D7A3}'))
}

/// Returns the title in the reader's language, or the Korean one with its `lang` attribute.
pub(crate) fn title_with_mark(lang: Lang, ko: &str, en: &str) -> (String, Option<&'static str>) {
    match lang {
        Lang::En if !en.is_empty() => (en.to_owned(), None),
        _ if ko.is_empty() => (words::untitled(lang).to_owned(), None),
        _ => (ko.to_owned(), korean_mark(lang)),
    }
}

/// Returns district and neighbourhood in one line.
pub(crate) fn place_line(
    lang: Lang,
    places: &TracksAndDistricts,
    district: Option<DistrictId>,
    neighbourhood: Option<NeighbourhoodId>,
) -> String {
    let district = district.and_then(|id| places.find_district(id));
    let neighbourhood = neighbourhood.and_then(|id| places.find_neighbourhood(id));
    let names = [
        district.map(|district| lang.choose_text(&district.name.ko, &district.name.en)),
        neighbourhood.map(|neighbourhood| neighbourhood.name.as_str()),
    ];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Returns the name of a track, and its index among the edition's tracks.
pub(crate) fn track_name(lang: Lang, places: &TracksAndDistricts, id: TrackId) -> (String, usize) {
    let index = places.tracks.iter().position(|track| track.id == id).unwrap_or_default();
    let name =
        places.find_track(id).map_or("", |track| lang.choose_text(&track.name.ko, &track.name.en));
    (name.to_owned(), index)
}

/// Returns a title in the reader's language, or the Korean one if it was not translated.
pub(crate) fn translated_title(lang: Lang, title: &Bilingual) -> String {
    let wanted = lang.choose_text(&title.ko, &title.en);
    if wanted.is_empty() { title.ko.clone() } else { wanted.to_owned() }
}

/// Returns the label of a field of a case's form.
pub(crate) fn case_field_label(lang: Lang, name: &str) -> &'static str {
    match name {
        "title" => words::title(lang),
        "summary" => words::summary(lang),
        "body" => words::body(lang),
        "title_en" => words::title_en(lang),
        "alt" => words::alt(lang),
        "film" => words::film(lang),
        "track" => words::track(lang),
        "people_agree" => phrases::news::people_agree(lang),
        "has_rights" => phrases::news::has_rights(lang),
        _ => words::place(lang),
    }
}

#[cfg(test)]
mod tests {
    use phrases::Lang;

    use super::title_with_mark;

    #[test]
    fn korean_titles_are_marked_on_english_pages() {
        assert_eq!(title_with_mark(Lang::En, "나눔", ""), ("나눔".to_owned(), Some("ko")));
        assert_eq!(title_with_mark(Lang::En, "나눔", "Sharing"), ("Sharing".to_owned(), None));
        assert_eq!(title_with_mark(Lang::Ko, "나눔", "Sharing"), ("나눔".to_owned(), None));
    }
}

//! Which cases of the queue are shown: by state, track, district, mark, and words.

use backend::cases::{CaseState, ScreeningLine};
use backend::editions::TracksAndDistricts;
use domain::search::keyboard_keys;
use leptos::prelude::*;
use phrases::{Lang, screening as words};
use serde::Deserialize;

use crate::cases::screening::screening_state_label;
use crate::ui::Choice;

/// The states that the queue shows, in the order of the work.
const STATES: [CaseState; 4] =
    [CaseState::Submitted, CaseState::Returned, CaseState::Accepted, CaseState::Rejected];

/// The query of the list. A text that names nothing filters nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ScreeningQuery {
    pub(crate) done: String,
    state: String,
    track: String,
    district: String,
    mark: String,
    q: String,
}

/// What a case may be marked with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Late,
    Personal,
    SecondLook,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Late, Self::Personal, Self::SecondLook];

    const fn query_word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Personal => "personal",
            Self::SecondLook => "second",
        }
    }

    fn mark_label(self, lang: Lang) -> &'static str {
        match self {
            Self::Late => words::late_mark(lang),
            Self::Personal => words::personal_mark(lang),
            Self::SecondLook => words::second_look(lang),
        }
    }

    const fn is_on(self, line: &ScreeningLine) -> bool {
        match self {
            Self::Late => line.late,
            Self::Personal => line.has_personal_data,
            Self::SecondLook => line.second_look,
        }
    }
}

/// The labels of the marks of a case.
pub(super) fn mark_labels(lang: Lang, line: &ScreeningLine) -> Vec<&'static str> {
    Mark::ALL
        .into_iter()
        .filter(|mark| mark.is_on(line))
        .map(|mark| mark.mark_label(lang))
        .collect()
}

impl ScreeningQuery {
    /// Whether a case is shown.
    pub(super) fn fits_line(&self, line: &ScreeningLine) -> bool {
        let state = CaseState::from_word(&self.state).is_none_or(|state| line.state == state);
        let track = self.track.parse().ok().is_none_or(|track| line.track == track);
        let district = self.district.parse().ok().is_none_or(|one| line.district == Some(one));
        let mark = Mark::ALL.into_iter().find(|mark| mark.query_word() == self.mark);
        state
            && track
            && district
            && mark.is_none_or(|mark| mark.is_on(line))
            && self.fits_words(line)
    }

    fn fits_words(&self, line: &ScreeningLine) -> bool {
        let number = line.receipt_number.map(|number| format!("{number:04}")).unwrap_or_default();
        let text = keyboard_keys(&format!("{} {} {number}", line.title, line.organisation_name));
        self.q.split_whitespace().all(|word| text.contains(&keyboard_keys(word)))
    }

    /// Whether every case is shown.
    pub(super) fn has_no_filter(&self) -> bool {
        [&self.state, &self.track, &self.district, &self.mark, &self.q]
            .iter()
            .all(|text| text.trim().is_empty())
    }
}

/// Builds the form with the filters.
pub(super) fn filters_form(
    lang: Lang,
    places: &TracksAndDistricts,
    chosen: &ScreeningQuery,
) -> AnyView {
    let states = STATES.map(|state| {
        let word = state.as_str();
        Choice::with_value(word, screening_state_label(lang, state).1, chosen.state == word)
    });
    let tracks = places.tracks.iter().map(|track| {
        let id = track.id.to_string();
        let here = chosen.track == id;
        Choice::with_value(id, lang.choose_text(&track.name.ko, &track.name.en), here)
    });
    let districts = places.districts.iter().map(|district| {
        let id = district.id.to_string();
        let here = chosen.district == id;
        Choice::with_value(id, lang.choose_text(&district.name.ko, &district.name.en), here)
    });
    let marks = Mark::ALL.map(|mark| {
        let word = mark.query_word();
        Choice::with_value(word, mark.mark_label(lang), chosen.mark == word)
    });
    let typed = chosen.q.clone();
    let clear = (!chosen.has_no_filter()).then(|| {
        view! { <a class="button" data-weight="quiet" href="?">{words::filter_clear(lang)}</a> }
    });
    view! {
        <form method="get" class="search" role="search" aria-label=words::filter(lang)>
            {filter_select(lang, "state", words::filter_state(lang), states.into())}
            {filter_select(lang, "track", words::track(lang), tracks.collect())}
            {filter_select(lang, "district", phrases::cases::filter_district(lang), districts.collect())}
            {filter_select(lang, "mark", words::filter_mark(lang), marks.into())}
            <input class="input" type="search" name="q" value=typed enterkeyhint="search"
                aria-label=words::filter_words(lang) placeholder=words::filter_words(lang)/>
            <button class="button" type="submit">{words::filter_go(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn filter_select(
    lang: Lang,
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
) -> AnyView {
    let all = format!("{label}: {}", words::all(lang));
    let options = choices
        .into_iter()
        .map(|Choice { value, label, chosen }| {
            view! { <option value=value selected=chosen>{label}</option> }
        })
        .collect_view();
    view! {
        <select class="input" name=name aria-label=label>
            <option value="">{all}</option>
            {options}
        </select>
    }
    .into_any()
}

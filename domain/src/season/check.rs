//! From the form to the season: every value is checked, and every problem is kept with its path.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::form::{CaseForm, DistrictForm, SeasonForm, TrackForm, WindowsForm};
use super::{District, Season, SeasonCase, SeasonProblem, Track};
use crate::limits;
use crate::schedule::{Instant, Window, Windows};
use crate::table::fold_word;
use crate::text::{
    self, Bilingual, CaseBody, CaseSummary, CaseTitle, FieldProblem, OrganisationName, Slug,
};

type FoundProblems = Vec<(String, SeasonProblem)>;

/// The neighbourhoods of each district, by the district's slug as written.
type NeighbourhoodsByDistrict = BTreeMap<String, BTreeSet<String>>;

/// Returns the season, or all problems as (JSON pointer, reason).
pub(super) fn check_season_form(form: &SeasonForm) -> Result<Season, FoundProblems> {
    let mut check = SeasonChecker { found: Vec::new() };
    check.check_list_lengths(form);
    if form.time_zone != "Asia/Seoul" {
        check.note_problem("/time_zone", SeasonProblem::TimeZone);
    }
    let track_slugs: BTreeSet<String> =
        form.tracks.iter().map(|track| track.slug.clone()).collect();
    let places = neighbourhoods_by_district(&form.districts);
    check.check_names_differ(form);
    let slug = check.accept_text("/slug", Slug::parse(&form.slug));
    let title = check.check_bilingual("/title", &form.title, limits::CASE_TITLE_CHARS);
    let host = check.check_bilingual("/host", &form.host, limits::NAME_CHARS);
    let windows = check.check_season_windows(&form.windows);
    let rulebook = check.check_rulebook(form, windows.map(|windows| windows.voting));
    let tracks = check.check_tracks(&form.tracks);
    let districts = check.check_districts(&form.districts);
    let cases = check.check_cases(&form.cases, &track_slugs, &places);
    match (slug, title, host, windows, rulebook, tracks, districts, cases) {
        (
            Some(slug),
            Some(title),
            Some(host),
            Some(windows),
            Some(rulebook),
            Some(tracks),
            Some(districts),
            Some(cases),
        ) if check.found.is_empty() => {
            Ok(Season { slug, title, host, windows, rulebook, tracks, districts, cases })
        }
        _ => Err(check.found),
    }
}

fn neighbourhoods_by_district(districts: &[DistrictForm]) -> NeighbourhoodsByDistrict {
    let place = |district: &DistrictForm| {
        let names = district.neighbourhoods.iter().map(|name| text::tidy_line(name));
        (district.slug.clone(), names.collect())
    };
    districts.iter().map(place).collect()
}

/// The problems found so far. Its methods return `None` if they added one.
pub(super) struct SeasonChecker {
    found: FoundProblems,
}

impl SeasonChecker {
    pub(super) fn note_problem(&mut self, path: impl Into<String>, problem: SeasonProblem) {
        self.found.push((path.into(), problem));
    }

    fn accept_text<T>(&mut self, path: &str, parsed: Result<T, FieldProblem>) -> Option<T> {
        parsed.map_err(|problem| self.note_problem(path, SeasonProblem::Text(problem))).ok()
    }

    /// Checks a text in both languages: Korean has at most `max` characters; English may be longer.
    pub(super) fn check_bilingual(
        &mut self,
        path: &str,
        both: &Bilingual,
        max: usize,
    ) -> Option<Bilingual> {
        let ko = self.accept_text(&format!("{path}/ko"), text::parse_text_line(&both.ko, max));
        let en = self.accept_text(
            &format!("{path}/en"),
            text::parse_text_line(&both.en, limits::TRANSLATED_CHARS),
        );
        Some(Bilingual { ko: ko?, en: en? })
    }

    fn check_list_lengths(&mut self, form: &SeasonForm) {
        let mut bounded = |path: &str, least: usize, length: usize, max: usize| {
            if !(least..=max).contains(&length) {
                self.note_problem(path, SeasonProblem::Length { max });
            }
        };
        bounded("/tracks", 1, form.tracks.len(), limits::TRACKS);
        bounded("/districts", 1, form.districts.len(), limits::DISTRICTS);
        bounded("/cases", 0, form.cases.len(), limits::CASES);
        for (index, district) in form.districts.iter().enumerate() {
            let path = format!("/districts/{index}/neighbourhoods");
            bounded(&path, 0, district.neighbourhoods.len(), limits::NEIGHBOURHOODS);
        }
    }

    /// Checks that no list has one name twice, in either language, however it is spaced or written in width and
    /// case.
    fn check_names_differ(&mut self, form: &SeasonForm) {
        let polls = form.polls.iter().flatten().enumerate();
        let polls = polls.filter_map(|(at, poll)| Some((at, poll.title.as_ref()?)));
        self.check_names_of_list("/polls", "title", polls);
        let tracks = form.tracks.iter().map(|track| &track.name).enumerate();
        self.check_names_of_list("/tracks", "name", tracks);
        let districts = form.districts.iter().map(|district| &district.name).enumerate();
        self.check_names_of_list("/districts", "name", districts);
        let criteria = form.panel.rubric.iter().map(|criterion| &criterion.name).enumerate();
        self.check_names_of_list("/panel/rubric", "name", criteria);
        let awards = form.awards.iter().map(|award| &award.tier).enumerate();
        self.check_names_of_list("/awards", "tier", awards);
    }

    fn check_names_of_list<'a>(
        &mut self,
        list: &str,
        key: &str,
        names: impl Iterator<Item = (usize, &'a Bilingual)>,
    ) {
        let mut seen = BTreeSet::new();
        for (index, both) in names {
            for (language, name) in [("ko", &both.ko), ("en", &both.en)] {
                let folded = fold_word(name);
                if !folded.is_empty() && !seen.insert((language, folded)) {
                    let problem = SeasonProblem::DuplicateName { name: text::tidy_line(name) };
                    self.note_problem(format!("{list}/{index}/{key}/{language}"), problem);
                }
            }
        }
    }

    fn check_season_windows(&mut self, form: &WindowsForm) -> Option<Windows> {
        let call = self.check_window("/windows/call", &form.call);
        let voting = self.check_window("/windows/voting", &form.voting);
        let judging = self.check_window("/windows/judging", &form.judging);
        let announcement = self.check_instant("/windows/announcement", &form.announcement);
        let windows = Windows {
            call: call?,
            voting: voting?,
            judging: judging?,
            announcement: announcement?,
        };
        for problem in windows.window_problems() {
            let path = format!("/windows{}", problem.json_pointer());
            self.note_problem(path, SeasonProblem::Window(problem));
        }
        Some(windows)
    }

    pub(super) fn check_window(
        &mut self,
        path: &str,
        [opens, closes]: &[String; 2],
    ) -> Option<Window> {
        let opens = self.check_instant(&format!("{path}/0"), opens);
        let closes = self.check_instant(&format!("{path}/1"), closes);
        Some(Window { opens: opens?, closes: closes? })
    }

    fn check_instant(&mut self, path: &str, text: &str) -> Option<Instant> {
        let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.with_timezone(&Utc));
        instant.map_err(|_| self.note_problem(path, SeasonProblem::BadInstant)).ok()
    }

    fn check_tracks(&mut self, tracks: &[TrackForm]) -> Option<Vec<Track>> {
        let mut seen = BTreeSet::new();
        let mut track = |(index, track): (usize, &TrackForm)| {
            let path = format!("/tracks/{index}");
            let slug = self.check_unique_slug(&path, &track.slug, &mut seen);
            let name =
                self.check_bilingual(&format!("{path}/name"), &track.name, limits::NAME_CHARS);
            Some(Track { slug: slug?, name: name? })
        };
        collect_checked(tracks.iter().enumerate().map(&mut track))
    }

    fn check_districts(&mut self, districts: &[DistrictForm]) -> Option<Vec<District>> {
        let mut seen = BTreeSet::new();
        let mut district = |(index, district): (usize, &DistrictForm)| {
            let path = format!("/districts/{index}");
            let slug = self.check_unique_slug(&path, &district.slug, &mut seen);
            let name =
                self.check_bilingual(&format!("{path}/name"), &district.name, limits::NAME_CHARS);
            let path = format!("{path}/neighbourhoods");
            let neighbourhoods = self.check_neighbourhoods(&path, &district.neighbourhoods);
            Some(District { slug: slug?, name: name?, neighbourhoods: neighbourhoods? })
        };
        collect_checked(districts.iter().enumerate().map(&mut district))
    }

    fn check_unique_slug(
        &mut self,
        path: &str,
        text: &str,
        seen: &mut BTreeSet<Slug>,
    ) -> Option<Slug> {
        let path = format!("{path}/slug");
        let slug = self.accept_text(&path, Slug::parse(text))?;
        if !seen.insert(slug.clone()) {
            self.note_problem(path, SeasonProblem::DuplicateSlug { slug: slug.to_string() });
            return None;
        }
        Some(slug)
    }

    fn check_neighbourhoods(&mut self, path: &str, names: &[String]) -> Option<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut neighbourhood = |(index, name): (usize, &String)| {
            let path = format!("{path}/{index}");
            let name = self.accept_text(&path, text::parse_text_line(name, limits::NAME_CHARS))?;
            if !seen.insert(fold_word(&name)) {
                self.note_problem(path, SeasonProblem::DuplicateNeighbourhood { name });
                return None;
            }
            Some(name)
        };
        collect_checked(names.iter().enumerate().map(&mut neighbourhood))
    }

    fn check_cases(
        &mut self,
        cases: &[CaseForm],
        tracks: &BTreeSet<String>,
        places: &NeighbourhoodsByDistrict,
    ) -> Option<Vec<SeasonCase>> {
        let mut case = |(index, form): (usize, &CaseForm)| {
            let path = format!("/cases/{index}");
            self.check_case_place(&path, form, tracks, places);
            self.check_case(&path, form)
        };
        collect_checked(cases.iter().enumerate().map(&mut case))
    }

    fn check_case_place(
        &mut self,
        path: &str,
        form: &CaseForm,
        tracks: &BTreeSet<String>,
        places: &NeighbourhoodsByDistrict,
    ) {
        if !tracks.contains(&form.track) {
            let name = form.track.clone();
            self.note_problem(format!("{path}/track"), SeasonProblem::UnknownTrack { name });
        }
        let Some(known) = places.get(&form.district) else {
            let name = form.district.clone();
            return self
                .note_problem(format!("{path}/district"), SeasonProblem::UnknownDistrict { name });
        };
        if let Some(name) = form.neighbourhood.as_deref().map(text::tidy_line)
            && !known.contains(&name)
        {
            let problem = SeasonProblem::UnknownNeighbourhood { name };
            self.note_problem(format!("{path}/neighbourhood"), problem);
        }
    }

    fn check_case(&mut self, path: &str, form: &CaseForm) -> Option<SeasonCase> {
        let organisation = OrganisationName::parse(&form.organisation);
        let organisation = self.accept_text(&format!("{path}/organisation"), organisation);
        let ko = self.accept_text(&format!("{path}/title/ko"), CaseTitle::parse(&form.title.ko));
        let en = text::parse_text_line(&form.title.en, limits::TRANSLATED_CHARS);
        let en = self.accept_text(&format!("{path}/title/en"), en);
        let summary =
            self.accept_text(&format!("{path}/summary"), CaseSummary::parse_summary(&form.summary));
        let body = form.body.as_deref().map(CaseBody::parse_case_body).transpose();
        let body = self.accept_text(&format!("{path}/body"), body);
        Some(SeasonCase {
            // An invalid slug has been reported already; skip it.
            track: Slug::parse(&form.track).ok()?,
            district: Slug::parse(&form.district).ok()?,
            neighbourhood: form.neighbourhood.as_deref().map(text::tidy_line),
            organisation: organisation?,
            title: Bilingual { ko: ko?.to_string(), en: en? },
            summary: summary?,
            body: body?,
            sample: form.sample,
            awarded_2024: form.awarded_2024.clone(),
        })
    }
}

/// Collects all values after checking every one of them, because `collect` into an option would
/// stop at the first problem.
pub(super) fn collect_checked<T>(parsed: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    parsed.collect::<Vec<_>>().into_iter().collect()
}

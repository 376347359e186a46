//! From the form to the season: every value is checked, and every problem is kept with its path.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::form::{CaseForm, DistrictForm, SeasonForm, TrackForm, WindowsForm};
use super::{District, Season, SeasonCase, SeasonProblem, Track};
use crate::limits;
use crate::schedule::{Instant, Window, Windows};
use crate::text::{self, Bilingual, CaseSummary, CaseTitle, FieldProblem, OrganisationName, Slug};

type Found = Vec<(String, SeasonProblem)>;

/// The neighbourhoods of each district, by the district's slug as written.
type Places = BTreeMap<String, BTreeSet<String>>;

/// Returns the season, or all problems as (JSON pointer, reason).
pub(super) fn season(form: &SeasonForm) -> Result<Season, Found> {
    let mut check = Check { found: Vec::new() };
    check.lengths(form);
    if form.time_zone != "Asia/Seoul" {
        check.note("/time_zone", SeasonProblem::TimeZone);
    }
    let track_slugs: BTreeSet<String> =
        form.tracks.iter().map(|track| track.slug.clone()).collect();
    let places = places(&form.districts);
    let slug = check.text("/slug", Slug::parse(&form.slug));
    let title = check.bilingual("/title", &form.title, limits::CASE_TITLE_CHARS);
    let host = check.bilingual("/host", &form.host, limits::NAME_CHARS);
    let windows = check.windows(&form.windows);
    let rulebook = check.rulebook(form, windows.map(|windows| windows.voting));
    let tracks = check.tracks(&form.tracks);
    let districts = check.districts(&form.districts);
    let cases = check.cases(&form.cases, &track_slugs, &places);
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

fn places(districts: &[DistrictForm]) -> Places {
    let place = |district: &DistrictForm| {
        let names = district.neighbourhoods.iter().map(|name| name.trim().to_owned());
        (district.slug.clone(), names.collect())
    };
    districts.iter().map(place).collect()
}

/// The problems found so far. Its methods return `None` if they added one.
pub(super) struct Check {
    found: Found,
}

impl Check {
    pub(super) fn note(&mut self, path: impl Into<String>, problem: SeasonProblem) {
        self.found.push((path.into(), problem));
    }

    fn text<T>(&mut self, path: &str, parsed: Result<T, FieldProblem>) -> Option<T> {
        parsed.map_err(|problem| self.note(path, SeasonProblem::Text(problem))).ok()
    }

    /// Checks a text in both languages: Korean has at most `max` characters; English may be longer.
    pub(super) fn bilingual(
        &mut self,
        path: &str,
        both: &Bilingual,
        max: usize,
    ) -> Option<Bilingual> {
        let ko = self.text(&format!("{path}/ko"), text::line(&both.ko, max));
        let en = self.text(&format!("{path}/en"), text::line(&both.en, limits::TRANSLATED_CHARS));
        Some(Bilingual { ko: ko?, en: en? })
    }

    fn lengths(&mut self, form: &SeasonForm) {
        let mut bounded = |path: &str, least: usize, length: usize, max: usize| {
            if !(least..=max).contains(&length) {
                self.note(path, SeasonProblem::Length { max });
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

    fn windows(&mut self, form: &WindowsForm) -> Option<Windows> {
        let call = self.window("/windows/call", &form.call);
        let voting = self.window("/windows/voting", &form.voting);
        let judging = self.window("/windows/judging", &form.judging);
        let announcement = self.instant("/windows/announcement", &form.announcement);
        let windows = Windows {
            call: call?,
            voting: voting?,
            judging: judging?,
            announcement: announcement?,
        };
        for problem in windows.problems() {
            let path = format!("/windows{}", problem.pointer());
            self.note(path, SeasonProblem::Window(problem));
        }
        Some(windows)
    }

    pub(super) fn window(&mut self, path: &str, [opens, closes]: &[String; 2]) -> Option<Window> {
        let opens = self.instant(&format!("{path}/0"), opens);
        let closes = self.instant(&format!("{path}/1"), closes);
        Some(Window { opens: opens?, closes: closes? })
    }

    fn instant(&mut self, path: &str, text: &str) -> Option<Instant> {
        let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.with_timezone(&Utc));
        instant.map_err(|_| self.note(path, SeasonProblem::BadInstant)).ok()
    }

    fn tracks(&mut self, tracks: &[TrackForm]) -> Option<Vec<Track>> {
        let mut seen = BTreeSet::new();
        let mut track = |(index, track): (usize, &TrackForm)| {
            let path = format!("/tracks/{index}");
            let slug = self.slug(&path, &track.slug, &mut seen);
            let name = self.bilingual(&format!("{path}/name"), &track.name, limits::NAME_CHARS);
            Some(Track { slug: slug?, name: name? })
        };
        all(tracks.iter().enumerate().map(&mut track))
    }

    fn districts(&mut self, districts: &[DistrictForm]) -> Option<Vec<District>> {
        let mut seen = BTreeSet::new();
        let mut district = |(index, district): (usize, &DistrictForm)| {
            let path = format!("/districts/{index}");
            let slug = self.slug(&path, &district.slug, &mut seen);
            let name = self.bilingual(&format!("{path}/name"), &district.name, limits::NAME_CHARS);
            let path = format!("{path}/neighbourhoods");
            let neighbourhoods = self.neighbourhoods(&path, &district.neighbourhoods);
            Some(District { slug: slug?, name: name?, neighbourhoods: neighbourhoods? })
        };
        all(districts.iter().enumerate().map(&mut district))
    }

    fn slug(&mut self, path: &str, text: &str, seen: &mut BTreeSet<Slug>) -> Option<Slug> {
        let path = format!("{path}/slug");
        let slug = self.text(&path, Slug::parse(text))?;
        if !seen.insert(slug.clone()) {
            self.note(path, SeasonProblem::DuplicateSlug { slug: slug.to_string() });
            return None;
        }
        Some(slug)
    }

    fn neighbourhoods(&mut self, path: &str, names: &[String]) -> Option<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut neighbourhood = |(index, name): (usize, &String)| {
            let path = format!("{path}/{index}");
            let name = self.text(&path, text::line(name, limits::NAME_CHARS))?;
            if !seen.insert(name.clone()) {
                self.note(path, SeasonProblem::DuplicateNeighbourhood { name });
                return None;
            }
            Some(name)
        };
        all(names.iter().enumerate().map(&mut neighbourhood))
    }

    fn cases(
        &mut self,
        cases: &[CaseForm],
        tracks: &BTreeSet<String>,
        places: &Places,
    ) -> Option<Vec<SeasonCase>> {
        let mut case = |(index, form): (usize, &CaseForm)| {
            let path = format!("/cases/{index}");
            self.case_place(&path, form, tracks, places);
            self.case(&path, form)
        };
        all(cases.iter().enumerate().map(&mut case))
    }

    fn case_place(
        &mut self,
        path: &str,
        form: &CaseForm,
        tracks: &BTreeSet<String>,
        places: &Places,
    ) {
        if !tracks.contains(&form.track) {
            let name = form.track.clone();
            self.note(format!("{path}/track"), SeasonProblem::UnknownTrack { name });
        }
        let Some(known) = places.get(&form.district) else {
            let name = form.district.clone();
            return self.note(format!("{path}/district"), SeasonProblem::UnknownDistrict { name });
        };
        if let Some(name) = form.neighbourhood.as_deref().map(str::trim)
            && !known.contains(name)
        {
            let name = name.to_owned();
            let problem = SeasonProblem::UnknownNeighbourhood { name };
            self.note(format!("{path}/neighbourhood"), problem);
        }
    }

    fn case(&mut self, path: &str, form: &CaseForm) -> Option<SeasonCase> {
        let organisation = OrganisationName::parse(&form.organisation);
        let organisation = self.text(&format!("{path}/organisation"), organisation);
        let ko = self.text(&format!("{path}/title/ko"), CaseTitle::parse(&form.title.ko));
        let en = text::line(&form.title.en, limits::TRANSLATED_CHARS);
        let en = self.text(&format!("{path}/title/en"), en);
        let summary = self.text(&format!("{path}/summary"), CaseSummary::parse(&form.summary));
        Some(SeasonCase {
            // An invalid slug has been reported already; skip it.
            track: Slug::parse(&form.track).ok()?,
            district: Slug::parse(&form.district).ok()?,
            neighbourhood: form.neighbourhood.as_deref().map(str::trim).map(str::to_owned),
            organisation: organisation?,
            title: Bilingual { ko: ko?.to_string(), en: en? },
            summary: summary?,
            sample: form.sample,
            awarded_2024: form.awarded_2024.clone(),
        })
    }
}

/// Collects all values after checking every one of them, because `collect` into an option would
/// stop at the first problem.
pub(super) fn all<T>(parsed: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    parsed.collect::<Vec<_>>().into_iter().collect()
}

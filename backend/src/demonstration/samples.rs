//! What the program makes up for the demonstration: picks, scores, and seasons of earlier years. The same
//! at every start.

use chrono::{Datelike as _, Duration};
use domain::ids::CaseId;
use domain::season::Season;
use domain::sheet::ScoreForm;
use phrases::{Lang, season as words};

use crate::editions::Edition;
use crate::{Error, Result};

/// Cases of a past edition.
const PAST_CASES: usize = 5;

/// Returns the short name of the edition of an earlier year.
pub(super) fn past_slug(year: i32) -> String {
    format!("sample-{year}")
}

/// Writes the season of an earlier year: five of the invented cases, others for each year, and the dates of
/// that year on the same days of the week. Returns its short name and the file.
pub(super) fn write_past_season(
    file: &str,
    season: &Season,
    year: i32,
) -> Result<(String, String)> {
    let unreadable = |_| Error::Internal("a season file that is no JSON");
    let mut text: serde_json::Value = serde_json::from_str(file).map_err(unreadable)?;
    let windows = &season.windows;
    let years = windows.voting.opens.year() - year;
    let back = Duration::weeks(52 * i64::from(years));
    let slug = past_slug(year);
    text["slug"] = slug.clone().into();
    text["title"] = serde_json::json!({
        "ko": words::demo_past_title(Lang::Ko, year),
        "en": words::demo_past_title(Lang::En, year),
    });
    let of = |window: domain::schedule::Window| [window.opens - back, window.closes - back];
    text["windows"] = serde_json::json!({
        "call": of(windows.call),
        "voting": of(windows.voting),
        "judging": of(windows.judging),
        "announcement": windows.announcement - back,
    });
    // Fewer cases have fewer awards.
    text["awards"].as_array_mut().unwrap_or(&mut Vec::new()).truncate(2);
    let invented = text["cases"].as_array().cloned().unwrap_or_default();
    let invented = invented.into_iter().filter(|case| case["sample"] == true);
    let first = usize::try_from(years).unwrap_or_default() * PAST_CASES;
    text["cases"] = invented.skip(first).take(PAST_CASES).collect();
    Ok((slug, text.to_string()))
}

/// Picks up to three cases. Those that come first in the file are picked more often, as favourites are.
pub(super) fn sample_picks(voter: usize, cases: &[CaseId]) -> Vec<CaseId> {
    let mut picks = Vec::new();
    for pick in 0..3 {
        let spread = (voter * 7 + pick * 11) % cases.len().max(1);
        // A half of the voters pick among the first third.
        let at = if (voter + pick).is_multiple_of(2) { spread / 3 } else { spread };
        if let Some(case) = cases.get(at).filter(|case| !picks.contains(*case)) {
            picks.push(*case);
        }
    }
    picks
}

/// Gives each criterion between 66 and 96 hundredths of its points; less to cases that come later in the file.
pub(super) fn sample_scores(edition: &Edition, judge: usize, case: usize) -> ScoreForm {
    let rubric = edition.rulebook.panel.rubric.iter().enumerate();
    let scores = rubric.map(|(at, criterion)| {
        let hundredths = 96 - 2 * case.min(12) - (case * 5 + judge * 3 + at * 2) % 7;
        u32::try_from(hundredths).ok().map(|hundredths| criterion.max * hundredths / 100)
    });
    ScoreForm { scores: scores.collect(), ..ScoreForm::default() }
}

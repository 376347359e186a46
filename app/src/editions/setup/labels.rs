//! What the fields of a draft are called, and what is wrong with them, in the words of the form.

use domain::rulebook::RulebookProblem;
use domain::season::{DraftProblem, SeasonDraft, SeasonProblem};
use domain::text::FieldProblem;
use phrases::{Lang, setup as say};

use super::parts::INSTANTS;
use crate::words::{field_problems, season_problems, windows};

/// Names a row by its number, counted from 1.
type RowTitle = fn(Lang, usize) -> String;

/// Returns the name of a field: for a row with its number.
pub(super) fn field_label(lang: Lang, field: &str) -> String {
    if let Some(at) = INSTANTS.iter().position(|instant| *instant == field) {
        return windows::input_label(lang, windows::INPUTS[at]).to_owned();
    }
    let lists: [(&str, RowTitle); 5] = [
        ("tracks.", |lang, number| say::track(lang, number)),
        ("districts.", |lang, number| say::district(lang, number)),
        ("polls.", |lang, number| say::poll(lang, number)),
        ("panel.rubric.", |lang, number| say::criterion(lang, number)),
        ("awards.", |lang, number| say::award(lang, number)),
    ];
    for (list, title) in lists {
        let row = field.strip_prefix(list).and_then(|rest| rest.split_once('.'));
        if let Some((Ok(row), rest)) = row.map(|(row, rest)| (row.parse::<usize>(), rest)) {
            return format!("{} · {}", title(lang, row + 1), row_field_label(lang, rest));
        }
    }
    single_field_label(lang, field).to_owned()
}

fn row_field_label(lang: Lang, field: &str) -> &'static str {
    match field {
        "name.ko" | "title.ko" | "tier.ko" => say::name_ko(lang),
        "name.en" | "title.en" | "tier.en" => say::name_en(lang),
        "neighbourhoods" => say::neighbourhoods(lang),
        "cases" => say::cases(lang),
        "picks.rule" => say::picks_rule(lang),
        "picks.number" => say::picks(lang),
        "identity" | "channels" => say::identity(lang),
        "eligibility.min_age" => say::min_age(lang),
        "eligibility.district" => say::of_district(lang),
        "fold_aliases" => say::fold(lang),
        "may_change" => say::may_change(lang),
        "openings" => say::openings(lang),
        "window.0" => say::window_opens(lang),
        "window.1" => say::window_closes(lang),
        "weight" => say::weight(lang),
        "basis" => say::basis(lang),
        "max" => say::max(lang),
        "description.ko" => say::description_ko(lang),
        "description.en" => say::description_en(lang),
        "count" => say::count(lang),
        _ => say::slug(lang),
    }
}

fn single_field_label(lang: Lang, field: &str) -> &'static str {
    match field {
        "title.ko" => say::title_ko(lang),
        "title.en" => say::title_en(lang),
        "host.ko" => say::host_ko(lang),
        "host.en" => say::host_en(lang),
        "panel.judges" => say::judges(lang),
        "panel.quorum" => say::quorum(lang),
        "panel.method" => say::method(lang),
        "panel.weight" => say::weight(lang),
        "ranks" => say::ranks(lang),
        "record.ballots" => say::record_ballots(lang),
        "record.minutes" => say::record_minutes(lang),
        "record.fewest" => say::record_fewest(lang),
        "rehearsal" => phrases::admin::rehearsal_box(lang),
        _ => say::slug(lang),
    }
}

/// Returns the sentence of a problem in the words of the form; the file's own words are about its syntax.
pub(super) fn problem_sentence(lang: Lang, season: &SeasonDraft, problem: &DraftProblem) -> String {
    match &problem.reason {
        SeasonProblem::BadInstant => field_problems::field_sentence(lang, FieldProblem::Missing),
        SeasonProblem::BadFraction => say::bad_weight(lang).to_owned(),
        SeasonProblem::Rule(RulebookProblem::WeightsSum { track: None, sum, .. }) => {
            say::weights_sum(lang, percent_of(sum))
        }
        SeasonProblem::Rule(RulebookProblem::WeightsSum { track: Some(track), sum, .. }) => {
            say::weights_sum_track(lang, percent_of(sum), track_name(lang, season, track))
        }
        SeasonProblem::Rule(RulebookProblem::PollTrack { .. }) => say::no_track(lang).to_owned(),
        SeasonProblem::Rule(RulebookProblem::Record { .. }) => say::bad_record(lang).to_owned(),
        reason => season_problems::season_problem_sentence(lang, reason),
    }
}

/// Returns the name of a track as the form has it.
fn track_name<'a>(lang: Lang, season: &'a SeasonDraft, slug: &'a str) -> &'a str {
    let rows = 0..season.row_count("tracks");
    let row = rows.into_iter().find(|row| season.field_text(&format!("tracks.{row}.slug")) == slug);
    let name = |row| {
        let [ko, en] =
            ["ko", "en"].map(|tag| season.field_text(&format!("tracks.{row}.name.{tag}")));
        lang.choose_text(ko, en)
    };
    row.map(name).filter(|name| !name.is_empty()).unwrap_or(slug)
}

/// Writes a fraction as a percentage, as exactly as four places allow: `11/10` is `110`.
fn percent_of(fraction: &str) -> String {
    let whole = fraction.split_once('/').map_or((fraction, "1"), |parts| parts);
    match (whole.0.parse::<u64>(), whole.1.parse::<u64>()) {
        (Ok(part), Ok(whole)) if whole > 0 => {
            let parts = part.saturating_mul(1_000_000) / whole;
            let shown = format!("{}.{:04}", parts / 10_000, parts % 10_000);
            shown.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => fraction.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use phrases::Lang;

    use super::{field_label, percent_of};

    #[test]
    fn a_field_is_named_as_in_the_form() {
        assert_eq!(field_label(Lang::En, "panel.rubric.2.max"), "Criterion 3 · Highest score");
        assert_eq!(field_label(Lang::En, "host.en"), "Organiser (English)");
        assert_eq!(field_label(Lang::Ko, "tracks.0.name.ko"), "부문 1 · 이름 (한국어)");
    }

    #[test]
    fn sums_are_percentages() {
        assert_eq!(percent_of("11/10"), "110");
        assert_eq!(percent_of("2"), "200");
        assert_eq!(percent_of("1/3"), "33.3333");
        assert_eq!(percent_of("1000001/1000000"), "100.0001");
    }
}

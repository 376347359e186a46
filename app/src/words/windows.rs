//! The seven instants of a season: the inputs of the form, their labels, and the conversion between
//! instants and windows.

use chrono::Datelike as _;
use domain::schedule::{
    Holiday, Instant, LAST_LISTED_YEAR, RestDay, Window, WindowProblem, Windows, find_rest_day,
    last_day_of_window,
};
use phrases::{Lang, admin as words};

use crate::words::times;

/// The inputs of the form, in the order of the season.
pub(crate) const INPUTS: [&str; 7] = [
    "call_opens",
    "call_closes",
    "voting_opens",
    "voting_closes",
    "judging_opens",
    "judging_closes",
    "announcement",
];

/// Returns the instants of these windows, in the order of [`INPUTS`].
pub(crate) fn window_instants(windows: &Windows) -> [Instant; 7] {
    let Windows { call, voting, judging, announcement } = *windows;
    [
        call.opens,
        call.closes,
        voting.opens,
        voting.closes,
        judging.opens,
        judging.closes,
        announcement,
    ]
}

/// Makes the windows from these instants, which are in the order of [`INPUTS`].
pub(crate) fn windows_from_instants(instants: [Instant; 7]) -> Windows {
    let [a, b, c, d, e, f, announcement] = instants;
    let window = |opens, closes| Window { opens, closes };
    Windows { call: window(a, b), voting: window(c, d), judging: window(e, f), announcement }
}

/// Returns the input that shows this problem of the windows.
pub(crate) fn faulty_input(problem: WindowProblem) -> &'static str {
    match problem.json_pointer() {
        "/call/0" => "call_opens",
        "/call/1" => "call_closes",
        "/voting/0" => "voting_opens",
        "/voting/1" => "voting_closes",
        "/judging/0" => "judging_opens",
        "/judging/1" => "judging_closes",
        _ => "announcement",
    }
}

/// Formats the instant of an input: a closing time as an end, any other as a minute.
pub(crate) fn format_input_instant(lang: Lang, input: &str, instant: Instant) -> String {
    if input.ends_with("_closes") {
        times::format_end(lang, instant)
    } else {
        times::format_minute(lang, instant)
    }
}

/// Returns the label of an input.
pub(crate) fn input_label(lang: Lang, input: &str) -> &'static str {
    match input {
        "call_opens" => words::call_opens(lang),
        "call_closes" => words::call_closes(lang),
        "voting_opens" => words::voting_opens(lang),
        "voting_closes" => words::voting_closes(lang),
        "judging_opens" => words::judging_opens(lang),
        "judging_closes" => words::judging_closes(lang),
        _ => words::announcement(lang),
    }
}

/// Lists the windows that close on a day on which offices in Korea are closed, and those of a year whose public holidays are
/// not known yet.
pub(crate) fn rest_day_lines(lang: Lang, windows: &Windows) -> Vec<String> {
    let closes = INPUTS.into_iter().zip(window_instants(windows));
    let closes = closes.filter(|(input, _)| input.ends_with("_closes"));
    let line = |(input, closes): (&str, Instant)| {
        let day = last_day_of_window(closes);
        let why = match find_rest_day(day) {
            Some(RestDay::Saturday) => words::rest_saturday(lang),
            Some(RestDay::Sunday) => words::rest_sunday(lang),
            Some(RestDay::Holiday(holiday)) => holiday_name(lang, holiday),
            None if day.year() > LAST_LISTED_YEAR => words::rest_unknown(lang),
            None => return None,
        };
        let when = format_input_instant(lang, input, closes);
        Some(words::rest_line(lang, input_label(lang, input), when, why))
    };
    closes.filter_map(line).collect()
}

fn holiday_name(lang: Lang, holiday: Holiday) -> &'static str {
    match holiday {
        Holiday::NewYear => words::holiday_new_year(lang),
        Holiday::LunarNewYear => words::holiday_lunar_new_year(lang),
        Holiday::IndependenceMovement => words::holiday_independence(lang),
        Holiday::Labour => words::holiday_labour(lang),
        Holiday::Children => words::holiday_children(lang),
        Holiday::Buddha => words::holiday_buddha(lang),
        Holiday::Election => words::holiday_election(lang),
        Holiday::Memorial => words::holiday_memorial(lang),
        Holiday::Constitution => words::holiday_constitution(lang),
        Holiday::Liberation => words::holiday_liberation(lang),
        Holiday::Chuseok => words::holiday_chuseok(lang),
        Holiday::Foundation => words::holiday_foundation(lang),
        Holiday::Hangul => words::holiday_hangul(lang),
        Holiday::Christmas => words::holiday_christmas(lang),
        Holiday::Substitute => words::holiday_substitute(lang),
    }
}

#[cfg(test)]
mod tests {
    use domain::schedule::parse_local_minute;

    use super::*;

    #[test]
    fn the_instants_of_the_form_are_the_windows_in_their_order() {
        let season = include_str!("../../../data/daejeon-2024.json");
        let windows = domain::season::Season::parse_season_file(season).unwrap().windows;
        assert_eq!(windows_from_instants(window_instants(&windows)), windows);
        assert!(window_instants(&windows).is_sorted());
        assert_eq!(INPUTS.len(), 7);
    }

    #[test]
    fn only_a_closing_time_at_midnight_belongs_to_the_day_before() {
        let midnight = "2024-12-02T00:00:00+09:00".parse().unwrap();
        let shown = |input| format_input_instant(Lang::Ko, input, midnight);
        assert_eq!(shown("voting_closes"), "2024. 12. 1.(일) 자정(24:00)");
        assert_eq!(shown("voting_opens"), "2024. 12. 2.(월) 00:00");
        assert_eq!(shown("announcement"), "2024. 12. 2.(월) 00:00");
    }

    #[test]
    fn a_fault_is_shown_at_the_input_that_is_wrong() {
        let season = include_str!("../../../data/daejeon-2024.json");
        let mut windows = domain::season::Season::parse_season_file(season).unwrap().windows;
        windows.announcement = windows.judging.opens;
        windows.call.closes = windows.call.opens;
        let inputs: Vec<_> = windows.window_problems().into_iter().map(faulty_input).collect();
        assert_eq!(inputs, ["call_closes", "announcement"]);
    }

    #[test]
    fn a_window_that_closes_on_a_holiday_or_a_weekend_is_pointed_out() {
        let at = |text: &str| parse_local_minute(text).unwrap();
        let window = |opens: &str, closes: &str| Window { opens: at(opens), closes: at(closes) };
        let windows = Windows {
            // Midnight belongs to Christmas, the Saturday before it is not asked for, and a Monday is none.
            call: window("2026-12-19T00:00", "2026-12-26T00:00"),
            voting: window("2027-01-04T09:00", "2027-01-11T18:00"),
            judging: window("2027-01-04T09:00", "2027-01-16T18:00"),
            announcement: at("2027-01-20T10:00"),
        };
        let lines = rest_day_lines(Lang::En, &windows);
        let why = [words::holiday_christmas(Lang::En), words::rest_saturday(Lang::En)];
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines.iter().zip(why).all(|(line, why)| line.ends_with(why)), "{lines:?}");
    }
}

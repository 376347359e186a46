//! The seven instants of a season: the inputs of the form, their labels, and the conversion between
//! instants and windows.

use domain::schedule::{Instant, Window, WindowProblem, Windows};
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

#[cfg(test)]
mod tests {
    use super::{
        INPUTS, faulty_input, format_input_instant, window_instants, windows_from_instants,
    };
    use phrases::Lang;

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
}

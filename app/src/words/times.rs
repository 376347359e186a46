//! Instants as text. They are UTC in the program and Korean time on the page. A date shows its day
//! of the week, because people read a deadline beside a calendar.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use domain::schedule::seoul_offset;
use phrases::{Lang, when as words};

/// Formats day and minute, e.g. `2024. 11. 28.(목) 00:00`.
pub(crate) fn format_minute(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul_offset());
    format!("{} {:02}:{:02}", format_day(lang, instant), local.hour(), local.minute())
}

/// Formats only the time of day, e.g. `14:03`.
pub(crate) fn format_time_of_day(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&seoul_offset()).format("%H:%M").to_string()
}

/// Formats only the day, e.g. `2024. 11. 28.(목)`.
pub(crate) fn format_day(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul_offset());
    let weekday = match local.weekday() {
        chrono::Weekday::Mon => words::monday(lang),
        chrono::Weekday::Tue => words::tuesday(lang),
        chrono::Weekday::Wed => words::wednesday(lang),
        chrono::Weekday::Thu => words::thursday(lang),
        chrono::Weekday::Fri => words::friday(lang),
        chrono::Weekday::Sat => words::saturday(lang),
        chrono::Weekday::Sun => words::sunday(lang),
    };
    let month = words::month(lang).split(' ').nth(local.month0() as usize).unwrap_or_default();
    words::day(lang, local.day(), month, weekday, local.year())
}

/// Formats the day without its year, for a line that shows a whole season.
pub(crate) fn format_short_day(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul_offset());
    let month = words::month(lang).split(' ').nth(local.month0() as usize).unwrap_or_default();
    words::short_day(lang, local.day(), month)
}

/// Formats the first and the last day of a window, without their year.
pub(crate) fn format_day_range(lang: Lang, window: domain::schedule::Window) -> String {
    let (first, last) = (window.opens, window.closes - chrono::Duration::minutes(1));
    let (first, last) =
        (format_short_day(lang, first), format_short_day(lang, last.max(window.opens)));
    if first == last { first } else { format!("{first} – {last}") }
}

/// Returns an instant on the day that ends here, if this end is midnight. People look for a
/// deadline at 00:00 on the wrong day, so it is written as 24:00 of the day before.
fn day_ending_at(closes: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let local = closes.with_timezone(&seoul_offset());
    (local.hour() == 0 && local.minute() == 0).then(|| closes - chrono::Duration::minutes(1))
}

/// Formats the end of a window, e.g. `2024. 12. 1.(일) 자정(24:00)`.
///
/// Seconds are left out here and in a deadline, so that neither is later than the end.
pub(crate) fn format_end(lang: Lang, closes: DateTime<Utc>) -> String {
    match day_ending_at(closes) {
        Some(day) => words::midnight(lang, format_day(lang, day)),
        None => format_minute(lang, closes),
    }
}

/// Formats until when something is possible, e.g. `2024. 12. 1.(일) 자정까지(24:00)`.
pub(crate) fn format_deadline(lang: Lang, closes: DateTime<Utc>) -> String {
    match day_ending_at(closes) {
        Some(day) => words::until_midnight(lang, format_day(lang, day)),
        None => words::until(lang, format_minute(lang, closes)),
    }
}

/// Formats a deadline without its year, for a label that has no room.
pub(crate) fn format_short_deadline(lang: Lang, closes: DateTime<Utc>) -> String {
    match day_ending_at(closes) {
        Some(day) => words::short_until_midnight(lang, format_short_day(lang, day)),
        None => {
            words::short_until(lang, format_short_day(lang, closes), format_time_of_day(closes))
        }
    }
}

/// Formats a window: its first minute and its deadline.
pub(crate) fn format_window(lang: Lang, window: domain::schedule::Window) -> String {
    let deadline = format_deadline(lang, window.closes);
    words::window(lang, format_minute(lang, window.opens), deadline)
}

#[cfg(test)]
mod tests {
    use super::{
        format_day_range, format_deadline, format_end, format_minute, format_short_deadline,
        format_window,
    };
    use chrono::{DateTime, Utc};
    use domain::schedule::Window;
    use phrases::Lang;

    fn seoul_instant(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().unwrap()
    }

    #[test]
    fn instants_are_shown_in_korean_time_with_the_day_of_the_week() {
        let opens = "2024-11-27T15:00:00Z".parse().unwrap();
        assert_eq!(format_minute(Lang::Ko, opens), "2024. 11. 28.(목) 00:00");
        assert_eq!(format_minute(Lang::En, opens), "Thu 28 Nov 2024 00:00");
    }

    #[test]
    fn an_end_at_midnight_is_24_o_clock_of_the_day_before() {
        let closes = seoul_instant("2024-12-02T00:00:00");
        assert_eq!(format_deadline(Lang::Ko, closes), "2024. 12. 1.(일) 자정까지(24:00)");
        assert_eq!(format_deadline(Lang::En, closes), "until Sun 1 Dec 2024, 24:00 (midnight)");
        assert_eq!(format_end(Lang::Ko, closes), "2024. 12. 1.(일) 자정(24:00)");
        assert_eq!(format_end(Lang::En, closes), "Sun 1 Dec 2024, 24:00 (midnight)");
        assert_eq!(format_short_deadline(Lang::Ko, closes), "12. 1. 자정까지(24:00)");
        assert_eq!(format_short_deadline(Lang::En, closes), "until 1 Dec 24:00");
        let new_year = seoul_instant("2025-01-01T00:00:00");
        assert_eq!(format_deadline(Lang::Ko, new_year), "2024. 12. 31.(화) 자정까지(24:00)");
    }

    #[test]
    fn an_end_at_another_minute_is_that_minute() {
        let closes = seoul_instant("2024-12-01T18:00:00");
        assert_eq!(format_deadline(Lang::Ko, closes), "2024. 12. 1.(일) 18:00까지");
        assert_eq!(format_deadline(Lang::En, closes), "until Sun 1 Dec 2024 18:00");
        assert_eq!(format_end(Lang::Ko, closes), "2024. 12. 1.(일) 18:00");
        assert_eq!(format_short_deadline(Lang::Ko, closes), "12. 1. 18:00까지");
        assert_eq!(format_short_deadline(Lang::En, closes), "until 1 Dec 18:00");
        let early = seoul_instant("2024-12-02T00:01:00");
        assert_eq!(format_deadline(Lang::Ko, early), "2024. 12. 2.(월) 00:01까지");
        let late = seoul_instant("2024-12-01T23:59:00");
        assert_eq!(format_deadline(Lang::Ko, late), "2024. 12. 1.(일) 23:59까지");
    }

    #[test]
    fn a_deadline_with_seconds_is_never_shown_later_than_it_is() {
        let shown = |text| format_deadline(Lang::Ko, seoul_instant(text));
        assert_eq!(shown("2024-12-01T18:00:59"), "2024. 12. 1.(일) 18:00까지");
        assert_eq!(shown("2024-12-02T00:00:30"), "2024. 12. 1.(일) 자정까지(24:00)");
        assert_eq!(shown("2024-12-01T23:59:59"), "2024. 12. 1.(일) 23:59까지");
    }

    #[test]
    fn a_window_names_its_first_minute_and_its_deadline() {
        let (opens, closes) =
            (seoul_instant("2024-11-28T00:00:00"), seoul_instant("2024-12-02T00:00:00"));
        let window = Window { opens, closes };
        assert_eq!(
            format_window(Lang::Ko, window),
            "2024. 11. 28.(목) 00:00부터 2024. 12. 1.(일) 자정까지(24:00)"
        );
        assert_eq!(
            format_window(Lang::En, window),
            "Thu 28 Nov 2024 00:00 until Sun 1 Dec 2024, 24:00 (midnight)"
        );
        assert_eq!(format_day_range(Lang::Ko, window), "11. 28. – 12. 1.");
    }
}

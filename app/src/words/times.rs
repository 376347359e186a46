//! Instants as text. They are UTC in the program and Korean time on the page. A date shows its day
//! of the week, because people read a deadline beside a calendar.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Timelike as _, Utc};
use phrases::{Lang, when as words};

/// Returns Korean time: nine hours ahead of UTC. Korea has had no summer time since 1988.
fn seoul_offset() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).expect("nine hours are less than a day")
}

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

/// Formats a window. It names the last minute inside the window, because people do not expect a
/// half-open interval.
pub(crate) fn format_window(lang: Lang, window: domain::schedule::Window) -> String {
    let last = window.closes - chrono::Duration::minutes(1);
    format!("{} – {}", format_minute(lang, window.opens), format_minute(lang, last))
}

/// Formats the value of an `<input type="datetime-local">`, in Korean time.
pub(crate) fn to_input_value(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&seoul_offset()).format("%Y-%m-%dT%H:%M").to_string()
}

/// Parses the value of an `<input type="datetime-local">`. Browsers leave the seconds out; some
/// tools send them.
pub(crate) fn parse_input_value(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    Some(local.and_local_timezone(seoul_offset()).single()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::{format_minute, parse_input_value, to_input_value};
    use phrases::Lang;

    #[test]
    fn instants_are_shown_in_korean_time_with_the_day_of_the_week() {
        let opens = "2024-11-27T15:00:00Z".parse().unwrap();
        assert_eq!(format_minute(Lang::Ko, opens), "2024. 11. 28.(목) 00:00");
        assert_eq!(format_minute(Lang::En, opens), "Thu 28 Nov 2024 00:00");
    }

    #[test]
    fn a_time_typed_into_a_form_comes_back_the_same() {
        let instant = parse_input_value("2024-11-28T00:00").unwrap();
        assert_eq!(to_input_value(instant), "2024-11-28T00:00");
        assert_eq!(parse_input_value("yesterday"), None);
    }
}

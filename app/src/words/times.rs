//! Instants as text. They are UTC in the program and Korean time on the page. A date shows its day
//! of the week, because people read a deadline beside a calendar.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Timelike as _, Utc};
use phrases::{Lang, when as words};

/// Returns Korean time: nine hours ahead of UTC. Korea has had no summer time since 1988.
fn seoul() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).expect("nine hours are less than a day")
}

/// Formats day and minute, e.g. `2024. 11. 28.(목) 00:00`.
pub(crate) fn minute(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul());
    format!("{} {:02}:{:02}", day(lang, instant), local.hour(), local.minute())
}

/// Formats only the time of day, e.g. `14:03`.
pub(crate) fn clock(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&seoul()).format("%H:%M").to_string()
}

/// Formats only the day, e.g. `2024. 11. 28.(목)`.
pub(crate) fn day(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul());
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
pub(crate) fn short_day(lang: Lang, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&seoul());
    let month = words::month(lang).split(' ').nth(local.month0() as usize).unwrap_or_default();
    words::short_day(lang, local.day(), month)
}

/// Formats the first and the last day of a window, without their year.
pub(crate) fn days(lang: Lang, window: domain::schedule::Window) -> String {
    let (first, last) = (window.opens, window.closes - chrono::Duration::minutes(1));
    let (first, last) = (short_day(lang, first), short_day(lang, last.max(window.opens)));
    if first == last { first } else { format!("{first} – {last}") }
}

/// Formats a window. It names the last minute inside the window, because people do not expect a
/// half-open interval.
pub(crate) fn window(lang: Lang, window: domain::schedule::Window) -> String {
    let last = window.closes - chrono::Duration::minutes(1);
    format!("{} – {}", minute(lang, window.opens), minute(lang, last))
}

/// Formats the value of an `<input type="datetime-local">`, in Korean time.
pub(crate) fn input(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&seoul()).format("%Y-%m-%dT%H:%M").to_string()
}

/// Parses the value of an `<input type="datetime-local">`. Browsers leave the seconds out; some
/// tools send them.
pub(crate) fn from_input(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    Some(local.and_local_timezone(seoul()).single()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::{from_input, input, minute};
    use phrases::Lang;

    #[test]
    fn instants_are_shown_in_korean_time_with_the_day_of_the_week() {
        let opens = "2024-11-27T15:00:00Z".parse().unwrap();
        assert_eq!(minute(Lang::Ko, opens), "2024. 11. 28.(목) 00:00");
        assert_eq!(minute(Lang::En, opens), "Thu 28 Nov 2024 00:00");
    }

    #[test]
    fn a_time_typed_into_a_form_comes_back_the_same() {
        let instant = from_input("2024-11-28T00:00").unwrap();
        assert_eq!(input(instant), "2024-11-28T00:00");
        assert_eq!(from_input("yesterday"), None);
    }
}

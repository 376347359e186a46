//! A remaining time as text.

use phrases::{Lang, editions as words};

const MINUTE: i64 = 60;

const HOUR: i64 = 60 * MINUTE;

const DAY: i64 = 24 * HOUR;

/// Formats the remaining time; without seconds for a page that is not updated by a script.
pub(crate) fn format_time_left(lang: Lang, seconds: i64, with_seconds: bool) -> String {
    let seconds = seconds.max(0);
    let (days, hours) = (seconds / DAY, seconds % DAY / HOUR);
    let (minutes, rest) = (seconds % HOUR / MINUTE, seconds % MINUTE);
    let mut parts = Vec::new();
    if days > 0 {
        let word = if days == 1 { words::left_day } else { words::left_days };
        parts.push(word(lang, days));
    }
    if seconds >= HOUR {
        let word = if hours == 1 { words::left_hour } else { words::left_hours };
        parts.push(word(lang, hours));
    }
    if seconds >= MINUTE {
        let word = if minutes == 1 { words::left_minute } else { words::left_minutes };
        parts.push(word(lang, minutes));
    }
    if with_seconds {
        let word = if rest == 1 { words::left_second } else { words::left_seconds };
        parts.push(word(lang, rest));
    } else if parts.is_empty() {
        parts.push(words::left_moment(lang).to_owned());
    }
    parts.join(" ")
}

/// Returns the text for a screen reader: a new one each minute in the last hour, empty before.
#[cfg(any(feature = "hydrate", test))]
pub(crate) fn spoken_time_left(lang: Lang, label: &str, seconds: i64) -> String {
    if seconds <= 0 || seconds > HOUR {
        return String::new();
    }
    let minutes = seconds.div_euclid(MINUTE) * MINUTE;
    words::left_said(lang, label, format_time_left(lang, minutes, false))
}

/// Returns how far a rehearsal's clock is ahead of or behind the real one.
#[cfg(feature = "ssr")]
pub(crate) fn clock_difference(lang: Lang, seconds: i64) -> String {
    let time = format_time_left(lang, seconds.saturating_abs(), false);
    match seconds {
        0 => phrases::admin::clock_none(lang).to_owned(),
        1.. => phrases::admin::clock_ahead(lang, time),
        _ => phrases::admin::clock_behind(lang, time),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, clock_difference, format_time_left, spoken_time_left};
    use phrases::Lang;

    #[test]
    fn what_is_left_is_told_in_both_languages() {
        let seconds = 3 * DAY + 4 * HOUR + 12 * MINUTE + 5;
        assert_eq!(format_time_left(Lang::Ko, seconds, true), "3일 4시간 12분 5초");
        assert_eq!(
            format_time_left(Lang::En, seconds, true),
            "3 days 4 hours 12 minutes 5 seconds"
        );
        assert_eq!(format_time_left(Lang::Ko, seconds, false), "3일 4시간 12분");
        assert_eq!(
            format_time_left(Lang::En, DAY + HOUR + MINUTE + 1, true),
            "1 day 1 hour 1 minute 1 second"
        );
    }

    #[test]
    fn large_units_are_left_out_once_they_are_used_up_and_small_ones_never() {
        assert_eq!(format_time_left(Lang::Ko, DAY, true), "1일 0시간 0분 0초");
        assert_eq!(format_time_left(Lang::Ko, HOUR - 1, true), "59분 59초");
        assert_eq!(format_time_left(Lang::Ko, 59, true), "59초");
        assert_eq!(format_time_left(Lang::Ko, 59, false), "1분 미만");
        assert_eq!(format_time_left(Lang::En, 0, false), "less than a minute");
    }

    #[test]
    fn time_that_has_passed_is_no_time_left() {
        assert_eq!(format_time_left(Lang::Ko, -5, true), "0초");
        assert_eq!(format_time_left(Lang::En, i64::MIN, true), "0 seconds");
    }

    #[test]
    fn a_screen_reader_hears_each_minute_of_the_last_hour_once() {
        assert_eq!(spoken_time_left(Lang::Ko, "투표 마감까지", 2 * HOUR), "");
        let heard = spoken_time_left(Lang::Ko, "투표 마감까지", 12 * MINUTE + 59);
        assert_eq!(heard, "투표 마감까지 12분 남았습니다.");
        assert_eq!(heard, spoken_time_left(Lang::Ko, "투표 마감까지", 12 * MINUTE));
        let last = spoken_time_left(Lang::En, "The vote closes in", 59);
        assert_eq!(last, "The vote closes in less than a minute.");
        assert_eq!(spoken_time_left(Lang::Ko, "투표 마감까지", 0), "");
    }

    #[test]
    fn a_clock_is_compared_with_the_real_one() {
        assert_eq!(clock_difference(Lang::Ko, 0), "차이 없음");
        assert_eq!(clock_difference(Lang::Ko, 2 * 3600), "실제보다 2시간 0분 빠름");
        assert_eq!(clock_difference(Lang::Ko, -3600), "실제보다 1시간 0분 늦음");
        assert_eq!(clock_difference(Lang::En, -86_400), "1 day 0 hours 0 minutes behind");
    }
}

//! The countdown: the server says what is left, the browser counts on from there.
//!
//! It counts by how long the page has been open, never by the device's date: a phone whose clock
//! is wrong sees the same time left as everybody else.
#![expect(unreachable_pub, reason = "the macro makes public what the browser calls by name")]

use leptos::prelude::*;
use phrases::{Lang, editions as words};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What is left in words; without the seconds for a page that stands still.
pub(crate) fn left(lang: Lang, seconds: i64, with_seconds: bool) -> String {
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

/// What a screen reader is told: once a minute in the last hour, nothing before.
#[cfg(any(feature = "hydrate", test))]
pub(crate) fn said(lang: Lang, label: &str, seconds: i64) -> String {
    if seconds <= 0 || seconds > HOUR {
        return String::new();
    }
    let minutes = seconds.div_euclid(MINUTE) * MINUTE;
    words::left_said(lang, label, left(lang, minutes, false))
}

/// The time that is left until the next change of the season. The page reads well as the server
/// sent it; with a script it counts on, and loads the page anew when the time has come.
#[island]
pub fn Ticker(
    /// The language of the words.
    lang: Lang,
    /// What is counted down to.
    label: String,
    /// The server's instant, in milliseconds since 1970.
    now: i64,
    /// The instant to come, in milliseconds since 1970.
    target: i64,
    /// The same instant for machines, as `2024-12-02T00:00:00+09:00`.
    until: String,
) -> impl IntoView {
    let text = RwSignal::new(left(lang, (target - now) / 1000, false));
    let spoken = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    ticking::start(lang, label.clone(), target - now, text, spoken);
    view! {
        <p class="countdown">
            <span class="countdown-label">{label}</span>
            <time class="countdown-time" datetime=until>{move || text.get()}</time>
            <span class="visually-hidden" role="status">{move || spoken.get()}</span>
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod ticking {
    use std::time::Duration;

    use leptos::prelude::*;
    use phrases::Lang;

    use super::{left, said};

    /// Counts `left_millis` down from now.
    pub(super) fn start(
        lang: Lang,
        label: String,
        left_millis: i64,
        text: RwSignal<String>,
        spoken: RwSignal<String>,
    ) {
        // The server read its clock before it sent the page, so the count begins with the page.
        let end = left_millis;
        let calm = is_calm();
        let tick = move || {
            let open = open_millis();
            let seconds = (end - open).div_euclid(1000);
            set(text, left(lang, seconds, !calm));
            set(spoken, said(lang, &label, seconds));
            // Not everybody at the same instant: when a page was opened spreads them over four
            // seconds, and by then the server's clock has surely passed the change.
            if end - open < -1000 - open.rem_euclid(4000) {
                reload();
            }
        };
        // In the next turn: what hydration finds must be what the server sent.
        Effect::new(move |_| {
            let tick = tick.clone();
            let ticking = set_interval_with_handle(tick, Duration::from_secs(1));
            on_cleanup(move || {
                if let Ok(ticking) = ticking {
                    ticking.clear();
                }
            });
        });
    }

    /// Only what has changed: an unchanged live region must not speak again.
    fn set(signal: RwSignal<String>, value: String) {
        if signal.with_untracked(|old| *old != value) {
            signal.set(value);
        }
    }

    /// How long this page has been open, by a clock that nobody sets.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of an open page fit easily")]
    fn open_millis() -> i64 {
        web_sys::window().and_then(|window| window.performance()).map_or(0, |it| it.now() as i64)
    }

    /// Whether the reader has asked for less movement: then only the minutes change.
    fn is_calm() -> bool {
        web_sys::window()
            .and_then(|window| {
                window.match_media("(prefers-reduced-motion: reduce)").ok().flatten()
            })
            .is_some_and(|query| query.matches())
    }

    fn reload() {
        if let Some(window) = web_sys::window() {
            // Where the browser refuses, the reader can still do it.
            let _ = window.location().reload();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, left, said};
    use phrases::Lang;

    #[test]
    fn what_is_left_is_told_in_both_languages() {
        let seconds = 3 * DAY + 4 * HOUR + 12 * MINUTE + 5;
        assert_eq!(left(Lang::Ko, seconds, true), "3일 4시간 12분 5초");
        assert_eq!(left(Lang::En, seconds, true), "3 days 4 hours 12 minutes 5 seconds");
        assert_eq!(left(Lang::Ko, seconds, false), "3일 4시간 12분");
        assert_eq!(left(Lang::En, DAY + HOUR + MINUTE + 1, true), "1 day 1 hour 1 minute 1 second");
    }

    #[test]
    fn large_units_are_left_out_once_they_are_used_up_and_small_ones_never() {
        assert_eq!(left(Lang::Ko, DAY, true), "1일 0시간 0분 0초");
        assert_eq!(left(Lang::Ko, HOUR - 1, true), "59분 59초");
        assert_eq!(left(Lang::Ko, 59, true), "59초");
        assert_eq!(left(Lang::Ko, 59, false), "1분 미만");
        assert_eq!(left(Lang::En, 0, false), "less than a minute");
    }

    #[test]
    fn time_that_has_passed_is_no_time_left() {
        assert_eq!(left(Lang::Ko, -5, true), "0초");
        assert_eq!(left(Lang::En, i64::MIN, true), "0 seconds");
    }

    #[test]
    fn a_screen_reader_hears_each_minute_of_the_last_hour_once() {
        assert_eq!(said(Lang::Ko, "투표 마감까지", 2 * HOUR), "");
        let heard = said(Lang::Ko, "투표 마감까지", 12 * MINUTE + 59);
        assert_eq!(heard, "투표 마감까지 12분 남았습니다.");
        assert_eq!(heard, said(Lang::Ko, "투표 마감까지", 12 * MINUTE));
        let last = said(Lang::En, "The vote closes in", 59);
        assert_eq!(last, "The vote closes in less than a minute.");
        assert_eq!(said(Lang::Ko, "투표 마감까지", 0), "");
    }
}

//! The countdown: the server sends the remaining time, and the browser counts down from there.
//!
//! It measures how long the page has been open and never reads the device's date. So a phone with a
//! wrong clock shows the same remaining time as all others.
#![expect(unreachable_pub, reason = "the macro makes public what the browser calls by name")]

use leptos::prelude::*;
use phrases::Lang;

use crate::islands::words_in_place::content_of;
use crate::words::time_left::format_time_left;

/// The remaining time until the next change of the season. Without a script the page shows the time
/// that the server sent. With a script it counts down, and reloads the page at the end.
#[island]
pub fn Ticker(
    /// The language of the words.
    lang: Lang,
    /// The name of the event at the end of the countdown.
    label: String,
    /// The server's instant, in milliseconds since 1970.
    now: i64,
    /// The instant of the event, in milliseconds since 1970.
    target: i64,
    /// The same instant for machines, as `2024-12-02T00:00:00+09:00`.
    until: String,
) -> impl IntoView {
    let text = RwSignal::new(format_time_left(lang, (target - now) / 1000, false));
    let spoken = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    ticking::start_ticking(lang, label.clone(), target - now, text, spoken);
    view! {
        <p class="countdown">
            <span class="countdown-label">{label}</span>
            <time class="countdown-time" datetime=until inner_html=move || content_of(&text.get())></time>
            <span class="visually-hidden" role="status" inner_html=move || content_of(&spoken.get())></span>
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod ticking {
    use std::time::Duration;

    use leptos::prelude::*;
    use phrases::Lang;

    use crate::words::time_left::{format_time_left, spoken_time_left};

    /// By so many milliseconds the clock of the page falls behind before the page is loaded again.
    const SLEPT_MILLIS: i64 = 5_000;

    /// Starts a countdown of `left_millis` milliseconds from the opening of the page.
    pub(crate) fn start_ticking(
        lang: Lang,
        label: String,
        left_millis: i64,
        text: RwSignal<String>,
        spoken: RwSignal<String>,
    ) {
        // The server read its clock before it sent the page, so the countdown begins when the page
        // opens.
        let end = left_millis;
        let calm = prefers_reduced_motion();
        let before = StoredValue::new((wall_millis(), millis_since_open()));
        let tick = move || {
            let open = millis_since_open();
            // The clock of an open page stands still while some devices sleep. Then the server is asked
            // again. Only steps of the device's clock are compared, so its date may be wrong.
            let (wall_before, open_before) = before.get_value();
            let wall = wall_millis();
            before.set_value((wall, open));
            if (wall - wall_before) - (open - open_before) > SLEPT_MILLIS {
                reload_page();
            }
            let seconds = (end - open).div_euclid(1000);
            set_if_changed(text, format_time_left(lang, seconds, !calm));
            set_if_changed(spoken, spoken_time_left(lang, &label, seconds));
            // Pages were opened at different times, so their reloads are spread over four seconds.
            // The first second makes sure that the server's clock has passed the change.
            if end - open < -1000 - open.rem_euclid(4000) {
                reload_page();
            }
        };
        // Starts after hydration, because hydration must find the text that the server sent.
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

    /// Sets the signal only if the text changed, because an unchanged live region must not speak
    /// again.
    fn set_if_changed(signal: RwSignal<String>, value: String) {
        if signal.with_untracked(|old| *old != value) {
            signal.set(value);
        }
    }

    /// Returns how long this page has been open, in milliseconds, by a clock that nobody can set.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of an open page fit easily")]
    fn millis_since_open() -> i64 {
        web_sys::window().and_then(|window| window.performance()).map_or(0, |it| it.now() as i64)
    }

    /// Returns the device's clock, in milliseconds since 1970. Only its steps mean something.
    #[expect(clippy::cast_possible_truncation, reason = "the milliseconds of a date fit easily")]
    fn wall_millis() -> i64 {
        js_sys::Date::now() as i64
    }

    /// Returns whether the reader asked for reduced motion. Then only the minutes change.
    fn prefers_reduced_motion() -> bool {
        web_sys::window()
            .and_then(|window| {
                window.match_media("(prefers-reduced-motion: reduce)").ok().flatten()
            })
            .is_some_and(|query| query.matches())
    }

    fn reload_page() {
        if let Some(window) = web_sys::window() {
            // If the browser refuses, the reader can still reload the page.
            let _ = window.location().reload();
        }
    }
}

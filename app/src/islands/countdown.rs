//! The countdown: the server says what is left, the browser counts on from there.
//!
//! It counts by how long the page has been open, never by the device's date: a phone whose clock
//! is wrong sees the same time left as everybody else.
#![expect(unreachable_pub, reason = "the macro makes public what the browser calls by name")]

use leptos::prelude::*;
use phrases::Lang;

use crate::words::time_left::left;

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

    use crate::words::time_left::{left, said};

    /// Counts `left_millis` down from now.
    pub(crate) fn start(
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

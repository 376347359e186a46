//! The remaining time, as the server sent it. The island `Ticker` shows the same and counts down.

use leptos::prelude::*;

/// The remaining time until an instant, as text.
#[component]
pub fn Countdown(
    /// The name of the event at the end.
    #[prop(into)]
    label: String,
    /// The instant, as `2024-12-02T00:00:00+09:00`.
    #[prop(into)]
    until: String,
    /// The remaining time, as text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <p class="countdown">
            <span class="countdown-label">{label}</span>
            <time class="countdown-time" datetime=until>{text}</time>
        </p>
    }
}

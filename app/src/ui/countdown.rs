//! Time that is left, as the server said it; an island may count on from there.

use leptos::prelude::*;

/// The time that is left until an instant, in words.
#[component]
pub fn Countdown(
    /// What it is left until.
    #[prop(into)]
    label: String,
    /// The instant, as `2024-12-02T00:00:00+09:00`.
    #[prop(into)]
    until: String,
    /// What is left, in words.
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

//! The administrator's season view: today's work.

use leptos::prelude::*;

use super::tone::Tone;

/// A task that waits for an administrator. Several cards go into a `div.works`.
#[component]
pub fn WorkCard(
    /// The number of things to do.
    #[prop(into)]
    count: String,
    /// What the number counts.
    #[prop(into)]
    label: String,
    /// The page on which it is done.
    #[prop(into)]
    href: String,
    /// How urgent it is.
    #[prop(default = Tone::Info)]
    tone: Tone,
) -> impl IntoView {
    view! {
        <a class="work" data-tone=tone.data_tone() href=href>
            <span class="work-count">{count}</span>
            <span class="work-label">{label}</span>
        </a>
    }
}

//! The administrator's season view: today's work.

use leptos::prelude::*;

use super::tone::Tone;

/// Something that waits for an administrator. Several stand in a `div.works`.
#[component]
pub fn WorkCard(
    /// How many.
    #[prop(into)]
    count: String,
    /// Of what.
    #[prop(into)]
    label: String,
    /// Where it is done.
    #[prop(into)]
    href: String,
    /// How urgent it is.
    #[prop(default = Tone::Info)]
    tone: Tone,
) -> impl IntoView {
    view! {
        <a class="work" data-tone=tone.name() href=href>
            <span class="work-count">{count}</span>
            <span class="work-label">{label}</span>
        </a>
    }
}

//! One or two words about a thing.

use leptos::prelude::*;

use super::tone::Tone;

/// A small label.
#[component]
pub fn Badge(
    /// Its colour; the words must say the same.
    tone: Tone,
    /// One or two words.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.data_tone()>{label}</span> }
}

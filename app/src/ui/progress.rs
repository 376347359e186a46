//! How much is done.

use leptos::prelude::*;

/// A bar and the same in words.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: String,
    /// How much is done.
    value: u64,
    /// How much there is to do.
    max: u64,
    /// How much is done, in words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="progress">
            <p class="progress-words">{label.clone()}<span>{text}</span></p>
            <progress value=value.to_string() max=max.max(1).to_string() aria-label=label></progress>
        </div>
    }
}

//! A progress bar.

use leptos::prelude::*;

/// A progress bar, and the same as text.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: String,
    /// How much is done.
    value: u64,
    /// How much there is to do.
    max: u64,
    /// How much is done, as text.
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

//! A table whose rows become small cards on a phone.

use leptos::prelude::*;

/// A table with its caption. Each cell names its column in `data-label` for narrow screens.
#[component]
pub fn TableBox(
    /// What the table shows.
    #[prop(into)]
    caption: String,
    /// What the table is about, if others on the page have the same caption. Readers hear it.
    #[prop(optional, into)]
    about: String,
    /// `thead` and `tbody`.
    children: Children,
) -> impl IntoView {
    let name = if about.is_empty() { caption.clone() } else { about + ": " + caption.as_str() };
    view! {
        // A wide table scrolls sideways in its box. The box takes the focus, so that the arrow keys
        // can scroll it too.
        <div class="table-box" role="region" aria-label=name tabindex="0">
            <table class="table"><caption>{caption}</caption>{children()}</table>
        </div>
    }
}

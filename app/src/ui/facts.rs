//! Numbers and facts: one large number, a list of facts, and how something works in a few steps.

use leptos::prelude::*;

/// One large number and what it counts. Several go into a `div.stats`.
#[component]
pub fn Stat(
    /// The number, as text.
    #[prop(into)]
    value: String,
    /// What it counts.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <p class="stat"><span class="stat-value">{value}</span><span class="stat-label">{label}</span></p>
    }
}

/// Facts as pairs of name and value.
#[component]
pub fn Facts(
    /// Name and value.
    rows: Vec<(String, String)>,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// How something works: numbered steps with a name and a sentence each.
#[component]
pub fn Ways(
    /// Name and sentence.
    items: Vec<(String, String)>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(name, text)| view! { <li><strong>{name}</strong><span>{text}</span></li> })
        .collect_view();
    view! { <ol class="ways">{items}</ol> }
}

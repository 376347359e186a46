//! The path from the start page to this page.

use leptos::prelude::*;
use phrases::Lang;

/// Names and addresses, from the start page to this page. This page has no address.
pub type Crumbs = Vec<(String, Option<String>)>;

/// The links from the start page to this page.
#[component]
pub fn Breadcrumb(
    /// Language of the label.
    lang: Lang,
    /// The links, from the start page to this page.
    items: Crumbs,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(label, href)| match href {
            Some(href) => view! { <li><a href=href>{label}</a></li> }.into_any(),
            None => view! { <li><span aria-current="page">{label}</span></li> }.into_any(),
        })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label=phrases::ui::breadcrumb(lang)>
            <ol class="breadcrumb-list">{items}</ol>
        </nav>
    }
}

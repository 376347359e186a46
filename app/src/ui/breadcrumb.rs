//! Where this page stands.

use leptos::prelude::*;
use phrases::Lang;

/// Names and addresses from the outermost page to this one; this one has no address.
pub type Crumbs = Vec<(String, Option<String>)>;

/// The way from the start to this page.
#[component]
pub fn Breadcrumb(
    /// Language of the label.
    lang: Lang,
    /// From the outermost page to this one.
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

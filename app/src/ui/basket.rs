//! The bar with the picks: always visible at the bottom, with the number of picks left.

use leptos::prelude::*;
use phrases::Lang;

/// The bar with the picks. Its children, the list of picks, open above the bar.
#[component]
pub fn Basket(
    /// Language of the shared words.
    lang: Lang,
    /// How many are picked.
    picked: usize,
    /// How many may be picked.
    max: usize,
    /// How many must be picked before the button appears; 1 if left out.
    #[prop(default = 1)]
    least: usize,
    /// The poll's name, if there are several polls.
    #[prop(optional, into)]
    name: String,
    /// The next page of the vote.
    #[prop(into)]
    href: String,
    /// The label of the button; *Vote* if left out.
    #[prop(optional, into)]
    action_label: String,
    /// The picks, as `<ul class="basket-list">`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let left = max.saturating_sub(picked);
    let rest = if left == 0 {
        phrases::ui::basket_full(lang).to_owned()
    } else if least > 1 {
        phrases::ui::basket_exactly(lang, left)
    } else {
        phrases::ui::basket_left(lang, left)
    };
    let label = if name.is_empty() {
        phrases::ui::basket(lang).to_owned()
    } else {
        phrases::ui::basket_of(lang, &name)
    };
    let name =
        super::non_empty_text(name).map(|name| view! { <span class="basket-poll">{name}</span> });
    let action = super::non_empty_text(action_label)
        .unwrap_or_else(|| phrases::ui::basket_go(lang).to_owned());
    let dots = (0..max)
        .map(|index| view! { <span data-on=super::yes_or_none(index < picked)></span> })
        .collect_view();
    let go = (picked >= least.max(1))
        .then(|| view! { <a class="button" data-weight="primary" href=href>{action}</a> });
    view! {
        <aside class="basket" aria-label=label>
            <div class="basket-inner">
                <p class="basket-dots" aria-hidden="true">{dots}</p>
                <p class="basket-words" role="status">
                    {name}
                    <span class="basket-count">{phrases::ui::basket_count(lang, max, picked)}</span>
                    <span class="basket-left">{rest}</span>
                </p>
                {go}
                {children.map(|children| view! {
                    <details><summary>{phrases::ui::basket_list(lang)}</summary>{children()}</details>
                })}
            </div>
        </aside>
    }
}

//! Filters as chips, and the pages of a long list.

use leptos::prelude::*;
use phrases::Lang;

use super::menu::NavLink;

/// A row of filters. The chosen one is marked for the eye and for screen readers.
#[component]
pub fn Chips(
    /// What is filtered.
    #[prop(into)]
    label: String,
    /// The choices.
    items: Vec<NavLink>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|NavLink { label, href, current, .. }| {
            let current = current.then_some("true");
            view! { <li><a href=href aria-current=current>{label}</a></li> }
        })
        .collect_view();
    let name = label.clone();
    view! {
        <nav class="chips" aria-label=name>
            <span class="chips-label" aria-hidden="true">{label}</span>
            <ul class="chips-list">{items}</ul>
        </nav>
    }
}

/// Returns the pages that get a link: the first, the last, and two around this one. `None` is a
/// gap.
fn linked_pages(page: usize, pages: usize) -> Vec<Option<usize>> {
    let mut list = Vec::new();
    for number in 1..=pages {
        let near = number == 1 || number == pages || number.abs_diff(page) <= 2;
        if near {
            list.push(Some(number));
        } else if list.last() != Some(&None) {
            list.push(None);
        }
    }
    list
}

/// Links to the pages of a long list; empty if there is only one page.
#[component]
pub fn Pager(
    /// Language of the shared words.
    lang: Lang,
    /// This page, counted from 1.
    page: usize,
    /// The number of pages.
    pages: usize,
    /// The address before the page's number.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    if pages <= 1 {
        return ().into_any();
    }
    let items = linked_pages(page, pages)
        .into_iter()
        .map(move |number| match number {
            Some(number) => {
                let current = (number == page).then_some("page");
                let href = format!("{base}{number}");
                let name = phrases::ui::page_number(lang, number);
                view! {
                    <li><a href=href aria-current=current aria-label=name>{number.to_string()}</a></li>
                }
                .into_any()
            }
            None => view! { <li><span aria-hidden="true">"…"</span></li> }.into_any(),
        })
        .collect_view();
    view! {
        <nav class="pager" aria-label=phrases::ui::pager(lang)><ol class="pager-list">{items}</ol></nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::linked_pages;

    #[test]
    fn far_pages_are_left_out_once_on_each_side() {
        assert_eq!(linked_pages(1, 2), [Some(1), Some(2)]);
        let far = linked_pages(10, 20);
        assert_eq!(far.iter().filter(|number| number.is_none()).count(), 2);
        assert_eq!((far.first(), far.last()), (Some(&Some(1)), Some(&Some(20))));
    }
}

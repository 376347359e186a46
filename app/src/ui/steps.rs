//! The steps of a task that takes several pages.

use leptos::prelude::*;
use phrases::Lang;

/// The steps of a task, with the open one marked.
#[component]
pub fn Steps(
    /// Language of the shared words.
    lang: Lang,
    /// The names of the steps.
    items: Vec<String>,
    /// The open step, counted from 0.
    current: usize,
) -> impl IntoView {
    let items = items
        .into_iter()
        .enumerate()
        .map(|(index, label)| {
            let (state, word) = match index.cmp(&current) {
                std::cmp::Ordering::Less => (Some("done"), Some(phrases::ui::step_done(lang))),
                std::cmp::Ordering::Equal => (Some("now"), None),
                std::cmp::Ordering::Greater => (None, None),
            };
            let here = (index == current).then_some("step");
            view! {
                <li class="step" data-state=state aria-current=here>
                    <span class="step-number">
                        {label}
                        {word.map(|word| view! { <span class="visually-hidden">" "{word}</span> })}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="steps" aria-label=phrases::ui::steps(lang)>
            <ol class="steps-list">{items}</ol>
        </nav>
    }
}

//! The receipt of a vote or of a submitted case.

use leptos::prelude::*;
use phrases::Lang;

use super::facts::Facts;

/// A receipt with its number and facts.
#[component]
pub fn Receipt(
    /// Language of the shared words.
    lang: Lang,
    /// What was received, the `h1`.
    #[prop(into)]
    title: String,
    /// The number by which it can be found again.
    #[prop(into)]
    code: String,
    /// Name and value: when, where, what.
    rows: Vec<(String, String)>,
    /// What the number is for, and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <article class="receipt">
            <div class="receipt-top">
                <svg class="receipt-stamp" viewBox="0 0 84 84" aria-hidden="true">
                    <circle class="stamp-ring" cx="42" cy="42" r="36"></circle>
                    <path class="stamp-stroke" d="M37 24v36M37 38l15 10"></path>
                </svg>
                <div role="status"><h1>{title}</h1></div>
            </div>
            <div class="receipt-rest">
                <p>
                    <span class="receipt-code-label">{phrases::ui::receipt_code(lang)}</span>
                    <strong class="receipt-code">{code}</strong>
                </p>
                <Facts rows=rows/>
                {children.map(|children| children())}
            </div>
        </article>
    }
}

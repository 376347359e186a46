//! A judge's score sheet: a row for each criterion, with a large number.

use leptos::prelude::*;
use phrases::Lang;

use super::field::{describing_ids, render_error_line, render_hint_line};

/// One criterion and its score. Rows go into a `div.sheet`.
#[component]
pub fn ScoreRow(
    /// Language of the shared words.
    lang: Lang,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The criterion.
    #[prop(into)]
    label: String,
    /// What it asks.
    #[prop(optional, into)]
    hint: String,
    /// The most points it gives.
    max: u32,
    /// The points given so far.
    #[prop(optional, into)]
    value: String,
    /// What is wrong with them.
    #[prop(optional_no_strip)]
    error: Option<String>,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    let wrong = super::yes_or_none(error.is_some());
    let hint = render_hint_line(&name, hint);
    let error = render_error_line(&name, error);
    let label_for = id.clone();
    view! {
        <div class="score" data-error=wrong>
            <div class="score-words">
                <label class="field-label" for=label_for>{label}</label>
                {hint}
            </div>
            <span class="score-entry">
                // A number field would turn under a mouse wheel, and swallow what is no number.
                <input class="input" type="text" id=id name=name value=value
                    data-max=max.to_string() inputmode="numeric" autocomplete="off"
                    aria-describedby=described aria-invalid=invalid/>
                <span>{phrases::ui::out_of(lang, max)}</span>
            </span>
            <p class="score-range">{phrases::ui::score_range(lang, max)}</p>
            <p class="field-error score-fault">{phrases::ui::score_fault(lang, max)}</p>
            {error}
        </div>
    }
}

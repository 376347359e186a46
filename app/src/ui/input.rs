//! Fields in which the reader types an answer.

use leptos::prelude::*;
use phrases::Lang;

use super::field::{Field, describing_ids, escape_raw_text, render_letter_counter};
use super::non_empty_text;

/// One line of text: a name, an e-mail address, a password, a date.
#[component]
pub fn TextField(
    /// Language of the shared words.
    lang: Lang,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// How to answer it.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the answer.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// Whether it must be answered.
    #[prop(optional)]
    required: bool,
    /// What was typed so far.
    #[prop(optional, into)]
    value: String,
    /// The `type` of the input: `text`, `email`, `password`, `datetime-local`, …
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(optional, into)]
    autocomplete: String,
    /// Which keyboard a phone shows.
    #[prop(optional, into)]
    inputmode: String,
    /// The longest answer, in letters. A longer one is told, not cut.
    #[prop(optional)]
    max: Option<usize>,
    /// The `id` of a list of suggestions.
    #[prop(optional, into)]
    list: String,
) -> impl IntoView {
    let counter = max.map(|max| render_letter_counter(lang, &value, max, false));
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    view! {
        <Field lang=lang name=name.clone() label=label hint=hint error=error required=required>
            <input class="input" type=kind id=id name=name value=value required=required
                autocomplete=non_empty_text(autocomplete) inputmode=non_empty_text(inputmode)
                list=non_empty_text(list) aria-describedby=described aria-invalid=invalid/>
            {counter}
        </Field>
    }
}

/// The six digits of a code, in one field that a phone can fill in by itself.
#[component]
pub fn CodeField(
    /// Language of the shared words.
    lang: Lang,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// How to answer it.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the answer.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// What was typed so far.
    #[prop(optional, into)]
    value: String,
    /// What the browser may fill in.
    #[prop(default = "one-time-code")]
    autocomplete: &'static str,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    view! {
        <Field lang=lang name=name.clone() label=label hint=hint error=error required=true>
            <input class="input input-code" type="text" id=id name=name value=value required=true
                autocomplete=autocomplete inputmode="numeric"
                aria-describedby=described aria-invalid=invalid/>
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn AreaField(
    /// Language of the shared words.
    lang: Lang,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// How to answer it.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the answer.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// Whether it must be answered.
    #[prop(optional)]
    required: bool,
    /// What was typed so far.
    #[prop(optional, into)]
    value: String,
    /// Its height in lines.
    #[prop(default = 8)]
    rows: u32,
    /// The longest answer, in letters; shown under the box. A longer one is told, not cut.
    #[prop(optional)]
    max: Option<usize>,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    let counter = max.map(|max| render_letter_counter(lang, &value, max, true));
    view! {
        <Field lang=lang name=name.clone() label=label hint=hint error=error required=required>
            <textarea class="input" id=id name=name rows=rows required=required
                aria-describedby=described aria-invalid=invalid inner_html=escape_raw_text(value)></textarea>
            {counter}
        </Field>
    }
}

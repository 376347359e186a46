//! Fields in which the reader chooses an answer.

use leptos::prelude::*;
use phrases::Lang;

use super::field::{Field, describing_ids, render_error_line, render_hint_line, required_word};

/// One option to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Whether it is chosen now.
    pub chosen: bool,
}

impl Choice {
    /// Makes a choice from the value that it sends, its label, and whether it is chosen.
    pub fn with_value(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}

/// A choice of one from many, in a list that opens.
#[component]
pub fn SelectField(
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
    /// What can be chosen.
    options: Vec<Choice>,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    let options = options
        .into_iter()
        .map(|Choice { value, label, chosen }| {
            view! { <option value=value selected=chosen>{label}</option> }
        })
        .collect_view();
    view! {
        <Field lang=lang name=name.clone() label=label hint=hint error=error required=required>
            <select class="input" id=id name=name required=required
                aria-describedby=described aria-invalid=invalid>{options}</select>
        </Field>
    }
}

/// A choice of one from a few, all visible.
#[component]
pub fn RadioField(
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
    /// What can be chosen.
    options: Vec<Choice>,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let wrong = super::yes_or_none(error.is_some());
    let hint = render_hint_line(&name, hint);
    let error = render_error_line(&name, error);
    let radio = move |(index, choice): (usize, Choice)| {
        // The first one has the id that the error summary links to.
        let id = (index == 0).then(|| format!("field-{name}"));
        view! {
            <label class="check">
                <input type="radio" id=id name=name.clone() value=choice.value
                    checked=choice.chosen required=required/>
                <span class="check-label">{choice.label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field" data-error=wrong aria-describedby=described>
            <legend class="field-label">{label}" "{required_word(lang, required)}</legend>
            {hint}
            {error}
            <div class="checks">{options.into_iter().enumerate().map(radio).collect_view()}</div>
        </fieldset>
    }
}

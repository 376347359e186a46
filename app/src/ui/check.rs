//! A field for a file, and a box to tick.

use leptos::prelude::*;
use phrases::Lang;

use super::field::{Field, describing_ids, render_error_line, render_hint_line, required_word};

/// A file from the reader's own device.
#[component]
pub fn FileField(
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
    /// Which kinds of file are taken.
    #[prop(optional, into)]
    accept: String,
    /// The largest file, in bytes. A script tells it before a larger one is sent.
    #[prop(optional)]
    max_bytes: Option<usize>,
    /// Whether several files may be chosen.
    #[prop(optional)]
    multiple: bool,
) -> impl IntoView {
    let too_large = max_bytes.map(|bytes| phrases::ui::file_too_large(lang, bytes / (1024 * 1024)));
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let id = format!("field-{name}");
    view! {
        <Field lang=lang name=name.clone() label=label hint=hint error=error required=required>
            <input class="input" type="file" id=id name=name multiple=multiple accept=super::non_empty_text(accept) required=required
                aria-describedby=described aria-invalid=invalid data-max-bytes=max_bytes
                data-too-large=too_large/>
        </Field>
    }
}

/// A box to tick: consent, or a yes.
#[component]
pub fn Checkbox(
    /// Language of the shared words.
    lang: Lang,
    /// The name of the form field.
    #[prop(into)]
    name: String,
    /// The whole sentence that is agreed to.
    #[prop(into)]
    label: String,
    /// What follows from a tick.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with the answer.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// What the form sends when it is ticked.
    #[prop(default = "yes".to_owned(), into)]
    value: String,
    /// Whether it is ticked now.
    #[prop(optional)]
    checked: bool,
    /// Whether it must be ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let described = describing_ids(&name, &hint, error.as_ref());
    let invalid = error.is_some().then_some("true");
    let wrong = super::yes_or_none(error.is_some());
    let id = format!("field-{name}");
    let hint = render_hint_line(&name, hint);
    let error = render_error_line(&name, error);
    view! {
        <div class="field" data-error=wrong>
            {error}
            <label class="check">
                <input type="checkbox" id=id name=name value=value checked=checked
                    required=required aria-describedby=described aria-invalid=invalid/>
                <span class="check-label">
                    {label}" "{required.then(|| required_word(lang, true))}
                </span>
            </label>
            {hint}
        </div>
    }
}

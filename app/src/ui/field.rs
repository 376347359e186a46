//! One question of a form: label, hint, error, and room for the control.

use leptos::prelude::*;
use phrases::Lang;

/// Returns the ids of the texts that describe a control: its hint and its error.
pub(super) fn describing_ids(name: &str, hint: &str, error: Option<&String>) -> Option<String> {
    match (hint.is_empty(), error) {
        (true, None) => None,
        (false, None) => Some(format!("hint-{name}")),
        (true, Some(_)) => Some(format!("error-{name}")),
        (false, Some(_)) => Some(format!("hint-{name} error-{name}")),
    }
}

/// Renders the word beside a label: required or optional.
pub(super) fn required_word(lang: Lang, required: bool) -> AnyView {
    if required {
        view! { <span class="field-required">{phrases::ui::required(lang)}</span> }.into_any()
    } else {
        view! { <span class="field-optional">{phrases::ui::optional(lang)}</span> }.into_any()
    }
}

/// Renders the hint of a field, if it has one.
pub(super) fn render_hint_line(name: &str, hint: String) -> Option<AnyView> {
    let id = format!("hint-{name}");
    (!hint.is_empty()).then(|| view! { <p class="field-hint" id=id>{hint}</p> }.into_any())
}

/// Renders the error of a field, if it has one.
pub(super) fn render_error_line(name: &str, error: Option<String>) -> Option<AnyView> {
    let id = format!("error-{name}");
    error.map(|error| view! { <p class="field-error" id=id>{error}</p> }.into_any())
}

/// Renders how many letters are used and how many there are too many. `public/page.js` keeps it true
/// while somebody types. Nothing is cut, so a text can be too long.
pub(super) fn render_letter_counter(
    lang: Lang,
    value: &str,
    max: usize,
    shows_used: bool,
) -> AnyView {
    let letters = domain::text::count_letters(value.trim());
    let used = shows_used.then(|| {
        let words = phrases::ui::letters_used(lang, max, letters);
        let pattern = phrases::ui::letters_used(lang, max, "{n}");
        view! { <span data-words=pattern>{words}</span>" " }
    });
    let over = letters.saturating_sub(max);
    let words = (over > 0).then(|| phrases::ui::letters_over(lang, over));
    let pattern = phrases::ui::letters_over(lang, "{n}");
    view! {
        <p class="field-counter" data-max=max>
            {used}<strong role="status" data-words=pattern>{words}</strong>
        </p>
    }
    .into_any()
}

/// Returns the id of a field's control.
pub(super) fn control_id(mut name: String) -> String {
    name.insert_str(0, "field-");
    name
}

/// Escapes text for an element whose children Leptos does not escape (`textarea`).
///
/// The HTML parser drops a first line break. So the function adds one, and the text keeps its own.
pub(crate) fn escape_raw_text(mut text: String) -> String {
    if text.contains(['&', '<', '>']) {
        text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    }
    text.insert(0, '\n');
    text
}

/// Label, hint and error around a control with the id `field-{name}`.
#[component]
pub fn Field(
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
    /// The control.
    children: Children,
) -> impl IntoView {
    let wrong = super::yes_or_none(error.is_some());
    let hint = render_hint_line(&name, hint);
    let error = render_error_line(&name, error);
    view! {
        <div class="field" data-error=wrong>
            <label class="field-label" for=control_id(name)>
                {label}" "{required_word(lang, required)}
            </label>
            {hint}
            {error}
            {children()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{describing_ids, escape_raw_text};

    #[test]
    fn text_cannot_leave_the_box_it_is_typed_into() {
        assert_eq!(
            escape_raw_text("</textarea><b>&".to_owned()),
            "\n&lt;/textarea&gt;&lt;b&gt;&amp;"
        );
    }

    #[test]
    fn a_control_names_only_descriptions_that_exist() {
        assert_eq!(describing_ids("title", "", None), None);
        let error = "짧아요".to_owned();
        assert_eq!(describing_ids("a", "h", Some(&error)).as_deref(), Some("hint-a error-a"));
    }
}

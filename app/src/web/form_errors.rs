//! The messages of a form page: above the form, and under each field.

use leptos::prelude::*;
use phrases::Lang;

use crate::AppError;
use crate::ui::{ErrorSummary, Notice, Tone};
use crate::words::{errors, field_problems};

/// Renders the error above a form: the faulty fields with links, or the sentence of the error.
pub(crate) fn render_form_errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error {
        None => ().into_any(),
        Some(AppError::Invalid(faults)) => {
            let items = faults
                .iter()
                .map(|fault| {
                    (fault.field.clone(), field_problems::field_sentence(lang, fault.problem))
                })
                .collect();
            view! { <ErrorSummary lang items/> }.into_any()
        }
        Some(error) => {
            let sentence = errors::error_sentence(lang, error);
            view! { <Notice lang tone=Tone::Danger><p>{sentence}</p></Notice> }.into_any()
        }
    }
}

/// Returns the sentence under a faulty field, or `None` if the field has no fault.
pub(crate) fn field_error_sentence(
    lang: Lang,
    error: Option<&AppError>,
    name: &str,
) -> Option<String> {
    error
        .and_then(|error| error.field_problem(name))
        .map(|problem| field_problems::field_sentence(lang, problem))
}

/// Renders the notice that a form was carried out.
pub(crate) fn render_done_notice(lang: Lang, sentence: Option<&'static str>) -> Option<AnyView> {
    sentence.map(|sentence| {
        view! { <Notice lang tone=Tone::Success><p>{sentence}</p></Notice> }.into_any()
    })
}

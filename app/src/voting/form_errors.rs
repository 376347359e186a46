//! The errors of the forms of the vote, in the words of these forms.

use domain::text::FieldProblem;
use leptos::prelude::*;
use phrases::{Lang, voting as words};

use crate::AppError;
use crate::ui::ErrorSummary;
use crate::web::form_errors::render_form_errors;
use crate::words::field_problems;

/// Builds the error list above the fields of a form: links to the faulty fields, or the rule that
/// refused the form.
pub(crate) fn vote_form_errors(lang: Lang, error: Option<&AppError>) -> AnyView {
    match error {
        Some(AppError::Invalid(faults)) => {
            let item = |fault: &crate::FieldFault| {
                (fault.field.clone(), explain_field_problem(lang, &fault.field, fault.problem))
            };
            let items = faults.iter().map(item).collect();
            view! { <ErrorSummary lang items/> }.into_any()
        }
        other => render_form_errors(lang, other),
    }
}

fn explain_field_problem(lang: Lang, name: &str, problem: FieldProblem) -> String {
    let sentence = match (name, problem) {
        ("code", _) => words::code_malformed(lang),
        ("email", FieldProblem::Malformed | FieldProblem::NotAllowed) => {
            words::email_malformed(lang)
        }
        (
            "mobile",
            FieldProblem::Malformed | FieldProblem::NotAllowed | FieldProblem::TooLong { .. },
        ) => words::mobile_malformed(lang),
        _ => return field_problems::field_sentence(lang, problem),
    };
    sentence.to_owned()
}

pub(crate) fn vote_field_error(lang: Lang, error: Option<&AppError>, name: &str) -> Option<String> {
    error
        .and_then(|error| error.field_problem(name))
        .map(|problem| explain_field_problem(lang, name, problem))
}

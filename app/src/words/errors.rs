//! Errors as sentences: what happened and what to do about it.

use domain::schedule::PhaseError;
use phrases::{Lang, errors as words};

use crate::AppError;
use crate::words::refusals::refusal_sentence;
use crate::words::times;

/// Returns the sentence of an error.
pub(crate) fn error_sentence(lang: Lang, error: &AppError) -> String {
    match error {
        AppError::SignIn => words::sign_in(lang).to_owned(),
        AppError::Forbidden => words::forbidden(lang).to_owned(),
        AppError::NotFound => words::not_found(lang).to_owned(),
        AppError::BadRequest | AppError::Method => words::bad_request(lang).to_owned(),
        AppError::TooLarge => words::too_large(lang).to_owned(),
        AppError::Phase(phase) => phase_sentence(lang, *phase),
        AppError::Invalid(_) => words::invalid(lang).to_owned(),
        AppError::Refused(refusal) => refusal_sentence(lang, refusal),
        AppError::TooMany { retry_after } => {
            words::too_many(lang, retry_after.div_ceil(60).to_string())
        }
        AppError::Busy => words::busy(lang).to_owned(),
        AppError::Drill => words::drill(lang).to_owned(),
        AppError::Unknown => words::unknown(lang).to_owned(),
        AppError::Internal { .. } => words::internal(lang).to_owned(),
        AppError::Offline => words::offline(lang).to_owned(),
    }
}

/// Returns the heading of an error page.
pub(crate) fn error_title(lang: Lang, error: &AppError) -> String {
    let title = match error {
        AppError::SignIn => words::sign_in_title(lang),
        AppError::Forbidden => words::forbidden_title(lang),
        AppError::NotFound => words::not_found_title(lang),
        AppError::Phase(_) => words::phase_title(lang),
        AppError::Busy | AppError::TooMany { .. } => words::busy_title(lang),
        AppError::Drill => words::drill_title(lang),
        AppError::Internal { .. } | AppError::Unknown => words::internal_title(lang),
        _ => words::bad_request_title(lang),
    };
    title.to_owned()
}

/// Returns the sentence that says why the phase does not allow the request.
pub(crate) fn phase_sentence(lang: Lang, phase: PhaseError) -> String {
    match phase {
        PhaseError::NotYet { opens } => words::not_yet(lang, times::format_minute(lang, opens)),
        PhaseError::Over { closed } => words::over(lang, times::format_end(lang, closed)),
        PhaseError::NotPublished => words::not_published(lang).to_owned(),
    }
}

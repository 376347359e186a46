//! The problem of one field of a form as a sentence.

use domain::text::FieldProblem;
use phrases::{Lang, errors as words};

/// Returns the sentence of a field's problem.
pub(crate) fn field_sentence(lang: Lang, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => words::missing(lang).to_owned(),
        FieldProblem::TooShort { min } => words::too_short(lang, min),
        FieldProblem::TooLong { max, over } => words::too_long(lang, max, over),
        FieldProblem::Malformed => words::malformed(lang).to_owned(),
        FieldProblem::NotAllowed => words::not_allowed(lang).to_owned(),
        FieldProblem::UnknownName => words::unknown_name(lang).to_owned(),
        FieldProblem::OutsideTime => words::outside_time(lang).to_owned(),
        FieldProblem::Guessable => words::guessable(lang).to_owned(),
        FieldProblem::Abroad => words::abroad(lang).to_owned(),
    }
}

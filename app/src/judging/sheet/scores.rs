//! The rows of the sheet's form: a score for each criterion.

use domain::refusal::{JudgingRefusal, Refusal};
use domain::sheet::SheetProblem;
use leptos::prelude::*;
use phrases::{Lang, judging as words};

use crate::AppError;
use crate::judging::sheet::typed::TypedSheet;
use crate::ui::ScoreRow;
use crate::web::form_errors::field_error_sentence;
use crate::words::refusals;

/// Builds a row for each criterion with its description, and the sum.
pub(super) fn score_rows(
    lang: Lang,
    criteria: &[(String, String, u32)],
    draft: &TypedSheet,
    error: Option<&AppError>,
) -> AnyView {
    let most: u32 = criteria.iter().map(|(_, _, max)| max).sum();
    let rows = criteria
        .iter()
        .enumerate()
        .map(|(place, (label, hint, max))| {
            let value = draft.scores.get(place).cloned().unwrap_or_default();
            view! {
                <ScoreRow lang name=format!("score-{place}") label=label.clone() hint=hint.clone() max=*max value
                    error=score_error(lang, error, place)/>
            }
        })
        .collect_view();
    let total = words::points(lang, most, draft.sum_readable_scores());
    view! {
        <div class="sheet">{rows}</div>
        <p class="sheet-total">
            <span>{words::total(lang)}</span>
            <output id="sheet-total">{total}</output>
        </p>
    }
    .into_any()
}

/// Returns the error of the score at this place.
fn score_error(lang: Lang, error: Option<&AppError>, place: usize) -> Option<String> {
    match error? {
        AppError::Refused(Refusal::Judging(JudgingRefusal::SheetIncomplete(missing)))
            if missing.contains(&place) =>
        {
            Some(phrases::errors::missing(lang).to_owned())
        }
        AppError::Refused(
            refusal @ Refusal::Judging(JudgingRefusal::Sheet(SheetProblem::Above {
                criterion, ..
            })),
        ) if *criterion == place => Some(refusals::refusal_sentence(lang, refusal)),
        error => field_error_sentence(lang, Some(error), &format!("score-{place}")),
    }
}

//! What became of a case, for its organisation: the award with its rank, or that there is none.

use std::collections::HashMap;

use backend::Error;
use backend::awards::CaseOutcome;
use backend::editions::Edition;
use domain::ids::CaseId;
use leptos::prelude::*;
use phrases::{Lang, news as words};

use crate::AppError;
use crate::ui::{Medal, MedalSign};
use crate::web::request::RequestContext;
use crate::words::polls::in_language;

/// Returns what became of each case, once the result is public; before that nothing.
pub(crate) async fn published_outcomes(
    cx: &RequestContext,
    edition: &Edition,
) -> Result<HashMap<CaseId, CaseOutcome>, AppError> {
    let Ok(public) = edition.results_public() else { return Ok(HashMap::new()) };
    match cx.backend().case_outcomes(public, edition).await {
        // An edition may be archived without a result.
        Err(Error::NotFound) => Ok(HashMap::new()),
        found => Ok(found?),
    }
}

/// Shows award and rank, or says plainly that there is no award, with a link to the result.
pub(crate) fn case_outcome_view(lang: Lang, edition: &Edition, outcome: &CaseOutcome) -> AnyView {
    let said = match &outcome.award {
        Some((place, tier)) => {
            let rank = words::outcome_rank(lang, outcome.rank);
            let tier = in_language(lang, tier);
            view! {
                <MedalSign medal=Medal::of_tier(*place) tier/>
                <strong>{rank}</strong>
            }
            .into_any()
        }
        None => words::outcome_none(lang).into_any(),
    };
    let href = format!("/editions/{}/results", edition.slug);
    view! {
        <p class="cluster">
            <span class="visually-hidden">{words::outcome(lang)}</span>
            {said}
            <a href=href>{words::outcome_link(lang)}</a>
        </p>
    }
    .into_any()
}

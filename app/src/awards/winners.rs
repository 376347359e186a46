//! The winners of a public result, on its own page and on the landing page.

use std::collections::HashMap;

use backend::awards::CaseMark;
use backend::editions::Edition;
use domain::ids::CaseId;
use domain::result::{ResultCase, ResultDocument};
use leptos::prelude::*;
use phrases::{Lang, awards as say};

use crate::AppError;
use crate::awards::tiers;
use crate::ui::{Podium, Section, Winner};
use crate::web::request::RequestContext;
use crate::words::{numbers, polls};

/// Largest number of winners on the podium. Only whole tiers are shown, and the first always is.
const PODIUM_PLACES: usize = 4;

pub(crate) type CaseMarks = HashMap<CaseId, CaseMark>;

/// Reads the result of an edition if it is public.
pub(crate) async fn load_public_result(
    cx: &RequestContext,
    edition: &Edition,
) -> Result<Option<(ResultDocument, CaseMarks)>, AppError> {
    let Ok(public) = edition.results_public() else { return Ok(None) };
    let document = match cx.backend().published_result(public, edition).await {
        // An edition may be archived without a result.
        Err(backend::Error::NotFound) => return Ok(None),
        result => result?.document,
    };
    let gallery = edition.gallery_public().map_err(AppError::Phase)?;
    Ok(Some((document, cx.backend().case_marks(gallery, edition.id).await?)))
}

pub(crate) fn public_case_href(base: &str, case: &ResultCase) -> String {
    format!("{base}/cases/{}", case.id)
}

pub(crate) fn is_sample_case(marks: &CaseMarks, case: &ResultCase) -> bool {
    marks.get(&case.id).is_some_and(|mark| mark.sample)
}

/// Builds the podium.
pub(crate) fn podium_section(
    lang: Lang,
    base: &str,
    result: &ResultDocument,
    marks: &CaseMarks,
) -> AnyView {
    let winners = &result.cases[..count_podium_winners(result)];
    // One row for each tier, so that winners of different tiers are not side by side.
    let rows = winners
        .chunk_by(|one, other| one.tier == other.tier)
        .map(|tier| {
            let items =
                tier.iter().filter_map(|case| podium_place(lang, base, result, marks, case));
            let items = items.collect();
            view! { <Podium items/> }
        })
        .collect_view();
    view! {
        <Section title=say::winners(lang) lead=say::winners_lead(lang)>{rows}</Section>
    }
    .into_any()
}

fn podium_place(
    lang: Lang,
    base: &str,
    result: &ResultDocument,
    marks: &CaseMarks,
    case: &ResultCase,
) -> Option<Winner> {
    let (medal, tier) = tiers::award_with_medal(lang, &result.rulebook, case.tier)?;
    Some(Winner {
        medal,
        tier,
        title: polls::in_language(lang, &case.title),
        organisation: case.organisation.clone(),
        points: numbers::points_with_unit(lang, &case.total),
        href: public_case_href(base, case),
        seed: case.id.0.into_bytes(),
        track_index: marks.get(&case.id).map_or(0, |mark| mark.track_index),
        picture: marks
            .get(&case.id)
            .and_then(|mark| mark.picture)
            .map(|id| format!("/pictures/{id}"))
            .unwrap_or_default(),
        sample: is_sample_case(marks, case).then(|| phrases::ui::sample(lang).to_owned()),
    })
}

/// Counts the cases on the podium: the first tier, and each further tier that fits completely.
fn count_podium_winners(result: &ResultDocument) -> usize {
    let mut fits = 0;
    for tier in 0..result.rulebook.awards.len() {
        let until = result
            .cases
            .iter()
            .take_while(|case| case.tier.is_some_and(|given| given <= tier))
            .count();
        if fits > 0 && until > PODIUM_PLACES {
            break;
        }
        fits = until;
    }
    fits
}

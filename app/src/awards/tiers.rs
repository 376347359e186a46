//! The award of a case with its medal, and the awards of a public result.

use std::collections::HashMap;

use backend::editions::Edition;
use domain::ids::CaseId;
use domain::rulebook::Rulebook;
use phrases::Lang;

use crate::AppError;
use crate::ui::Medal;
use crate::web::request::RequestContext;
use crate::words::polls::in_language;

/// Returns the award at this place of the rulebook, with its medal.
pub(crate) fn award_with_medal(
    lang: Lang,
    rulebook: &Rulebook,
    tier: Option<usize>,
) -> Option<(Medal, String)> {
    let index = tier?;
    let award = rulebook.awards.get(index)?;
    Some((Medal::of_tier(index), in_language(lang, &award.tier)))
}

/// The awards of an edition, by case. Empty before the result is public.
#[derive(Default)]
pub(crate) struct PublicAwards(HashMap<CaseId, String>);

impl PublicAwards {
    /// Reads the awards of an edition whose result is public.
    pub(crate) async fn load_awards(
        cx: &RequestContext,
        edition: &Edition,
    ) -> Result<Self, AppError> {
        let Ok(public) = edition.results_public() else { return Ok(Self::default()) };
        let result = match cx.backend().published_result(public, edition).await {
            // An edition may be archived without a result.
            Err(backend::Error::NotFound) => return Ok(Self::default()),
            result => result?.document,
        };
        let award =
            |tier| award_with_medal(cx.lang(), &result.rulebook, tier).map(|(_, name)| name);
        let awarded = result.cases.iter().filter_map(|case| Some((case.id, award(case.tier)?)));
        Ok(Self(awarded.collect()))
    }

    /// Returns the award of a case.
    pub(crate) fn award_of(&self, case: CaseId) -> Option<String> {
        self.0.get(&case).cloned()
    }
}

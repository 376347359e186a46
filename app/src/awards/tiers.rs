//! The award of a case with its medal.

use domain::rulebook::Rulebook;
use phrases::Lang;

use crate::ui::Medal;
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

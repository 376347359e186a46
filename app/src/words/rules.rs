//! The rules of a result as text.

use domain::rulebook::{PanelMethod, RanksShown};
use domain::standings::TieRule;
use phrases::{Lang, awards, rules};

/// Adds *sample* to the name of an invented case.
pub(crate) fn name_with_sample(lang: Lang, name: &str, sample: bool) -> String {
    if sample { format!("{name} · {}", phrases::ui::sample(lang)) } else { name.to_owned() }
}

/// Returns the rule that ordered a case among cases with equal points.
pub(crate) fn tie_rule_words(lang: Lang, rule: TieRule) -> &'static str {
    match rule {
        TieRule::JudgePoints => awards::tie_judges(lang),
        TieRule::Votes => awards::tie_votes(lang),
        TieRule::EarlierSubmission => awards::tie_earlier(lang),
        TieRule::Shared => awards::tie_shared(lang),
    }
}

/// Says whose ranks the pages show.
pub(crate) const fn ranks_words(lang: Lang, ranks: RanksShown) -> &'static str {
    match ranks {
        RanksShown::All => rules::ranks_all(lang),
        RanksShown::Awarded => rules::ranks_awarded(lang),
    }
}

/// Returns how sheets become points.
pub(crate) fn method_words(lang: Lang, method: PanelMethod) -> &'static str {
    match method {
        PanelMethod::Mean => rules::method_mean(lang),
        PanelMethod::Median => rules::method_median(lang),
        PanelMethod::TrimmedMean => rules::method_trimmed(lang),
    }
}

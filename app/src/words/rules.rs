//! The rules of a result in words.

use domain::rulebook::Method;
use domain::standings::TieRule;
use phrases::{Lang, awards, rules};

/// A name with *sample* behind it where the case was invented.
pub(crate) fn marked(lang: Lang, name: &str, sample: bool) -> String {
    if sample { format!("{name} · {}", phrases::ui::sample(lang)) } else { name.to_owned() }
}

/// What told a case apart from its equals.
pub(crate) fn tie_rule(lang: Lang, rule: TieRule) -> &'static str {
    match rule {
        TieRule::JudgePoints => awards::tie_judges(lang),
        TieRule::Votes => awards::tie_votes(lang),
        TieRule::EarlierSubmission => awards::tie_earlier(lang),
        TieRule::Shared => awards::tie_shared(lang),
    }
}

/// How sheets become points.
pub(crate) fn method(lang: Lang, method: Method) -> &'static str {
    match method {
        Method::Mean => rules::method_mean(lang),
        Method::Median => rules::method_median(lang),
        Method::TrimmedMean => rules::method_trimmed(lang),
    }
}

//! The picks of a visitor, kept in an open cookie: `<edition>~<case>.<case>…`.

use backend::editions::Edition;
use domain::ids::CaseId;

use crate::context::Cx;

/// What this visitor has picked in this edition, in the order of picking.
pub(crate) fn picked(cx: &Cx, edition: &Edition) -> Vec<CaseId> {
    let kept = cx.cookie("picks").and_then(|cookie| cookie.split_once('~'));
    let Some((_, picks)) = kept.filter(|(slug, _)| *slug == edition.slug) else {
        return Vec::new();
    };
    picks.split('.').filter_map(|id| id.parse().ok()).collect()
}

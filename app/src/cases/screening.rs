//! Screening: the cases that were sent in, and the decision about each.

pub(crate) mod bulk;
mod decisions;
mod filters;
mod list;
pub(crate) mod page;

use backend::cases::CaseState;
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::staff;
use crate::ui::{Crumbs, Notice, Tone};

/// Returns the breadcrumbs to the list, or to a case on it.
pub(crate) fn screening_crumbs(lang: Lang, edition: &Edition, case: Option<String>) -> Crumbs {
    let mut crumbs = staff::staff_crumbs(lang, edition, words::title(lang));
    if let (Some(list), Some(title)) = (crumbs.last_mut(), case) {
        list.1 = Some(format!("/admin/{}/screening", edition.slug));
        crumbs.push((title, None));
    }
    crumbs
}

/// Says that nothing can be decided now, unless the screening is open.
fn screening_closed_notice(lang: Lang, edition: &Edition) -> Option<AnyView> {
    edition.screening_open().is_err().then(|| {
        view! { <Notice lang tone=Tone::Info><p>{words::closed(lang)}</p></Notice> }.into_any()
    })
}

/// Returns the tone and the word of a case's state in the screening.
pub(crate) fn screening_state_label(lang: Lang, state: CaseState) -> (Tone, &'static str) {
    match state {
        CaseState::Accepted => (Tone::Success, words::state_accepted(lang)),
        CaseState::Rejected => (Tone::Danger, words::state_rejected(lang)),
        CaseState::Returned => (Tone::Info, words::state_returned(lang)),
        _ => (Tone::Warning, words::state_waiting(lang)),
    }
}

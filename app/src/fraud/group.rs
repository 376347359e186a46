//! The name and the state of a group, for the desk and for its own page.

use backend::fraud::{COUNT_STEP, FraudGroup};
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use crate::words::numbers::group_stored_count;

/// Returns the short code of a group: the first eight digits of its id.
pub(crate) fn group_code(group: &FraudGroup) -> String {
    let mut code = group.id.simple().to_string();
    code.truncate(8);
    code
}

/// Formats a number of ballots on the desk: a range such as `10–14` if it is in steps.
pub(crate) fn ballot_count(count: i64, exact: bool) -> String {
    let least = group_stored_count(count);
    if exact {
        return least;
    }
    format!("{least}–{}", group_stored_count(count + i64::from(COUNT_STEP) - 1))
}

/// Rounds a number of ballots down to a step, unless it may be shown exactly.
pub(crate) fn step_of(count: u32, exact: bool) -> i64 {
    let step = if exact { 1 } else { i64::from(COUNT_STEP) };
    i64::from(count) / step * step
}

/// Says why numbers of ballots are ranges.
pub(crate) fn counts_note(lang: Lang, rounded: bool) -> Option<AnyView> {
    let note = || view! { <p class="small muted">{say::counts_rounded(lang)}</p> }.into_any();
    rounded.then(note)
}

/// Returns what became of a group, in words.
pub(crate) fn group_state(lang: Lang, group: &FraudGroup) -> String {
    if !group.held {
        return say::state_cleared(lang).to_owned();
    }
    let count = |ballots: i64| ballot_count(ballots, group.exact);
    let mut parts = Vec::new();
    if group.waiting > 0 {
        parts.push(say::state_waiting(lang, count(group.waiting)));
    }
    if group.proposed {
        parts.push(say::state_proposed(lang).to_owned());
    }
    if group.excluded + group.restored > 0 {
        parts.push(say::state_ruled(lang, count(group.excluded), count(group.restored)));
    }
    if group.appeals > 0 {
        parts.push(say::state_appeals(lang, group_stored_count(group.appeals)));
    }
    parts.join(" · ")
}

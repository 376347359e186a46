//! The name and the state of a group, for the desk and for its own page.

use backend::fraud::FraudGroup;
use phrases::{Lang, fraud as say};

use crate::words::numbers::group_stored_count;

/// Returns the short code of a group: the first eight digits of its id.
pub(crate) fn group_code(group: &FraudGroup) -> String {
    let mut code = group.id.simple().to_string();
    code.truncate(8);
    code
}

/// Returns what became of a group, in words.
pub(crate) fn group_state(lang: Lang, group: &FraudGroup) -> String {
    if !group.held {
        return say::state_cleared(lang).to_owned();
    }
    let mut parts = Vec::new();
    if group.waiting > 0 {
        parts.push(say::state_waiting(lang, group_stored_count(group.waiting)));
    }
    if group.proposed {
        parts.push(say::state_proposed(lang).to_owned());
    }
    if group.excluded + group.restored > 0 {
        parts.push(say::state_ruled(
            lang,
            group_stored_count(group.excluded),
            group_stored_count(group.restored),
        ));
    }
    if group.appeals > 0 {
        parts.push(say::state_appeals(lang, group_stored_count(group.appeals)));
    }
    parts.join(" · ")
}

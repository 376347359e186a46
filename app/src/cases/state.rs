//! The state of a case as a label for its organisation.

use backend::cases::CaseState;
use phrases::{Lang, cases as words};

use crate::ui::Tone;

/// Returns the colour and the label of a state, in words for the organisation.
pub(crate) fn case_state_label(lang: Lang, state: CaseState) -> (Tone, &'static str) {
    match state {
        CaseState::Draft => (Tone::Plain, words::state_draft(lang)),
        CaseState::Submitted => (Tone::Info, phrases::news::state_sent(lang)),
        CaseState::Returned => (Tone::Warning, phrases::news::state_returned(lang)),
        CaseState::Accepted => (Tone::Success, words::state_accepted(lang)),
        CaseState::Rejected => (Tone::Warning, words::state_rejected(lang)),
        CaseState::Withdrawn => (Tone::Plain, words::state_withdrawn(lang)),
    }
}

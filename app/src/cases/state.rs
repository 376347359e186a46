//! The states of cases, partners and recommendations as labels.

use backend::cases::{CaseState, PartnerState, Recommendation, RecommendationState};
use phrases::{Lang, cases as words, partners, recommend};

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

/// What a partner has said, as a label.
pub(crate) fn partner_state_label(lang: Lang, state: PartnerState) -> (Tone, &'static str) {
    match state {
        PartnerState::Asked => (Tone::Warning, partners::state_asked(lang)),
        PartnerState::Confirmed => (Tone::Success, partners::state_confirmed(lang)),
        PartnerState::Declined => (Tone::Plain, partners::state_declined(lang)),
    }
}

/// What became of a recommendation, as a label.
pub(crate) fn recommendation_label(lang: Lang, state: RecommendationState) -> (Tone, &'static str) {
    match state {
        RecommendationState::Asked => (Tone::Warning, recommend::state_asked(lang)),
        RecommendationState::Accepted => (Tone::Success, recommend::state_accepted(lang)),
        RecommendationState::Declined => (Tone::Plain, recommend::state_declined(lang)),
    }
}

/// Whom a recommendation is about. Staff see the address of a person, too.
pub(crate) fn recommended_name(lang: Lang, made: &Recommendation) -> String {
    let name = made.organisation_name.clone().or_else(|| made.person_name.clone());
    name.unwrap_or_else(|| recommend::person_gone(lang).to_owned())
}

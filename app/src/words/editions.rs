//! Title, host and phase of an edition as text.

use backend::editions::Edition;
use domain::rulebook::PicksRule;
use domain::schedule::Phase;
use phrases::{Lang, editions as words};

/// Returns the name of a phase, in one or two words.
pub(crate) fn phase_name(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => words::phase_draft(lang),
        Phase::Call => words::phase_call(lang),
        Phase::Screening => words::phase_screening(lang),
        Phase::Voting => words::phase_voting(lang),
        Phase::Judging => words::phase_judging(lang),
        Phase::Deliberation => words::phase_deliberation(lang),
        Phase::Announced => words::phase_announced(lang),
        Phase::Archived => words::phase_archived(lang),
    }
}

/// Returns one or two sentences about what happens in the edition now.
pub(crate) fn season_sentence(lang: Lang, edition: &Edition) -> String {
    let plain = match edition.current_phase() {
        Phase::Voting => return voting_sentence(lang, edition),
        Phase::Draft => words::lead_draft(lang),
        Phase::Call => words::lead_call(lang),
        Phase::Screening => words::lead_screening(lang),
        Phase::Judging => words::lead_judging(lang),
        Phase::Deliberation => words::lead_deliberation(lang),
        Phase::Announced => words::lead_announced(lang),
        Phase::Archived => words::lead_archived(lang),
    };
    plain.to_owned()
}

fn voting_sentence(lang: Lang, edition: &Edition) -> String {
    match edition.rulebook.polls.as_slice() {
        [only] => match only.picks {
            PicksRule::AtMost(max) => words::lead_voting(lang, max),
            PicksRule::Exactly(count) => words::lead_voting_exactly(lang, count),
        },
        polls => words::lead_voting_several(lang, polls.len()),
    }
}

/// Returns the title of an edition in the reader's language.
pub(crate) fn edition_title(lang: Lang, edition: &Edition) -> String {
    lang.choose_text(&edition.title.ko, &edition.title.en).to_owned()
}

/// Returns the host of an edition in the reader's language.
pub(crate) fn edition_host(lang: Lang, edition: &Edition) -> String {
    words::host(lang, lang.choose_text(&edition.host.ko, &edition.host.en))
}

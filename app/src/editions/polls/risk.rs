//! The warning about polls by e-mail that decide much of the result.

use backend::editions::Edition;
use domain::limits;
use domain::rulebook::PollRules;
use leptos::prelude::*;
use phrases::{Lang, polls as words};

use crate::ui::{Notice, Tone};
use crate::words::{numbers, polls};

/// Builds the warning about heavy polls by e-mail. `None` if there is no such poll, and once the
/// rules are sealed, because nobody can change them then.
pub(crate) fn email_weight_notice(lang: Lang, edition: &Edition) -> Option<AnyView> {
    let sentence = |rules: &PollRules| {
        let percent = numbers::percent_text(&rules.weight);
        words::email_weight_of(lang, percent, polls::poll_title(lang, rules))
    };
    let heavy = edition.rulebook.polls.iter().filter(|rules| rules.is_heavy_email_poll());
    if edition.sealed { None } else { heavy_polls_notice(lang, heavy.map(sentence).collect()) }
}

/// Builds the warning from a sentence for each heavy poll by e-mail. `None` without any.
pub(crate) fn heavy_polls_notice(lang: Lang, sentences: Vec<String>) -> Option<AnyView> {
    if sentences.is_empty() {
        return None;
    }
    let items = sentences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    let notice = view! {
        <Notice lang tone=Tone::Warning title=words::email_weight_title(lang)>
            <ul>{items}</ul>
            <p>{words::email_weight_risk(lang)}</p>
            <p>{words::email_weight_advice(lang, limits::EMAIL_POLL_PERCENT)}</p>
        </Notice>
    };
    Some(notice.into_any())
}

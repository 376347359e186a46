//! The trail in words: what was done, by whom, and what it changed.

use backend::audit::AuditEvent;
use domain::schedule::Windows;
use leptos::prelude::*;
use phrases::{Lang, admin as words};
use serde_json::Value;

use crate::words::time_left::clock_difference;
use crate::words::times;
use crate::words::windows::{INPUTS, input_label, window_instants};

/// Returns who did it: the account, the observer, or the operator at the machine.
pub(crate) fn actor_name(lang: Lang, event: &AuditEvent) -> String {
    // An observer comes by a link and has no account.
    let observer = (event.action == "record.observed").then(|| event.subject.clone());
    let actor = event.actor.clone().or(observer);
    actor.unwrap_or_else(|| words::operator(lang).to_owned())
}

/// Returns the sentence for an action. An action without a sentence is shown by its name.
pub(crate) fn action_sentence(lang: Lang, action: &str) -> String {
    let sentence = match action {
        "account.created" => words::act_account_created(lang),
        "account.invited" => words::act_account_invited(lang),
        "account.signed_in" => words::act_account_signed_in(lang),
        "account.signed_out_everywhere" => words::act_account_signed_out_everywhere(lang),
        "edition.created" => words::act_edition_created(lang),
        "edition.archived" => words::act_edition_archived(lang),
        "edition.published" => words::act_edition_published(lang),
        "edition.windows_moved" => words::act_edition_windows_moved(lang),
        "edition.clock_moved" => words::act_edition_clock_moved(lang),
        "poll.added" => words::act_poll_added(lang),
        "poll.changed" => words::act_poll_changed(lang),
        "poll.removed" => words::act_poll_removed(lang),
        "panel.judge_seated" => words::act_panel_judge_seated(lang),
        "case.begun" => words::act_case_begun(lang),
        "case.saved" => words::act_case_saved(lang),
        "case.submitted" => words::act_case_submitted(lang),
        "case.withdrawn" => words::act_case_withdrawn(lang),
        "case.accepted" => words::act_case_accepted(lang),
        "case.rejected" => words::act_case_rejected(lang),
        "case.decision_undone" => words::act_case_decision_undone(lang),
        "case.picture_put" => words::act_case_picture_put(lang),
        "case.picture_removed" => words::act_case_picture_removed(lang),
        "judge.recused" => words::act_judge_recused(lang),
        "judges.reminded" => words::act_judges_reminded(lang),
        "roll.extended" => phrases::roll::act_extended(lang),
        "roll.emptied" => phrases::roll::act_emptied(lang),
        "roll.printed" => phrases::roll::act_printed(lang),
        "roll.reissued" => phrases::roll::act_reissued(lang),
        "roll.voided" => phrases::roll::act_voided(lang),
        "sheet.signed" => words::act_sheet_signed(lang),
        "record.sealed" => phrases::record::act_sealed(lang),
        "record.erased" => phrases::record::act_erased(lang),
        "record.observer_link_made" => phrases::record::act_observer_made(lang),
        "record.observer_link_ended" => phrases::record::act_observer_ended(lang),
        "record.observed" => phrases::record::act_observed(lang),
        "result.announced" => words::act_result_announced(lang),
        "result.announcement_withdrawn" => words::act_result_announcement_withdrawn(lang),
        other => other,
    };
    sentence.to_owned()
}

/// Shows what an action changed, in words if there are any.
pub(crate) fn detail_view(lang: Lang, event: &AuditEvent) -> AnyView {
    match event.action.as_str() {
        "edition.windows_moved" => moved_windows_list(lang, &event.detail),
        "edition.clock_moved" => moved_clock_view(lang, &event.detail),
        "account.invited" | "account.created" => role_view(lang, &event.subject),
        "edition.created" => {
            let cases = event.detail["cases"].as_u64().unwrap_or_default();
            words::created_with(lang, cases).into_any()
        }
        _ => {
            let text = match &event.detail {
                Value::Object(keys) if keys.is_empty() => event.subject.clone(),
                detail => format!("{} {detail}", event.subject),
            };
            view! { <code class="small">{text}</code> }.into_any()
        }
    }
}

fn role_view(lang: Lang, word: &str) -> AnyView {
    let role = backend::accounts::Role::from_word(word);
    let role = role.map(|role| crate::words::roles::role_name(lang, role).to_owned());
    role.unwrap_or_else(|| word.to_owned()).into_any()
}

/// Lists the old and the new value of every moved instant.
pub(crate) fn moved_windows_list(lang: Lang, detail: &Value) -> AnyView {
    let windows = |key: &str| serde_json::from_value::<Windows>(detail[key].clone()).ok();
    let (Some(from), Some(to)) = (windows("from"), windows("to")) else {
        return ().into_any();
    };
    let changed = window_instants(&from).into_iter().zip(window_instants(&to)).zip(INPUTS);
    let items = changed
        .filter(|((old, new), _)| old != new)
        .map(|((old, new), input)| {
            let (old, new) = (times::format_minute(lang, old), times::format_minute(lang, new));
            view! {
                <li>
                    <strong>{input_label(lang, input)}</strong>
                    " "<span class="visually-hidden">{words::from(lang)}" "</span>
                    <del>{old}</del>
                    " → "<span class="visually-hidden">{words::to(lang)}" "</span>
                    <ins>{new}</ins>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="changes">{items}</ul> }.into_any()
}

fn moved_clock_view(lang: Lang, detail: &Value) -> AnyView {
    let offset = |key: &str| clock_difference(lang, detail[key].as_i64().unwrap_or_default());
    format!("{} → {}", offset("from_seconds"), offset("to_seconds")).into_any()
}

#[cfg(test)]
mod tests {
    use super::action_sentence;
    use phrases::Lang;

    #[test]
    fn an_act_without_a_sentence_keeps_its_name() {
        assert_eq!(action_sentence(Lang::En, "edition.published"), "The edition was published");
        assert_eq!(action_sentence(Lang::Ko, "ballot.something_new"), "ballot.something_new");
    }
}

//! The trail in words: what was done, by whom, and what it changed.

use std::collections::BTreeMap;

use backend::audit::{AuditAction, AuditEvent};
use domain::fraud::RulingReason;
use domain::ids::BallotId;
use domain::schedule::Windows;
use leptos::prelude::*;
use phrases::{Lang, admin as words, fraud as say};
use serde_json::Value;

use crate::words::audit_actions::action_sentence;
use crate::words::cases::korean_mark;
use crate::words::fraud::ruling_reason;
use crate::words::numbers::{format_ballot_number, group_thousands};
use crate::words::time_left::clock_difference;
use crate::words::windows::{INPUTS, format_input_instant, input_label, window_instants};

/// Returns who did it: the account, the observer, or the operator at the machine.
pub(crate) fn actor_name(lang: Lang, event: &AuditEvent) -> String {
    // An observer comes by a link and has no account.
    let observer =
        (event.action == Some(AuditAction::RecordObserved)).then(|| event.subject.clone());
    let actor = event.actor.clone().or(observer);
    actor.unwrap_or_else(|| words::operator(lang).to_owned())
}

/// Returns what was done as a sentence; the stored name for an action of another version.
pub(crate) fn action_words(lang: Lang, event: &AuditEvent) -> String {
    match event.action {
        Some(action) => action_sentence(lang, action).to_owned(),
        None => event.action_name.clone(),
    }
}

/// Shows what an action changed, in words if there are any.
pub(crate) fn detail_view(lang: Lang, event: &AuditEvent) -> AnyView {
    match event.action {
        Some(AuditAction::EditionWindowsMoved) => moved_windows_list(lang, &event.detail),
        Some(AuditAction::EditionClockMoved) => moved_clock_view(lang, &event.detail),
        Some(
            AuditAction::AccountInvited
            | AuditAction::AccountInvitationResent
            | AuditAction::AccountInvitationCancelled
            | AuditAction::AccountCreated,
        ) => role_view(lang, &event.subject),
        // The subject is the account of the person who acted, so *who* says it already.
        Some(
            AuditAction::AccountSignedIn
            | AuditAction::AccountSignedOutEverywhere
            | AuditAction::AccountPasswordChanged
            | AuditAction::AccountPasswordReset,
        ) => "–".into_any(),
        Some(AuditAction::EditionCreated) => {
            let cases = event.detail["cases"].as_u64().unwrap_or_default();
            words::created_with(lang, cases).into_any()
        }
        Some(
            AuditAction::FraudEvidenceOpened
            | AuditAction::FraudRulingProposed
            | AuditAction::FraudRulingWithdrawn
            | AuditAction::FraudRulingConfirmed
            | AuditAction::FraudAppealAnswered
            | AuditAction::FraudNoteWritten,
        ) => fraud_view(lang, event),
        _ if event.subject_name.is_some() => named_view(lang, event),
        _ => {
            let text = match &event.detail {
                Value::Object(keys) if keys.is_empty() => event.subject.clone(),
                detail => format!("{} {}", event.subject, sorted_json(detail)),
            };
            view! { <code class="small">{text}</code> }.into_any()
        }
    }
}

/// Shows the person or the case that an act is about, and its reason if it has one. Version numbers say
/// nothing to people.
fn named_view(lang: Lang, event: &AuditEvent) -> AnyView {
    let name = event.subject_name.clone().unwrap_or_default();
    let reason = event.detail["reason"].as_str().filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| view! { <p class="small">{reason.to_owned()}</p> });
    view! { <span lang=korean_mark(lang)>{name}</span>{reason} }.into_any()
}

/// Writes details in the order of their keys. The order inside a `Value` hangs on a feature of serde_json
/// that any crate of the same build may turn on.
fn sorted_json(detail: &Value) -> String {
    let sorted = detail.as_object().map(|keys| keys.iter().collect::<BTreeMap<_, _>>());
    let text = sorted.map(|keys| serde_json::to_string(&keys).unwrap_or_default());
    text.unwrap_or_else(|| detail.to_string())
}

/// Says about which group of ballots it was, why, and about how many ballots.
fn fraud_view(lang: Lang, event: &AuditEvent) -> AnyView {
    let group: String = event.subject.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let mut parts = vec![say::group(lang, group)];
    let reason = event.detail["reason"].as_str().and_then(RulingReason::from_code);
    parts.extend(reason.map(|reason| ruling_reason(lang, reason).to_owned()));
    let ballot = event.detail["ballot"].as_str().and_then(|id| id.parse().ok());
    parts.extend(ballot.map(|id| say::ruling_ballot(lang, format_ballot_number(BallotId(id)))));
    let ballots = event.detail["ballots"].as_u64();
    parts.extend(ballots.map(|ballots| say::ballots_ruled(lang, group_thousands(ballots))));
    parts.join(" · ").into_any()
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
            let [old, new] = [old, new].map(|at| format_input_instant(lang, input, at));
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

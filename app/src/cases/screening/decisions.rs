//! The forms of a decision: accept, return, reject, ask a colleague, undo.

use backend::cases::{Case, CaseState};
use backend::editions::Edition;
use domain::limits::REASON_CHARS;
use domain::schedule::format_local_minute;
use leptos::prelude::*;
use phrases::{Lang, screening as words};

use crate::AppError;
use crate::ui::{AreaField, ButtonWeight, Section, Submit, TextField};
use crate::web::fields::FormFields;
use crate::web::form_errors::field_error_sentence;

/// What was typed into the forms of a decision.
#[derive(Default)]
pub(super) struct TypedDecision {
    pub(super) reason: String,
    pub(super) correction: String,
    pub(super) until: String,
    pub(super) second_look: String,
}

impl TypedDecision {
    pub(super) fn from_fields(fields: &FormFields) -> Self {
        let text = |name| fields.field_text(name).to_owned();
        Self {
            reason: text("reason"),
            correction: text("correction"),
            until: text("until"),
            second_look: text("second_look"),
        }
    }
}

/// Builds the forms that are possible for a case as it stands.
pub(super) fn decision_forms(
    lang: Lang,
    edition: &Edition,
    case: &Case,
    typed: &TypedDecision,
    error: Option<&AppError>,
) -> AnyView {
    match case.state {
        CaseState::Submitted => {
            let version = version_input(case);
            let send_back = return_form(lang, edition, case, typed, error);
            let reject = reject_form(lang, case, typed, error);
            view! {
            {checklist_section(lang)}
            <Section title=words::decide(lang) lead=words::decide_lead(lang)>
                <form method="post" class="form">
                    {version}
                    <div class="actions">
                        <Submit label=words::accept(lang) name="act" value="accept"/>
                    </div>
                </form>
                {send_back}
                {reject}
            </Section>
            {second_look_form(lang, case, typed, error)}
            }
            .into_any()
        }
        CaseState::Returned => {
            let over = case.submissions_open(edition).is_err();
            let undo = (!over && !case.written_since).then(|| {
                undo_form(case, (words::return_undo(lang), words::return_undo_lead(lang)))
            });
            let reject = over.then(|| reject_form(lang, case, typed, error));
            let send_back = return_form(lang, edition, case, typed, error);
            view! {
                <Section title=words::decide(lang) lead=words::decide_lead(lang)>
                    {send_back}
                    {reject}
                </Section>
                {undo}
            }
            .into_any()
        }
        _ => undo_form(case, (words::undo(lang), words::undo_lead(lang))),
    }
}

fn version_input(case: &Case) -> AnyView {
    view! { <input type="hidden" name="version" value=case.version.to_string()/> }.into_any()
}

/// Builds boxes to tick while reading. They have no name, so no form sends them.
fn checklist_section(lang: Lang) -> AnyView {
    let items = [
        words::check_place(lang),
        words::check_text(lang),
        words::check_personal(lang),
        words::check_picture(lang),
        words::check_double(lang),
    ]
    .map(|sentence| {
        view! { <li><label class="cluster"><input type="checkbox" class="tick"/>{sentence}</label></li> }
    });
    view! {
        <Section title=words::checklist(lang) lead=words::checklist_lead(lang)>
            <ul class="stack checklist">{items}</ul>
        </Section>
    }
    .into_any()
}

/// Builds the folded form that sends a case back, or moves the last day of a correction.
fn return_form(
    lang: Lang,
    edition: &Edition,
    case: &Case,
    typed: &TypedDecision,
    error: Option<&AppError>,
) -> AnyView {
    let again = case.state == CaseState::Returned;
    let (until_fault, reason_fault) = (
        field_error_sentence(lang, error, "until"),
        field_error_sentence(lang, error, "correction"),
    );
    let open = again || until_fault.is_some() || reason_fault.is_some();
    let pick = |typed: &str, stored: Option<String>| {
        if typed.is_empty() { stored.unwrap_or_default() } else { typed.to_owned() }
    };
    let stored = if again { case.open_until } else { suggest_deadline(edition) };
    let until = pick(&typed.until, stored.map(format_local_minute));
    let reason = pick(&typed.correction, case.reason.clone().filter(|_| again));
    let label = if again { words::return_again(lang) } else { words::send_back(lang) };
    view! {
        <details open=open id="return">
            <summary>{label}</summary>
            <form method="post" class="form">
                <p>{words::return_lead(lang)}</p>
                {version_input(case)}
                <TextField lang name="until" kind="datetime-local" label=words::return_until(lang)
                    hint=words::return_until_hint(lang) required=true value=until error=until_fault/>
                <AreaField lang name="correction" label=words::correction(lang) rows=4
                    hint=words::correction_hint(lang) required=true value=reason max=REASON_CHARS
                    error=reason_fault/>
                <div class="actions">
                    <Submit label weight=ButtonWeight::Secondary name="act" value="return"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Three days from now, but neither before the close of the call nor after the screening.
fn suggest_deadline(edition: &Edition) -> Option<domain::schedule::Instant> {
    let windows = &edition.schedule.windows;
    let later = (edition.now + chrono::TimeDelta::days(3)).max(windows.call.closes);
    (edition.now < windows.voting.opens).then(|| later.min(windows.voting.opens))
}

fn reject_form(
    lang: Lang,
    case: &Case,
    typed: &TypedDecision,
    error: Option<&AppError>,
) -> AnyView {
    let (fault, reason) = (field_error_sentence(lang, error, "reason"), typed.reason.clone());
    view! {
        <form method="post" class="form">
            {version_input(case)}
            <AreaField lang name="reason" label=words::reason(lang) rows=4
                hint=words::reason_hint(lang) required=true value=reason max=REASON_CHARS
                error=fault/>
            <div class="actions">
                <Submit label=words::reject(lang) weight=ButtonWeight::Danger name="act"
                    value="reject"/>
            </div>
        </form>
    }
    .into_any()
}

/// Builds the folded form by which a colleague is asked. Nobody is asked twice.
fn second_look_form(
    lang: Lang,
    case: &Case,
    typed: &TypedDecision,
    error: Option<&AppError>,
) -> Option<AnyView> {
    if case.second_look.is_some() {
        return None;
    }
    let fault = field_error_sentence(lang, error, "second_look");
    let (open, why) = (fault.is_some(), typed.second_look.clone());
    let form = view! {
        <details open=open id="second-look">
            <summary>{words::second_look(lang)}</summary>
            <form method="post" class="form">
                <p>{words::second_look_lead(lang)}</p>
                {version_input(case)}
                <AreaField lang name="second_look" label=words::second_look_reason(lang) rows=3
                    required=true value=why max=REASON_CHARS error=fault/>
                <div class="actions">
                    <Submit label=words::second_look_ask(lang) weight=ButtonWeight::Secondary
                        name="act" value="second_look"/>
                </div>
            </form>
        </details>
    };
    Some(form.into_any())
}

fn undo_form(case: &Case, (label, lead): (&'static str, &'static str)) -> AnyView {
    let version = version_input(case);
    view! {
        <Section title=label lead>
            <form method="post" class="form">
                {version}
                <div class="actions">
                    <Submit label weight=ButtonWeight::Secondary name="act" value="undo"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

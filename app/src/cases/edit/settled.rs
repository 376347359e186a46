//! A case on its organisation's desk that cannot be edited now: what was decided, what was typed in vain, withdrawing, and an
//! objection.

use backend::cases::{Case, CaseState};
use backend::editions::Edition;
use leptos::prelude::*;
use phrases::{Lang, cases as words, news};

use crate::AppError;
use crate::cases::edit::fields::TypedDraft;
use crate::ui::{AreaField, ButtonWeight, Notice, Section, Submit, Tone, paragraphs};
use crate::web::form_errors::field_error_sentence;
use crate::words::cases;
use crate::words::cases::case_field_label;

/// Shows what was typed for a case that can no longer be written, for example because it was submitted in
/// another tab, so that nobody loses it. `None` if the case says the same.
pub(super) fn typed_text_section(lang: Lang, case: &Case, typed: &TypedDraft) -> Option<AnyView> {
    // A form without the texts, such as an objection, has none to lose.
    if typed.draft.track.is_empty() || typed.is_stored_in(case) {
        return None;
    }
    let text = |name: &str, value: &str| {
        let (label, value) = (case_field_label(lang, name), value.to_owned());
        view! { <AreaField lang name=format!("typed-{name}") label=label rows=3 value=value/> }
    };
    let texts = [
        ("title", &typed.draft.title),
        ("summary", &typed.draft.summary),
        ("body", &typed.draft.body),
    ];
    let texts = texts.map(|(name, value)| text(name, value)).into_iter().collect_view();
    let view = view! {
        <Notice lang tone=Tone::Warning title=words::typed_kept_title(lang)>
            <p>{words::typed_kept(lang)}</p>
        </Notice>
        <div class="form">{texts}</div>
    };
    Some(view.into_any())
}

/// Shows the reason of the decision and a note, for a case that cannot be edited.
pub(super) fn settled_case_section(lang: Lang, case: &Case, open: bool) -> AnyView {
    let title = match case.state {
        CaseState::Returned => phrases::screening::correction(lang),
        _ => words::reason(lang),
    };
    let reason = case.reason.as_ref().map(|reason| {
        let reason = paragraphs::render_paragraphs(reason);
        view! {
            <Notice lang tone=Tone::Warning title=title>
                <div lang=cases::korean_mark(lang)>{reason}</div>
            </Notice>
        }
    });
    let note = if case.state == CaseState::Returned {
        (Tone::Warning, news::returned_missed(lang))
    } else if open {
        (Tone::Info, words::withdraw_hint(lang))
    } else if case.state.can_be_written() {
        (Tone::Warning, words::never_submitted(lang))
    } else {
        (Tone::Info, words::call_over(lang))
    };
    let (tone, note) = note;
    let shown = !(open && case.state == CaseState::Rejected);
    let note = shown.then(|| view! { <Notice lang tone><p>{note}</p></Notice> });
    view! { {reason}{note} }.into_any()
}

/// Builds the folded form that withdraws a case, at the end of its page: one press opens it, the
/// second one withdraws. `asks` shows it open.
pub(super) fn withdraw_form(lang: Lang, case: &Case, closes: String, asks: bool) -> AnyView {
    let version = case.version.to_string();
    let sure = asks.then(|| {
        view! { <Notice lang tone=Tone::Warning><p>{news::withdraw_sure(lang)}</p></Notice> }
    });
    view! {
        <details class="stack" id="withdraw" open=asks>
            <summary>{news::withdraw_open(lang)}</summary>
            {sure}
            <p>{news::withdraw_text(lang, closes)}</p>
            <form method="post" class="form">
                <input type="hidden" name="version" value=version/>
                <input type="hidden" name="confirm" value="yes"/>
                <div class="actions">
                    <Submit label=news::withdraw_confirm(lang) weight=ButtonWeight::Danger
                        name="act" value="withdraw"/>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Lists the judges' comments for the organisation.
pub(super) fn judges_feedback_section(lang: Lang, comments: Vec<String>) -> Option<AnyView> {
    if comments.is_empty() {
        return None;
    }
    let mark = cases::korean_mark(lang);
    let items = comments
        .into_iter()
        .map(
            |comment| view! { <li class="prose" lang=mark>{paragraphs::render_paragraphs(&comment)}</li> },
        )
        .collect_view();
    let section = view! {
        <Section title=words::feedback(lang) lead=words::feedback_lead(lang)>
            <ul class="stack">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}

/// Builds the folded form by which an organisation asks for a second look at a rejected case. It does so once, while staff
/// can still decide.
pub(super) fn objection_form(
    lang: Lang,
    edition: &Edition,
    case: &Case,
    typed: String,
    error: Option<&AppError>,
) -> Option<AnyView> {
    let possible = case.state == CaseState::Rejected
        && !case.objected
        && edition.screening_open().is_ok()
        && !edition.sealed;
    if !possible {
        return None;
    }
    let fault = field_error_sentence(lang, error, "second_look");
    let open = fault.is_some() || !typed.is_empty();
    let form = view! {
        <details open=open id="object">
            <summary>{news::object(lang)}</summary>
            <form method="post" class="form">
                <p>{news::object_text(lang)}</p>
                <input type="hidden" name="version" value=case.version.to_string()/>
                <AreaField lang name="second_look" label=news::object_reason(lang) rows=3
                    required=true value=typed max=domain::limits::REASON_CHARS error=fault/>
                <div class="actions">
                    <Submit label=news::object(lang) weight=ButtonWeight::Secondary name="act"
                        value="object"/>
                </div>
            </form>
        </details>
    };
    Some(form.into_any())
}

//! Notes of administrators about a group.

use backend::fraud::{FraudEvidence, GroupNote};
use domain::limits;
use leptos::prelude::*;
use phrases::{Lang, fraud as say};

use super::RulingAttempt;
use crate::ui::paragraphs::render_paragraphs;
use crate::ui::{AreaField, ButtonWeight, Section, Submit};
use crate::web::form_errors::field_error_sentence;
use crate::words::times;

/// Builds the list of notes, with the form of a new one.
pub(super) fn notes_section(
    lang: Lang,
    evidence: &FraudEvidence,
    attempt: &RulingAttempt,
) -> AnyView {
    let list = if evidence.notes.is_empty() {
        view! { <p class="muted">{say::notes_none(lang)}</p> }.into_any()
    } else {
        let items = evidence.notes.iter().map(|note| note_item(lang, note)).collect_view();
        view! { <ul class="stack">{items}</ul> }.into_any()
    };
    let error = field_error_sentence(lang, attempt.error.as_ref(), "message");
    let value = attempt.message.clone();
    view! {
        <Section title=say::notes(lang) lead=say::notes_lead(lang) id="notes">
            {list}
            <form method="post" class="form">
                <AreaField lang name="message" label=say::note_new(lang)
                    hint=say::note_new_hint(lang) required=true value error rows=3
                    max=limits::COMMENT_CHARS/>
                <div class="actions">
                    <Submit label=say::note_write(lang) weight=ButtonWeight::Secondary name="act"
                        value="note"/>
                </div>
            </form>
        </Section>
    }
    .into_any()
}

fn note_item(lang: Lang, note: &GroupNote) -> AnyView {
    let by = say::note_by(lang, times::format_minute(lang, note.written_at), &note.writer);
    let text = render_paragraphs(&note.message);
    view! { <li><div class="prose">{text}</div><p class="small muted">{by}</p></li> }.into_any()
}

//! A case that is filled from a document: its empty fields get the document's texts, and nothing is stored before its author
//! has read them.

use backend::cases::{CaseDraft, CaseTexts};
use domain::refusal::{CaseRefusal, Refusal};
use leptos::prelude::*;
use phrases::{Lang, cases as words};

use crate::AppError;
use crate::islands::draft_form::UNSAVED_NOTE;
use crate::ui::{AreaField, ButtonWeight, FileField, Notice, Submit, Tone};
use crate::words::errors;

/// What a browser offers to choose from.
const ACCEPT: &str = ".hwp,.hwpx,.docx,.pptx,.xlsx,.pdf";

/// What was taken from a document.
pub(crate) struct FilledDraft {
    /// The name of the file.
    file: String,
    texts: CaseTexts,
    /// Whether a field had a text, which it kept.
    kept: bool,
}

impl FilledDraft {
    /// Puts the texts of a document into the empty fields of a draft.
    pub(crate) fn fill_draft(draft: &mut CaseDraft, file: String, texts: CaseTexts) -> Self {
        let mut kept = false;
        for (field, text) in [
            (&mut draft.title, &texts.title),
            (&mut draft.summary, &texts.summary),
            (&mut draft.body, &texts.body),
        ] {
            if field.is_empty() {
                field.clone_from(text);
            } else {
                kept |= !text.is_empty();
            }
        }
        Self { file, texts, kept }
    }

    /// Says what was taken, and shows it to be copied if a field kept its own text.
    pub(crate) fn filled_notice(self, lang: Lang, own_page: String) -> AnyView {
        let Self { file, texts, kept } = self;
        let unseen = (texts.unseen > 0).then(|| words::fill_unseen(lang, texts.unseen));
        let all = kept.then(|| {
            let parts = [texts.title, texts.summary, texts.body];
            let filled = parts.into_iter().filter(|part| !part.is_empty());
            let all = filled.collect::<Vec<_>>().join("\n\n");
            view! {
                <p>{words::fill_kept(lang)}</p>
                <AreaField lang name="from-document" label=words::fill_all(lang) rows=8 value=all/>
            }
        });
        view! {
            <Notice lang tone=Tone::Success title=words::fill_done_title(lang)>
                <p>{words::fill_done(lang, file)}</p>
                {unseen.map(|unseen| view! { <p>{unseen}</p> })}
                {all}
                // True until something is saved; the island takes it away then.
                <p id=UNSAVED_NOTE>
                    {words::fill_unsaved(lang)}" "<a href=own_page>{words::fill_undo(lang)}</a>
                </p>
            </Notice>
        }
        .into_any()
    }
}

/// Says why a document was not read; `None` for every other error.
pub(crate) fn document_error(lang: Lang, error: Option<&AppError>) -> Option<String> {
    match error {
        Some(error @ AppError::Refused(Refusal::Case(CaseRefusal::Document(_)))) => {
            Some(errors::error_sentence(lang, error))
        }
        _ => None,
    }
}

/// Builds the folded part of the form that takes a document.
pub(crate) fn document_fields(lang: Lang, error: Option<&AppError>) -> AnyView {
    let fault = document_error(lang, error);
    let open = fault.is_some();
    view! {
        <details class="stack" id="fill" open=open>
            <summary>{words::fill_open(lang)}</summary>
            <div class="form">
                <FileField lang name="document" label=words::fill_file(lang) hint=words::fill_hint(lang)
                    max_bytes=domain::limits::DOCUMENT_BYTES accept=ACCEPT error=fault/>
                <div class="actions">
                    <Submit label=words::fill_press(lang) weight=ButtonWeight::Secondary name="act"
                        value="fill"/>
                </div>
            </div>
        </details>
    }
    .into_any()
}

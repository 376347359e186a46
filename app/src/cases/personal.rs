//! What looks like personal data in a case: shown to its author with a mask, and to the staff with the reason why it
//! stays.

use backend::cases::{Case, CaseDraft};
use backend::personal_data::{PersonalKind, PersonalPiece, find_personal_data, mask_pieces};
use leptos::prelude::*;
use phrases::{Lang, cases as words};

use crate::AppError;
use crate::ui::{AreaField, ButtonWeight, Notice, Submit, Tone};
use crate::web::form_errors::field_error_sentence;
use crate::words::cases::{self, case_field_label};

/// Masks every piece of personal data in a typed draft, or those alone that say exactly this.
pub(crate) fn mask_draft(draft: &mut CaseDraft, only: Option<&str>) {
    for (_, text) in draft_texts(draft) {
        let wanted =
            |piece: &PersonalPiece| only.is_none_or(|only| text[piece.range.clone()] == *only);
        let pieces: Vec<_> = find_personal_data(text).into_iter().filter(wanted).collect();
        *text = mask_pieces(text, &pieces);
    }
}

fn draft_texts(draft: &mut CaseDraft) -> [(&'static str, &mut String); 5] {
    [
        ("title", &mut draft.title),
        ("title_en", &mut draft.title_en),
        ("summary", &mut draft.summary),
        ("body", &mut draft.body),
        ("alt", &mut draft.alt),
    ]
}

/// A piece in words: its field with the line, what it is, and what it says.
struct ShownPiece {
    place: String,
    kind: &'static str,
    text: String,
}

fn show_piece(lang: Lang, name: &str, text: &str, piece: &PersonalPiece) -> ShownPiece {
    let line = text[..piece.range.start].matches('\n').count() + 1;
    ShownPiece {
        place: words::personal_place(lang, case_field_label(lang, name), line),
        kind: kind_name(lang, piece.kind),
        text: text[piece.range.clone()].to_owned(),
    }
}

pub(crate) fn kind_name(lang: Lang, kind: PersonalKind) -> &'static str {
    match kind {
        PersonalKind::Resident => words::personal_resident(lang),
        PersonalKind::Foreigner => words::personal_foreigner(lang),
        PersonalKind::Phone => words::personal_phone(lang),
        PersonalKind::Email => words::personal_email(lang),
        PersonalKind::Address => words::personal_address(lang),
        PersonalKind::Account => words::personal_account(lang),
        PersonalKind::Card => words::personal_card(lang),
    }
}

/// Shows the author what was found, with a button that masks each piece, one that masks all, and the field for the
/// reason why it stays. `None` if nothing was found.
pub(crate) fn author_section(
    lang: Lang,
    draft: &CaseDraft,
    reason: String,
    error: Option<&AppError>,
) -> Option<AnyView> {
    let mut draft = draft.clone();
    let mut pieces = Vec::new();
    for (name, text) in draft_texts(&mut draft) {
        let found = find_personal_data(text);
        pieces.extend(found.iter().map(|piece| show_piece(lang, name, text, piece)));
    }
    if pieces.is_empty() {
        return None;
    }
    let items = pieces.into_iter().map(|piece| {
        let act = format!("mask.{}", piece.text);
        view! {
            <li class="cluster">
                <span>{piece.place}": "{piece.kind}" "<strong lang=cases::korean_mark(lang)>{piece.text}</strong></span>
                <Submit label=words::personal_mask_one(lang) weight=ButtonWeight::Quiet name="act" value=act/>
            </li>
        }
    });
    let items = items.collect_view();
    let section = view! {
        <Notice lang tone=Tone::Warning title=words::personal_title(lang)>
            <p>{words::personal_text(lang)}</p>
            <ul class="personal-list" id="personal">{items}</ul>
            <div class="actions">
                <Submit label=words::personal_mask(lang) weight=ButtonWeight::Secondary name="act" value="mask"/>
            </div>
        </Notice>
        <AreaField lang name="personal_reason" label=words::personal_reason(lang) rows=2
            hint=words::personal_reason_hint(lang) value=reason max=domain::limits::REASON_CHARS
            error=field_error_sentence(lang, error, "personal_reason")/>
    };
    Some(section.into_any())
}

/// Shows the staff what was left in a case, and why. `None` if nothing is there.
pub(crate) fn staff_section(lang: Lang, case: &Case) -> Option<AnyView> {
    let found = case.personal_data();
    if found.is_empty() {
        return None;
    }
    let items = found.into_iter().map(|(name, text, piece)| {
        let piece = show_piece(lang, name, text, &piece);
        view! { <li>{piece.place}": "{piece.kind}" "<strong lang=cases::korean_mark(lang)>{piece.text}</strong></li> }
    });
    let items = items.collect_view();
    let reason =
        case.personal_reason.clone().unwrap_or_else(|| words::personal_no_reason(lang).to_owned());
    let section = view! {
        <Notice lang tone=Tone::Warning title=words::personal_left(lang)>
            <ul>{items}</ul>
            <p><strong>{words::personal_reason(lang)}</strong></p>
            <p lang=cases::korean_mark(lang)>{reason}</p>
        </Notice>
    };
    Some(section.into_any())
}

//! Documents of a case: what its author, the staff and visitors see of them.

pub(crate) mod download;
pub(crate) mod tus;

use backend::cases::{Case, CaseFile, DocumentKind, FoundPiece, ScanState, ShownAs};
use backend::editions::Edition;
use domain::limits;
use domain::refusal::{CaseRefusal, Refusal};
use leptos::prelude::*;
use phrases::{Lang, files as words};

use crate::AppError;
use crate::cases::personal::kind_name;
use crate::ui::{
    Badge, ButtonWeight, Choice, FileField, Notice, Section, SelectField, Submit, Tone,
};
use crate::web::request::RequestContext;
use crate::words::cases::korean_mark;
use crate::words::errors;

/// What a browser offers to choose from.
const ACCEPT: &str = ".pdf,.hwp,.hwpx,.docx,.xlsx,.pptx";

/// Returns the size of a file in the largest unit in which it is at least one.
fn format_size(bytes: u64) -> String {
    const MEGABYTE: u64 = 1024 * 1024;
    if bytes >= MEGABYTE {
        let tenths = bytes * 10 / MEGABYTE;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else {
        format!("{} KB", bytes.div_ceil(1024))
    }
}

/// Returns the kind and the size of a document.
fn describe_file(kind: DocumentKind, length: u64) -> String {
    format!("{}, {}", kind.extension().to_uppercase(), format_size(length))
}

/// Who looks at a list of documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileReader {
    /// A visitor of the public case.
    Visitor,
    /// A visitor at a shared machine, which keeps no files.
    SharedMachine,
    /// The case's organisation, a judge or the staff.
    Insider,
}

impl FileReader {
    /// Returns who reads a public page.
    pub(crate) fn of_public_page(cx: &RequestContext) -> Self {
        if cx.is_kiosk() { Self::SharedMachine } else { Self::Visitor }
    }

    fn may_download(self, file: &CaseFile) -> bool {
        match self {
            Self::Visitor => file.is_file_shown(),
            Self::SharedMachine => false,
            Self::Insider => file.scan.lets_out(),
        }
    }

    fn may_read(self, file: &CaseFile) -> bool {
        match self {
            Self::Visitor | Self::SharedMachine => file.is_text_shown(),
            Self::Insider => file.scan.lets_out() && file.readable,
        }
    }
}

/// Lists the documents that this reader may open. `None` if there are none.
pub(crate) fn shown_files_section(
    lang: Lang,
    files: &[CaseFile],
    reader: FileReader,
) -> Option<AnyView> {
    let items: Vec<AnyView> = files
        .iter()
        .filter(|file| reader.may_download(file) || reader.may_read(file))
        .map(|file| {
            let links = file_links(lang, file, reader.may_download(file), reader.may_read(file));
            let notes = (reader == FileReader::Insider).then(|| file_notes(lang, file));
            view! {
                <li class="file-line">
                    {file_name(lang, file)}<span class="cluster">{notes}{links}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    let section = view! {
        <Section title=words::title(lang)>
            <ul class="file-list">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}

fn file_name(lang: Lang, file: &CaseFile) -> AnyView {
    let (name, about) = (file.name.clone(), describe_file(file.kind, file.length));
    view! {
        <span class="file-name">
            <strong lang=korean_mark(lang)>{name}</strong>" "<span class="muted small">{about}</span>
        </span>
    }
    .into_any()
}

/// Links the document and its text. Each link says which document it is for.
fn file_links(lang: Lang, file: &CaseFile, whole: bool, text: bool) -> AnyView {
    let address = format!("/files/{}", file.id);
    let link = |href: String, word: &'static str| {
        let label = words::link_label(lang, &file.name, word);
        view! { <a href=href aria-label=label>{word}</a> }
    };
    let read = text.then(|| link(format!("{address}/text"), words::read_text(lang)));
    let download = whole.then(|| link(address.clone(), words::download(lang)));
    view! { {read}{download} }.into_any()
}

/// Says in a line what stands in the way of a document, or how it is shown.
fn file_notes(lang: Lang, file: &CaseFile) -> AnyView {
    let (tone, word) = match (file.scan, file.shown_as) {
        (ScanState::Waiting, _) => (Tone::Warning, words::scan_waiting(lang)),
        (ScanState::Infected, _) => (Tone::Danger, words::scan_infected(lang)),
        (_, ShownAs::File) => (Tone::Success, words::shown_file(lang)),
        (_, ShownAs::Text) => (Tone::Warning, words::shown_text(lang)),
        (_, ShownAs::Nothing) => (Tone::Plain, words::shown_nothing(lang)),
    };
    view! { <Badge tone label=word/> }.into_any()
}

/// Lists what looks like personal data in a document. Empty if nothing does.
fn found_list(lang: Lang, found: &[FoundPiece]) -> Option<AnyView> {
    let items = found
        .iter()
        .map(|piece| {
            let text = piece.text.clone();
            view! { <li>{kind_name(lang, piece.kind)}" "<strong lang=korean_mark(lang)>{text}</strong></li> }
        })
        .collect_view();
    (!found.is_empty()).then(|| view! { <ul class="personal-list">{items}</ul> }.into_any())
}

/// Says why a document was not taken; `None` for every other error.
pub(crate) fn file_error(lang: Lang, error: Option<&AppError>) -> Option<String> {
    match error {
        Some(
            error @ AppError::Refused(Refusal::Case(
                CaseRefusal::File { .. }
                | CaseRefusal::TooManyFiles { .. }
                | CaseRefusal::FilesTooLarge,
            )),
        ) => Some(errors::error_sentence(lang, error)),
        _ => None,
    }
}

/// Builds the part of the case's form that lists the documents and takes more. With a script each is sent at once, in pieces,
/// and goes on after a broken line.
pub(crate) fn author_files_fields(
    lang: Lang,
    case: &Case,
    files: &[CaseFile],
    error: Option<&AppError>,
) -> AnyView {
    let items = files.iter().map(|file| author_file_line(lang, file)).collect_view();
    let empty = files.is_empty().then(|| view! { <p class="muted">{words::none_yet(lang)}</p> });
    let hint = words::field_hint(lang, limits::FILES_OF_A_CASE);
    let uploads = format!("/organisation/cases/{}/uploads", case.id);
    let megabyte = 1024 * 1024;
    view! {
        <fieldset class="file-box" id="files" data-uploads=uploads
            data-max-bytes=limits::FILE_BYTES.to_string()
            data-too-large=phrases::ui::file_too_large(lang, limits::FILE_BYTES / megabyte)
            data-cancel=words::cancel(lang) data-sending=words::sending(lang)
            data-checking=words::checking(lang) data-resting=words::waits_for_line(lang)
            data-failed=words::failed(lang) data-done=words::taken(lang)
            data-waiting=words::waits_for_turn(lang) data-dismiss=words::dismiss(lang)
            data-look=words::look(lang) data-signed-out=words::signed_out(lang)>
            <legend>{words::title(lang)}</legend>
            <div id="file-list">
                {empty}
                <ul class="file-list">{items}</ul>
            </div>
            <ul class="file-list" id="file-uploads"></ul>
            <p class="visually-hidden" role="status" id="file-status"></p>
            <FileField lang name="files" label=words::field(lang) hint accept=ACCEPT multiple=true
                error=file_error(lang, error)/>
            <noscript><p class="muted small">{words::plain_limit(lang)}</p></noscript>
            <div class="actions" id="file-send">
                <Submit label=words::add(lang) weight=ButtonWeight::Secondary name="act" value="add_files"/>
            </div>
        </fieldset>
    }
    .into_any()
}

/// Says that a document has no text, or that some of it could not be looked through. What was found says enough.
fn unread_note(file: &CaseFile, no_text: &'static str, unread: &'static str) -> Option<AnyView> {
    let said = match (file.readable, file.unread) {
        (false, _) if file.found.is_empty() => no_text,
        (_, true) => unread,
        _ => return None,
    };
    Some(view! { <p class="muted small">{said}</p> }.into_any())
}

fn author_file_line(lang: Lang, file: &CaseFile) -> AnyView {
    let found = found_list(lang, &file.found).map(|found| {
        let text = if file.readable { words::found_text(lang) } else { words::found_hidden(lang) };
        view! {
            <Notice lang tone=Tone::Warning title=words::found_title(lang)>
                <p>{text}</p>
                {found}
            </Notice>
        }
    });
    let scanned = unread_note(file, words::no_text(lang), words::unread(lang));
    let links = file.scan.lets_out().then(|| file_links(lang, file, true, file.readable));
    let (act, label) = (format!("remove_file.{}", file.id), words::remove_label(lang, &file.name));
    view! {
        <li class="file-line">
            {file_name(lang, file)}
            <span class="cluster">
                {file_notes(lang, file)}
                {links}
                <button class="button" data-weight="quiet" type="submit" name="act" value=act
                    aria-label=label>{words::remove(lang)}</button>
            </span>
            {scanned}
            {found}
        </li>
    }
    .into_any()
}

/// Shows the staff every document with what was found in it, and lets them decide what visitors get.
pub(crate) fn staff_files_section(
    lang: Lang,
    edition: &Edition,
    case: &Case,
    files: &[CaseFile],
) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let action = format!("/admin/{}/screening/{}/files", edition.slug, case.id);
    let items = files.iter().map(|file| staff_file_line(lang, &action, file)).collect_view();
    let section = view! {
        <Section title=words::title(lang) id="files" lead=words::staff_lead(lang)>
            <ul class="file-list">{items}</ul>
        </Section>
    };
    Some(section.into_any())
}

fn staff_file_line(lang: Lang, action: &str, file: &CaseFile) -> AnyView {
    let options = ShownAs::ALL
        .into_iter()
        .filter(|shown| file.readable || *shown != ShownAs::Text)
        .map(|shown| {
            let word = match shown {
                ShownAs::File => words::shown_file(lang),
                ShownAs::Text => words::shown_text(lang),
                ShownAs::Nothing => words::shown_nothing(lang),
            };
            Choice::with_value(shown.stored_word(), word, shown == file.shown_as)
        })
        .collect::<Vec<_>>();
    let found = found_list(lang, &file.found).map(|found| {
        view! {
            <Notice lang tone=Tone::Warning title=words::found_title(lang)>{found}</Notice>
        }
    });
    let scanned = unread_note(file, words::no_text_staff(lang), words::unread_staff(lang));
    let links = file.scan.lets_out().then(|| file_links(lang, file, true, file.readable));
    let (id, name) = (file.id.to_string(), format!("shown-{}", file.id));
    let label = words::visitors_get(lang, &file.name);
    view! {
        <li class="file-line">
            {file_name(lang, file)}
            <span class="cluster">{file_notes(lang, file)}{links}</span>
            {scanned}
            {found}
            <form method="post" action=action.to_owned() class="form">
                <input type="hidden" name="file" value=id/>
                <SelectField lang name=name label=label required=true options=options/>
                <div class="actions">
                    <Submit label=words::save_shown(lang) weight=ButtonWeight::Secondary/>
                </div>
            </form>
        </li>
    }
    .into_any()
}

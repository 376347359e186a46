//! The island around the form of a draft: saves while the member types.
//! Without the island the form works by its buttons.
#![expect(unreachable_pub, reason = "the macro makes public what the browser calls by name")]

use std::time::Duration;

use domain::ids::CaseId;
use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{
    Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};
use phrases::{Lang, cases as words};

use crate::AppError;
use crate::islands::SAVE_PATIENCE;
use crate::islands::save_draft::{DraftTexts, OpenDraft, SavedDraft, save_draft, tell_reader};
use crate::islands::words_in_place::content_of;

/// The fields that hold texts.
const TEXT_FIELDS: [&str; 6] = ["title", "title_en", "summary", "body", "alt", "film"];
/// What says that nothing of a document is saved yet.
pub(crate) const UNSAVED_NOTE: &str = "unsaved-note";
/// The time without typing after which the draft is saved.
const TYPING_PAUSE: Duration = Duration::from_millis(1500);
/// The time after which a save that failed for the moment is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(10);
/// How often a page tells that it is open.
const READER_PAUSE: Duration = Duration::from_secs(20);
/// The state that the line under the form shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AutosaveStatus {
    /// The line is empty, because the program is not loaded yet.
    Silent,
    /// What the member types will be saved.
    Waiting,
    /// A save is in progress.
    Saving,
    /// The draft was saved at this time of day.
    Saved(String),
    /// The draft was not saved.
    Failed(AppError),
}

impl AutosaveStatus {
    fn status_sentence(&self, lang: Lang) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Waiting => words::autosave_wait(lang).to_owned(),
            Self::Saving => words::autosave_saving(lang).to_owned(),
            Self::Saved(time) => words::autosave_saved(lang, time),
            Self::Failed(AppError::SignIn) => words::autosave_signed_out(lang).to_owned(),
            Self::Failed(error) if is_passing(error) => words::autosave_offline(lang).to_owned(),
            Self::Failed(AppError::Refused(domain::refusal::Refusal::Stale)) => {
                words::autosave_stale(lang).to_owned()
            }
            Self::Failed(AppError::Invalid(_)) => words::autosave_invalid(lang).to_owned(),
            Self::Failed(_) => words::autosave_closed(lang).to_owned(),
        }
    }
}

/// The autosave of one draft. Only one save runs at a time, so that each save names the version
/// that the save before it stored.
#[derive(Clone, Copy)]
struct Autosave {
    case: CaseId,
    status: RwSignal<AutosaveStatus>,
    timer: StoredValue<Option<TimeoutHandle>>,
    typed_meanwhile: StoredValue<bool>,
    /// Whether the server lacks something that was typed.
    unsaved: StoredValue<bool>,
    /// The number of the save whose answer is waited for.
    newest: StoredValue<u32>,
    /// Whether the form is being posted by its button.
    posting: StoredValue<bool>,
    /// The button that was pressed during a save.
    pressed: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// Who else has the draft open, as it was told last.
    readers: RwSignal<OpenDraft>,
    /// Whether somebody else has saved since.
    newer: RwSignal<bool>,
}

impl Autosave {
    fn save_later(self, form: HtmlFormElement) {
        self.unsaved.set_value(true);
        if self.status.get_untracked() == AutosaveStatus::Saving {
            self.typed_meanwhile.set_value(true);
            return;
        }
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.save_now(form), TYPING_PAUSE);
        self.timer.set_value(timer.ok());
    }

    fn save_now(self, form: HtmlFormElement) {
        let Ok(version) = field_value(&form, "version").parse() else { return };
        let texts = DraftTexts {
            title: field_value(&form, "title"),
            title_en: field_value(&form, "title_en"),
            summary: field_value(&form, "summary"),
            body: field_value(&form, "body"),
            track: field_value(&form, "track"),
            place: field_value(&form, "place"),
            alt: field_value(&form, "alt"),
            film: field_value(&form, "film"),
        };
        self.status.set(AutosaveStatus::Saving);
        let this = self.newest.get_value().wrapping_add(1);
        self.newest.set_value(this);
        let late = form.clone();
        set_timeout(move || self.give_up(late, this), SAVE_PATIENCE);
        spawn_local(async move {
            let answer = save_draft(self.case, version, texts).await;
            if self.newest.get_value() == this {
                self.newest.set_value(this.wrapping_add(1));
                self.finish_save(form, answer);
            } else if let Ok(saved) = answer {
                // It came after all: the next save must name this version.
                set_version(&form, saved.version);
            }
        });
    }

    /// Takes a save that has no answer yet for one without a connection.
    fn give_up(self, form: HtmlFormElement, save: u32) {
        if self.newest.get_value() == save {
            self.newest.set_value(save.wrapping_add(1));
            self.finish_save(form, Err(AppError::Offline));
        }
    }

    /// Handles a pressed button. During a save the post waits until the save is done, because
    /// otherwise the server would refuse it as stale.
    fn delay_submit_while_saving(self, event: &SubmitEvent) {
        if self.status.get_untracked() == AutosaveStatus::Saving {
            event.prevent_default();
            self.pressed.set_value(event.submitter().and_then(|button| button.dyn_into().ok()));
        } else {
            self.posting.set_value(true);
            if let Some(timer) = self.timer.get_value() {
                timer.clear();
            }
        }
    }

    /// Tries again by itself, because nobody types while they wait for the line.
    fn try_again_later(self, form: HtmlFormElement) {
        let timer = set_timeout_with_handle(move || self.save_now(form), RETRY_PAUSE);
        self.timer.set_value(timer.ok());
    }

    /// Saves what was typed before the program was loaded, or what the browser has put back.
    fn save_what_came_before(self) {
        let form = document().query_selector(".draft form").ok().flatten();
        if let Some(form) = form.and_then(cast_element::<HtmlFormElement>)
            && TEXT_FIELDS.into_iter().any(|name| is_text_changed(&form, name))
        {
            self.save_later(form);
        }
    }

    /// Saves at once when the network is back.
    fn save_when_online(self) {
        let failed = matches!(
            self.status.get_untracked(), AutosaveStatus::Failed(error) if is_passing(&error)
        );
        let form = document().query_selector(".draft form").ok().flatten();
        if let Some(form) = form.and_then(cast_element::<HtmlFormElement>).filter(|_| failed) {
            if let Some(timer) = self.timer.get_value() {
                timer.clear();
            }
            self.save_now(form);
        }
    }

    /// Tells that this page is open, and learns who else has the draft open. Without a connection what was told last stays.
    fn tell_again(self) {
        spawn_local(async move {
            let Ok(told) = tell_reader(self.case).await else { return };
            let form = document().query_selector(".draft form").ok().flatten();
            let own = form.and_then(cast_element::<HtmlFormElement>);
            let own = own.and_then(|form| field_value(&form, "version").parse::<i32>().ok());
            let busy = self.status.get_untracked() == AutosaveStatus::Saving;
            self.newer.set(!busy && own.is_some_and(|own| own < told.version));
            self.readers.set(told);
        });
    }

    fn readers_sentence(self, lang: Lang) -> String {
        let others = self.readers.get().others;
        let mut said = Vec::new();
        if !others.is_empty() {
            said.push(phrases::news::reader_one(lang, others.join(", ")));
        }
        if self.newer.get() {
            said.push(phrases::news::reader_newer(lang).to_owned());
        }
        said.join(" ")
    }

    /// Asks before the page is left while the server lacks something.
    fn ask_before_leaving(self, event: &leptos::web_sys::BeforeUnloadEvent) {
        if self.unsaved.get_value() && !self.posting.get_value() {
            event.prevent_default();
        }
    }

    fn finish_save(self, form: HtmlFormElement, answer: Result<SavedDraft, AppError>) {
        let again = self.typed_meanwhile.get_value();
        self.typed_meanwhile.set_value(false);
        match answer {
            Ok(saved) => {
                set_version(&form, saved.version);
                self.unsaved.set_value(again);
                if let Ok(Some(note)) = form.query_selector(&format!("#{UNSAVED_NOTE}")) {
                    note.remove();
                }
                self.status.set(AutosaveStatus::Saved(saved.time));
            }
            Err(error) => {
                if is_passing(&error) {
                    self.try_again_later(form.clone());
                }
                self.status.set(AutosaveStatus::Failed(error));
            }
        }
        let offline = self.status.with_untracked(|status| {
            matches!(status, AutosaveStatus::Failed(AppError::Offline | AppError::Unknown))
        });
        let pressed = self.pressed.try_update_value(Option::take).flatten();
        // Without a connection the line below the button says so, and the button is pressed again by hand.
        if let Some(button) = pressed.filter(|_| !offline) {
            // The button belongs to this form, so the browser accepts it.
            let _ = form.request_submit_with_submitter(Some(&button));
        } else if again {
            self.save_later(form);
        }
    }
}

/// Whether a failure may be over when the same is tried again.
const fn is_passing(error: &AppError) -> bool {
    matches!(
        error,
        AppError::Offline
            | AppError::Busy
            | AppError::Unknown
            | AppError::TooMany { .. }
            // Somebody who signs in again in another tab goes on here.
            | AppError::SignIn
    )
}

fn cast_element<T: leptos::wasm_bindgen::JsCast>(element: Element) -> Option<T> {
    element.dyn_into().ok()
}

fn find_field(form: &HtmlFormElement, name: &str) -> Option<Element> {
    form.query_selector(&format!("[name=\"{name}\"]")).ok().flatten()
}

/// Sets the version that the form posts, or the server would refuse its post as stale.
fn set_version(form: &HtmlFormElement, version: i32) {
    if let Some(input) = find_field(form, "version").and_then(cast_element::<HtmlInputElement>) {
        input.set_value(&version.to_string());
    }
}

/// Returns the value of an input, a text area or a list; an empty text if it does not exist.
fn field_value(form: &HtmlFormElement, name: &str) -> String {
    let Some(element) = find_field(form, name) else { return String::new() };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        element.dyn_ref::<HtmlSelectElement>().map_or_else(String::new, HtmlSelectElement::value)
    }
}

/// Whether a field has another text than the one that the server sent.
fn is_text_changed(form: &HtmlFormElement, name: &str) -> bool {
    let Some(element) = find_field(form, name) else { return false };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return input.value() != input.default_value();
    }
    let area = element.dyn_ref::<HtmlTextAreaElement>();
    area.is_some_and(|area| area.default_value().is_ok_and(|sent| area.value() != sent))
}

/// Wraps the form of a draft.
#[island]
pub fn DraftForm(
    /// The reader's language.
    lang: Lang,
    /// The case that is being written.
    case: CaseId,
    /// The form.
    children: Children,
) -> impl IntoView {
    let autosave = Autosave {
        case,
        status: RwSignal::new(AutosaveStatus::Silent),
        timer: StoredValue::new(None),
        typed_meanwhile: StoredValue::new(false),
        unsaved: StoredValue::new(false),
        newest: StoredValue::new(0),
        posting: StoredValue::new(false),
        pressed: StoredValue::new_local(None),
        readers: RwSignal::new(OpenDraft::default()),
        newer: RwSignal::new(false),
    };
    // Runs only in the browser, because without the program nothing would be saved.
    Effect::new(move |_| {
        autosave.status.set(AutosaveStatus::Waiting);
        autosave.save_what_came_before();
        autosave.tell_again();
        let again = set_interval_with_handle(move || autosave.tell_again(), READER_PAUSE);
        if let Ok(again) = again {
            on_cleanup(move || again.clear());
        }
        window_event_listener(leptos::ev::online, move |_| autosave.save_when_online());
        window_event_listener(leptos::ev::beforeunload, move |event| {
            autosave.ask_before_leaving(&event);
        });
    });
    let typed = move |event: Event| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
        else {
            return;
        };
        let form = element.closest("form").ok().flatten();
        if let Some(form) = form.and_then(cast_element::<HtmlFormElement>) {
            autosave.save_later(form);
        }
    };
    let sentence = move || content_of(&autosave.status.get().status_sentence(lang));
    let readers = move || content_of(&autosave.readers_sentence(lang));
    view! {
        <div class="draft" on:input=typed on:submit=move |event| autosave.delay_submit_while_saving(&event)>
            <p class="readers" role="status" inner_html=readers></p>
            {children()}
            <p class="muted small" role="status" inner_html=sentence></p>
        </div>
    }
}

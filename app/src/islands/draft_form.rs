//! The island around the form of a draft: saves while the member types, and counts characters.
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
use crate::islands::save_draft::{DraftTexts, SavedDraft, save_draft};

/// The time without typing after which the draft is saved.
const REST: Duration = Duration::from_millis(1500);

/// The state that the line under the form shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
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

impl Status {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Silent => String::new(),
            Self::Waiting => words::autosave_wait(lang).to_owned(),
            Self::Saving => words::autosave_saving(lang).to_owned(),
            Self::Saved(time) => words::autosave_saved(lang, time),
            Self::Failed(AppError::Offline | AppError::Busy | AppError::Unknown) => {
                words::autosave_offline(lang).to_owned()
            }
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
    status: RwSignal<Status>,
    timer: StoredValue<Option<TimeoutHandle>>,
    typed_meanwhile: StoredValue<bool>,
    /// The button that was pressed during a save.
    pressed: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Autosave {
    fn soon(self, form: HtmlFormElement) {
        if self.status.get_untracked() == Status::Saving {
            self.typed_meanwhile.set_value(true);
            return;
        }
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.now(form), REST);
        self.timer.set_value(timer.ok());
    }

    fn now(self, form: HtmlFormElement) {
        let Ok(version) = value(&form, "version").parse() else { return };
        let texts = DraftTexts {
            title: value(&form, "title"),
            title_en: value(&form, "title_en"),
            summary: value(&form, "summary"),
            body: value(&form, "body"),
            track: value(&form, "track"),
            place: value(&form, "place"),
            alt: value(&form, "alt"),
        };
        self.status.set(Status::Saving);
        spawn_local(async move {
            let answer = save_draft(self.case, version, texts).await;
            self.done(form, answer);
        });
    }

    /// Handles a pressed button. During a save the post waits until the save is done, because
    /// otherwise the server would refuse it as stale.
    fn submitted(self, event: &SubmitEvent) {
        if self.status.get_untracked() == Status::Saving {
            event.prevent_default();
            self.pressed.set_value(event.submitter().and_then(|button| button.dyn_into().ok()));
        } else if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
    }

    fn done(self, form: HtmlFormElement, answer: Result<SavedDraft, AppError>) {
        let again = self.typed_meanwhile.get_value();
        self.typed_meanwhile.set_value(false);
        match answer {
            Ok(saved) => {
                // The form must post this version, or the server would refuse its post as stale.
                if let Some(input) = named(&form, "version").and_then(into::<HtmlInputElement>) {
                    input.set_value(&saved.version.to_string());
                }
                self.status.set(Status::Saved(saved.time));
            }
            Err(error) => self.status.set(Status::Failed(error)),
        }
        if let Some(button) = self.pressed.try_update_value(Option::take).flatten() {
            // The button belongs to this form, so the browser accepts it.
            let _ = form.request_submit_with_submitter(Some(&button));
        } else if again {
            self.soon(form);
        }
    }
}

fn into<T: leptos::wasm_bindgen::JsCast>(element: Element) -> Option<T> {
    element.dyn_into().ok()
}

fn named(form: &HtmlFormElement, name: &str) -> Option<Element> {
    form.query_selector(&format!("[name=\"{name}\"]")).ok().flatten()
}

/// Returns the value of an input, a text area or a list; an empty text if it does not exist.
fn value(form: &HtmlFormElement, name: &str) -> String {
    let Some(element) = named(form, name) else { return String::new() };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        element.dyn_ref::<HtmlSelectElement>().map_or_else(String::new, HtmlSelectElement::value)
    }
}

/// Shows under a text area how many characters are used.
fn count(lang: Lang, area: &HtmlTextAreaElement) {
    let max = area.get_attribute("maxlength");
    let counter = area.next_element_sibling();
    if let (Some(max), Some(counter)) = (max, counter) {
        let used = area.value().chars().count();
        counter.set_text_content(Some(&words::counter(lang, max, used)));
    }
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
        status: RwSignal::new(Status::Silent),
        timer: StoredValue::new(None),
        typed_meanwhile: StoredValue::new(false),
        pressed: StoredValue::new_local(None),
    };
    // Runs only in the browser, because without the program nothing would be saved.
    Effect::new(move |_| autosave.status.set(Status::Waiting));
    let typed = move |event: Event| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
        else {
            return;
        };
        if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            count(lang, area);
        }
        let form = element.closest("form").ok().flatten();
        if let Some(form) = form.and_then(into::<HtmlFormElement>) {
            autosave.soon(form);
        }
    };
    let sentence = move || autosave.status.get().sentence(lang);
    view! {
        <div class="draft" on:input=typed on:submit=move |event| autosave.submitted(&event)>
            {children()}
            <p class="muted small" role="status">{sentence}</p>
        </div>
    }
}

//! The browser's part of the sheet's island. It stores changes on the device, sends them, tries
//! again, and asks the judge when two versions differ.
//!
//! Every change is on the device at once and on the server about a second later, with the version
//! that it was made from. At most one save runs at a time. Changes during a save are sent after it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::sheet::ScoreForm;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use phrases::judging as words;
use wasm_bindgen::JsCast as _;

use crate::AppError;
use crate::islands::save_sheet::{SaveAnswer, save_sheet};
use crate::islands::sheet_fields::{FormFields, press, set_total, set_version};
use crate::islands::sheet_state::{Clash, Keep, Shown, Signals, Start, State};
use crate::islands::sheet_versions::same;

/// The time without typing after which the sheet is sent.
const REST: Duration = Duration::from_millis(800);

/// The longest pause between two tries without a connection, in seconds.
const LONGEST_PAUSE_SECONDS: u64 = 60;

/// The state of the sheet in the browser. A handle; cheap to copy.
#[derive(Clone, Copy)]
struct Live {
    start: StoredValue<Start>,
    fields: StoredValue<FormFields>,
    signals: Signals,
    version: StoredValue<i32>,
    /// Whether a save is in progress.
    flying: StoredValue<bool>,
    /// Whether something was typed since the save began.
    changed: StoredValue<bool>,
    /// The timer of the next save.
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The number of failed tries in a row.
    misses: StoredValue<u32>,
    /// The value of the button that was pressed during a save or without a connection.
    pressed: StoredValue<Option<String>>,
}

/// Starts the island: listens to the form and compares the device's copy with the page.
pub(crate) fn attach(start: Start, signals: Signals) {
    let live = Live {
        fields: StoredValue::new(FormFields::of(&start)),
        version: StoredValue::new(start.version),
        start: StoredValue::new(start),
        signals,
        flying: StoredValue::new(false),
        changed: StoredValue::new(false),
        timer: StoredValue::new(None),
        misses: StoredValue::new(0),
        pressed: StoredValue::new(None),
    };
    // The listeners live as long as the page, so their handles are not stored.
    window_event_listener(ev::input, move |event| live.typed(&event));
    window_event_listener(ev::keydown, move |event| live.key(&event));
    window_event_listener(ev::submit, move |event| live.submitted(&event));
    window_event_listener(ev::online, move |_| live.resume());
    Effect::new(move |_| live.wake());
    Effect::new(move |_| {
        if let Some(keep) = signals.keep.get() {
            live.decided(keep);
        }
    });
}

impl Live {
    fn fields(self) -> FormFields {
        self.fields.get_value()
    }

    /// Compares the page with the device's copy, and sends or shows changes that the server lacks.
    fn wake(self) {
        self.signals.awake.set(true);
        let (fields, shown) = (self.fields(), self.start.with_value(|start| start.shown));
        self.show_total();
        match (shown, fields.kept()) {
            (Shown::Chosen, _) => fields.forget(),
            (Shown::Typed, _) => fields.keep(self.version.get_value()),
            // -1 is not a version. So the next page asks again if the judge leaves without a
            // choice.
            (Shown::Clash, _) => {
                self.version.set_value(-1);
                fields.keep(-1);
            }
            (Shown::Stored, None) => {}
            (Shown::Stored, Some(copy)) if same(&copy.form, &fields.read()) => fields.forget(),
            (Shown::Stored, Some(copy)) if copy.version == self.version.get_value() => {
                fields.write(&copy.form);
                self.show_total();
                self.signals.state.set(State::Here);
                self.send();
            }
            (Shown::Stored, Some(copy)) => {
                let (stored, version) = (fields.read(), self.version.get_value());
                let saved_at = self.start.with_value(|start| start.saved_at);
                // Until the choice, what is typed is a change of the older version.
                self.version.set_value(copy.version);
                fields.write(&copy.form);
                self.show_total();
                self.ask(copy.form, stored, version, saved_at);
            }
        }
    }

    /// Handles typing: stores the form on the device and plans a save.
    fn typed(self, event: &ev::Event) {
        if !target_id(event).is_some_and(|id| is_of_the_sheet(&id)) {
            return;
        }
        self.fields().keep(self.version.get_value());
        self.show_total();
        if self.undecided() {
            let mine = self.fields().read();
            self.signals.clash.update(|clash| {
                if let Some(clash) = clash {
                    clash.mine = mine;
                }
            });
            return;
        }
        if self.flying.get_value() {
            self.changed.set_value(true);
        } else {
            self.signals.state.set(State::Here);
            self.send_after(REST);
        }
    }

    /// Handles keys. Arrow keys move between the criteria and never change a number, because a
    /// score is typed as digits. Ctrl or Cmd with Enter presses the button `next`.
    fn key(self, event: &ev::KeyboardEvent) {
        let id = target_id(event).unwrap_or_default();
        let together = event.ctrl_key() || event.meta_key();
        if event.key() == "Enter" && together && is_of_the_sheet(&id) {
            event.prevent_default();
            press("next");
            return;
        }
        let Some(place) = id.strip_prefix("field-score-").and_then(|place| place.parse().ok())
        else {
            return;
        };
        let place: usize = place;
        let to = match event.key().as_str() {
            "ArrowDown" => Some(place + 1),
            "ArrowUp" => place.checked_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            self.fields().focus(to);
        }
    }

    /// Handles a pressed button. During a save or without a connection, a plain post would fail, so
    /// the button is pressed again after the next save.
    fn submitted(self, event: &ev::SubmitEvent) {
        if target_id(event).as_deref() != Some("sheet-form") {
            return;
        }
        if self.signals.clash.with_untracked(Option::is_some) {
            event.prevent_default();
            return;
        }
        let offline = self.signals.state.get_untracked() == State::Offline;
        if !self.flying.get_value() && !offline {
            self.cancel();
            return;
        }
        event.prevent_default();
        let act = event.submitter().and_then(|button| button.get_attribute("value"));
        self.pressed.set_value(Some(act.unwrap_or_else(|| "save".to_owned())));
        self.send();
    }

    /// Sends at once when the network is back.
    fn resume(self) {
        if self.signals.state.get_untracked() == State::Offline {
            self.misses.set_value(0);
            self.send();
        }
    }

    /// Returns whether the judge must first choose a version: in the island, or by a button of the
    /// page.
    fn undecided(self) -> bool {
        self.signals.clash.with_untracked(Option::is_some)
            || self.start.with_value(|start| start.shown == Shown::Clash)
    }

    fn cancel(self) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        self.timer.set_value(None);
    }

    fn send_after(self, pause: Duration) {
        self.cancel();
        self.timer.set_value(set_timeout_with_handle(move || self.send(), pause).ok());
    }

    fn send(self) {
        self.cancel();
        if self.flying.get_value() || self.undecided() {
            return;
        }
        let fields = self.fields();
        if !fields.valid() {
            self.pressed.set_value(None);
            self.signals.state.set(State::Check);
            return;
        }
        self.flying.set_value(true);
        self.changed.set_value(false);
        let (form, version) = (fields.read(), self.version.get_value());
        let (edition, case) = self.start.with_value(|start| (start.edition.clone(), start.case));
        spawn_local(async move {
            let answer = save_sheet(edition, case, version, form.clone()).await;
            self.flying.set_value(false);
            match answer {
                Ok(answer) => self.answered(&form, answer),
                Err(error) => self.failed(&error),
            }
        });
    }

    fn answered(self, sent: &ScoreForm, answer: SaveAnswer) {
        self.misses.set_value(0);
        match answer {
            SaveAnswer::Saved { version, saved_at } => self.settled(version, saved_at),
            // The answer to an earlier save was lost: the stored form equals the sent one.
            SaveAnswer::Stale { version, saved_at: Some(at), form } if same(&form, sent) => {
                self.settled(version, at);
            }
            SaveAnswer::Stale { version, saved_at, form } => {
                self.ask(self.fields().read(), form, version, saved_at);
            }
        }
    }

    /// Handles a successful save.
    fn settled(self, version: i32, saved_at: DateTime<Utc>) {
        self.version.set_value(version);
        set_version(version);
        if self.changed.get_value() {
            self.fields().keep(version);
            self.send();
            return;
        }
        self.fields().forget();
        self.signals.state.set(State::Server(saved_at));
        if let Some(act) = self.pressed.get_value() {
            self.pressed.set_value(None);
            press(&act);
        }
    }

    /// Handles a failed save. The sheet stays on the device.
    fn failed(self, error: &AppError) {
        self.pressed.set_value(None);
        let state = match error {
            AppError::Invalid(_) | AppError::TooLarge => State::Check,
            AppError::Refused(domain::refusal::Refusal::Sheet(_)) => State::Check,
            AppError::SignIn => State::SignIn,
            AppError::Offline
            | AppError::Busy
            | AppError::Unknown
            | AppError::TooMany { .. }
            | AppError::Internal { .. } => {
                let misses = self.misses.get_value();
                self.misses.set_value(misses.saturating_add(1));
                let seconds = 2_u64.saturating_pow(misses.min(10) + 1).min(LONGEST_PAUSE_SECONDS);
                self.send_after(Duration::from_secs(seconds));
                State::Offline
            }
            _ => State::Refused,
        };
        self.signals.state.set(state);
    }

    fn ask(
        self,
        mine: ScoreForm,
        stored: ScoreForm,
        version: i32,
        saved_at: Option<DateTime<Utc>>,
    ) {
        self.cancel();
        self.pressed.set_value(None);
        self.signals.state.set(State::Clash);
        self.signals.clash.set(Some(Clash { mine, stored, version, saved_at }));
    }

    /// Handles the judge's choice between two versions.
    fn decided(self, keep: Keep) {
        let Some(clash) = self.signals.clash.get_untracked() else { return };
        self.signals.keep.set(None);
        self.signals.clash.set(None);
        self.version.set_value(clash.version);
        set_version(clash.version);
        let fields = self.fields();
        match keep {
            Keep::Mine => {
                fields.write(&clash.mine);
                fields.keep(clash.version);
                self.signals.state.set(State::Here);
                self.send();
            }
            Keep::Stored => {
                fields.write(&clash.stored);
                fields.forget();
                self.signals.state.set(clash.saved_at.map_or(State::Nothing, State::Server));
            }
        }
        self.show_total();
    }

    fn show_total(self) {
        let form = self.fields().read();
        let total: u32 = form.scores.iter().flatten().sum();
        self.start.with_value(|start| {
            let max: u32 = start.criteria.iter().map(|(_, max)| max).sum();
            set_total(&words::points(start.lang, max, total));
        });
    }
}

fn is_of_the_sheet(id: &str) -> bool {
    id.starts_with("field-score-") || id == "field-comment" || id == "field-note"
}

fn target_id(event: &ev::Event) -> Option<String> {
    Some(event.target()?.dyn_ref::<web_sys::Element>()?.id())
}

//! The browser's part of the sheet's island. It stores changes on the device, sends them, tries
//! again, and asks the judge when two versions differ.
//!
//! Every change is on the device at once and on the server about a second later, with the version
//! that it was made from. At most one save runs at a time. Changes during a save are sent after it.

use domain::refusal::JudgingRefusal;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::sheet::ScoreForm;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::AppError;
use crate::islands::SAVE_PATIENCE;
use crate::islands::save_sheet::{SaveAnswer, save_sheet};
use crate::islands::sheet_fields::{
    SheetFields, event_target_id, is_sheet_field, press_form_button, set_hidden_version,
};
use crate::islands::sheet_state::{
    PressedButton, SheetSignals, SheetStart, SheetStatus, ShownVersion, VersionChoice, VersionClash,
};
use crate::islands::sheet_versions::is_same_form;

/// The time without typing after which the sheet is sent.
const TYPING_PAUSE: Duration = Duration::from_millis(800);

/// The longest pause between two tries without a connection, in seconds.
const LONGEST_PAUSE_SECONDS: u64 = 60;

/// The state of the sheet in the browser. A handle; cheap to copy.
#[derive(Clone, Copy)]
struct SheetSync {
    start: StoredValue<SheetStart>,
    fields: StoredValue<SheetFields>,
    signals: SheetSignals,
    version: StoredValue<i32>,
    /// Whether a save is in progress.
    saving: StoredValue<bool>,
    /// Whether something was typed since the save began.
    changed: StoredValue<bool>,
    /// The number of the save whose answer is waited for.
    newest: StoredValue<u32>,
    /// The timer of the next save.
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The number of failed tries in a row.
    failed_tries: StoredValue<u32>,
    /// Whether the form may be posted now, because the server has just answered a save.
    answered: StoredValue<bool>,
}

/// Starts the island: listens to the form and compares the device's copy with the page.
pub(crate) fn attach_to_form(start: SheetStart, signals: SheetSignals) {
    let live = SheetSync {
        fields: StoredValue::new(SheetFields::for_sheet(&start)),
        version: StoredValue::new(start.version),
        start: StoredValue::new(start),
        signals,
        saving: StoredValue::new(false),
        changed: StoredValue::new(false),
        newest: StoredValue::new(0),
        timer: StoredValue::new(None),
        failed_tries: StoredValue::new(0),
        answered: StoredValue::new(false),
    };
    // The listeners live as long as the page, so their handles are not stored.
    window_event_listener(ev::input, move |event| live.handle_input(&event));
    window_event_listener(ev::keydown, move |event| live.handle_key(&event));
    window_event_listener(ev::submit, move |event| live.handle_submit(&event));
    window_event_listener(ev::online, move |_| live.send_when_online());
    window_event_listener(ev::beforeunload, move |event| live.ask_before_leaving(&event));
    Effect::new(move |_| live.compare_with_device());
    Effect::new(move |_| {
        if let Some(keep) = signals.keep.get() {
            live.apply_choice(keep);
        }
    });
}

impl SheetSync {
    fn form_fields(self) -> SheetFields {
        self.fields.get_value()
    }

    /// Compares the page with the device's copy, and sends or shows changes that the server lacks.
    fn compare_with_device(self) {
        self.signals.awake.set(true);
        let (fields, shown) = (self.form_fields(), self.start.with_value(|start| start.shown));
        self.show_total();
        match (shown, fields.stored_copy()) {
            (ShownVersion::Chosen, _) => fields.remove_copy(),
            (ShownVersion::Typed, _) => fields.store_copy(self.version.get_value()),
            // -1 is not a version. So the next page asks again if the judge leaves without a
            // choice.
            (ShownVersion::Clash, _) => {
                self.version.set_value(-1);
                fields.store_copy(-1);
            }
            // Typed before the program was loaded, or put back by the browser.
            (ShownVersion::Stored, None) if fields.is_changed() => {
                fields.store_copy(self.version.get_value());
                self.signals.state.set(SheetStatus::Here);
                self.send_sheet();
            }
            (ShownVersion::Stored, None) => {}
            (ShownVersion::Stored, Some(copy))
                if is_same_form(&copy.form, &fields.read_form()) && !copy.has_malformed_score() =>
            {
                fields.remove_copy();
            }
            (ShownVersion::Stored, Some(copy)) if copy.version == self.version.get_value() => {
                fields.fill_from_copy(&copy);
                self.show_total();
                self.signals.state.set(SheetStatus::Here);
                self.send_sheet();
            }
            (ShownVersion::Stored, Some(copy)) => {
                let (stored, version) = (fields.read_form(), self.version.get_value());
                let saved_at = self.start.with_value(|start| start.saved_at);
                // Until the choice, what is typed is a change of the older version.
                self.version.set_value(copy.version);
                fields.fill_form(&copy.form);
                self.show_total();
                self.ask_for_choice(copy.form, stored, version, saved_at);
            }
        }
    }

    /// Handles typing: stores the form on the device and plans a save.
    fn handle_input(self, event: &ev::Event) {
        if !event_target_id(event).is_some_and(|id| is_sheet_field(&id)) {
            return;
        }
        self.form_fields().store_copy(self.version.get_value());
        self.form_fields().mark_invalid_scores();
        self.show_total();
        if self.is_undecided() {
            let mine = self.form_fields().read_form();
            self.signals.clash.update(|clash| {
                if let Some(clash) = clash {
                    clash.mine = mine;
                }
            });
            return;
        }
        if self.saving.get_value() {
            self.changed.set_value(true);
        } else {
            self.signals.state.set(SheetStatus::Here);
            self.send_sheet_after(TYPING_PAUSE);
        }
    }

    /// Handles keys. Arrow keys move between the criteria and never change a number, because a
    /// score is typed as digits. Ctrl or Cmd with Enter presses the button `next`.
    fn handle_key(self, event: &ev::KeyboardEvent) {
        let id = event_target_id(event).unwrap_or_default();
        let together = event.ctrl_key() || event.meta_key();
        if event.key() == "Enter" && together && is_sheet_field(&id) {
            event.prevent_default();
            press_form_button("next");
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
            self.form_fields().focus_score(to);
        }
    }

    /// Handles a pressed button. A plain post without a connection would lead to the browser's page of an
    /// error, so the sheet is saved first, and the button is pressed again once the server has answered.
    fn handle_submit(self, event: &ev::SubmitEvent) {
        if event_target_id(event).as_deref() != Some("sheet-form") || self.answered.get_value() {
            return;
        }
        event.prevent_default();
        if self.signals.clash.with_untracked(Option::is_some) {
            return;
        }
        let act = event.submitter().and_then(|button| button.get_attribute("value"));
        let act = act.unwrap_or_else(|| "save".to_owned());
        self.signals.pressed.set(Some(PressedButton { act, held: false }));
        self.send_sheet();
    }

    /// Posts the form by the button that was pressed, if one was.
    fn post_form(self) {
        let Some(PressedButton { act, .. }) = self.waiting_press() else { return };
        self.signals.pressed.set(None);
        self.answered.set_value(true);
        press_form_button(&act);
        self.answered.set_value(false);
    }

    /// Returns the button that was pressed and is neither done nor held.
    fn waiting_press(self) -> Option<PressedButton> {
        self.signals.pressed.get_untracked().filter(|pressed| !pressed.held)
    }

    /// Says at the buttons that the one that was pressed did nothing.
    fn hold_press(self) {
        if let Some(pressed) = self.waiting_press() {
            self.signals.pressed.set(Some(PressedButton { held: true, ..pressed }));
        }
    }

    /// Asks before the page is left while the server lacks something. The copy on the device is kept all the
    /// same, unless the browser forbids it.
    fn ask_before_leaving(self, event: &web_sys::BeforeUnloadEvent) {
        let state = self.signals.state.get_untracked();
        if matches!(state, SheetStatus::Offline | SheetStatus::Check | SheetStatus::Refused) {
            event.prevent_default();
        }
    }

    /// Sends at once when the network is back.
    fn send_when_online(self) {
        if self.signals.state.get_untracked() == SheetStatus::Offline {
            self.failed_tries.set_value(0);
            self.send_sheet();
        }
    }

    /// Returns whether the judge must first choose a version: in the island, or by a button of the
    /// page.
    fn is_undecided(self) -> bool {
        self.signals.clash.with_untracked(Option::is_some)
            || self.start.with_value(|start| start.shown == ShownVersion::Clash)
    }

    fn cancel_timer(self) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        self.timer.set_value(None);
    }

    fn send_sheet_after(self, pause: Duration) {
        self.cancel_timer();
        self.timer.set_value(set_timeout_with_handle(move || self.send_sheet(), pause).ok());
    }

    fn send_sheet(self) {
        self.cancel_timer();
        if self.saving.get_value() || self.is_undecided() {
            return;
        }
        let fields = self.form_fields();
        if !fields.mark_invalid_scores() {
            self.signals.state.set(SheetStatus::Check);
            self.hold_press();
            return;
        }
        self.saving.set_value(true);
        self.changed.set_value(false);
        let (form, version) = (fields.read_form(), self.version.get_value());
        let (edition, case) = self.start.with_value(|start| (start.edition.clone(), start.case));
        let this = self.newest.get_value().wrapping_add(1);
        self.newest.set_value(this);
        set_timeout(
            move || self.finish_send(this, &ScoreForm::default(), Err(AppError::Offline)),
            SAVE_PATIENCE,
        );
        spawn_local(async move {
            let answer = save_sheet(edition, case, version, form.clone()).await;
            self.finish_send(this, &form, answer);
        });
    }

    /// Handles the answer to the newest save. One that comes after the patience is over is not waited for
    /// any more: the next save finds out what is stored.
    fn finish_send(self, save: u32, sent: &ScoreForm, answer: Result<SaveAnswer, AppError>) {
        if self.newest.get_value() != save {
            return;
        }
        self.newest.set_value(save.wrapping_add(1));
        self.saving.set_value(false);
        match answer {
            Ok(answer) => self.handle_answer(sent, answer),
            Err(error) => self.handle_failure(&error),
        }
    }

    fn handle_answer(self, sent: &ScoreForm, answer: SaveAnswer) {
        self.failed_tries.set_value(0);
        match answer {
            SaveAnswer::Saved { version, saved_at } => self.handle_saved(version, saved_at),
            // The answer to an earlier save was lost: the stored form equals the sent one.
            SaveAnswer::Stale { version, saved_at: Some(at), form }
                if is_same_form(&form, sent) =>
            {
                self.handle_saved(version, at);
            }
            SaveAnswer::Stale { version, saved_at, form } => {
                self.ask_for_choice(self.form_fields().read_form(), form, version, saved_at);
            }
        }
    }

    /// Handles a successful save.
    fn handle_saved(self, version: i32, saved_at: DateTime<Utc>) {
        self.version.set_value(version);
        set_hidden_version(version);
        if self.changed.get_value() {
            self.form_fields().store_copy(version);
            self.send_sheet();
            return;
        }
        self.form_fields().remove_copy();
        self.signals.state.set(SheetStatus::Server(saved_at));
        self.post_form();
    }

    /// Handles a failed save. The sheet stays on the device. A button that was pressed is held without a
    /// connection; otherwise the page that answers its post says what is wrong.
    fn handle_failure(self, error: &AppError) {
        let state = match error {
            AppError::Invalid(_) | AppError::TooLarge => SheetStatus::Check,
            AppError::Refused(domain::refusal::Refusal::Judging(JudgingRefusal::Sheet(_))) => {
                SheetStatus::Check
            }
            AppError::SignIn => SheetStatus::SignIn,
            AppError::Offline
            | AppError::Busy
            | AppError::Unknown
            | AppError::TooMany { .. }
            | AppError::Internal { .. } => {
                let misses = self.failed_tries.get_value();
                self.failed_tries.set_value(misses.saturating_add(1));
                let seconds = 2_u64.saturating_pow(misses.min(10) + 1).min(LONGEST_PAUSE_SECONDS);
                self.send_sheet_after(Duration::from_secs(seconds));
                SheetStatus::Offline
            }
            _ => SheetStatus::Refused,
        };
        self.signals.state.set(state);
        if state == SheetStatus::Offline {
            self.hold_press();
        } else {
            self.post_form();
        }
    }

    fn ask_for_choice(
        self,
        mine: ScoreForm,
        stored: ScoreForm,
        version: i32,
        saved_at: Option<DateTime<Utc>>,
    ) {
        self.cancel_timer();
        self.signals.pressed.set(None);
        self.signals.state.set(SheetStatus::Clash);
        self.signals.clash.set(Some(VersionClash { mine, stored, version, saved_at }));
    }

    /// Handles the judge's choice between two versions.
    fn apply_choice(self, keep: VersionChoice) {
        let Some(clash) = self.signals.clash.get_untracked() else { return };
        self.signals.keep.set(None);
        self.signals.clash.set(None);
        self.version.set_value(clash.version);
        set_hidden_version(clash.version);
        let fields = self.form_fields();
        match keep {
            VersionChoice::Mine => {
                fields.fill_form(&clash.mine);
                fields.store_copy(clash.version);
                self.signals.state.set(SheetStatus::Here);
                self.send_sheet();
            }
            VersionChoice::Stored => {
                fields.fill_form(&clash.stored);
                fields.remove_copy();
                self.signals
                    .state
                    .set(clash.saved_at.map_or(SheetStatus::Nothing, SheetStatus::Server));
            }
        }
        self.show_total();
    }

    fn show_total(self) {
        self.start.with_value(|start| self.form_fields().show_total(start));
    }
}

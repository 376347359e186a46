//! The states of the sheet's form, shared by the view and the browser's part.

use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use domain::schedule::seoul_offset;
use domain::sheet::ScoreForm;
use leptos::prelude::*;
use phrases::{Lang, judging as words};
use serde::{Deserialize, Serialize};

/// The content of the form when the page opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShownVersion {
    /// The stored version.
    Stored,
    /// The stored version, which the judge chose instead of the device's copy.
    Chosen,
    /// What was typed; the server has not stored it.
    Typed,
    /// What was typed, beside the version that another save stored. The judge chooses by a button.
    Clash,
}

/// Which sheet the island belongs to, and the state at the start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SheetStart {
    /// The language of the page.
    pub(crate) lang: Lang,
    /// The judge. Several judges may use one tablet, so the device's copy is stored by judge.
    pub(crate) judge: String,
    /// The edition's short name.
    pub(crate) edition: String,
    /// The case.
    pub(crate) case: CaseId,
    /// The version that the form was made from.
    pub(crate) version: i32,
    /// When that version was saved.
    pub(crate) saved_at: Option<DateTime<Utc>>,
    /// The criteria with their greatest scores.
    pub(crate) criteria: Vec<(String, u32)>,
    /// What the form shows.
    pub(crate) shown: ShownVersion,
}

/// The state of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser's part comes into all of them")
)]
pub(crate) enum SheetStatus {
    /// The sheet is empty.
    Nothing,
    /// The server stored the sheet at this time.
    Server(DateTime<Utc>),
    /// The device has stored the sheet; the server has not yet.
    Here,
    /// The server cannot be reached.
    Offline,
    /// A score is not allowed by the rubric.
    Check,
    /// The session has ended.
    SignIn,
    /// The server refused the sheet.
    Refused,
    /// The judge must choose between two versions.
    Clash,
}

impl SheetStatus {
    pub(crate) fn data_state(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Server(_) => "server",
            Self::Here => "here",
            Self::Offline => "offline",
            Self::Check | Self::SignIn | Self::Refused | Self::Clash => "attention",
        }
    }

    pub(crate) fn status_sentence(self, lang: Lang) -> String {
        let words = match self {
            Self::Server(at) => return words::state_server(lang, format_seoul_clock(at)),
            Self::Nothing => words::state_nothing(lang),
            Self::Here => words::state_here(lang),
            Self::Offline => words::state_offline(lang),
            Self::Check => words::state_check(lang),
            Self::SignIn => words::state_sign_in(lang),
            Self::Refused => words::state_refused(lang),
            Self::Clash => words::state_clash(lang),
        };
        words.to_owned()
    }
}

/// A button of the form that was pressed and has not done its work yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PressedButton {
    /// The button's value.
    pub(crate) act: String,
    /// Whether it has to be pressed again, because the server was not reached or a score is wrong.
    pub(crate) held: bool,
}

impl PressedButton {
    /// Says at the buttons what became of the press. `None` if the sheet was stored all the same and
    /// nothing more was asked for.
    pub(crate) fn outcome_sentence(&self, lang: Lang, state: SheetStatus) -> Option<String> {
        if !self.held {
            return Some(words::state_here(lang).to_owned());
        }
        let signing = self.act == "sign";
        let what = if signing { words::not_signed(lang) } else { words::not_stored(lang) };
        let again = if signing { words::sign_again(lang) } else { words::press_again(lang) };
        match state {
            SheetStatus::Server(_) if !signing => None,
            // Stored meanwhile, and the page says so above.
            SheetStatus::Server(_) | SheetStatus::Here => Some(format!("{what} {again}")),
            SheetStatus::Offline => Some(format!("{what} {} {again}", state.status_sentence(lang))),
            // Pressing again does not help before it is mended.
            _ => Some(format!("{what} {}", state.status_sentence(lang))),
        }
    }
}

/// Formats hours and minutes in Korean time.
pub(crate) fn format_seoul_clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&seoul_offset()).format("%H:%M").to_string()
}

/// Two versions of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionClash {
    /// The version on the screen.
    pub(crate) mine: ScoreForm,
    /// The version on the server.
    pub(crate) stored: ScoreForm,
    /// The version number on the server.
    pub(crate) version: i32,
    /// When the version on the server was saved.
    pub(crate) saved_at: Option<DateTime<Utc>>,
}

/// The judge's choice between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VersionChoice {
    /// The version on the screen.
    Mine,
    /// The version on the server.
    Stored,
}

/// The signals that the view shares with the browser's part.
#[derive(Clone, Copy)]
pub(crate) struct SheetSignals {
    /// The state of the sheet.
    pub(crate) state: RwSignal<SheetStatus>,
    /// The two versions that the judge must choose from.
    pub(crate) clash: RwSignal<Option<VersionClash>>,
    /// The judge's choice.
    pub(crate) keep: RwSignal<Option<VersionChoice>>,
    /// The button that was pressed last, until it has done its work.
    pub(crate) pressed: RwSignal<Option<PressedButton>>,
    /// Whether the browser's part has started.
    pub(crate) awake: RwSignal<bool>,
}

//! The states of the sheet's form, shared by the view and by the part that runs in the browser.

use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::CaseId;
use domain::sheet::ScoreForm;
use leptos::prelude::*;
use phrases::{Lang, judging as words};
use serde::{Deserialize, Serialize};

/// What the form shows when the page arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shown {
    /// What the server has.
    Stored,
    /// What the server has, chosen over what is on the device.
    Chosen,
    /// What was typed; the server has not taken it.
    Typed,
    /// What was typed, next to what another save stored: the reader decides by a button.
    Clash,
}

/// Which sheet this is, and from where it starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    /// The language of the page.
    pub(crate) lang: Lang,
    /// Whose sheet: a tablet may go from hand to hand.
    pub(crate) judge: String,
    /// The edition's short name.
    pub(crate) edition: String,
    /// The case.
    pub(crate) case: CaseId,
    /// The version that the form was made from.
    pub(crate) version: i32,
    /// When that was saved.
    pub(crate) saved_at: Option<DateTime<Utc>>,
    /// The criteria with their greatest scores.
    pub(crate) criteria: Vec<(String, u32)>,
    /// What the form shows.
    pub(crate) shown: Shown,
}

/// Where the sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser's part comes into all of them")
)]
pub(crate) enum State {
    /// Nothing was entered yet.
    Nothing,
    /// The server has it.
    Server(DateTime<Utc>),
    /// The device has it; the server will.
    Here,
    /// The server cannot be reached.
    Offline,
    /// A score is not one of the rubric's.
    Check,
    /// The session has ended.
    SignIn,
    /// The server says no.
    Refused,
    /// Two versions wait for a decision.
    Clash,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Server(_) => "server",
            Self::Here => "here",
            Self::Offline => "offline",
            Self::Check | Self::SignIn | Self::Refused | Self::Clash => "attention",
        }
    }

    pub(crate) fn words(self, lang: Lang) -> String {
        let words = match self {
            Self::Server(at) => return words::state_server(lang, clock(at)),
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

/// Hours and minutes on a Korean clock.
pub(crate) fn clock(at: DateTime<Utc>) -> String {
    let seoul = FixedOffset::east_opt(9 * 3600).expect("nine hours are less than a day");
    at.with_timezone(&seoul).format("%H:%M").to_string()
}

/// Two versions of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clash {
    /// On the screen.
    pub(crate) mine: ScoreForm,
    /// On the server.
    pub(crate) stored: ScoreForm,
    /// The version of the one on the server.
    pub(crate) version: i32,
    /// When that one was saved.
    pub(crate) saved_at: Option<DateTime<Utc>>,
}

/// Which of two versions stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The one on the screen.
    Mine,
    /// The one on the server.
    Stored,
}

/// What is seen and pressed, shared with the browser's part.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    /// Where the sheet stands.
    pub(crate) state: RwSignal<State>,
    /// Two versions that wait for a decision.
    pub(crate) clash: RwSignal<Option<Clash>>,
    /// The decision.
    pub(crate) keep: RwSignal<Option<Keep>>,
    /// Whether the browser's part is at work.
    pub(crate) awake: RwSignal<bool>,
}

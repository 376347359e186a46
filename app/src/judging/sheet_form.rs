//! The island around the form of a sheet: what is typed is kept on the device and sent as it grows.
//!
//! Here is what one sees of it. What it does is in `browser`, which only the browser has; without
//! it the form inside is an ordinary form.
#![expect(
    unreachable_pub,
    reason = "the island's macro makes public what the browser calls by name"
)]
#![cfg_attr(
    not(feature = "hydrate"),
    expect(clippy::needless_pass_by_value, reason = "the browser's part takes it whole")
)]

use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::CaseId;
use domain::sheet::ScoreForm;
use leptos::prelude::*;
use phrases::{Lang, judging as words};
use serde::{Deserialize, Serialize};

use super::both;

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
    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Server(_) => "server",
            Self::Here => "here",
            Self::Offline => "offline",
            Self::Check | Self::SignIn | Self::Refused | Self::Clash => "attention",
        }
    }

    fn words(self, lang: Lang) -> String {
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

/// The island. Its child is the whole form.
#[island]
pub(crate) fn SheetForm(
    /// Which sheet, and from where it starts.
    start: Start,
    /// The form.
    children: Children,
) -> impl IntoView {
    let (lang, criteria) = (start.lang, start.criteria.clone());
    let state = match (start.shown, start.saved_at) {
        (Shown::Clash, _) => State::Clash,
        (Shown::Typed, _) => State::Check,
        (_, Some(at)) => State::Server(at),
        (_, None) => State::Nothing,
    };
    let signals = Signals {
        state: RwSignal::new(state),
        clash: RwSignal::new(None),
        keep: RwSignal::new(None),
        awake: RwSignal::new(false),
    };
    #[cfg(feature = "hydrate")]
    super::browser::attach(start, signals);
    let Signals { state, clash, keep, awake } = signals;
    view! {
        <div class="sheet-desk">
            <p class="sheet-state" role="status" data-state=move || state.get().name()>
                {move || state.get().words(lang)}
            </p>
            {move || clash.get().map(|clash| question(lang, &criteria, &clash, keep))}
            {children()}
            {move || awake.get().then(|| view! { <p class="small muted">{words::keys(lang)}</p> })}
        </div>
    }
}

/// Both versions, and which to keep.
fn question(
    lang: Lang,
    criteria: &[(String, u32)],
    clash: &Clash,
    keep: RwSignal<Option<Keep>>,
) -> AnyView {
    let table = both::table(lang, criteria, &clash.mine, &clash.stored);
    view! {
        <div class="notice" data-tone="warning" role="alert">
            <div class="notice-body">
                <p class="notice-title">{words::clash_title(lang)}</p>
                <p>{words::clash_text(lang)}</p>
                {table}
                <div class="actions">
                    <button type="button" class="button" data-weight="primary"
                        on:click=move |_| keep.set(Some(Keep::Mine))>{words::keep_mine(lang)}</button>
                    <button type="button" class="button" data-weight="secondary"
                        on:click=move |_| keep.set(Some(Keep::Stored))>{words::take_stored(lang)}</button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

//! The island around the form of a sheet. It stores what the judge types on the device and sends
//! it.
//!
//! This module holds the view. The behaviour is in `sheet_browser`, which only the browser gets.
//! Without it the form inside is an ordinary form.
#![expect(
    unreachable_pub,
    reason = "the island's macro makes public what the browser calls by name"
)]
#![cfg_attr(
    not(feature = "hydrate"),
    expect(clippy::needless_pass_by_value, reason = "the browser's part takes it whole")
)]

use leptos::prelude::*;
use phrases::{Lang, judging as words};

use crate::islands::sheet_state::{
    SheetSignals, SheetStart, SheetStatus, ShownVersion, VersionChoice, VersionClash,
};
use crate::islands::sheet_versions;
use crate::islands::words_in_place::content_of;

/// The island. Its child is the whole form.
#[island]
pub(crate) fn SheetForm(
    /// Which sheet, and the state at the start.
    start: SheetStart,
    /// The form.
    children: Children,
) -> impl IntoView {
    let (lang, criteria) = (start.lang, start.criteria.clone());
    let state = match (start.shown, start.saved_at) {
        (ShownVersion::Clash, _) => SheetStatus::Clash,
        (ShownVersion::Typed, _) => SheetStatus::Check,
        (_, Some(at)) => SheetStatus::Server(at),
        (_, None) => SheetStatus::Nothing,
    };
    let signals = SheetSignals {
        state: RwSignal::new(state),
        clash: RwSignal::new(None),
        keep: RwSignal::new(None),
        pressed: RwSignal::new(None),
        awake: RwSignal::new(false),
    };
    #[cfg(feature = "hydrate")]
    super::sheet_browser::attach_to_form(start, signals);
    let SheetSignals { state, clash, keep, pressed, awake } = signals;
    let outcome =
        move || pressed.get().and_then(|pressed| pressed.outcome_sentence(lang, state.get()));
    view! {
        <div class="sheet-desk">
            <p class="sheet-state" role="status" data-state=move || state.get().data_state()
                inner_html=move || content_of(&state.get().status_sentence(lang))></p>
            {move || clash.get().map(|clash| render_clash_question(lang, &criteria, &clash, keep))}
            {children()}
            <p class="sheet-outcome" role="alert"
                data-held=move || pressed.get().is_some_and(|pressed| pressed.held)
                inner_html=move || content_of(&outcome().unwrap_or_default())></p>
            {move || awake.get().then(|| view! { <p class="small muted">{words::keys(lang)}</p> })}
        </div>
    }
}

/// Shows both versions and asks which one to keep.
fn render_clash_question(
    lang: Lang,
    criteria: &[(String, u32)],
    clash: &VersionClash,
    keep: RwSignal<Option<VersionChoice>>,
) -> AnyView {
    let table = sheet_versions::render_version_table(lang, criteria, &clash.mine, &clash.stored);
    view! {
        <div class="notice" data-tone="warning" role="alert">
            <div class="notice-body">
                <p class="notice-title">{words::clash_title(lang)}</p>
                <p>{words::clash_text(lang)}</p>
                {table}
                <div class="actions">
                    <button type="button" class="button" data-weight="primary"
                        on:click=move |_| keep.set(Some(VersionChoice::Mine))>{words::keep_mine(lang)}</button>
                    <button type="button" class="button" data-weight="secondary"
                        on:click=move |_| keep.set(Some(VersionChoice::Stored))>{words::take_stored(lang)}</button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

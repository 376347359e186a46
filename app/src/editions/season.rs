//! A season on a page: its line of moments, its schedule, its countdown, its phase as a label.

use backend::editions::Edition;
use chrono::SecondsFormat;
use domain::schedule::{Phase, Window};
use leptos::prelude::*;
use phrases::{Lang, editions as words};

use crate::islands::countdown::Ticker;
use crate::ui::{Badge, Moment, MomentState, TableBox, Tone};
use crate::words::editions::phase_name;
use crate::words::times;

/// Returns the colour of a phase.
pub(crate) fn phase_tone(phase: Phase) -> Tone {
    match phase {
        Phase::Call | Phase::Voting => Tone::Success,
        Phase::Screening | Phase::Judging | Phase::Deliberation => Tone::Info,
        Phase::Announced => Tone::Award,
        Phase::Draft | Phase::Archived => Tone::Plain,
    }
}

/// Builds the small label of the phase.
pub(crate) fn phase_badge(lang: Lang, edition: &Edition) -> AnyView {
    let phase = edition.current_phase();
    view! { <Badge tone=phase_tone(phase) label=phase_name(lang, phase)/> }.into_any()
}

/// Builds the countdown to the next change, if one is planned.
pub(crate) fn next_change_countdown(lang: Lang, edition: &Edition) -> Option<AnyView> {
    let (_, target) = edition.schedule.next_phase_change(edition.now)?;
    let label = match edition.current_phase() {
        Phase::Draft => words::until_call(lang),
        Phase::Call => words::until_call_closes(lang),
        Phase::Screening => words::until_voting(lang),
        Phase::Voting => words::until_voting_closes(lang),
        Phase::Judging => words::until_judging_closes(lang),
        Phase::Deliberation => words::until_result(lang),
        Phase::Announced | Phase::Archived => words::until_archive(lang),
    };
    let until = target.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (now, target) = (edition.now.timestamp_millis(), target.timestamp_millis());
    Some(view! { <Ticker lang label=label.to_owned() now target until/> }.into_any())
}

/// A stretch of the season: its name, its window, and its state.
struct SeasonStretch {
    name: &'static str,
    window: Window,
    /// Whether it is an instant, not a window.
    instant: bool,
    state: MomentState,
}

/// Returns the stretches of a season in their order.
fn season_stretches(lang: Lang, edition: &Edition) -> Vec<SeasonStretch> {
    let windows = edition.schedule.windows;
    let released = edition.schedule.released_at.unwrap_or(windows.announcement);
    let judged = windows.judging.closes.max(windows.voting.closes);
    let window = |opens, closes| Window { opens, closes };
    let stretch = |name, window: Window, instant| SeasonStretch {
        name,
        window,
        instant,
        state: stretch_state(edition, window),
    };
    let screening = window(windows.call.closes, windows.voting.opens);
    let decision = window(judged, released.max(judged));
    let mut result = stretch(words::moment_result(lang), window(released, released), true);
    // The planned instant may pass before the release, so the state follows the release.
    result.state = match edition.results_public() {
        Ok(_) => MomentState::Done,
        Err(_) => MomentState::Next,
    };
    vec![
        stretch(words::moment_call(lang), windows.call, false),
        stretch(words::moment_screening(lang), screening, false),
        stretch(words::moment_voting(lang), windows.voting, false),
        stretch(words::moment_judging(lang), windows.judging, false),
        SeasonStretch {
            state: decision_state(edition),
            ..stretch(words::moment_deliberation(lang), decision, false)
        },
        result,
    ]
}

fn stretch_state(edition: &Edition, window: Window) -> MomentState {
    let over = matches!(edition.current_phase(), Phase::Announced | Phase::Archived);
    if !edition.schedule.published {
        MomentState::Next
    } else if over || window.closes <= edition.now {
        MomentState::Done
    } else if window.contains(edition.now) {
        MomentState::Now
    } else {
        MomentState::Next
    }
}

fn decision_state(edition: &Edition) -> MomentState {
    match edition.current_phase() {
        Phase::Announced | Phase::Archived => MomentState::Done,
        Phase::Deliberation => MomentState::Now,
        _ => MomentState::Next,
    }
}

/// Returns the season as the moments of a timeline.
pub(crate) fn season_moments(lang: Lang, edition: &Edition) -> Vec<Moment> {
    let moment = |stretch: SeasonStretch| {
        let when = if stretch.instant {
            times::format_short_day(lang, stretch.window.opens)
        } else {
            times::format_day_range(lang, stretch.window)
        };
        Moment::in_state(stretch.name, when, stretch.state)
    };
    season_stretches(lang, edition).into_iter().map(moment).collect()
}

/// Builds the table of the schedule, with every window to the minute.
pub(crate) fn schedule_table(lang: Lang, edition: &Edition) -> AnyView {
    let row = |stretch: SeasonStretch| {
        let when = if stretch.instant {
            times::format_minute(lang, stretch.window.opens)
        } else {
            times::format_window(lang, stretch.window)
        };
        let (tone, word) = match stretch.state {
            MomentState::Done => (Tone::Plain, phrases::ui::timeline_done(lang)),
            MomentState::Now => (Tone::Success, phrases::ui::timeline_now(lang)),
            MomentState::Next => (Tone::Info, phrases::ui::timeline_next(lang)),
        };
        view! {
            <tr>
                <th scope="row" data-label=words::schedule_what(lang)>{stretch.name}</th>
                <td data-label=words::schedule_when(lang)>{when}</td>
                <td data-label=words::schedule_state(lang)><Badge tone label=word/></td>
            </tr>
        }
    };
    let rows = season_stretches(lang, edition)
        .into_iter()
        .filter(|stretch| stretch.instant || stretch.window.opens < stretch.window.closes)
        .map(row)
        .collect_view();
    view! {
        <div class="titled">
            <TableBox caption=words::schedule(lang)>
                <thead>
                    <tr>
                        <th scope="col">{words::schedule_what(lang)}</th>
                        <th scope="col">{words::schedule_when(lang)}</th>
                        <th scope="col">{words::schedule_state(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </div>
    }
    .into_any()
}

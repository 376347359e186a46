//! Where a season stands, in words: its phase, its line of moments, its schedule, its countdown.

use backend::editions::Edition;
use chrono::SecondsFormat;
use domain::rulebook::PicksRule;
use domain::schedule::{Phase, Window};
use leptos::prelude::*;
use phrases::{Lang, editions as words};

use super::countdown::Ticker;
use crate::ui::{Badge, Moment, MomentState, TableBox, Tone};
use crate::when;

/// A phase in one or two words.
pub(crate) fn name(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => words::phase_draft(lang),
        Phase::Call => words::phase_call(lang),
        Phase::Screening => words::phase_screening(lang),
        Phase::Voting => words::phase_voting(lang),
        Phase::Judging => words::phase_judging(lang),
        Phase::Deliberation => words::phase_deliberation(lang),
        Phase::Announced => words::phase_announced(lang),
        Phase::Archived => words::phase_archived(lang),
    }
}

/// The colour that goes with it: running, won, or quiet.
pub(super) fn tone(phase: Phase) -> Tone {
    match phase {
        Phase::Call | Phase::Voting => Tone::Success,
        Phase::Screening | Phase::Judging | Phase::Deliberation => Tone::Info,
        Phase::Announced => Tone::Award,
        Phase::Draft | Phase::Archived => Tone::Plain,
    }
}

/// What is going on, in a sentence or two.
pub(super) fn sentence(lang: Lang, edition: &Edition) -> String {
    let plain = match edition.phase() {
        Phase::Voting => return voting(lang, edition),
        Phase::Draft => words::lead_draft(lang),
        Phase::Call => words::lead_call(lang),
        Phase::Screening => words::lead_screening(lang),
        Phase::Judging => words::lead_judging(lang),
        Phase::Deliberation => words::lead_deliberation(lang),
        Phase::Announced => words::lead_announced(lang),
        Phase::Archived => words::lead_archived(lang),
    };
    plain.to_owned()
}

fn voting(lang: Lang, edition: &Edition) -> String {
    match edition.rulebook.polls.as_slice() {
        [only] => match only.picks {
            PicksRule::AtMost(max) => words::lead_voting(lang, max),
            PicksRule::Exactly(count) => words::lead_voting_exactly(lang, count),
        },
        polls => words::lead_voting_several(lang, polls.len()),
    }
}

/// The title of an edition in the reader's language.
pub(crate) fn title(lang: Lang, edition: &Edition) -> String {
    lang.of(&edition.title.ko, &edition.title.en).to_owned()
}

/// The host of an edition in the reader's language.
pub(super) fn host(lang: Lang, edition: &Edition) -> String {
    words::host(lang, lang.of(&edition.host.ko, &edition.host.en))
}

/// The phase as a small label.
pub(super) fn badge(lang: Lang, edition: &Edition) -> AnyView {
    let phase = edition.phase();
    view! { <Badge tone=tone(phase) label=name(lang, phase)/> }.into_any()
}

/// The countdown to the next change, where one is planned.
pub(super) fn countdown(lang: Lang, edition: &Edition) -> Option<AnyView> {
    let (_, target) = edition.schedule.next_change(edition.now)?;
    let label = match edition.phase() {
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

/// A stretch of the season: its name, its window, and where it stands.
struct Stretch {
    name: &'static str,
    window: Window,
    /// Whether it is an instant, not a window.
    instant: bool,
    state: MomentState,
}

/// The stretches of a season in their order.
fn stretches(lang: Lang, edition: &Edition) -> Vec<Stretch> {
    let windows = edition.schedule.windows;
    let released = edition.schedule.released_at.unwrap_or(windows.announcement);
    let judged = windows.judging.closes.max(windows.voting.closes);
    let window = |opens, closes| Window { opens, closes };
    let stretch = |name, window: Window, instant| Stretch {
        name,
        window,
        instant,
        state: state(edition, window),
    };
    let screening = window(windows.call.closes, windows.voting.opens);
    let decision = window(judged, released.max(judged));
    let mut result = stretch(words::moment_result(lang), window(released, released), true);
    // The planned instant may pass before anything is released: it is done when it is done.
    result.state = match edition.results_public() {
        Ok(_) => MomentState::Done,
        Err(_) => MomentState::Next,
    };
    vec![
        stretch(words::moment_call(lang), windows.call, false),
        stretch(words::moment_screening(lang), screening, false),
        stretch(words::moment_voting(lang), windows.voting, false),
        stretch(words::moment_judging(lang), windows.judging, false),
        Stretch {
            state: decision_state(edition),
            ..stretch(words::moment_deliberation(lang), decision, false)
        },
        result,
    ]
}

fn state(edition: &Edition, window: Window) -> MomentState {
    let over = matches!(edition.phase(), Phase::Announced | Phase::Archived);
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
    match edition.phase() {
        Phase::Announced | Phase::Archived => MomentState::Done,
        Phase::Deliberation => MomentState::Now,
        _ => MomentState::Next,
    }
}

/// The season as a line.
pub(super) fn moments(lang: Lang, edition: &Edition) -> Vec<Moment> {
    let moment = |stretch: Stretch| {
        let when = if stretch.instant {
            when::short_day(lang, stretch.window.opens)
        } else {
            when::days(lang, stretch.window)
        };
        Moment::new(stretch.name, when, stretch.state)
    };
    stretches(lang, edition).into_iter().map(moment).collect()
}

/// The schedule with every window to the minute.
pub(super) fn schedule(lang: Lang, edition: &Edition) -> AnyView {
    let row = |stretch: Stretch| {
        let when = if stretch.instant {
            when::minute(lang, stretch.window.opens)
        } else {
            when::window(lang, stretch.window)
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
    let rows = stretches(lang, edition)
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

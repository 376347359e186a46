//! A timeline: the phases of a season, or of one case.

use leptos::prelude::*;
use phrases::Lang;

/// Whether a moment is over, is now, or is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentState {
    /// It is over.
    Done,
    /// It is now.
    Now,
    /// It is still to come.
    Next,
}

/// A moment on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What happens.
    pub label: String,
    /// When, as text.
    pub when: String,
    /// Over, now, or still to come.
    pub state: MomentState,
}

impl Moment {
    /// Makes a moment from its name, its time as text and its state.
    pub fn in_state(label: impl Into<String>, when: impl Into<String>, state: MomentState) -> Self {
        Self { label: label.into(), when: when.into(), state }
    }
}

/// The line. It is horizontal on a wide screen and vertical on a phone.
#[component]
pub fn Timeline(
    /// Language of the shared words.
    lang: Lang,
    /// What the line shows.
    #[prop(into)]
    label: String,
    /// The moments, in order.
    items: Vec<Moment>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|Moment { label, when, state }| {
            let (name, word) = match state {
                MomentState::Done => (Some("done"), phrases::ui::timeline_done(lang)),
                MomentState::Now => (Some("now"), phrases::ui::timeline_now(lang)),
                MomentState::Next => (None, phrases::ui::timeline_next(lang)),
            };
            let here = (state == MomentState::Now).then_some("step");
            let class = if here.is_some() { "timeline-state" } else { "visually-hidden" };
            view! {
                <li data-state=name aria-current=here>
                    <span class="timeline-label">{label}</span>
                    <span class="timeline-when">{when}</span>
                    <span class=class>{word}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="timeline">
            <ol class="timeline-list" aria-label=label>{items}</ol>
        </div>
    }
}

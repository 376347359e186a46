//! What must hold in every state, and what must be reached in the end.

use stateright::Property;

use crate::protocol::{Batch, Line, Process, Record, State};

/// No place is given twice, and no place is skipped.
pub(crate) const PLACES: &str = "every line has its own place, and no place is empty";
/// Every signed checkpoint stays a prefix of the log.
pub(crate) const PREFIX: &str = "every signed checkpoint is a beginning of the log";
/// The close contains the right number of ballots.
pub(crate) const RECEIVED: &str = "the close counts the ballots of the log";
/// No ballot enters the log after the close.
pub(crate) const NONE_AFTER: &str = "no ballot comes after the close";
/// An acknowledged ballot is stored.
pub(crate) const KEPT: &str = "an acknowledged ballot is stored";
/// A line enters the log only once.
pub(crate) const ONCE: &str = "no line is in the log twice";
/// The served checkpoint never becomes smaller.
pub(crate) const GROWS: &str = "the served checkpoint never shrinks";
/// Nothing waits forever.
pub(crate) const SEQUENCED: &str = "in the end everything is in the log and signed";

/// Returns the theorems, and some states that must be reachable, because otherwise the theorems
/// would say nothing.
pub(crate) fn all() -> Vec<Property<Record>> {
    vec![
        Property::always(PLACES, |_, state: &State| {
            (0..).zip(&state.log).all(|(place, (given, _))| place == *given)
        }),
        Property::always(PREFIX, |_, state: &State| {
            let lines: Vec<Line> = state.log.iter().map(|(_, line)| *line).collect();
            state.signed.iter().all(|signed| lines.starts_with(signed))
        }),
        Property::always(RECEIVED, |_, state: &State| {
            let ballots = ballots(state, state.log.len());
            state.log.iter().all(|(_, line)| match line {
                Line::Close(received) => usize::from(*received) == ballots,
                Line::Ballot(_) => true,
            })
        }),
        Property::always(NONE_AFTER, |_, state: &State| {
            let close = state.log.iter().position(|(_, line)| matches!(line, Line::Close(_)));
            close.is_none_or(|at| ballots(state, at) == ballots(state, state.log.len()))
        }),
        Property::always(KEPT, |_, state: &State| {
            let mut promised =
                (0..).zip(&state.batches).filter(|(_, batch)| **batch == Batch::Acknowledged);
            promised.all(|(number, _)| state.holds(number))
        }),
        Property::always(ONCE, |_, state: &State| {
            let lines: std::collections::BTreeSet<Line> =
                state.log.iter().map(|(_, line)| *line).collect();
            lines.len() == state.log.len()
        }),
        Property::always(GROWS, |_, state: &State| state.served == state.most_served),
        Property::eventually(SEQUENCED, |_, state: &State| {
            let decided = |batch: &Batch| matches!(batch, Batch::Acknowledged | Batch::Refused);
            let closed = state.log.iter().any(|(_, line)| matches!(line, Line::Close(_)));
            closed
                && state.batches.iter().all(decided)
                && state.waiting.is_empty()
                && usize::from(state.served) == state.log.len()
        }),
        Property::sometimes("a batch comes too late", |_, state: &State| {
            state.batches.contains(&Batch::Refused)
        }),
        Property::sometimes("an old holder signs late", |_, state: &State| {
            let late = |process: &Process| match process {
                Process::Signed(size) => *size < state.served,
                _ => false,
            };
            state.processes.iter().any(late)
        }),
        Property::sometimes("two believe that they have the lease", |_, state: &State| {
            let believes = |process: &Process| *process != Process::Idle;
            state.processes.iter().all(believes)
        }),
    ]
}

fn ballots(state: &State, before: usize) -> usize {
    let lines = state.log[..before].iter();
    lines.filter(|(_, line)| matches!(line, Line::Ballot(_))).count()
}

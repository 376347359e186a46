//! `hanpyo-sim score`: the detector's verdict for each ballot of a file of events.

use std::path::PathBuf;

use clap::Args;
use domain::fraud::{BallotTrace, GroupKey, analyse_poll};
use domain::ids::BallotId;
use serde::Serialize;

use super::events::{SeenEvent, read_events, write_lines};
use crate::error::Result;
use crate::output::print_line;

/// Arguments of `score`.
#[derive(Clone, Debug, Args)]
pub struct ScoreArgs {
    /// The file of events, one JSON object a line: see docs/fraud.md.
    events: PathBuf,
    /// File to which the verdicts are written, one JSON object a line.
    #[arg(long, default_value = "verdicts.jsonl")]
    verdicts: PathBuf,
}

/// A line of the file of verdicts.
#[derive(Serialize)]
struct BallotVerdict<'a> {
    ballot: BallotId,
    verdict: &'static str,
    group: Option<&'a GroupKey>,
    reasons: Vec<&'static str>,
    points: u32,
}

/// Scores a file of events.
///
/// # Errors
/// [`crate::error::SimulatorError`] if a file can't be read or written, or a line is no event.
pub fn score_events(plan: &ScoreArgs) -> Result<bool> {
    let (mut traces, mut refused) = (Vec::<BallotTrace>::new(), 0_usize);
    for event in read_events(&plan.events)? {
        match event {
            SeenEvent::Ballot(trace) => traces.push(trace),
            SeenEvent::Refused { .. } => refused += 1,
        }
    }
    let analysis = analyse_poll(&traces);
    let verdicts = traces.iter().map(|trace| {
        let group = analysis.held.get(&trace.ballot).and_then(|&at| analysis.groups.get(at));
        BallotVerdict {
            ballot: trace.ballot,
            verdict: if group.is_some() { "hold" } else { "count" },
            group: group.map(|group| &group.key),
            reasons: group.map_or_else(Vec::new, |group| {
                group.terms.iter().map(|term| term.signal.code()).collect()
            }),
            points: group.map_or(0, |group| group.points),
        }
    });
    write_lines(&plan.verdicts, verdicts)?;
    let held = traces.iter().filter(|trace| analysis.held.contains_key(&trace.ballot)).count();
    print_line(format_args!(
        "received {} = counted {} + held {held}; {refused} attempts refused before",
        traces.len(),
        traces.len() - held,
    ));
    Ok(true)
}

//! What a server sees, as JSON lines: `{"kind":"ballot", …}` with the fields of a trace, and
//! `{"kind":"refused","at":…,"why":"…"}`. docs/fraud.md describes the form for others.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use domain::fraud::BallotTrace;
use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::error::{Result, SimulatorError};

/// A line of a file of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SeenEvent {
    /// A ballot that the server admitted.
    Ballot(BallotTrace),
    /// An attempt that it refused.
    Refused {
        /// Milliseconds since 1970, UTC.
        at: i64,
        /// A word: `contact-used`, `already-cast`.
        why: String,
    },
}

/// A line of the file of the truth.
#[derive(Serialize)]
struct TrueLabel<'a> {
    ballot: domain::ids::BallotId,
    scenario: &'a str,
    entry: u64,
}

/// Reads a file of events. Empty lines are skipped.
///
/// # Errors
/// [`SimulatorError`] with the number of the first line that is no event.
pub fn read_events(path: &Path) -> Result<Vec<SeenEvent>> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(SimulatorError::system_error(name.clone()))?;
    let mut events = Vec::new();
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(SimulatorError::system_error(format!("{name}:{}", at + 1)))?;
        if !line.trim().is_empty() {
            events.push(parse_event(&line).map_err(|error| {
                SimulatorError::condition_error(format!("{name}:{}: {error}", at + 1))
            })?);
        }
    }
    Ok(events)
}

fn parse_event(line: &str) -> serde_json::Result<SeenEvent> {
    serde_json::from_str(line)
}

/// Writes one value for each line.
///
/// # Errors
/// [`SimulatorError`] if the file can't be written.
pub fn write_lines<T: Serialize>(path: &Path, lines: impl Iterator<Item = T>) -> Result<()> {
    let name = path.display().to_string();
    let file = File::create(path).map_err(SimulatorError::system_error(name.clone()))?;
    let mut file = BufWriter::new(file);
    let write = || -> std::io::Result<()> {
        for line in lines {
            serde_json::to_writer(&mut file, &line)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    };
    write().map_err(SimulatorError::system_error(name))
}

/// Writes what the server of a season sees, in the order of time.
///
/// # Errors
/// [`SimulatorError`] if the file can't be written.
pub fn write_events(stage: &Stage, path: &Path) -> Result<()> {
    let ballots = stage.ballots.iter().map(|ballot| (ballot.trace.cast_at, ballot.trace.clone()));
    let ballots = ballots.map(|(at, trace)| (at, SeenEvent::Ballot(trace)));
    let refused = stage.refused.iter().map(|attempt| {
        (attempt.at, SeenEvent::Refused { at: attempt.at, why: attempt.why.to_owned() })
    });
    let mut events: Vec<(i64, SeenEvent)> = ballots.chain(refused).collect();
    events.sort_by_key(|&(at, _)| at);
    write_lines(path, events.into_iter().map(|(_, event)| event))
}

/// Writes which ballot belongs to which scenario.
///
/// # Errors
/// [`SimulatorError`] if the file can't be written.
pub fn write_truth(stage: &Stage, path: &Path) -> Result<()> {
    let labels = stage.ballots.iter().map(|ballot| TrueLabel {
        ballot: ballot.trace.ballot,
        scenario: ballot.label.0.0,
        entry: ballot.entry,
    });
    write_lines(path, labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_survives_its_line() {
        let stage = Stage::from_seed(1).draw_person(77);
        let event = SeenEvent::Ballot(stage);
        let line = serde_json::to_string(&event).unwrap();
        assert!(line.starts_with(r#"{"kind":"ballot","ballot":""#), "{line}");
        assert_eq!(parse_event(&line).unwrap(), event);
    }

    #[test]
    fn a_bad_line_is_refused_with_a_reason() {
        for bad in ["{}", "[]", r#"{"kind":"ballot"}"#, r#"{"kind":"refused","at":1}"#, "x"] {
            assert!(parse_event(bad).is_err(), "{bad}");
        }
        let line = serde_json::to_string(&SeenEvent::Ballot(Stage::from_seed(1).draw_person(7)));
        let more = line.unwrap().replace("\"cast_at\"", "\"picks\":[1],\"cast_at\"");
        assert!(parse_event(&more).unwrap_err().to_string().contains("picks"));
    }
}

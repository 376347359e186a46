//! Compares the record with what was promised: every line, every checkpoint that was seen, and the
//! proofs that a voter gets. The rules of the log are those of `domain::record`.

pub mod fetch;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::record::entry::LogEntry;
use domain::record::tree::{Frontier, Hash, leaf_hash};
use uuid::Uuid;

use crate::check::{Rule, StoredBallot, Violation};
use crate::queries;

/// Checkpoints that were seen: size and root. Two roots for one size are a fork.
pub type SeenCheckpoints = BTreeMap<(u64, Hash), ()>;

/// A log that was read line by line.
#[derive(Default)]
pub struct RecordLog {
    /// Its lines, in their order.
    pub lines: Vec<String>,
    /// The index of each ballot's line.
    pub ballots: HashMap<Uuid, usize>,
    closes: Vec<(String, u64)>,
}

fn record_violation(what: impl Into<String>) -> Violation {
    Violation::broken_rule(Rule::Record, what)
}

impl RecordLog {
    /// Reads the log of an edition and returns the violations that the log shows by itself: an
    /// index that is skipped or used twice, an invalid line, a ballot that occurs twice or after
    /// the close, a wrong count in the close.
    #[must_use]
    pub fn read_entries(entries: Vec<queries::EntryRow>) -> (Self, Vec<Violation>) {
        let (mut log, mut violations) = (Self::default(), Vec::new());
        for (place, entry) in entries.into_iter().enumerate() {
            if i64::try_from(place) != Ok(entry.index) {
                violations
                    .push(record_violation(format!("place {place} has index {}", entry.index)));
            }
            match entry.line.parse() {
                Ok(parsed) => violations.extend(log.take_entry(place, &parsed)),
                Err(error) => violations.push(record_violation(format!("line {place}: {error}"))),
            }
            log.lines.push(entry.line);
        }
        (log, violations)
    }

    fn take_entry(&mut self, place: usize, entry: &LogEntry) -> Option<Violation> {
        match entry {
            LogEntry::Ballot { poll, ballot, .. } => {
                if self.closes.iter().any(|(closed, _)| closed == poll.slug_text()) {
                    return Some(record_violation(format!(
                        "line {place}: a ballot after the close"
                    )));
                }
                let twice = self.ballots.insert(ballot.0, place).is_some();
                twice.then(|| {
                    record_violation(format!("line {place}: ballot {} a second time", ballot.0))
                })
            }
            LogEntry::Close { poll, received, .. } => {
                self.closes.push((poll.slug_text().to_owned(), *received));
                let lines = self.lines.iter();
                let start = format!("ballot/v1 {poll} ");
                let counted = lines.filter(|line| line.starts_with(&start)).count();
                (u64::try_from(counted) != Ok(*received)).then(|| {
                    record_violation(format!(
                        "line {place}: received {received}, but {counted} ballots before"
                    ))
                })
            }
            _ => None,
        }
    }

    /// Returns whether the close of a poll is among these lines.
    #[must_use]
    pub fn has_close(lines: &[String], poll: &str) -> bool {
        let start = format!("close/v1 {poll} ");
        lines.iter().any(|line| line.starts_with(&start))
    }

    /// Checks that every checkpoint that was seen is a prefix of this log.
    #[must_use]
    pub fn find_forks(&self, seen: &SeenCheckpoints) -> Vec<Violation> {
        let mut tree = Frontier::default();
        let mut violations = Vec::new();
        let mut open: Vec<(u64, Hash)> = seen.keys().copied().collect();
        // Reversed, so that the smallest one is the next one.
        open.reverse();
        for line in self.lines.iter().map(Some).chain([None]) {
            while let Some((size, root)) = open.last().filter(|it| it.0 == tree.tree_size()) {
                if tree.tree_root() != *root {
                    violations.push(record_violation(format!(
                        "a checkpoint of size {size} is no prefix"
                    )));
                }
                open.pop();
            }
            if let Some(line) = line {
                tree.append_leaf(leaf_hash(line.as_bytes()));
            }
        }
        let beyond = open
            .iter()
            .map(|it| record_violation(format!("a checkpoint of size {} is beyond", it.0)));
        violations.extend(beyond);
        violations
    }

    /// Checks that the log contains every stored ballot of the poll once, under its voter, and no
    /// other ballot.
    #[must_use]
    pub fn compare_with_ballots(
        &self,
        poll: &str,
        stored: &[StoredBallot],
        acknowledged: &[&StoredBallot],
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        let start = format!("ballot/v1 {poll} ");
        let of_poll = self.lines.iter().filter(|line| line.starts_with(&start)).count();
        let missing = stored.iter().filter(|ballot| !self.ballots.contains_key(&ballot.id));
        let missing: Vec<Uuid> = missing.map(|ballot| ballot.id).collect();
        let promised: HashSet<Uuid> = acknowledged.iter().map(|ballot| ballot.id).collect();
        for id in &missing {
            let rule = if promised.contains(id) { Rule::NotInTheRecord } else { Rule::Record };
            violations
                .push(Violation::broken_rule(rule, format!("ballot {id} is not in the record")));
        }
        if of_poll + missing.len() != stored.len() {
            let count = stored.len();
            violations
                .push(record_violation(format!("{of_poll} ballots in the record, {count} stored")));
        }
        for ballot in stored {
            let Some(line) = self.ballots.get(&ballot.id).and_then(|at| self.lines.get(*at)) else {
                continue;
            };
            let words = [poll, &ballot.id.simple().to_string(), &hex::encode(&ballot.voter_key)];
            if !line.starts_with(&format!("ballot/v1 {} ", words.join(" "))) {
                violations
                    .push(record_violation(format!("ballot {} is there as {line}", ballot.id)));
            }
        }
        violations
    }
}

#[cfg(test)]
mod tests;

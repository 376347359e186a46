//! Compares what the server's detector held with what the detector says about the stored traces. Pure.

use std::collections::{BTreeMap, BTreeSet};

use domain::fraud::{BallotTrace, GroupVerdict, analyse_poll};
use domain::ids::BallotId;

/// A group that the server stored: its key, whether it is held, and its points.
pub type StoredGroup = (String, bool, i64);

/// How the verdicts of a poll compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictComparison {
    /// Ballots with the same verdict.
    pub same: usize,
    /// Ballots that the server holds because an earlier look held them. A hold stays until two people
    /// have ruled.
    pub earlier: usize,
    /// Groups that are equal in key, verdict and points.
    pub groups: usize,
    /// What differs, as sentences.
    pub differences: Vec<String>,
}

/// Compares the verdicts of a closed poll. The traces are in the order in which they were stored.
#[must_use]
pub fn compare_verdicts(
    traces: &[BallotTrace],
    held: &BTreeSet<BallotId>,
    groups: &[StoredGroup],
) -> VerdictComparison {
    let analysis = analyse_poll(traces);
    let mut comparison = VerdictComparison::default();
    let mut earlier: Option<BTreeSet<BallotId>> = None;
    for trace in traces {
        let ballot = trace.ballot;
        match (analysis.held.contains_key(&ballot), held.contains(&ballot)) {
            (true, true) | (false, false) => comparison.same += 1,
            (true, false) => {
                comparison.differences.push(format!("the server does not hold {}", ballot.0));
            }
            (false, true) => {
                let before = earlier.get_or_insert_with(|| list_ever_held(traces));
                if before.contains(&ballot) {
                    comparison.earlier += 1;
                } else {
                    comparison.differences.push(format!("only the server holds {}", ballot.0));
                }
            }
        }
    }
    let stored: BTreeMap<&str, (bool, i64)> =
        groups.iter().map(|(key, held, points)| (key.as_str(), (*held, *points))).collect();
    for group in &analysis.groups {
        let (key, hold) = (group.key.to_string(), group.verdict == GroupVerdict::Hold);
        match stored.get(key.as_str()) {
            // A group that was held once stays held.
            Some(&(held, points)) if held >= hold && points == i64::from(group.points) => {
                comparison.groups += 1;
            }
            found => comparison.differences.push(format!(
                "group {key}: {hold} and {} points, but the server has {found:?}",
                group.points
            )),
        }
    }
    comparison
}

/// Returns the ballots that a look at an earlier moment would have held.
fn list_ever_held(traces: &[BallotTrace]) -> BTreeSet<BallotId> {
    let looks = (1..=traces.len()).map(|count| analyse_poll(&traces[..count]));
    looks.flat_map(|analysis| analysis.held.into_keys()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::fraud::{BallotTrace, GroupVerdict, analyse_poll};
    use domain::ids::BallotId;

    use super::{StoredGroup, compare_verdicts};
    use crate::play::small_season::draw_small_season;

    fn poll() -> (Vec<BallotTrace>, BTreeSet<BallotId>, Vec<StoredGroup>) {
        let stage = draw_small_season(3, 400);
        let traces: Vec<BallotTrace> = stage.ballots.into_iter().map(|it| it.trace).collect();
        let analysis = analyse_poll(&traces);
        let groups = analysis.groups.iter().map(|group| {
            let held = group.verdict == GroupVerdict::Hold;
            (group.key.to_string(), held, i64::from(group.points))
        });
        let groups = groups.collect();
        (traces, analysis.held.into_keys().collect(), groups)
    }

    #[test]
    fn the_detectors_own_verdicts_are_the_same() {
        let (traces, held, groups) = poll();
        assert!(!held.is_empty() && !groups.is_empty());
        let comparison = compare_verdicts(&traces, &held, &groups);
        assert_eq!(comparison.differences, Vec::<String>::new());
        assert_eq!((comparison.same, comparison.groups), (traces.len(), groups.len()));
    }

    #[test]
    fn a_missing_hold_a_foreign_hold_and_another_group_are_found() {
        let (traces, held, groups) = poll();
        let first = *held.iter().next().unwrap();
        let fewer: BTreeSet<BallotId> = held.iter().copied().filter(|it| *it != first).collect();
        assert_eq!(compare_verdicts(&traces, &fewer, &groups).differences.len(), 1);
        let free = traces.iter().map(|it| it.ballot).filter(|it| !held.contains(it));
        let all: BTreeSet<BallotId> = held.iter().copied().chain(free).collect();
        let comparison = compare_verdicts(&traces, &all, &groups);
        assert!(!comparison.differences.is_empty());
        assert_eq!(comparison.same, held.len());
        let mut others = groups.clone();
        others[0].2 += 1;
        assert_eq!(compare_verdicts(&traces, &held, &others).differences.len(), 1);
        assert_eq!(compare_verdicts(&traces, &held, &groups[1..]).differences.len(), 1);
    }
}

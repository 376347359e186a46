//! What the detector costs: a poll of 1.4 million ballots, and each ballot that arrives.

use std::collections::BTreeSet;
use std::time::Instant;

use domain::fraud::PollDetector;

use super::attacks::ATTACKS;
use super::people::let_people_vote;
use super::stage::{OPENING, Stage};
use crate::process::peak_memory_kib;

/// Ballots of the large poll, and those that arrive after it one by one.
const BALLOTS: u64 = 1_400_000;
const ARRIVING: u64 = 20_000;
/// Ballots that are made at once, so that the simulator's own memory stays small.
const CHUNK: u64 = 20_000;

/// The measured costs.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetectorCost {
    /// Ballots fed.
    pub ballots: u64,
    /// Milliseconds of the feeding and of the whole analysis.
    pub analysis_millis: u128,
    /// Nanoseconds of a ballot that arrives: it is added and its groups are weighed.
    pub arrival_nanos: u128,
    /// Peak memory of the process, in MiB.
    pub peak_mib: u64,
    /// Groups that were held or cleared.
    pub groups: usize,
    /// Ballots of people outside the attacks.
    pub honest: u64,
    /// How many of these are held.
    pub honest_held: usize,
}

/// Measures on one thread. The analysis includes the feeding.
#[must_use]
pub fn measure_cost(seed: u64) -> DetectorCost {
    let (mut detector, mut stage) = (PollDetector::default(), Stage::from_seed(seed));
    let mut cost = DetectorCost::default();
    let (mut feeding, mut attackers) = (0, BTreeSet::new());
    while cost.ballots < BALLOTS {
        let_people_vote(&mut stage, CHUNK);
        let people = stage.ballots.len();
        let attack = usize::try_from(cost.ballots / CHUNK).unwrap_or(0) % ATTACKS.len();
        (ATTACKS[attack].play)(&mut stage, 200, 3);
        attackers.extend(stage.ballots[people..].iter().map(|ballot| ballot.trace.ballot));
        cost.honest += u64::try_from(people).unwrap_or(0);
        let begun = Instant::now();
        stage.ballots.iter().for_each(|ballot| detector.add_ballot(&ballot.trace));
        feeding += begun.elapsed().as_nanos();
        cost.ballots += u64::try_from(stage.ballots.len()).unwrap_or(0);
        stage.ballots.clear();
        stage.refused.clear();
    }
    let begun = Instant::now();
    let analysis = detector.analyse();
    cost.analysis_millis = (feeding + begun.elapsed().as_nanos()) / 1_000_000;
    cost.peak_mib = peak_memory_kib(std::process::id()).unwrap_or(0) / 1024;
    cost.groups = analysis.groups.len();
    cost.honest_held = analysis.held.keys().filter(|&id| !attackers.contains(id)).count();
    drop(analysis);
    detector.changed_groups();
    let_people_vote(&mut stage, ARRIVING);
    debug_assert!(stage.ballots.iter().all(|ballot| ballot.trace.cast_at >= OPENING));
    let begun = Instant::now();
    for ballot in &stage.ballots {
        detector.add_ballot(&ballot.trace);
        detector.changed_groups();
    }
    cost.arrival_nanos = begun.elapsed().as_nanos() / u128::from(ARRIVING);
    cost
}

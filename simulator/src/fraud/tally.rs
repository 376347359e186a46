//! What the detector held of each scenario, over many seasons, and what two simple rules would have
//! held.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::fraud::{GroupVerdict, PollAnalysis, PollDetector};
use domain::ids::BallotId;

use super::scenario::{AttackSize, Scenario};
use super::season::rank_entries;
use super::stage::{MINUTE, SECOND, Stage};

/// A scenario and the size of the attack.
pub type Label = (Scenario, Option<AttackSize>);

/// The figures of a scenario and size.
#[derive(Clone, Debug, Default)]
pub struct ScenarioCell {
    /// Ballots, or attempts that were refused.
    pub ballots: u64,
    /// Ballots that the detector holds, and attempts that were refused.
    pub held: u64,
    /// Ballots in a group that the detector lists, held or cleared, so that people see it.
    pub listed: u64,
    /// Ballots that *one vote for each address* would have held.
    pub by_address: u64,
    /// Ballots that *one vote for each device cookie* would have held.
    pub by_cookie: u64,
    /// Seasons in which it was played.
    pub seasons: u64,
    /// Seasons in which at least nine in ten of its ballots were held.
    pub found: u64,
    /// Seconds from the first ballot to the first held ballot, for each season of A1 to A4.
    pub delays: Vec<Option<u64>>,
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub struct RunTally {
    /// By scenario and size.
    pub cells: BTreeMap<Label, ScenarioCell>,
    /// Seasons played.
    pub seasons: u64,
    /// Seasons in which the true top three stayed as it is.
    pub top_kept: u64,
    /// The same if nothing were held.
    pub top_kept_without: u64,
    /// Seasons without A5 and A8, much of which leaves nothing to see, and those of them in which the
    /// top three stayed.
    pub findable: (u64, u64),
    /// Seasons without an attack, their ballots, and the held ones among these.
    pub quiet: (u64, u64, u64),
}

impl ScenarioCell {
    /// Adds the figures of another cell.
    pub fn merge_cell(&mut self, other: &Self) {
        self.ballots += other.ballots;
        self.held += other.held;
        self.listed += other.listed;
        self.by_address += other.by_address;
        self.by_cookie += other.by_cookie;
        self.seasons += other.seasons;
        self.found += other.found;
        self.delays.extend(&other.delays);
    }
}

impl RunTally {
    /// Adds the figures of another run.
    pub fn merge_tally(&mut self, other: &Self) {
        for (label, cell) in &other.cells {
            self.cells.entry(*label).or_default().merge_cell(cell);
        }
        self.seasons += other.seasons;
        self.top_kept += other.top_kept;
        self.top_kept_without += other.top_kept_without;
        self.findable.0 += other.findable.0;
        self.findable.1 += other.findable.1;
        self.quiet.0 += other.quiet.0;
        self.quiet.1 += other.quiet.1;
        self.quiet.2 += other.quiet.2;
    }

    /// Plays a season into the detector and counts. The detector gets the traces alone.
    pub fn count_season(&mut self, stage: &Stage) {
        let (mut detector, delays) = feed_in_time(stage);
        let PollAnalysis { groups, held } = detector.analyse();
        let listed: HashSet<BallotId> =
            groups.iter().flat_map(|group| group.ballots.iter().copied()).collect();
        detector.changed_groups();
        let mut season: BTreeMap<Label, ScenarioCell> = BTreeMap::new();
        let (mut addresses, mut cookies) = (HashSet::new(), HashSet::new());
        for ballot in &stage.ballots {
            let cell = season.entry(ballot.label).or_default();
            cell.ballots += 1;
            cell.held += u64::from(held.contains_key(&ballot.trace.ballot));
            cell.listed += u64::from(listed.contains(&ballot.trace.ballot));
            let (network, device) = (ballot.trace.network, ballot.trace.device);
            cell.by_address += u64::from(network.is_some_and(|key| !addresses.insert(key)));
            cell.by_cookie += u64::from(device.is_some_and(|key| !cookies.insert(key)));
        }
        for attempt in &stage.refused {
            if attempt.label.0.is_attack() {
                let cell = season.entry(attempt.label).or_default();
                (cell.ballots, cell.held) = (cell.ballots + 1, cell.held + 1);
                cell.listed += 1;
                (cell.by_address, cell.by_cookie) = (cell.by_address + 1, cell.by_cookie + 1);
            }
        }
        for (label, delay) in delays {
            season.entry(label).or_default().delays.push(delay);
        }
        let attacked = season.keys().any(|label| label.0.is_attack());
        let (all, kept) = season
            .values()
            .fold((0, 0), |(all, kept), cell| (all + cell.ballots, kept + cell.held));
        if !attacked {
            self.quiet = (self.quiet.0 + 1, self.quiet.1 + all, self.quiet.2 + kept);
        }
        for (label, mut cell) in season {
            (cell.seasons, cell.found) = (1, u64::from(cell.held * 10 >= cell.ballots * 9));
            self.cells.entry(label).or_default().merge_cell(&cell);
        }
        self.count_top(stage, &|ballot| held.contains_key(&ballot));
    }

    fn count_top(&mut self, stage: &Stage, held: &dyn Fn(BallotId) -> bool) {
        let top = |counts: &dyn Fn(usize) -> bool| -> Vec<u64> {
            rank_entries(stage, counts).iter().take(3).map(|&(entry, _)| entry).collect()
        };
        let truth = top(&|at| !stage.ballots[at].label.0.is_attack());
        let counted = top(&|at| !held(stage.ballots[at].trace.ballot));
        self.seasons += 1;
        let kept = u64::from(truth == counted);
        self.top_kept += kept;
        let hidden = |label: &Label| HIDDEN.iter().any(|name| label.0.0.starts_with(name));
        if !stage.ballots.iter().any(|ballot| hidden(&ballot.label)) {
            self.findable = (self.findable.0 + 1, self.findable.1 + kept);
        }
        self.top_kept_without += u64::from(truth == top(&|_| true));
    }
}

/// Attacks whose targets leave three votes in ten to them.
const HIDDEN: [&str; 2] = ["A5", "A8"];
/// The attacks whose delay is measured, and for how long the detector is asked.
const TIMED: [&str; 4] = ["A1 aliases", "A2", "A3", "A4"];
const WATCHED: i64 = 60 * MINUTE;
const ASKED_EVERY: i64 = 10 * SECOND;

struct TimedAttack {
    label: Label,
    first: i64,
    ballots: BTreeSet<BallotId>,
    delay: Option<u64>,
}

fn list_timed(stage: &Stage) -> Vec<TimedAttack> {
    let mut timed: BTreeMap<Label, TimedAttack> = BTreeMap::new();
    for ballot in &stage.ballots {
        if TIMED.iter().any(|name| ballot.label.0.0.starts_with(name)) {
            let first = ballot.trace.cast_at;
            let attack = timed.entry(ballot.label).or_insert_with(|| TimedAttack {
                label: ballot.label,
                first,
                ballots: BTreeSet::new(),
                delay: None,
            });
            attack.ballots.insert(ballot.trace.ballot);
        }
    }
    timed.into_values().collect()
}

/// Feeds the ballots in the order of time. While an attack that is timed has not been seen, the
/// detector is asked every ten seconds, for an hour.
fn feed_in_time(stage: &Stage) -> (PollDetector, Vec<(Label, Option<u64>)>) {
    let (mut detector, mut timed) = (PollDetector::default(), list_timed(stage));
    let mut asked = i64::MIN;
    for ballot in &stage.ballots {
        let now = ballot.trace.cast_at;
        let waits = |attack: &TimedAttack| {
            attack.delay.is_none() && (attack.first..attack.first + WATCHED).contains(&now)
        };
        if timed.iter().any(waits) && now.saturating_sub(asked) >= ASKED_EVERY {
            asked = now;
            note_delays(&mut detector, &mut timed, now);
        }
        detector.add_ballot(&ballot.trace);
    }
    let end = stage.ballots.last().map_or(0, |ballot| ballot.trace.cast_at + ASKED_EVERY);
    note_delays(&mut detector, &mut timed, end);
    (detector, timed.into_iter().map(|attack| (attack.label, attack.delay)).collect())
}

fn note_delays(detector: &mut PollDetector, timed: &mut [TimedAttack], now: i64) {
    for group in detector.changed_groups() {
        if group.verdict != GroupVerdict::Hold {
            continue;
        }
        for attack in timed.iter_mut().filter(|attack| attack.delay.is_none()) {
            if group.ballots.iter().any(|ballot| attack.ballots.contains(ballot)) {
                attack.delay = Some((now - attack.first).unsigned_abs() / 1000);
            }
        }
    }
}

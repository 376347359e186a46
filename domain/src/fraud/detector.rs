//! The detector of a poll: it takes ballots one by one and weighs the groups that they change.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use super::judge::{judge_group, least_ballots};
use super::lens::{GroupKey, LENSES, Lens};
use super::trace::BallotTrace;
use super::view::GroupView;
use super::{GroupVerdict, PollAnalysis, SuspectGroup};

/// Groups of up to this size are weighed again with every ballot.
const ALWAYS_WEIGHED: u32 = 64;
/// The end of a chain of ballots.
const NO_BALLOT: u32 = u32::MAX;

/// The newest ballot of a group, and how many it has.
#[derive(Debug, Clone, Copy)]
struct GroupChain {
    newest: u32,
    ballots: u32,
}

/// A hasher with a fixed key: the same run each time. The keys are keyed hashes already, so nobody
/// can choose them.
type Groups = HashMap<u64, GroupChain, BuildHasherDefault<DefaultHasher>>;

/// The ballots of one poll and their groups. The default has no ballots. Feed each ballot once.
#[derive(Debug, Clone, Default)]
pub struct PollDetector {
    traces: Vec<BallotTrace>,
    /// For each ballot and lens, the ballot before it in its group.
    previous: Vec<[u32; LENSES.len()]>,
    groups: [Groups; LENSES.len()],
    changed: BTreeSet<(Lens, u64)>,
    reported: BTreeSet<(Lens, u64)>,
    phone_ballots: u64,
}

impl PollDetector {
    /// Takes a ballot. Ballots after the first four billion are not looked at.
    pub fn add_ballot(&mut self, trace: &BallotTrace) {
        let Some(number) = u32::try_from(self.traces.len()).ok().filter(|&at| at != NO_BALLOT)
        else {
            return;
        };
        let mut previous = [NO_BALLOT; LENSES.len()];
        for (at, lens) in LENSES.into_iter().enumerate() {
            let Some(group) = lens.group_of(trace) else { continue };
            let empty = GroupChain { newest: NO_BALLOT, ballots: 0 };
            let chain = self.groups[at].entry(group).or_insert(empty);
            previous[at] = chain.newest;
            *chain = GroupChain { newest: number, ballots: chain.ballots + 1 };
            if is_large_enough(lens, *chain) && is_weighed_at(chain.ballots) {
                self.changed.insert((lens, group));
            }
        }
        self.previous.push(previous);
        self.traces.push(trace.clone());
        self.count_phone(trace);
    }

    /// Blocks of numbers are compared with the number of phone ballots, rounded up to a power of
    /// two: when that changes, all blocks are weighed again.
    fn count_phone(&mut self, trace: &BallotTrace) {
        if trace.phone_hundred.is_none() && trace.phone_thousand.is_none() {
            return;
        }
        let before = self.phone_ballots.next_power_of_two();
        self.phone_ballots += 1;
        if self.phone_ballots.next_power_of_two() == before {
            return;
        }
        for (at, lens) in LENSES.into_iter().enumerate() {
            if matches!(lens, Lens::PhoneHundred | Lens::PhoneThousand) {
                let large =
                    self.groups[at].iter().filter(|(_, chain)| is_large_enough(lens, **chain));
                self.changed.extend(large.map(|(&group, _)| (lens, group)));
            }
        }
    }

    /// Weighs the groups that changed since the last call, in the order of their lenses and keys.
    /// Groups of more than 64 ballots come again when they have grown by about a sixteenth;
    /// [`Self::analyse`] weighs all as they are.
    /// A group that was returned before and looks like nothing now comes once more, as cleared and
    /// without terms.
    pub fn changed_groups(&mut self) -> Vec<SuspectGroup> {
        let mut found = Vec::new();
        for (lens, group) in std::mem::take(&mut self.changed) {
            match self.judge_chain(lens, group) {
                Some(suspect) => {
                    self.reported.insert((lens, group));
                    found.push(suspect);
                }
                None if self.reported.remove(&(lens, group)) => found.push(SuspectGroup {
                    key: GroupKey::for_group(lens, group),
                    ballots: Vec::new(),
                    terms: Vec::new(),
                    points: 0,
                    verdict: GroupVerdict::Cleared,
                }),
                None => {}
            }
        }
        found
    }

    /// Forgets which groups have changed, after an [`Self::analyse`] that has weighed them.
    pub fn forget_changes(&mut self) {
        self.changed.clear();
    }

    /// Weighs every group of the poll.
    #[must_use]
    pub fn analyse(&self) -> PollAnalysis {
        let mut groups = Vec::new();
        for (at, lens) in LENSES.into_iter().enumerate() {
            let large = self.groups[at].iter().filter(|(_, chain)| is_large_enough(lens, **chain));
            groups.extend(large.filter_map(|(&group, _)| self.judge_chain(lens, group)));
        }
        PollAnalysis::from_groups(groups)
    }

    fn judge_chain(&self, lens: Lens, group: u64) -> Option<SuspectGroup> {
        let at = LENSES.iter().position(|&other| other == lens)?;
        let chain = self.groups[at].get(&group)?;
        let mut members = Vec::new();
        let mut number = chain.newest;
        while let Some(index) = usize::try_from(number).ok().filter(|_| number != NO_BALLOT) {
            members.push(&self.traces[index]);
            number = self.previous[index][at];
        }
        let phone_ballots = self.phone_ballots.next_power_of_two();
        let view = GroupView::from_members(lens, members, phone_ballots);
        judge_group(&view, GroupKey::for_group(lens, group))
    }
}

fn is_large_enough(lens: Lens, chain: GroupChain) -> bool {
    usize::try_from(chain.ballots).is_ok_and(|ballots| ballots >= least_ballots(lens))
}

/// True for the sizes at which a growing group is weighed again: all up to 64, then after each growth
/// by a sixteenth to an eighth. So the work for each arriving ballot is bounded.
fn is_weighed_at(ballots: u32) -> bool {
    let step = ballots.checked_ilog2().map_or(1, |size| 1_u32 << size.saturating_sub(4));
    ballots <= ALWAYS_WEIGHED || ballots.is_multiple_of(step)
}

/// Analyses a whole poll: the same as feeding all ballots to a [`PollDetector`], in any order.
#[must_use]
pub fn analyse_poll(traces: &[BallotTrace]) -> PollAnalysis {
    let mut detector = PollDetector::default();
    traces.iter().for_each(|trace| detector.add_ballot(trace));
    detector.analyse()
}

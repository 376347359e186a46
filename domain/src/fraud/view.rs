//! A group as the signals see it: its ballots in order of time, and what they share.

use super::chance::{binary_logarithm, share_points};
use super::lens::Lens;
use super::thresholds::REUSED_FROM;
use super::trace::{BallotTrace, TraceChannel, TraceKey};

/// The ballots of a group, or the part of them that shows a trait.
pub(super) struct GroupView<'a> {
    /// How the group was gathered.
    pub(super) lens: Lens,
    /// The ballots, by time and then by id. Each ballot is in it once.
    pub(super) members: Vec<&'a BallotTrace>,
    /// Phone ballots of the whole poll, rounded up to a power of two.
    pub(super) phone_ballots: u64,
    reused: Vec<TraceKey>,
}

/// What a signal says about a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SignalWeight {
    /// Tenths of a decibel, before the cap of the family.
    pub(super) points: u32,
    /// Ballots that show it.
    pub(super) count: usize,
    /// Ballots that could have shown it.
    pub(super) of: usize,
}

impl<'a> GroupView<'a> {
    /// Sorts the ballots and finds the cookies that several of them share.
    pub(super) fn from_members(
        lens: Lens,
        mut members: Vec<&'a BallotTrace>,
        phone_ballots: u64,
    ) -> Self {
        members.sort_unstable_by(|one, other| {
            (one.cast_at, one.ballot)
                .cmp(&(other.cast_at, other.ballot))
                .then_with(|| one.cmp(other))
        });
        members.dedup_by_key(|trace| trace.ballot);
        let mut devices: Vec<TraceKey> = members
            .iter()
            .filter(|trace| trace.channel != TraceChannel::Kiosk)
            .filter_map(|trace| trace.device)
            .collect();
        devices.sort_unstable();
        let mut reused: Vec<TraceKey> = devices
            .chunk_by(PartialEq::eq)
            .filter(|same| same.len() >= REUSED_FROM)
            .map(|same| same[0])
            .collect();
        reused.dedup();
        Self { lens, members, phone_ballots, reused }
    }

    /// The part of the group that shows a trait.
    pub(super) fn keep_members(&self, keeps: impl Fn(&GroupView, &BallotTrace) -> bool) -> Self {
        let members = self.members.iter().copied().filter(|trace| keeps(self, trace)).collect();
        Self::from_members(self.lens, members, self.phone_ballots)
    }

    /// True if the ballot's cookie is that of several ballots of the group.
    pub(super) fn reuses_device(&self, trace: &BallotTrace) -> bool {
        let known = |device: TraceKey| self.reused.binary_search(&device).is_ok();
        trace.channel != TraceChannel::Kiosk && trace.device.is_some_and(known)
    }

    /// Weighs the share of ballots with a trait; `None` leaves a ballot out of the share.
    pub(super) fn weigh_share(
        &self,
        per_mille: u64,
        shows: impl Fn(&BallotTrace) -> Option<bool>,
    ) -> SignalWeight {
        let (mut count, mut of) = (0, 0);
        for shown in self.members.iter().filter_map(|trace| shows(trace)) {
            of += 1;
            count += usize::from(shown);
        }
        SignalWeight { points: share_points(count, of, per_mille), count, of }
    }

    /// Returns the binary logarithms of seconds, each in the middle of its second, without the
    /// longest tenth: some people ask for a second code or are called away. Also returns how many
    /// ballots have seconds.
    pub(super) fn second_logarithms(
        &self,
        seconds: impl Fn(&BallotTrace) -> Option<u32>,
    ) -> (Vec<i64>, usize) {
        let known = self.members.iter().filter_map(|trace| seconds(trace));
        let mut logarithms: Vec<i64> =
            known.map(|seconds| binary_logarithm(u64::from(seconds) * 2 + 1)).collect();
        logarithms.sort_unstable();
        let count = logarithms.len();
        logarithms.truncate(count - count / 10);
        (logarithms, count)
    }
}

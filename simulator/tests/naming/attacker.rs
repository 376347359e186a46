//! Somebody who knows when every code was sent, and reads the record as it grows: which voters can
//! have cast the ballot of a line?
//!
//! The lines of one batch and one day look alike, because the record shuffles them. So a line is
//! named only if it is the only one of its kind and one voter alone can have sent it.

use std::ops::Range;

use crate::contest::{Batch, DAY, FASTEST, SLOWEST};

/// A stretch of time in which a known number of ballots came, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its first millisecond.
    pub(crate) first: u64,
    /// Its last millisecond.
    pub(crate) last: u64,
    /// Number of ballots that came in it.
    pub(crate) lines: usize,
    /// The batch and the day of their lines. Lines of one kind look alike.
    pub(crate) kind: (usize, u64),
}

/// The lines of one batch and one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineKind {
    /// Number of lines.
    pub(crate) lines: usize,
    /// Number of voters who can have cast one of them.
    pub(crate) candidates: usize,
}

/// Reads what the record tells about time: which stretches there are, in their order. Where the
/// rules leave open how many ballots came in which of two stretches, the attacker is told.
pub(crate) fn read_stretches(batches: &[Batch]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (number, batch) in batches.iter().enumerate() {
        let parts = match batch.known {
            None => vec![(batch.after, batch.out)],
            // The voters were enough: the last ballot came now.
            Some(known) if known == batch.out => vec![(batch.after, known - 1), (known, known)],
            // The time was over: the first ballot came then, and none before it.
            Some(known) => vec![(known, known), (known + 1, batch.out)],
        };
        for (mut first, end) in parts {
            while first <= end {
                let day = first / DAY;
                let last = end.min((day + 1) * DAY - 1);
                let inside = |ballot: &&u64| (first..=last).contains(*ballot);
                let lines = batch.ballots.iter().filter(inside).count();
                if lines > 0 {
                    stretches.push(Stretch { first, last, lines, kind: (number, day) });
                }
                first = last + 1;
            }
        }
    }
    stretches
}

/// Returns for each stretch who can have voted in it, as places in `codes`, which is sorted. Every
/// voter has cast one ballot.
///
/// This is exact: a voter is in the answer if and only if the ballots can be given to the voters
/// with that voter in that stretch. Each voter can have voted in a row of stretches, and later
/// codes have later rows. Hall's theorem for such rows says: a voter is shut out of a stretch only
/// by a cut. At a cut the voters who must be before it, or those who can be, are as many as the
/// ballots before it; then the first so many voters are before it, and all others after it.
pub(crate) fn find_candidates(codes: &[u64], stretches: &[Stretch]) -> Vec<Range<usize>> {
    let begins: Vec<usize> = codes
        .iter()
        .map(|code| stretches.partition_point(|stretch| stretch.last < code + FASTEST))
        .collect();
    let ends: Vec<usize> = codes
        .iter()
        .map(|code| stretches.partition_point(|stretch| stretch.first <= code + SLOWEST))
        .collect();
    let mut before = vec![0];
    for (at, stretch) in stretches.iter().enumerate() {
        before.push(before[at] + stretch.lines);
    }
    assert_eq!(before[stretches.len()], codes.len(), "every voter has cast one ballot");
    let is_cut = |at: &usize| {
        let can_be_before = begins.partition_point(|begin| begin < at);
        let must_be_before = ends.partition_point(|end| end <= at);
        can_be_before == before[*at] || must_be_before == before[*at]
    };
    let cuts: Vec<usize> = (0..=stretches.len()).filter(is_cut).collect();
    let candidates = |at: usize| {
        let next = cuts.partition_point(|cut| *cut <= at);
        let (from, to) = (before[cuts[next - 1]], before[cuts[next]]);
        let (over, begun) =
            (ends.partition_point(|end| *end <= at), begins.partition_point(|begin| *begin <= at));
        from.max(over)..to.min(begun)
    };
    (0..stretches.len()).map(candidates).collect()
}

/// Counts lines and candidates of each kind of line.
pub(crate) fn count_kinds(stretches: &[Stretch], candidates: &[Range<usize>]) -> Vec<LineKind> {
    let mut kinds: Vec<LineKind> = Vec::new();
    let (mut last, mut counted) = (None, 0);
    for (stretch, voters) in stretches.iter().zip(candidates) {
        if last != Some(stretch.kind) {
            kinds.push(LineKind { lines: 0, candidates: 0 });
            (last, counted) = (Some(stretch.kind), 0);
        }
        let kind = kinds.last_mut().unwrap();
        kind.lines += stretch.lines;
        // A voter who can be in two stretches of one kind is one candidate.
        kind.candidates += voters.end.saturating_sub(voters.start.max(counted));
        counted = counted.max(voters.end);
    }
    kinds
}

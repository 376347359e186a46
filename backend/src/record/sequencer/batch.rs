//! The order of the lines in a batch: by rank, and ballots at random, so that a ballot's place in
//! the log does not reveal when in the batch it came.

use std::collections::{HashMap, VecDeque};

use domain::ids::BallotId;
use domain::record::entry::LogEntry;
use domain::record::tree::Hash;
use domain::record::words::RecordSlug;

use crate::{Error, Result, keys};

/// A voter of a poll: the poll's short name and the voter's key in the line.
type PollVoter = (RecordSlug, Hash);

/// A line that was read and is about to be appended.
#[derive(Debug)]
pub(super) struct RecordLine {
    pub(super) entry: LogEntry,
    /// The text of the line, byte for byte.
    pub(super) text: String,
}

impl RecordLine {
    /// The ballot's number, if this is a ballot's line.
    pub(super) fn ballot_id(&self) -> Option<BallotId> {
        match self.entry {
            LogEntry::Ballot { ballot, .. } => Some(ballot),
            _ => None,
        }
    }

    fn poll_voter(&self) -> Option<PollVoter> {
        match &self.entry {
            LogEntry::Ballot { poll, voter, .. } => Some((poll.clone(), *voter)),
            _ => None,
        }
    }
}

/// A line of the table `waiting`.
pub(super) struct WaitingLine {
    pub(super) rank: i16,
    pub(super) number: i64,
    pub(super) line: String,
}

/// Reads the lines and sorts them.
///
/// # Errors
/// [`Error::Internal`] if a line cannot be read. Then no line of the batch is appended.
pub(super) fn sort_and_shuffle(mut waiting: Vec<WaitingLine>) -> Result<Vec<RecordLine>> {
    // Holds in an order made by chance, before rulings: in the order of the looks they would tell when the
    // ballots came. Rulings keep theirs, because the last one about a ballot counts.
    waiting.sort_by_cached_key(|line| match line.line.starts_with("hold/v1 ") {
        true => (line.rank, false, i64::from_be_bytes(keys::random_bytes())),
        false => (line.rank, true, line.number),
    });
    let read = |line: WaitingLine| {
        let entry = line.line.parse();
        let entry = entry.map_err(|_| Error::Internal("a waiting line that cannot be read"))?;
        Ok((line.rank, RecordLine { entry, text: line.line }))
    };
    let lines: Vec<(i16, RecordLine)> = waiting.into_iter().map(read).collect::<Result<_>>()?;
    let first =
        lines.iter().position(|(_, line)| line.ballot_id().is_some()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|(_, line)| line.ballot_id().is_some());
    let mut lines: Vec<RecordLine> = lines.into_iter().map(|(_, line)| line).collect();
    let Some(last) = last else { return Ok(lines) };
    let after = lines.split_off(last + 1);
    let ballots = lines.split_off(first);
    lines.extend(shuffle_ballots(ballots));
    lines.extend(after);
    Ok(lines)
}

/// Shuffles ballots. Those of one voter keep their order, because the last one counts.
fn shuffle_ballots(ballots: Vec<RecordLine>) -> Vec<RecordLine> {
    let mut places: Vec<([u8; 16], Option<PollVoter>)> =
        ballots.iter().map(|ballot| (keys::random_bytes(), ballot.poll_voter())).collect();
    places.sort_unstable();
    let mut of_voter: HashMap<Option<PollVoter>, VecDeque<RecordLine>> = HashMap::new();
    for ballot in ballots {
        of_voter.entry(ballot.poll_voter()).or_default().push_back(ballot);
    }
    places.iter().filter_map(|(_, voter)| of_voter.get_mut(voter)?.pop_front()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ballot(number: i64, voter: i64) -> WaitingLine {
        let line =
            format!("ballot/v1 citizens {number:032x} {voter:064x} {} 2024-11-28", "c".repeat(64),);
        WaitingLine { rank: 2, number, line }
    }

    fn other(rank: i16, number: i64, line: &str) -> WaitingLine {
        WaitingLine { rank, number, line: line.to_owned() }
    }

    fn ids(lines: &[RecordLine]) -> Vec<u128> {
        lines.iter().filter_map(|line| line.ballot_id().map(|ballot| ballot.0.as_u128())).collect()
    }

    #[test]
    fn lines_stand_by_rank_and_ballots_between_the_opening_and_the_close() {
        let mut waiting: Vec<WaitingLine> = (0..40).map(|n| ballot(n, n)).collect();
        waiting.insert(0, other(4, 99, "close/v1 citizens 2024-12-02T00:00:00Z 40"));
        waiting.push(other(1, 100, "open/v1 citizens 2024-11-28T00:00:00Z"));
        let lines = sort_and_shuffle(waiting).unwrap();
        assert!(matches!(lines[0].entry, LogEntry::Open { .. }));
        assert!(matches!(lines[41].entry, LogEntry::Close { .. }));
        let mut sorted = ids(&lines);
        assert_ne!(sorted, (0..40).collect::<Vec<_>>(), "they came out as they came in");
        sorted.sort_unstable();
        assert_eq!(sorted, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn the_ballots_of_one_voter_keep_their_order() {
        for _ in 0..20 {
            let waiting = (0..60).map(|n| ballot(n, n % 3)).collect();
            let order = ids(&sort_and_shuffle(waiting).unwrap());
            for voter in 0..3 {
                let own: Vec<u128> = order.iter().copied().filter(|id| id % 3 == voter).collect();
                assert!(own.is_sorted(), "{own:?}");
                assert_eq!(own.len(), 20);
            }
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_lets_nothing_through() {
        for broken in ["", "open/v1 citizens", "ballot/v1 citizens 1 2 3 2024-11-28"] {
            assert!(sort_and_shuffle(vec![ballot(1, 1), other(1, 2, broken)]).is_err());
        }
    }
}

//! How long the steps of a vote took, in quarters.

use domain::fraud::BallotTrace;
use serde::{Deserialize, Serialize};

/// Which step was timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatencyKind {
    /// From the first page to the request for a code.
    Page,
    /// From the sending of the code to its return.
    Code,
    /// From the ballot paper to the ballot.
    Check,
}

impl LatencyKind {
    /// All steps, in the order in which voters take them.
    pub const ALL: [Self; 3] = [Self::Page, Self::Code, Self::Check];

    const fn seconds_of(self, trace: &BallotTrace) -> Option<u32> {
        match self {
            Self::Page => trace.page_seconds,
            Self::Code => trace.code_seconds,
            Self::Check => trace.check_seconds,
        }
    }
}

/// A quarter, a half and three quarters of the ballots took at most so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quartiles {
    /// A quarter.
    pub lower: u32,
    /// A half.
    pub middle: u32,
    /// Three quarters.
    pub upper: u32,
}

/// How long each step took, in the order of [`LatencyKind::ALL`]. `None` if nobody's time is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pace(pub(super) [Option<Quartiles>; 3]);

impl Pace {
    /// Measures these ballots.
    pub(super) fn of_traces<'a>(traces: &(impl Iterator<Item = &'a BallotTrace> + Clone)) -> Self {
        Self(LatencyKind::ALL.map(|kind| {
            find_quartiles(traces.clone().filter_map(|trace| kind.seconds_of(trace)).collect())
        }))
    }
}

fn find_quartiles(mut seconds: Vec<u32>) -> Option<Quartiles> {
    seconds.sort_unstable();
    let last = seconds.len().checked_sub(1)?;
    let part = |quarters: usize| seconds[last * quarters / 4];
    Some(Quartiles { lower: part(1), middle: part(2), upper: part(3) })
}

#[cfg(test)]
mod tests {
    use super::{Quartiles, find_quartiles};

    #[test]
    fn quartiles_are_those_of_the_sorted_seconds() {
        let quartiles = find_quartiles(vec![9, 1, 5, 3, 7]);
        assert_eq!(quartiles, Some(Quartiles { lower: 3, middle: 5, upper: 7 }));
        assert_eq!(find_quartiles(Vec::new()), None);
    }
}

//! How four days fit into a few minutes: what is waited for in full, what is shortened, and who votes
//! when. Pure.

use std::collections::BTreeMap;

use domain::fraud::{BallotTrace, TraceKey};

/// How a wait is shortened.
#[derive(Clone, Copy, Debug)]
struct WaitLimits {
    /// Seconds that are waited in full. The detector's marks are below.
    real: u32,
    /// The longest wait, in seconds.
    most: u32,
}

const PAGE: WaitLimits = WaitLimits { real: 30, most: 75 };
const CODE: WaitLimits = WaitLimits { real: 60, most: 75 };
const CHECK: WaitLimits = WaitLimits { real: 15, most: 25 };
/// What is left of the seconds beyond [`WaitLimits::real`]: one in this many.
const SHORTENED: u32 = 3;
/// Milliseconds that the requests of a voter take, beside the waits.
const REQUESTS: u64 = 3_000;
/// Milliseconds at the beginning in which nobody casts a ballot, because the first voters still read.
const HEAD_START: u64 = 45_000;

impl WaitLimits {
    fn shorten_wait(self, seconds: u32) -> u32 {
        let beyond = seconds.saturating_sub(self.real);
        (seconds.min(self.real) + beyond / SHORTENED).min(self.most)
    }
}

/// Shortens the waits of a ballot to what is really waited. Their order stays.
pub fn shorten_waits(trace: &mut BallotTrace) {
    trace.page_seconds = trace.page_seconds.map(|seconds| PAGE.shorten_wait(seconds));
    trace.code_seconds = trace.code_seconds.map(|seconds| CODE.shorten_wait(seconds));
    trace.check_seconds = trace.check_seconds.map(|seconds| CHECK.shorten_wait(seconds));
}

/// Moves sorted moments (in milliseconds) together, so that they fit into a window that begins at 0.
/// The longest pauses become equally long; the shorter ones stay as they are.
#[must_use]
pub fn compress_moments(moments: &[i64], window: u64) -> Vec<u64> {
    let gaps: Vec<u64> = moments.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect();
    let length = |longest: u64| gaps.iter().map(|gap| *gap.min(&longest)).sum::<u64>();
    let (mut low, mut high) = (0, window);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        (low, high) = if length(middle) <= window { (middle, high) } else { (low, middle - 1) };
    }
    let mut at = 0;
    let mut compressed: Vec<u64> = moments.first().map(|_| 0).into_iter().collect();
    for gap in gaps {
        at += gap.min(low);
        compressed.push(at);
    }
    compressed
}

/// When a voter begins, and with whom they share a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedTurn {
    /// Milliseconds from the beginning of the run to the voter's first request.
    pub start: u64,
    /// The number of the window of the browser. Voters of one window come one after another; two
    /// windows with the same cookie may be in use at once.
    pub window: usize,
}

/// Returns how long a voter needs, in milliseconds.
fn voting_millis(trace: &BallotTrace) -> u64 {
    let waits = [trace.page_seconds, trace.code_seconds, trace.check_seconds];
    waits.into_iter().flatten().map(|seconds| u64::from(seconds) * 1000).sum::<u64>() + REQUESTS
}

/// Plans the turns of ballots in the order of their times, with waits that are shortened already, within
/// `length` milliseconds. A voter begins so that the ballot comes at its moment. Voters of one cookie
/// share a window while it is free, and otherwise open another.
#[must_use]
pub fn plan_turns(traces: &[BallotTrace], length: u64) -> Vec<PlannedTurn> {
    let moments: Vec<i64> = traces.iter().map(|trace| trace.cast_at).collect();
    let moments = compress_moments(&moments, length.saturating_sub(HEAD_START));
    let mut order: Vec<(u64, usize)> = traces
        .iter()
        .zip(moments)
        .enumerate()
        .map(|(at, (trace, moment))| {
            ((moment + HEAD_START).saturating_sub(voting_millis(trace)), at)
        })
        .collect();
    order.sort_unstable();
    let mut windows: Vec<(Option<TraceKey>, u64)> = Vec::new();
    let mut turns: BTreeMap<usize, PlannedTurn> = BTreeMap::new();
    for (start, at) in order {
        let (device, end) = (traces[at].device, start + voting_millis(&traces[at]));
        let free = |window: &(Option<TraceKey>, u64)| {
            device.is_some() && window.0 == device && window.1 <= start
        };
        let window = windows.iter().position(free).unwrap_or(windows.len());
        if window == windows.len() {
            windows.push((device, end));
        }
        windows[window].1 = end;
        turns.insert(at, PlannedTurn { start, window });
    }
    turns.into_values().collect()
}

#[cfg(test)]
mod tests {
    use domain::fraud::TraceKey;

    use super::{
        CODE, HEAD_START, PAGE, compress_moments, plan_turns, shorten_waits, voting_millis,
    };
    use crate::fraud::stage::Stage;
    use crate::play::small_season::draw_small_season;

    #[test]
    fn short_waits_are_real_and_long_ones_keep_their_order() {
        for limits in [PAGE, CODE] {
            assert!((0..=limits.real).all(|seconds| limits.shorten_wait(seconds) == seconds));
            let shortened: Vec<u32> =
                (0..500).map(|seconds| limits.shorten_wait(seconds)).collect();
            assert!(shortened.is_sorted());
            assert_eq!(shortened.last(), Some(&limits.most));
        }
        let mut trace = Stage::from_seed(1).draw_person(0);
        (trace.page_seconds, trace.code_seconds, trace.check_seconds) = (Some(90), None, Some(0));
        shorten_waits(&mut trace);
        assert_eq!((trace.page_seconds, trace.code_seconds), (Some(50), None));
        assert_eq!(trace.check_seconds, Some(0));
    }

    #[test]
    fn only_the_longest_pauses_are_shortened() {
        assert_eq!(compress_moments(&[5_000, 5_010, 9_000, 99_000], 110), [0, 10, 60, 110]);
        assert_eq!(compress_moments(&[0, 10, 20], 1_000), [0, 10, 20]);
        assert_eq!(compress_moments(&[7, 7, 7], 0), [0, 0, 0]);
        assert!(compress_moments(&[], 5).is_empty());
    }

    #[test]
    fn voters_of_one_window_never_overlap_and_share_its_cookie() {
        let mut stage = draw_small_season(5, 200);
        stage.ballots.iter_mut().for_each(|ballot| shorten_waits(&mut ballot.trace));
        let traces: Vec<_> = stage.ballots.into_iter().map(|ballot| ballot.trace).collect();
        let turns = plan_turns(&traces, 240_000);
        assert_eq!(turns.len(), traces.len());
        let mut seen: Vec<(usize, u64, u64, Option<TraceKey>)> = turns
            .iter()
            .zip(&traces)
            .map(|(turn, trace)| {
                (turn.window, turn.start, turn.start + voting_millis(trace), trace.device)
            })
            .collect();
        seen.sort_unstable();
        for pair in seen.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            assert!(pair[0].2 <= pair[1].1, "{pair:?}");
            assert_eq!(pair[0].3, pair[1].3);
            assert!(pair[0].3.is_some());
        }
        let late = seen.iter().filter(|turn| turn.2 > 240_000 + HEAD_START).count();
        assert!(late < traces.len() / 10, "{late}");
    }
}

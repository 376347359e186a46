//! A vote of 96 hours: when codes were sent, when ballots came, and in which batches the rules let
//! their lines out. Every time is a number of milliseconds since a midnight (UTC).

use chrono::TimeDelta;
use domain::rulebook::RecordRules;
use simulator::random::SeededRandom;

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;
/// A day of the record, which counts its days in UTC.
pub(crate) const DAY: u64 = 24 * HOUR;
/// The poll opens at midnight in Korea, as in `data/daejeon-2024.json`.
const OPENS: u64 = 15 * HOUR;
/// The poll closes four days later.
const CLOSES: u64 = OPENS + 96 * HOUR;
/// The shortest time from the code to the ballot.
pub(crate) const FASTEST: u64 = 20 * SECOND;
/// The longest time from the code to the ballot.
pub(crate) const SLOWEST: u64 = 180 * SECOND;

/// One voter. The attacker knows `code`, and wants to know which line came at `ballot`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voter {
    /// When the code was sent.
    pub(crate) code: u64,
    /// When the ballot came.
    pub(crate) ballot: u64,
}

/// Lines that were let out together.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// When the batch before it was let out, or when the poll opened.
    pub(crate) after: u64,
    /// When this batch was let out.
    pub(crate) out: u64,
    /// An instant at which one of its ballots came for certain: that of the last one if it was the
    /// number of voters that let the batch out, that of the first one if it was the time. `None` at
    /// the close.
    pub(crate) known: Option<u64>,
    /// When its ballots came, in order. Of these the attacker learns only the day.
    pub(crate) ballots: Vec<u64>,
}

/// Draws voters, in the order of their codes.
pub(crate) fn draw_voters(count: usize, seed: u64) -> Vec<Voter> {
    let mut chance = SeededRandom::from_seed(seed);
    let mut voters = Vec::with_capacity(count);
    while voters.len() < count {
        let code = OPENS + chance.draw_below(CLOSES - OPENS - SLOWEST);
        if chance.draw_below(100) < percent_awake(code) {
            let ballot = code + FASTEST + chance.draw_below(SLOWEST - FASTEST + 1);
            voters.push(Voter { code, ballot });
        }
    }
    voters.sort_by_key(|voter| voter.code);
    voters
}

/// Returns how many of a hundred people vote at this hour of the day in Korea.
const fn percent_awake(time: u64) -> u64 {
    match (time / HOUR + 9) % 24 {
        1..=5 => 5,
        0 | 23 => 50,
        _ => 100,
    }
}

/// Lets the lines of these voters' ballots out as the rules say.
pub(crate) fn let_lines_out(voters: &[Voter], rules: RecordRules) -> Vec<Batch> {
    let mut ballots: Vec<u64> = voters.iter().map(|voter| voter.ballot).collect();
    ballots.sort_unstable();
    let mut waiting = WaitingLines { rules, after: OPENS, ballots: Vec::new(), sent: Vec::new() };
    for ballot in ballots {
        waiting.pass_time(ballot);
        waiting.ballots.push(ballot);
        if waiting.may_go(ballot, false) {
            waiting.send_batch(ballot, Some(ballot));
        }
    }
    waiting.pass_time(CLOSES);
    if waiting.may_go(CLOSES, true) {
        waiting.send_batch(CLOSES, None);
    }
    waiting.sent
}

/// The lines that wait, and the batches so far.
struct WaitingLines {
    rules: RecordRules,
    after: u64,
    ballots: Vec<u64>,
    sent: Vec<Batch>,
}

impl WaitingLines {
    /// Lets the lines out that are due before or at this instant because of the time alone.
    fn pass_time(&mut self, now: u64) {
        let Some(oldest) = self.ballots.first().copied() else { return };
        let due = oldest + u64::from(self.rules.minutes) * 60 * SECOND;
        if due <= now && self.may_go(due, false) {
            self.send_batch(due, Some(oldest));
        }
    }

    fn may_go(&self, now: u64, closed: bool) -> bool {
        let voters = u32::try_from(self.ballots.len()).unwrap();
        let waits = now - self.ballots.first().copied().unwrap_or(now);
        let waits = TimeDelta::milliseconds(i64::try_from(waits).unwrap());
        self.rules.lets_out(voters, waits, closed)
    }

    fn send_batch(&mut self, out: u64, known: Option<u64>) {
        let ballots = std::mem::take(&mut self.ballots);
        self.sent.push(Batch { after: self.after, out, known, ballots });
        self.after = out;
    }
}

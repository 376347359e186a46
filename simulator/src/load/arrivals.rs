//! An open loop: voters arrive at planned times, no matter how fast the server answers. Durations
//! count from the time at which a voter was due, so a slow server cannot hide its delay.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::LoadGenerator;
use super::tally::Tally;
use crate::client_line::{ClientLine, PostReply};
use crate::season::BallotRequest;
use crate::target::Outcome;

/// How often the generator checks which voters are due.
const TICK: Duration = Duration::from_millis(1);

/// The plan of a run of arrivals.
#[derive(Clone, Copy, Debug)]
pub struct ArrivalPlan {
    /// How long voters arrive.
    pub during: Duration,
    /// How many voters arrive in that time.
    pub count: u64,
    /// Maximum number of open connections. An arrival that finds no free connection is not posted,
    /// but counted.
    pub lines: u64,
    /// How the arrivals are spread over the time.
    pub shape: ArrivalShape,
}

/// How arrivals are spread over the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalShape {
    /// Evenly, one after another.
    Even,
    /// The rate rises towards the end. At the end it is twice the average.
    Rising,
}

/// One arrival and its outcome. Times are offsets from the start of the run.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The voter's number.
    pub voter: u64,
    /// When the request was sent.
    pub sent: Duration,
    /// When the answer had arrived.
    pub answered: Duration,
    /// The outcome.
    pub outcome: Outcome,
}

/// Result of a run.
#[derive(Default)]
pub struct ArrivalRun {
    /// Counts, and durations from the time at which each voter was due.
    pub from_due: Tally,
    /// Every arrival, in the order of the answers.
    pub arrivals: Vec<Arrival>,
    /// When the run began.
    pub begun: Option<Instant>,
    /// How long it took until the last answer.
    pub elapsed: Duration,
}

impl ArrivalPlan {
    /// Plans `rate` arrivals per second, evenly spread.
    #[must_use]
    pub fn evenly_spread(rate: u64, during: Duration, lines: u64) -> Self {
        let millis = u64::try_from(during.as_millis()).unwrap_or(u64::MAX);
        Self { during, count: rate * millis / 1000, lines, shape: ArrivalShape::Even }
    }

    /// Returns when the arrival of this number is due.
    fn due_time(&self, number: u64) -> Duration {
        let (all, number) = (u128::from(self.count.max(1)), u128::from(number));
        let nanos = self.during.as_nanos();
        let due = match self.shape {
            ArrivalShape::Even => nanos * number / all,
            // The number of arrivals grows with the square of the time.
            ArrivalShape::Rising => (nanos * nanos / all * number).isqrt(),
        };
        Duration::from_nanos(u64::try_from(due).unwrap_or(u64::MAX))
    }
}

struct ArrivalState {
    load: Arc<LoadGenerator>,
    begun: Instant,
    idle: Mutex<Vec<ClientLine>>,
    open: AtomicU64,
    run: Mutex<ArrivalRun>,
}

/// Opens `count` connections in advance, so that the run measures ballots and not the rush of
/// connecting. Use them soon, because the server closes idle connections.
pub async fn open_lines(load: &LoadGenerator, count: u64) -> Vec<ClientLine> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let mut line = ClientLine::new(load.target.address, load.patience);
        line.connect_if_closed().await;
        lines.push(line);
    }
    lines
}

/// Lets voters arrive and waits for their answers. A voter who is asked to try again goes back into
/// the supply for another arrival. Nobody is retried here, so that the rate stays as planned.
pub async fn run_arrivals(load: &Arc<LoadGenerator>, plan: ArrivalPlan) -> ArrivalRun {
    run_arrivals_over(load, plan, Vec::new()).await
}

/// Does the same as [`run_arrivals`], but begins with these open lines.
pub async fn run_arrivals_over(
    load: &Arc<LoadGenerator>,
    plan: ArrivalPlan,
    lines: Vec<ClientLine>,
) -> ArrivalRun {
    let open = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    let floor = Arc::new(ArrivalState {
        load: load.clone(),
        begun: Instant::now(),
        idle: Mutex::new(lines),
        open: AtomicU64::new(open),
        run: Mutex::default(),
    });
    let mut under_way = tokio::task::JoinSet::new();
    let mut ticks = tokio::time::interval(TICK);
    let mut number = 0;
    while number < plan.count && floor.begun.elapsed() < plan.during {
        ticks.tick().await;
        while number < plan.count && plan.due_time(number) <= floor.begun.elapsed() {
            if let Some((voter, line)) = floor.take_voter_and_line(plan.lines) {
                under_way.spawn(floor.clone().post_arrival(voter, line, plan.due_time(number)));
            }
            number += 1;
        }
        while under_way.try_join_next().is_some() {}
    }
    // Arrivals that were due but did not start were held up by this generator.
    floor.lock_run().from_due.behind += plan.count - number;
    while under_way.join_next().await.is_some() {}
    let mut run = floor.run.lock().unwrap_or_else(PoisonError::into_inner);
    run.elapsed = floor.begun.elapsed();
    run.begun = Some(floor.begun);
    std::mem::take(&mut *run)
}

impl ArrivalState {
    fn lock_run(&self) -> MutexGuard<'_, ArrivalRun> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_idle_lines(&self) -> MutexGuard<'_, Vec<ClientLine>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a voter and a line, or counts which of the two was missing.
    fn take_voter_and_line(&self, most: u64) -> Option<(u64, ClientLine)> {
        let Some(line) = self.take_line(most) else {
            self.lock_run().from_due.all_busy += 1;
            return None;
        };
        let Some(voter) = self.load.supply.take_next() else {
            self.lock_run().from_due.no_voter += 1;
            self.lock_idle_lines().push(line);
            return None;
        };
        Some((voter, line))
    }

    /// Returns the line that was used last, so that few lines rest for long. Makes a new line if no
    /// line is free and fewer than `most` are open.
    fn take_line(&self, most: u64) -> Option<ClientLine> {
        let idle = self.lock_idle_lines().pop();
        idle.or_else(|| {
            (self.open.load(Ordering::Relaxed) < most).then(|| {
                self.open.fetch_add(1, Ordering::Relaxed);
                ClientLine::new(self.load.target.address, self.load.patience)
            })
        })
    }

    async fn post_arrival(self: Arc<Self>, voter: u64, mut line: ClientLine, due: Duration) {
        let load = &self.load;
        let ask = BallotRequest { voter, tab: 0 };
        let request = load
            .target
            .cast_request(&load.season.session_token(voter), &load.season.requested_ballot(ask));
        let sent = self.begun.elapsed();
        let reply: PostReply = load.post_and_note(&mut line, ask, &request).await;
        let answered = self.begun.elapsed();
        if matches!(reply.outcome, Outcome::Overload | Outcome::Unknown) {
            load.supply.give_back_voter(voter);
        }
        self.lock_idle_lines().push(line);
        let mut run = self.lock_run();
        run.from_due.count_reply(reply, answered.saturating_sub(due));
        run.arrivals.push(Arrival { voter, sent, answered, outcome: reply.outcome });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::net::TcpListener;
    use uuid::Uuid;

    use super::{ArrivalPlan, ArrivalShape, open_lines, run_arrivals_over};
    use crate::journal::Journal;
    use crate::load::tally::Tally;
    use crate::load::{LoadGenerator, VoterSupply};
    use crate::season::PreparedSeason;
    use crate::target::Target;

    /// Runs ten arrivals over three lines within 100 ms against a server that never answers.
    async fn unanswered(voters: u64) -> Tally {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let season = PreparedSeason {
            edition: "e".to_owned(),
            poll: String::new(),
            poll_id: Uuid::nil(),
            token_key: [7; 32],
            seed: 1,
            voters,
            cases: vec![Uuid::from_u128(1)],
            picks: (1, 1),
        };
        let target = Target::new(listener.local_addr().unwrap(), &season);
        let journal = Arc::new(Journal::with_file(None).unwrap());
        let mut load =
            LoadGenerator::new(target, season, journal, VoterSupply::from_range(0, voters));
        load.patience = Duration::from_millis(300);
        let load = Arc::new(load);
        let lines = open_lines(&load, 3).await;
        let during = Duration::from_millis(100);
        let plan = ArrivalPlan { during, count: 10, lines: 3, shape: ArrivalShape::Even };
        run_arrivals_over(&load, plan, lines).await.from_due
    }

    #[tokio::test]
    async fn who_is_not_posted_is_counted_by_the_reason() {
        let enough = unanswered(10).await;
        assert_eq!(enough.total_count() + enough.not_posted_count(), 10);
        assert_eq!(enough.no_voter, 0);
        // At most two of the three lines are busy: the third goes back each time, because no voter
        // is left.
        let few = unanswered(2).await;
        assert_eq!(few.total_count() + few.not_posted_count(), 10);
        assert_eq!(few.all_busy, 0);
    }

    #[test]
    fn rising_arrivals_end_at_the_end_and_grow() {
        let (during, count) = (Duration::from_secs(60), 21_000);
        let plan = ArrivalPlan { during, count, lines: 1, shape: ArrivalShape::Rising };
        let until = |second: u64| {
            let end = Duration::from_secs(second);
            (0..count).filter(|number| plan.due_time(*number) < end).count() as u64
        };
        assert_eq!(until(60), 21_000);
        // A quarter arrives in the first half, and twice the average in the last second.
        assert!(until(30).abs_diff(5_250) < 5);
        assert!((21_000 - until(59)).abs_diff(694) < 5);
    }
}

//! Voters who arrive when they arrive, whatever the server does (open loop). Durations count from
//! the instant a voter was due, so that a slow server cannot hide behind its own slowness.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Load;
use super::tally::Tally;
use crate::line::{Line, Reply};
use crate::season::Ask;
use crate::target::Outcome;

/// How often the generator looks who is due.
const TICK: Duration = Duration::from_millis(1);

/// What a run of arrivals needs beside the load.
#[derive(Clone, Copy, Debug)]
pub struct Arrivals {
    /// For how long.
    pub during: Duration,
    /// How many voters arrive in that time.
    pub count: u64,
    /// Most lines open at once; who finds none free is not posted, and counted.
    pub lines: u64,
    /// How they are spread over the time.
    pub shape: Shape,
}

/// How arrivals are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One after the other, evenly.
    Even,
    /// More and more towards the end: twice as many as on average in the last instant.
    Rising,
}

/// One arrival and its outcome: offsets from the begin of the run.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The voter.
    pub voter: u64,
    /// When the request was written.
    pub sent: Duration,
    /// When the answer was there.
    pub answered: Duration,
    /// What it was.
    pub outcome: Outcome,
}

/// What came of a run.
#[derive(Default)]
pub struct Run {
    /// Durations from the instant that each voter was due.
    pub from_due: Tally,
    /// Every arrival, in the order of the answers.
    pub arrivals: Vec<Arrival>,
    /// When it began.
    pub begun: Option<Instant>,
    /// How long it took until the last answer.
    pub elapsed: Duration,
}

impl Arrivals {
    /// So many a second, evenly.
    #[must_use]
    pub fn even(rate: u64, during: Duration, lines: u64) -> Self {
        let millis = u64::try_from(during.as_millis()).unwrap_or(u64::MAX);
        Self { during, count: rate * millis / 1000, lines, shape: Shape::Even }
    }

    /// When the voter of this number is due.
    fn due(&self, number: u64) -> Duration {
        let (all, number) = (u128::from(self.count.max(1)), u128::from(number));
        let nanos = self.during.as_nanos();
        let due = match self.shape {
            Shape::Even => nanos * number / all,
            // The number of arrivals grows with the square of the time.
            Shape::Rising => (nanos * nanos / all * number).isqrt(),
        };
        Duration::from_nanos(u64::try_from(due).unwrap_or(u64::MAX))
    }
}

struct Floor {
    load: Arc<Load>,
    begun: Instant,
    idle: Mutex<Vec<Line>>,
    open: AtomicU64,
    run: Mutex<Run>,
}

/// So many lines that are connected already, so that what is timed is ballots and not the rush of
/// connecting. To be used soon: a server closes what rests.
pub async fn open(load: &Load, count: u64) -> Vec<Line> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let mut line = Line::new(load.target.address, load.patience);
        line.connect().await;
        lines.push(line);
    }
    lines
}

/// Lets voters arrive and waits for their answers. Who is told to come again goes back into the
/// supply, for another arrival; nobody is retried here, so that the rate is what was asked for.
pub async fn run(load: &Arc<Load>, plan: Arrivals) -> Run {
    run_over(load, plan, Vec::new()).await
}

/// As [`run`], with these lines at the begin.
pub async fn run_over(load: &Arc<Load>, plan: Arrivals, lines: Vec<Line>) -> Run {
    let open = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    let floor = Arc::new(Floor {
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
        while number < plan.count && plan.due(number) <= floor.begun.elapsed() {
            if let Some((voter, line)) = floor.take(plan.lines) {
                under_way.spawn(floor.clone().arrive(voter, line, plan.due(number)));
            }
            number += 1;
        }
        while under_way.try_join_next().is_some() {}
    }
    // Who was due and is still here was held up by this generator.
    floor.run().from_due.behind += plan.count - number;
    while under_way.join_next().await.is_some() {}
    let mut run = floor.run.lock().unwrap_or_else(PoisonError::into_inner);
    run.elapsed = floor.begun.elapsed();
    run.begun = Some(floor.begun);
    std::mem::take(&mut *run)
}

impl Floor {
    fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Line>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A voter and a line for them, or a note on what was missing.
    fn take(&self, most: u64) -> Option<(u64, Line)> {
        let Some(line) = self.line(most) else {
            self.run().from_due.all_busy += 1;
            return None;
        };
        let Some(voter) = self.load.supply.next() else {
            self.run().from_due.no_voter += 1;
            self.idle().push(line);
            return None;
        };
        Some((voter, line))
    }

    /// The line that was used last, so that few rest long, or a new one while there may be more.
    fn line(&self, most: u64) -> Option<Line> {
        let idle = self.idle().pop();
        idle.or_else(|| {
            (self.open.load(Ordering::Relaxed) < most).then(|| {
                self.open.fetch_add(1, Ordering::Relaxed);
                Line::new(self.load.target.address, self.load.patience)
            })
        })
    }

    async fn arrive(self: Arc<Self>, voter: u64, mut line: Line, due: Duration) {
        let load = &self.load;
        let ask = Ask { voter, tab: 0 };
        let request = load.target.cast(&load.season.token(voter), &load.season.ballot(ask));
        let sent = self.begun.elapsed();
        let reply: Reply = load.post(&mut line, ask, &request).await;
        let answered = self.begun.elapsed();
        if matches!(reply.outcome, Outcome::Overload | Outcome::Unknown) {
            load.supply.give_back(voter);
        }
        self.idle().push(line);
        let mut run = self.run();
        run.from_due.note(reply, answered.saturating_sub(due));
        run.arrivals.push(Arrival { voter, sent, answered, outcome: reply.outcome });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::net::TcpListener;
    use uuid::Uuid;

    use super::{Arrivals, Shape, open, run_over};
    use crate::journal::Journal;
    use crate::load::tally::Tally;
    use crate::load::{Load, Supply};
    use crate::season::Season;
    use crate::target::Target;

    /// What comes of ten arrivals in a moment over three lines, where nobody is ever answered.
    async fn unanswered(voters: u64) -> Tally {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let season = Season {
            edition: "e".to_owned(),
            poll: String::new(),
            poll_id: Uuid::nil(),
            seed: 1,
            voters,
            cases: vec![Uuid::from_u128(1)],
            picks: (1, 1),
        };
        let target = Target::new(listener.local_addr().unwrap(), &season);
        let journal = Arc::new(Journal::new(None).unwrap());
        let mut load = Load::new(target, season, journal, Supply::new(0, voters));
        load.patience = Duration::from_millis(300);
        let load = Arc::new(load);
        let lines = open(&load, 3).await;
        let during = Duration::from_millis(100);
        let plan = Arrivals { during, count: 10, lines: 3, shape: Shape::Even };
        run_over(&load, plan, lines).await.from_due
    }

    #[tokio::test]
    async fn who_is_not_posted_is_counted_by_the_reason() {
        let enough = unanswered(10).await;
        assert_eq!(enough.total() + enough.not_posted(), 10);
        assert_eq!(enough.no_voter, 0);
        // Of three lines two are busy at most: the third goes back to the others each time.
        let few = unanswered(2).await;
        assert_eq!(few.total() + few.not_posted(), 10);
        assert_eq!(few.all_busy, 0);
    }

    #[test]
    fn rising_arrivals_end_at_the_end_and_grow() {
        let (during, count) = (Duration::from_secs(60), 21_000);
        let plan = Arrivals { during, count, lines: 1, shape: Shape::Rising };
        let until = |second: u64| {
            let end = Duration::from_secs(second);
            (0..count).filter(|number| plan.due(*number) < end).count() as u64
        };
        assert_eq!(until(60), 21_000);
        // A quarter in the first half, and twice the average in the last second.
        assert!(until(30).abs_diff(5_250) < 5);
        assert!((21_000 - until(59)).abs_diff(694) < 5);
    }
}

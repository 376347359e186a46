//! Voters who arrive when they arrive, whatever the server does (open loop). Durations count from
//! the instant a voter was due, so that a slow server cannot hide behind its own slowness.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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
    /// Most lines open at once; who finds none free is not tried.
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

/// Lets voters arrive and waits for their answers. Who is told to come again goes back into the
/// supply; nobody is retried here, so that the rate is what was asked for.
pub async fn run(load: &Arc<Load>, plan: Arrivals) -> Run {
    let floor = Arc::new(Floor {
        load: load.clone(),
        begun: Instant::now(),
        idle: Mutex::default(),
        open: AtomicU64::new(0),
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
    floor.run().from_due.not_tried += plan.count - number;
    while under_way.join_next().await.is_some() {}
    let mut run = floor.run.lock().unwrap_or_else(PoisonError::into_inner);
    run.elapsed = floor.begun.elapsed();
    run.begun = Some(floor.begun);
    std::mem::take(&mut *run)
}

impl Floor {
    fn run(&self) -> std::sync::MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A voter and a line for them, or a note that there was none.
    fn take(&self, most: u64) -> Option<(u64, Line)> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let line = idle.or_else(|| {
            (self.open.load(Ordering::Relaxed) < most).then(|| {
                self.open.fetch_add(1, Ordering::Relaxed);
                Line::new(self.load.target.address, self.load.patience)
            })
        });
        let found = line.and_then(|line| Some((self.load.supply.next()?, line)));
        if found.is_none() {
            self.run().from_due.not_tried += 1;
        }
        found
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
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        let mut run = self.run();
        run.from_due.note(reply, answered.saturating_sub(due));
        run.arrivals.push(Arrival { voter, sent, answered, outcome: reply.outcome });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Arrivals, Shape};

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

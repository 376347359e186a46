//! Many clients that vote as people do. Some vote twice from two tabs, some have a connection that
//! breaks, and some post again because no answer came, always with the same key.

pub mod arrivals;
pub mod tally;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::journal::Journal;
use crate::line::{Line, Reply};
use crate::season::{Ask, Season};
use crate::target::{Outcome, Target};
use tally::Tally;

/// How long a client keeps trying to learn what became of its ballot.
const PERSISTENCE: Duration = Duration::from_secs(180);

/// How many of a thousand voters have each habit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Vote from two tabs at the same time, with two keys.
    pub two_tabs: u64,
    /// Post the same form twice at the same time, on two connections.
    pub double_click: u64,
    /// Post again after the answer.
    pub reload: u64,
    /// Hang up in the middle, and try again.
    pub hang_up: u64,
    /// Hang up in the middle, and never come back.
    pub walk_away: u64,
}

impl Habits {
    /// The habits of people on a bad day, used by chaos.
    pub const BAD_DAY: Self =
        Self { two_tabs: 50, double_click: 50, reload: 50, hang_up: 20, walk_away: 5 };
}

/// The voters who have not voted yet.
pub struct Supply {
    next: AtomicU64,
    end: u64,
    back: Mutex<VecDeque<u64>>,
}

impl Supply {
    /// Returns a supply of the voters `from..end`.
    #[must_use]
    pub const fn new(from: u64, end: u64) -> Self {
        Self { next: AtomicU64::new(from), end, back: Mutex::new(VecDeque::new()) }
    }

    /// Returns a voter who was given back, else the next voter; `None` if there are no voters left.
    /// Because of this order an overload, which refuses most of its voters, does not use up the
    /// voters of the next phase.
    pub fn next(&self) -> Option<u64> {
        let back = self.back.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        back.or_else(|| self.fresh())
    }

    fn fresh(&self) -> Option<u64> {
        let fresh = self.next.fetch_add(1, Ordering::Relaxed);
        if fresh < self.end {
            return Some(fresh);
        }
        self.next.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Gives a voter back for another arrival.
    pub fn give_back(&self, voter: u64) {
        self.back.lock().unwrap_or_else(PoisonError::into_inner).push_back(voter);
    }

    /// Returns the first voter who was not taken yet.
    pub fn position(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }
}

/// State that all clients of a run share.
pub struct Load {
    /// The server.
    pub target: Target,
    /// The poll.
    pub season: Season,
    /// The journal of requests and answers.
    pub journal: Arc<Journal>,
    /// The voters who have not voted yet.
    pub supply: Supply,
    /// Their habits.
    pub habits: Habits,
    /// How long they wait for an answer.
    pub patience: Duration,
    /// Durations and counts.
    pub tally: Mutex<Tally>,
    pause_micros: AtomicU64,
    stopped: AtomicBool,
}

impl Load {
    /// Prepares a load of this season's voters on this server without starting it.
    #[must_use]
    pub fn new(target: Target, season: Season, journal: Arc<Journal>, supply: Supply) -> Self {
        Self {
            target,
            season,
            journal,
            supply,
            habits: Habits::default(),
            patience: Duration::from_secs(10),
            tally: Mutex::default(),
            pause_micros: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Sets how long every client rests before its next voter.
    pub fn pause(&self, pause: Duration) {
        let micros = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX);
        self.pause_micros.store(micros, Ordering::Relaxed);
    }

    /// Stops the load: no further voter begins. Voters who have begun still wait for their outcome.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Takes the tally so far and begins a new one.
    pub fn take_tally(&self) -> Tally {
        std::mem::take(&mut *self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, reply: Reply, took: Duration) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.note(reply, took);
    }

    /// Runs this many clients until there are no voters left or [`Load::stop`] is called. Each
    /// client votes for one voter after another.
    pub async fn run(self: &Arc<Self>, clients: u64) {
        let mut all = tokio::task::JoinSet::new();
        for client in 0..clients {
            let load = self.clone();
            all.spawn(async move { load.client(client).await });
        }
        while all.join_next().await.is_some() {}
    }

    async fn client(&self, number: u64) {
        let mut chance = Chance::of(self.season.seed ^ 0x10ad, number);
        let mut line = Line::new(self.target.address, self.patience);
        while !self.stopped.load(Ordering::Relaxed) {
            let Some(voter) = self.supply.next() else { return };
            self.vote(&mut line, voter, &mut chance).await;
            let pause = self.pause_micros.load(Ordering::Relaxed);
            if pause > 0 {
                tokio::time::sleep(Duration::from_micros(pause)).await;
            }
        }
    }

    /// Casts the ballots of one voter, with the voter's habits.
    async fn vote(&self, line: &mut Line, voter: u64, chance: &mut Chance) {
        let (first, second) = (Ask { voter, tab: 0 }, Ask { voter, tab: 1 });
        let mut other = Line::new(self.target.address, self.patience);
        let mut others = Chance::new(chance.draw());
        if chance.per_mille(self.habits.two_tabs) {
            tokio::join!(
                self.cast(line, first, chance),
                self.cast(&mut other, second, &mut others)
            );
        } else if chance.per_mille(self.habits.double_click) {
            tokio::join!(self.cast(line, first, chance), self.cast(&mut other, first, &mut others));
        } else {
            self.cast(line, first, chance).await;
        }
        if chance.per_mille(self.habits.reload) {
            self.cast(line, first, chance).await;
        }
    }

    /// Posts one key until the outcome is definite or the client gives up.
    async fn cast(&self, line: &mut Line, ask: Ask, chance: &mut Chance) -> Outcome {
        let begun = Instant::now();
        let request = self.target.cast(&self.season.token(ask.voter), &self.season.ballot(ask));
        let walks_away = chance.per_mille(self.habits.walk_away);
        if walks_away || chance.per_mille(self.habits.hang_up) {
            let after = Duration::from_micros(chance.below(20_000));
            self.journal.asked(ask);
            let reply = line.post_and_hang_up(&request, after).await;
            self.journal.answered(ask, reply.outcome);
            self.tally.lock().unwrap_or_else(PoisonError::into_inner).hung_up += 1;
            if walks_away {
                return reply.outcome;
            }
        }
        loop {
            let reply = self.post(line, ask, &request).await;
            let wait = match reply.outcome {
                Outcome::Unknown => Duration::from_millis(20 + chance.below(180)),
                Outcome::Overload => {
                    Duration::from_millis(reply.retry_after.unwrap_or(1) * 1000 + chance.below(500))
                }
                definite => return definite,
            };
            if begun.elapsed() > PERSISTENCE {
                return reply.outcome;
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Posts once, and notes it in the journal and the tally.
    pub async fn post(&self, line: &mut Line, ask: Ask, request: &[u8]) -> Reply {
        self.journal.asked(ask);
        let begun = Instant::now();
        let reply = line.post(request).await;
        self.note(reply, begun.elapsed());
        self.journal.answered(ask, reply.outcome);
        reply
    }
}

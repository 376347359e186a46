//! Many clients that vote as people do. Some vote twice from two tabs, some have a connection that
//! breaks, and some post again because no answer came, always with the same key.

pub mod arrivals;
pub mod tally;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::client_line::{ClientLine, PostReply};
use crate::journal::Journal;
use crate::random::SeededRandom;
use crate::season::{BallotRequest, PreparedSeason};
use crate::target::{Outcome, Target};
use tally::Tally;

/// How long a client keeps trying to learn what became of its ballot.
const PERSISTENCE: Duration = Duration::from_secs(180);

/// How many of a thousand voters have each habit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoterHabits {
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

impl VoterHabits {
    /// The habits of people on a bad day, used by chaos.
    pub const BAD_DAY: Self =
        Self { two_tabs: 50, double_click: 50, reload: 50, hang_up: 20, walk_away: 5 };
}

/// The voters who have not voted yet.
pub struct VoterSupply {
    next: AtomicU64,
    end: u64,
    back: Mutex<VecDeque<u64>>,
}

impl VoterSupply {
    /// Returns a supply of the voters `from..end`.
    #[must_use]
    pub const fn from_range(from: u64, end: u64) -> Self {
        Self { next: AtomicU64::new(from), end, back: Mutex::new(VecDeque::new()) }
    }

    /// Returns a voter who was given back, else the next voter; `None` if there are no voters left.
    /// Because of this order an overload, which refuses most of its voters, does not use up the
    /// voters of the next phase.
    pub fn take_next(&self) -> Option<u64> {
        let back = self.back.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        back.or_else(|| self.take_fresh())
    }

    fn take_fresh(&self) -> Option<u64> {
        let fresh = self.next.fetch_add(1, Ordering::Relaxed);
        if fresh < self.end {
            return Some(fresh);
        }
        self.next.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Gives a voter back for another arrival.
    pub fn give_back_voter(&self, voter: u64) {
        self.back.lock().unwrap_or_else(PoisonError::into_inner).push_back(voter);
    }

    /// Returns the first voter who was not taken yet.
    pub fn first_untaken(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }
}

/// State that all clients of a run share.
pub struct LoadGenerator {
    /// The server.
    pub target: Target,
    /// The poll.
    pub season: PreparedSeason,
    /// The journal of requests and answers.
    pub journal: Arc<Journal>,
    /// The voters who have not voted yet.
    pub supply: VoterSupply,
    /// Their habits.
    pub habits: VoterHabits,
    /// How long they wait for an answer.
    pub patience: Duration,
    /// Durations and counts.
    pub tally: Mutex<Tally>,
    pause_micros: AtomicU64,
    stopped: AtomicBool,
}

impl LoadGenerator {
    /// Prepares a load of this season's voters on this server without starting it.
    #[must_use]
    pub fn new(
        target: Target,
        season: PreparedSeason,
        journal: Arc<Journal>,
        supply: VoterSupply,
    ) -> Self {
        Self {
            target,
            season,
            journal,
            supply,
            habits: VoterHabits::default(),
            patience: Duration::from_secs(10),
            tally: Mutex::default(),
            pause_micros: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Sets how long every client rests before its next voter.
    pub fn set_pause(&self, pause: Duration) {
        let micros = u64::try_from(pause.as_micros()).unwrap_or(u64::MAX);
        self.pause_micros.store(micros, Ordering::Relaxed);
    }

    /// Stops the load: no further voter begins. Voters who have begun still wait for their outcome.
    pub fn stop_clients(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Takes the tally so far and begins a new one.
    pub fn take_tally(&self) -> Tally {
        std::mem::take(&mut *self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn count_reply(&self, reply: PostReply, took: Duration) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.count_reply(reply, took);
    }

    /// Runs this many clients until there are no voters left or [`LoadGenerator::stop_clients`] is called. Each
    /// client votes for one voter after another.
    pub async fn run_clients(self: &Arc<Self>, clients: u64) {
        let mut all = tokio::task::JoinSet::new();
        for client in 0..clients {
            let load = self.clone();
            all.spawn(async move { load.run_client(client).await });
        }
        while all.join_next().await.is_some() {}
    }

    async fn run_client(&self, number: u64) {
        let mut chance = SeededRandom::for_stream(self.season.seed ^ 0x10ad, number);
        let mut line = ClientLine::new(self.target.address, self.patience);
        while !self.stopped.load(Ordering::Relaxed) {
            let Some(voter) = self.supply.take_next() else { return };
            self.cast_for_voter(&mut line, voter, &mut chance).await;
            let pause = self.pause_micros.load(Ordering::Relaxed);
            if pause > 0 {
                tokio::time::sleep(Duration::from_micros(pause)).await;
            }
        }
    }

    /// Casts the ballots of one voter, with the voter's habits.
    async fn cast_for_voter(&self, line: &mut ClientLine, voter: u64, chance: &mut SeededRandom) {
        let (first, second) = (BallotRequest { voter, tab: 0 }, BallotRequest { voter, tab: 1 });
        let mut other = ClientLine::new(self.target.address, self.patience);
        let mut others = SeededRandom::from_seed(chance.draw_bits());
        if chance.draw_per_mille(self.habits.two_tabs) {
            tokio::join!(
                self.cast_until_definite(line, first, chance),
                self.cast_until_definite(&mut other, second, &mut others)
            );
        } else if chance.draw_per_mille(self.habits.double_click) {
            tokio::join!(
                self.cast_until_definite(line, first, chance),
                self.cast_until_definite(&mut other, first, &mut others)
            );
        } else {
            self.cast_until_definite(line, first, chance).await;
        }
        if chance.draw_per_mille(self.habits.reload) {
            self.cast_until_definite(line, first, chance).await;
        }
    }

    /// Posts one key until the outcome is definite or the client gives up.
    async fn cast_until_definite(
        &self,
        line: &mut ClientLine,
        ask: BallotRequest,
        chance: &mut SeededRandom,
    ) -> Outcome {
        let begun = Instant::now();
        let request = self.target.cast_request(
            &self.season.session_token(ask.voter),
            &self.season.requested_ballot(ask),
        );
        let walks_away = chance.draw_per_mille(self.habits.walk_away);
        if walks_away || chance.draw_per_mille(self.habits.hang_up) {
            let after = Duration::from_micros(chance.draw_below(20_000));
            self.journal.note_post(ask);
            let reply = line.post_and_hang_up(&request, after).await;
            self.journal.note_outcome(ask, reply.outcome);
            self.tally.lock().unwrap_or_else(PoisonError::into_inner).hung_up += 1;
            if walks_away {
                return reply.outcome;
            }
        }
        loop {
            let reply = self.post_and_note(line, ask, &request).await;
            let wait = match reply.outcome {
                Outcome::Unknown => Duration::from_millis(20 + chance.draw_below(180)),
                Outcome::Overload => Duration::from_millis(
                    reply.retry_after.unwrap_or(1) * 1000 + chance.draw_below(500),
                ),
                definite => return definite,
            };
            if begun.elapsed() > PERSISTENCE {
                return reply.outcome;
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Posts once, and notes it in the journal and the tally.
    pub async fn post_and_note(
        &self,
        line: &mut ClientLine,
        ask: BallotRequest,
        request: &[u8],
    ) -> PostReply {
        self.journal.note_post(ask);
        let begun = Instant::now();
        let reply = line.post_and_wait(request).await;
        self.count_reply(reply, begun.elapsed());
        self.journal.note_outcome(ask, reply.outcome);
        reply
    }
}

//! The faults and how each is made and mended.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::AppProcess;
use crate::check::{Rule, Violation};
use crate::error::Result;
use crate::proxy::{ConnectionCut, Proxy};
use crate::queries;
use crate::random::SeededRandom;
use crate::record::RecordLog;
use crate::world::World;

/// Longest time that a planned cut waits for a request.
const CUT_PATIENCE: Duration = Duration::from_secs(10);

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A connection is cut.
    Cut(CutPosition),
    /// The program is killed (-9) and started again.
    KillApp,
    /// PostgreSQL is killed (-9), postmaster and backends, and started again.
    KillPostgres,
    /// Both are killed at once.
    KillBoth,
    /// A second process works on the same database, then one of the two is killed.
    TakeOver,
    /// One of two processes is stopped for seconds while the other goes on. It resumes late; then
    /// one of the two is killed.
    StandStill,
}

/// Where a connection is cut, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CutPosition {
    /// Before the whole request was sent.
    InRequest,
    /// After the request.
    AfterRequest,
    /// Before the answer.
    BeforeAnswer,
    /// In the middle of the answer.
    InAnswer,
}

/// The faults of each dozen. `KillApp`, `KillPostgres` and `TakeOver` come twice.
const FAULT_DOZEN: [FaultKind; 12] = [
    FaultKind::Cut(CutPosition::InRequest),
    FaultKind::Cut(CutPosition::AfterRequest),
    FaultKind::Cut(CutPosition::BeforeAnswer),
    FaultKind::Cut(CutPosition::InAnswer),
    FaultKind::KillApp,
    FaultKind::KillApp,
    FaultKind::KillPostgres,
    FaultKind::KillPostgres,
    FaultKind::KillBoth,
    FaultKind::TakeOver,
    FaultKind::TakeOver,
    FaultKind::StandStill,
];

impl FaultKind {
    /// Kinds in which a process dies, for the time of the close.
    pub const DEADLY: [Self; 4] =
        [Self::KillApp, Self::KillPostgres, Self::TakeOver, Self::KillBoth];

    const fn fault_title(self) -> &'static str {
        match self {
            Self::Cut(CutPosition::InRequest) => "connection cut before the request was through",
            Self::Cut(CutPosition::AfterRequest) => "connection cut after the request",
            Self::Cut(CutPosition::BeforeAnswer) => "connection cut before the answer",
            Self::Cut(CutPosition::InAnswer) => "connection cut in the middle of the answer",
            Self::KillApp => "program killed (-9)",
            Self::KillPostgres => "PostgreSQL killed (-9), with its backends",
            Self::KillBoth => "program and PostgreSQL killed (-9)",
            Self::TakeOver => "one of two programs on one database killed (-9)",
            Self::StandStill => "one of two programs stood still, woke up late",
        }
    }
}

/// Draws kinds of fault in random order, a dozen at a time, so that even a short run has each kind.
pub struct FaultBag {
    chance: SeededRandom,
    left: Vec<FaultKind>,
}

impl FaultBag {
    /// Returns the bag with the order of this seed.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self { chance: SeededRandom::from_seed(seed), left: Vec::new() }
    }

    /// Draws the next kind.
    pub fn draw_kind(&mut self) -> FaultKind {
        if self.left.is_empty() {
            self.left = FAULT_DOZEN.to_vec();
        }
        self.left.swap_remove(self.chance.draw_index(self.left.len()))
    }
}

/// Makes the faults and counts them.
pub struct FaultInjector<'a> {
    world: &'a mut World,
    spare: AppProcess,
    proxy: Proxy,
    chance: SeededRandom,
    made: BTreeMap<FaultKind, u64>,
    /// Promises that the program broke while faults were made.
    pub violations: Vec<Violation>,
}

impl<'a> FaultInjector<'a> {
    /// Prepares the faults; nothing is broken yet.
    #[must_use]
    pub fn new(world: &'a mut World, spare: AppProcess, proxy: Proxy, seed: u64) -> Self {
        let (made, violations) = (BTreeMap::new(), Vec::new());
        Self {
            world,
            spare,
            proxy,
            chance: SeededRandom::from_seed(seed ^ 0xfa17),
            made,
            violations,
        }
    }

    /// Returns the number of faults of each kind as lines of text.
    #[must_use]
    pub fn summary_lines(&self) -> Vec<String> {
        let line =
            |(kind, count): (&FaultKind, &u64)| format!("{count:>6}  {}", kind.fault_title());
        let mut lines: Vec<String> = self.made.iter().map(line).collect();
        lines.push(format!("{:>6}  faults", self.made.values().sum::<u64>()));
        lines
    }

    /// Moves the clock so that the poll closes in `seconds`.
    ///
    /// # Errors
    /// [`crate::error::SimulatorError::Database`] if the database does not answer.
    pub async fn close_poll_in(&self, seconds: i64) -> Result<()> {
        let mut database = self.world.connect_database().await?;
        Ok(queries::move_clock_before_close(&mut database, self.world.season.poll_id, seconds)
            .await?)
    }

    /// Returns whether the record contains the close of the poll.
    ///
    /// # Errors
    /// [`crate::error::SimulatorError::Database`] if the database does not answer.
    pub async fn is_poll_closed(&self) -> Result<bool> {
        let (mut database, season) = (self.world.connect_database().await?, &self.world.season);
        let lines = queries::newest_lines(&mut database, &season.edition).await?;
        Ok(RecordLog::has_close(&lines, &season.poll))
    }

    /// Ends the faults and returns the violations that were found.
    #[must_use]
    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    /// Makes one fault and mends it.
    ///
    /// # Errors
    /// [`crate::error::SimulatorError`] if a process does not start again.
    pub async fn make_fault(&mut self, kind: FaultKind) -> Result<()> {
        match kind {
            FaultKind::Cut(place) => self.cut_connection(place).await,
            FaultKind::KillApp => {
                self.world.app.kill_process();
                self.wait_random_time(0, 300).await;
                self.restart_app().await?;
            }
            FaultKind::KillPostgres => {
                self.world.cluster.kill_postgres();
                self.wait_random_time(0, 500).await;
                self.world.cluster.start_postgres().await?;
                self.check_app_survived().await?;
            }
            FaultKind::KillBoth => {
                self.world.cluster.kill_postgres();
                self.world.app.kill_process();
                self.wait_random_time(0, 300).await;
                self.world.cluster.start_postgres().await?;
                self.restart_app().await?;
            }
            FaultKind::TakeOver => {
                self.start_second_app().await?;
                self.wait_random_time(300, 2_000).await;
                self.kill_one_app();
            }
            FaultKind::StandStill => {
                self.start_second_app().await?;
                self.wait_random_time(200, 800).await;
                self.world.app.suspend_process();
                self.proxy.route_to(&[self.spare.listening_address()]);
                self.wait_random_time(2_000, 9_000).await;
                self.world.app.resume_process();
                self.proxy.route_to(&[
                    self.world.app.listening_address(),
                    self.spare.listening_address(),
                ]);
                self.wait_random_time(300, 1_500).await;
                self.kill_one_app();
            }
        }
        *self.made.entry(kind).or_default() += 1;
        Ok(())
    }

    async fn wait_random_time(&mut self, least: u64, most: u64) {
        let millis = least + self.chance.draw_below(most - least);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    async fn cut_connection(&mut self, place: CutPosition) {
        let (before, begun) = (self.proxy.cut_count(), std::time::Instant::now());
        self.proxy.plan_cut(match place {
            CutPosition::InRequest => ConnectionCut::InRequest,
            CutPosition::AfterRequest => ConnectionCut::AfterRequest,
            CutPosition::BeforeAnswer => ConnectionCut::BeforeAnswer,
            CutPosition::InAnswer => ConnectionCut::InAnswer,
        });
        while self.proxy.cut_count() == before && begun.elapsed() < CUT_PATIENCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn restart_app(&mut self) -> Result<()> {
        self.world.app.spawn_process()?;
        self.world.app.wait_until_ready().await
    }

    /// Checks that the program survived the death of its database, and restarts it if not.
    async fn check_app_survived(&mut self) -> Result<()> {
        if !self.world.app.is_running() {
            let log = self.world.app.log_file();
            let what = format!("the program ended with its database; see {}", log.display());
            self.violations.push(Violation::broken_rule(Rule::Crash, what));
            return self.restart_app().await;
        }
        self.world.app.wait_until_ready().await
    }

    async fn start_second_app(&mut self) -> Result<()> {
        self.spare.spawn_process()?;
        self.spare.wait_until_ready().await?;
        self.proxy.route_to(&[self.world.app.listening_address(), self.spare.listening_address()]);
        Ok(())
    }

    fn kill_one_app(&mut self) {
        if self.chance.draw_per_mille(500) {
            std::mem::swap(&mut self.world.app, &mut self.spare);
        }
        self.spare.kill_process();
        self.proxy.route_to(&[self.world.app.listening_address()]);
    }
}

#[cfg(test)]
mod tests {
    use super::{FAULT_DOZEN, FaultBag};

    #[test]
    fn each_dozen_holds_every_kind_and_the_seed_repeats_it() {
        let draw = |seed| {
            let mut bag = FaultBag::from_seed(seed);
            (0..24).map(|_| bag.draw_kind()).collect::<Vec<_>>()
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
        let mut first = draw(5)[..12].to_vec();
        first.sort();
        assert_eq!(first, FAULT_DOZEN);
    }
}

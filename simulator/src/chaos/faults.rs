//! The faults and how each is made and mended.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::App;
use crate::chance::Chance;
use crate::check::{Rule, Violation};
use crate::proxy::{Cut, Proxy};
use crate::queries;
use crate::record::Log;
use crate::trouble::Result;
use crate::world::World;

/// Longest time that a planned cut waits for a request.
const CUT_PATIENCE: Duration = Duration::from_secs(10);

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A connection is cut.
    Cut(Place),
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
pub enum Place {
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
const DOZEN: [Kind; 12] = [
    Kind::Cut(Place::InRequest),
    Kind::Cut(Place::AfterRequest),
    Kind::Cut(Place::BeforeAnswer),
    Kind::Cut(Place::InAnswer),
    Kind::KillApp,
    Kind::KillApp,
    Kind::KillPostgres,
    Kind::KillPostgres,
    Kind::KillBoth,
    Kind::TakeOver,
    Kind::TakeOver,
    Kind::StandStill,
];

impl Kind {
    /// Kinds in which a process dies, for the time of the close.
    pub const DEADLY: [Self; 4] =
        [Self::KillApp, Self::KillPostgres, Self::TakeOver, Self::KillBoth];

    const fn title(self) -> &'static str {
        match self {
            Self::Cut(Place::InRequest) => "connection cut before the request was through",
            Self::Cut(Place::AfterRequest) => "connection cut after the request",
            Self::Cut(Place::BeforeAnswer) => "connection cut before the answer",
            Self::Cut(Place::InAnswer) => "connection cut in the middle of the answer",
            Self::KillApp => "program killed (-9)",
            Self::KillPostgres => "PostgreSQL killed (-9), with its backends",
            Self::KillBoth => "program and PostgreSQL killed (-9)",
            Self::TakeOver => "one of two programs on one database killed (-9)",
            Self::StandStill => "one of two programs stood still, woke up late",
        }
    }
}

/// Draws kinds of fault in random order, a dozen at a time, so that even a short run has each kind.
pub struct Bag {
    chance: Chance,
    left: Vec<Kind>,
}

impl Bag {
    /// Returns the bag with the order of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { chance: Chance::new(seed), left: Vec::new() }
    }

    /// Draws the next kind.
    pub fn draw(&mut self) -> Kind {
        if self.left.is_empty() {
            self.left = DOZEN.to_vec();
        }
        self.left.swap_remove(self.chance.index(self.left.len()))
    }
}

/// Makes the faults and counts them.
pub struct Faults<'a> {
    world: &'a mut World,
    spare: App,
    proxy: Proxy,
    chance: Chance,
    made: BTreeMap<Kind, u64>,
    /// Promises that the program broke while faults were made.
    pub violations: Vec<Violation>,
}

impl<'a> Faults<'a> {
    /// Prepares the faults; nothing is broken yet.
    #[must_use]
    pub fn new(world: &'a mut World, spare: App, proxy: Proxy, seed: u64) -> Self {
        let (made, violations) = (BTreeMap::new(), Vec::new());
        Self { world, spare, proxy, chance: Chance::new(seed ^ 0xfa17), made, violations }
    }

    /// Returns the number of faults of each kind as lines of text.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |(kind, count): (&Kind, &u64)| format!("{count:>6}  {}", kind.title());
        let mut lines: Vec<String> = self.made.iter().map(line).collect();
        lines.push(format!("{:>6}  faults", self.made.values().sum::<u64>()));
        lines
    }

    /// Moves the clock so that the poll closes in `seconds`.
    ///
    /// # Errors
    /// [`crate::trouble::Trouble::Database`] if the database does not answer.
    pub async fn close_in(&self, seconds: i64) -> Result<()> {
        let mut database = self.world.database().await?;
        Ok(queries::close_in(&mut database, self.world.season.poll_id, seconds).await?)
    }

    /// Returns whether the record contains the close of the poll.
    ///
    /// # Errors
    /// [`crate::trouble::Trouble::Database`] if the database does not answer.
    pub async fn is_closed(&self) -> Result<bool> {
        let (mut database, season) = (self.world.database().await?, &self.world.season);
        let lines = queries::last_entries(&mut database, &season.edition).await?;
        Ok(Log::has_close(&lines, &season.poll))
    }

    /// Ends the faults and returns the violations that were found.
    #[must_use]
    pub fn end(self) -> Vec<Violation> {
        self.violations
    }

    /// Makes one fault and mends it.
    ///
    /// # Errors
    /// [`crate::trouble::Trouble`] if a process does not start again.
    pub async fn make(&mut self, kind: Kind) -> Result<()> {
        match kind {
            Kind::Cut(place) => self.cut(place).await,
            Kind::KillApp => {
                self.world.app.kill();
                self.moment(0, 300).await;
                self.start_again().await?;
            }
            Kind::KillPostgres => {
                self.world.cluster.kill();
                self.moment(0, 500).await;
                self.world.cluster.start().await?;
                self.survived().await?;
            }
            Kind::KillBoth => {
                self.world.cluster.kill();
                self.world.app.kill();
                self.moment(0, 300).await;
                self.world.cluster.start().await?;
                self.start_again().await?;
            }
            Kind::TakeOver => {
                self.two_programs().await?;
                self.moment(300, 2_000).await;
                self.one_dies();
            }
            Kind::StandStill => {
                self.two_programs().await?;
                self.moment(200, 800).await;
                self.world.app.stand_still();
                self.proxy.lead_to(&[self.spare.address()]);
                self.moment(2_000, 9_000).await;
                self.world.app.go_on();
                self.proxy.lead_to(&[self.world.app.address(), self.spare.address()]);
                self.moment(300, 1_500).await;
                self.one_dies();
            }
        }
        *self.made.entry(kind).or_default() += 1;
        Ok(())
    }

    async fn moment(&mut self, least: u64, most: u64) {
        let millis = least + self.chance.below(most - least);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    async fn cut(&mut self, place: Place) {
        let (before, begun) = (self.proxy.done(), std::time::Instant::now());
        self.proxy.cut(match place {
            Place::InRequest => Cut::InRequest,
            Place::AfterRequest => Cut::AfterRequest,
            Place::BeforeAnswer => Cut::BeforeAnswer,
            Place::InAnswer => Cut::InAnswer,
        });
        while self.proxy.done() == before && begun.elapsed() < CUT_PATIENCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn start_again(&mut self) -> Result<()> {
        self.world.app.start()?;
        self.world.app.ready().await
    }

    /// Checks that the program survived the death of its database, and restarts it if not.
    async fn survived(&mut self) -> Result<()> {
        if !self.world.app.runs() {
            let log = self.world.app.log_file();
            let what = format!("the program ended with its database; see {}", log.display());
            self.violations.push(Violation::new(Rule::Crash, what));
            return self.start_again().await;
        }
        self.world.app.ready().await
    }

    async fn two_programs(&mut self) -> Result<()> {
        self.spare.start()?;
        self.spare.ready().await?;
        self.proxy.lead_to(&[self.world.app.address(), self.spare.address()]);
        Ok(())
    }

    fn one_dies(&mut self) {
        if self.chance.per_mille(500) {
            std::mem::swap(&mut self.world.app, &mut self.spare);
        }
        self.spare.kill();
        self.proxy.lead_to(&[self.world.app.address()]);
    }
}

#[cfg(test)]
mod tests {
    use super::{Bag, DOZEN};

    #[test]
    fn each_dozen_holds_every_kind_and_the_seed_repeats_it() {
        let draw = |seed| {
            let mut bag = Bag::new(seed);
            (0..24).map(|_| bag.draw()).collect::<Vec<_>>()
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
        let mut first = draw(5)[..12].to_vec();
        first.sort();
        assert_eq!(first, DOZEN);
    }
}

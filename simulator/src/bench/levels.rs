//! Measures the peak rate with fixed numbers of clients. Each client has one ballot under way all
//! the time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Stand;
use crate::histogram::shown;
use crate::load::tally::rate;
use crate::load::{Load, Supply};
use crate::say::say;
use crate::target::Outcome;

/// The levels to be tried.
pub struct Levels<'a> {
    /// Number of clients of each level.
    pub clients: &'a [u64],
    /// How long each lasts.
    pub seconds: Duration,
}

/// Result of a level.
#[derive(Clone, Copy, Debug, Default)]
pub struct Level {
    /// Clients at the same time.
    pub clients: u64,
    /// Acknowledged ballots per second.
    pub rate: u64,
}

impl Levels<'_> {
    /// Runs all levels and returns the best one, which is the peak.
    pub async fn run(&self, stand: &mut Stand<'_>) -> Level {
        let mut best = Level::default();
        for &clients in self.clients {
            let level = self.level(stand, clients).await;
            if level.rate > best.rate {
                best = level;
            }
        }
        let Level { clients, rate } = best;
        stand.row("peak through HTTP", format!("{rate}/s with {clients} clients"));
        best
    }

    async fn level(&self, stand: &mut Stand<'_>, clients: u64) -> Level {
        let before = stand.shares();
        let supply = Supply::new(stand.next, stand.end);
        let (season, journal) = (stand.world.season.clone(), stand.journal.clone());
        let load = Arc::new(Load::new(stand.world.target(), season, journal, supply));
        let begun = Instant::now();
        let running = tokio::spawn({
            let load = load.clone();
            async move { load.run(clients).await }
        });
        // A level ends sooner if there are no voters left.
        while begun.elapsed() < self.seconds && !running.is_finished() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        load.stop();
        let _ = running.await;
        let elapsed = begun.elapsed();
        let tally = load.take_tally();
        stand.next = load.supply.position();
        let reached = rate(tally.count(Outcome::Acknowledged), elapsed);
        let times = tally.times(Outcome::Acknowledged);
        let [median, p99] = [500, 990].map(|share| shown(times.per_mille(share)));
        let value = format!("{reached}/s, p50 {median}, p99 {p99}");
        stand.row(format!("closed loop, {clients} clients"), value);
        let others = tally.total() - tally.count(Outcome::Acknowledged);
        if others > 0 {
            tally.lines(elapsed).iter().for_each(|line| say(format_args!("    {line}")));
        }
        say(format_args!("    {}", stand.since(before)));
        Level { clients, rate: reached }
    }
}

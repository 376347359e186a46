//! Measures the peak rate with fixed numbers of clients. Each client has one ballot under way all
//! the time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::BenchState;
use crate::histogram::format_micros;
use crate::load::tally::rate_per_second;
use crate::load::{LoadGenerator, VoterSupply};
use crate::output::print_line;
use crate::target::Outcome;

/// The levels to be tried.
pub struct ClientLevels<'a> {
    /// Number of clients of each level.
    pub clients: &'a [u64],
    /// How long each lasts.
    pub seconds: Duration,
}

/// Result of a level.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelResult {
    /// Clients at the same time.
    pub clients: u64,
    /// Acknowledged ballots per second.
    pub rate: u64,
}

impl ClientLevels<'_> {
    /// Runs all levels and returns the best one, which is the peak.
    pub async fn run_all_levels(&self, state: &mut BenchState<'_>) -> LevelResult {
        let mut best = LevelResult::default();
        for &clients in self.clients {
            let level = self.run_level(state, clients).await;
            if level.rate > best.rate {
                best = level;
            }
        }
        let LevelResult { clients, rate } = best;
        state.add_row("peak through HTTP", format!("{rate}/s with {clients} clients"));
        best
    }

    async fn run_level(&self, state: &mut BenchState<'_>, clients: u64) -> LevelResult {
        let before = state.processor_times();
        let supply = VoterSupply::from_range(state.next, state.end);
        let (season, journal) = (state.world.season.clone(), state.journal.clone());
        let load =
            Arc::new(LoadGenerator::new(state.world.direct_target(), season, journal, supply));
        let begun = Instant::now();
        let running = tokio::spawn({
            let load = load.clone();
            async move { load.run_clients(clients).await }
        });
        // A level ends sooner if there are no voters left.
        while begun.elapsed() < self.seconds && !running.is_finished() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        load.stop_clients();
        let _ = running.await;
        let elapsed = begun.elapsed();
        let tally = load.take_tally();
        state.next = load.supply.first_untaken();
        let reached = rate_per_second(tally.outcome_count(Outcome::Acknowledged), elapsed);
        let times = tally.outcome_times(Outcome::Acknowledged);
        let [median, p99] = [500, 990].map(|share| format_micros(times.per_mille_micros(share)));
        let value = format!("{reached}/s, p50 {median}, p99 {p99}");
        state.add_row(format!("closed loop, {clients} clients"), value);
        let others = tally.total_count() - tally.outcome_count(Outcome::Acknowledged);
        if others > 0 {
            tally
                .summary_lines(elapsed)
                .iter()
                .for_each(|line| print_line(format_args!("    {line}")));
        }
        print_line(format_args!("    {}", state.describe_times_since(before)));
        LevelResult { clients, rate: reached }
    }
}

//! Offers five times the peak rate. The server must refuse the rest at once and say when to try
//! again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{BenchState, format_ratio};
use crate::error::Result;
use crate::histogram::format_micros;
use crate::load::arrivals::{self, ArrivalPlan, ArrivalRun};
use crate::load::tally::{Tally, rate_per_second};
use crate::load::{LoadGenerator, VoterSupply};
use crate::output::print_line;
use crate::process;
use crate::target::Outcome;

/// Connections at the same time. The program refuses when more ballots wait than it stores in a
/// fifth of a second: 3,600 at 18,000/s. With fewer connections it would never refuse. It accepts
/// 4,096 connections; the rest is left for health checks.
const LINES: u64 = 4_000;
/// Generous number of files that generator and program open besides these connections.
const OTHER_FILES: u64 = 200;
/// Length of one sample after the overload.
const SAMPLE_LENGTH: Duration = Duration::from_millis(500);
/// Recovered after this many good samples in a row.
const GOOD_SAMPLES_NEEDED: u32 = 4;
/// A sample is good if every ballot is acknowledged and 99 % of them took at most this long, in
/// microseconds.
const GOOD_P99_MICROS: u64 = 100_000;
/// Sampling stops after this time.
const SAMPLING_TIMEOUT: Duration = Duration::from_secs(60);

/// The plan of an overload.
pub struct OverloadPlan {
    /// Peak rate of the server, in ballots per second.
    pub peak: u64,
    /// How long the overload lasts.
    pub during: Duration,
}

/// Checks that the system allows enough open files, before a run of many minutes begins.
///
/// # Errors
/// [`crate::error::SimulatorError::Wrong`] if the system allows fewer open files.
pub fn check_file_limit() -> Result<()> {
    process::require_open_files(LINES + OTHER_FILES)
}

/// Returns a load of the voters who have not voted yet.
fn prepare_load(state: &BenchState<'_>) -> Arc<LoadGenerator> {
    let supply = VoterSupply::from_range(state.next, state.end);
    let (season, journal) = (state.world.season.clone(), state.journal.clone());
    Arc::new(LoadGenerator::new(state.world.direct_target(), season, journal, supply))
}

/// Lets voters arrive at `rate` per second. Voters who were taken from the supply are not used by
/// later phases.
pub async fn let_voters_arrive(
    state: &mut BenchState<'_>,
    rate: u64,
    during: Duration,
    lines: u64,
) -> ArrivalRun {
    let load = prepare_load(state);
    let run = arrivals::run_arrivals(&load, ArrivalPlan::evenly_spread(rate, during, lines)).await;
    state.next = load.supply.first_untaken();
    run
}

impl OverloadPlan {
    /// Runs the overload and measures how long the server needs to recover.
    pub async fn run_overload(&self, state: &mut BenchState<'_>) {
        let load = prepare_load(state);
        let lines = arrivals::open_lines(&load, LINES).await;
        let before = state.processor_times();
        let plan = ArrivalPlan::evenly_spread(self.peak * 5, self.during, LINES);
        let run = arrivals::run_arrivals_over(&load, plan, lines).await;
        state.next = load.supply.first_untaken();
        run.from_due
            .summary_lines(run.elapsed)
            .iter()
            .for_each(|line| print_line(format_args!("    {line}")));
        print_line(format_args!("    {}", state.describe_times_since(before)));
        self.report_posted(state, plan.count, &run);
        let goodput =
            rate_per_second(run.from_due.outcome_count(Outcome::Acknowledged), run.elapsed);
        let share = format_ratio(goodput, self.peak);
        state.add_row("5 × the peak, goodput", format!("{goodput}/s, {share} of the peak"));
        report_refusals(state, &run.from_due, &load.take_tally());
        // Voters who still waited at that time are part of the load from which the server has to
        // recover.
        let ended = run.begun.map_or_else(Instant::now, |begun| begun + self.during);
        let recovered = self.measure_recovery(state, ended).await;
        state.add_row("well again after the last arrival of the overload", recovered);
    }

    /// Reports how many arrivals were posted, and why the others were not.
    fn report_posted(&self, state: &mut BenchState<'_>, due: u64, run: &ArrivalRun) {
        let tally = &run.from_due;
        let posted = rate_per_second(tally.total_count() - tally.not_sent, self.during);
        let value = format!("{posted}/s of {}/s, over {LINES} lines", self.peak * 5);
        state.add_row("5 × the peak, posted", value);
        for (why, count) in [
            ("all lines busy", tally.all_busy),
            ("no connection", tally.not_sent),
            ("the generator was behind", tally.behind),
            ("no voter was left", tally.no_voter),
        ] {
            state.add_row(format!("5 × the peak, not posted: {why}"), format!("{count} of {due}"));
        }
    }

    /// Returns the time from the end of the overload until ballots at half of the peak rate are
    /// again all acknowledged in normal time.
    async fn measure_recovery(&self, state: &mut BenchState<'_>, ended: Instant) -> String {
        let (mut good, mut since) = (0, ended.elapsed());
        while ended.elapsed() < SAMPLING_TIMEOUT {
            let begun = ended.elapsed();
            let run = let_voters_arrive(state, self.peak / 2, SAMPLE_LENGTH, LINES).await;
            if run.from_due.no_voter > 0 {
                return "not known: no voter was left".to_owned();
            }
            let times = run.from_due.outcome_times(Outcome::Acknowledged);
            let all = times.total_count() == run.from_due.total_count()
                && run.from_due.not_posted_count() == 0;
            if all && times.per_mille_micros(990) <= GOOD_P99_MICROS {
                good += 1;
            } else {
                good = 0;
            }
            if good == 1 {
                since = begun;
            }
            if good == GOOD_SAMPLES_NEEDED {
                return format!("{} ms", since.as_millis());
            }
        }
        format!("not within {} s", SAMPLING_TIMEOUT.as_secs())
    }
}

/// Reports how many ballots were refused, how fast, and whether the answers had `Retry-After`.
fn report_refusals(state: &mut BenchState<'_>, from_due: &Tally, from_post: &Tally) {
    let refused = from_due.outcome_count(Outcome::Overload);
    state.add_row("5 × the peak, refused: 503 with Retry-After", refused.to_string());
    for (name, tally) in [("since due", from_due), ("since posted", from_post)] {
        let p99 = format_micros(tally.outcome_times(Outcome::Overload).per_mille_micros(990));
        let value = if refused > 0 { p99 } else { "not measured: none was refused".to_owned() };
        state.add_row(format!("5 × the peak, refusals' p99, {name}"), value);
    }
    let bare = from_due.without_retry_after;
    state.add_row("5 × the peak, answers 503 without Retry-After", bare.to_string());
    let unknown = from_due.outcome_count(Outcome::Unknown) - from_due.not_sent;
    state.add_row("5 × the peak, posted without a clear answer", unknown.to_string());
}

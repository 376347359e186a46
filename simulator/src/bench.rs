//! Makes the measurements of docs/performance.md in one run. The yardstick (pgbench) and the
//! measured ballots through HTTP use the same machine, cluster and settings.

pub mod levels;
pub mod overload;
pub mod pgbench;
pub mod signals;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::check::{Violation, format_violations};
use crate::drill;
use crate::error::Result;
use crate::histogram::format_micros;
use crate::journal::{Journal, format_totals};
use crate::output::print_line;
use crate::process;
use crate::queries;
use crate::target::Outcome;
use crate::verdict::{CheckOptions, check_promises};
use crate::world::{RunSettings, World};
use levels::{ClientLevels, LevelResult};
use overload::OverloadPlan;

/// Voters of the drill: those who are in time, and those who come too late.
const DRILL_VOTERS: (u64, u64) = (21_000, 500);

/// Arguments of `hanpyo-sim bench`.
#[derive(Clone, Debug, Args)]
pub struct BenchArgs {
    #[command(flatten)]
    setting: RunSettings,
    #[command(flatten)]
    checks: CheckOptions,
    /// Numbers of clients at the same time, one level after another. The best level is the peak.
    #[arg(long, value_delimiter = ',', default_value = "16,32,64,128,256")]
    clients: Vec<u64>,
    /// Seconds of each level, and of each run of pgbench.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Seconds at half of the peak, and at five times the peak.
    #[arg(long, default_value_t = 20)]
    long_seconds: u64,
    /// Number of voters to prepare.
    #[arg(long, default_value_t = 2_300_000)]
    voters: u64,
    /// Only compare the rate with the fraud checks' signals and without, in eight rounds with the first
    /// number of clients.
    #[arg(long)]
    signals: bool,
    /// Skip the closing drill.
    #[arg(long)]
    no_drill: bool,
}

/// State that all phases of the run share.
pub struct BenchState<'a> {
    /// The cluster, the program and the voters.
    pub world: &'a World,
    /// Every request and answer of all phases.
    pub journal: Arc<Journal>,
    /// Number of the first voter who has not voted.
    pub next: u64,
    /// Voters from this number on belong to the drill.
    pub end: u64,
    /// Rows of the result table: name and value.
    pub rows: Vec<(String, String)>,
}

/// Processor time of the program, the database and the generator, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct ProcessorTimes {
    program: u64,
    database: u64,
    generator: u64,
}

impl BenchState<'_> {
    /// Adds a row to the table and prints it.
    pub fn add_row(&mut self, what: impl Into<String>, value: impl Into<String>) {
        let (what, value) = (what.into(), value.into());
        print_line(format_args!("  {what}: {value}"));
        self.rows.push((what, value));
    }

    /// Returns the processor time used so far.
    #[must_use]
    pub fn processor_times(&self) -> ProcessorTimes {
        ProcessorTimes {
            program: self.world.app.process_id().map_or(0, process::processor_millis),
            database: self.world.cluster.postmaster_id().map_or(0, process::family_millis),
            generator: process::processor_millis(std::process::id()),
        }
    }

    /// Describes how much processor time each one has used since `before`.
    #[must_use]
    pub fn describe_times_since(&self, before: ProcessorTimes) -> String {
        let now = self.processor_times();
        format!(
            "processor time: program {} ms, PostgreSQL {} ms, generator {} ms",
            now.program.saturating_sub(before.program),
            now.database.saturating_sub(before.database),
            now.generator.saturating_sub(before.generator)
        )
    }

    /// Returns the peak memory of the program so far, in MiB.
    fn peak_memory(&self) -> String {
        let kib = self.world.app.process_id().and_then(process::peak_memory_kib).unwrap_or(0);
        format!("{} MiB", kib / 1024)
    }
}

/// Runs the benchmark and returns true if no promise was broken. It judges no figure: the figures
/// are printed as measured, for the reader to judge.
///
/// # Errors
/// [`crate::error::SimulatorError`] if the run could not be made.
pub async fn run_benchmark(plan: &BenchArgs) -> Result<bool> {
    overload::check_file_limit()?;
    print_line(format_args!("preparing {} voters", plan.voters));
    let world = World::start_world(&plan.setting, plan.voters).await?;
    let journal = Arc::new(Journal::with_file(None)?);
    journal.reserve_keys(plan.voters);
    let end = plan.voters.saturating_sub(DRILL_VOTERS.0 + DRILL_VOTERS.1);
    let mut state =
        BenchState { world: &world, journal: journal.clone(), next: 0, end, rows: Vec::new() };
    if plan.signals {
        let clients = plan.clients.first().copied().unwrap_or(64);
        let seconds = Duration::from_secs(plan.seconds);
        signals::compare_signals(&mut state, clients, seconds).await?;
        format_result_table(&state.rows).iter().for_each(|line| print_line(format_args!("{line}")));
        return Ok(true);
    }
    let simple = measure_yardstick(plan, &mut state).await?;
    queries::flush_dirty_pages(&mut world.connect_database().await?).await?;
    let seconds = Duration::from_secs(plan.seconds);
    let peak = ClientLevels { clients: &plan.clients, seconds }.run_all_levels(&mut state).await;
    state.add_row("peak through HTTP ÷ pgbench, simple", format_ratio(peak.rate, simple));
    state.add_row("memory after the levels", state.peak_memory());
    measure_half_load(plan, &mut state, peak).await;
    let long = Duration::from_secs(plan.long_seconds);
    OverloadPlan { peak: peak.rate, during: long }.run_overload(&mut state).await;
    state.add_row("memory after the overload", state.peak_memory());
    let violations = finish_benchmark(plan, &mut state).await?;
    state.add_row("most memory of the program", state.peak_memory());
    format_result_table(&state.rows).iter().for_each(|line| print_line(format_args!("{line}")));
    print_line(format_args!("{}", format_totals(&journal.key_histories())));
    format_violations(&violations).iter().for_each(|line| print_line(format_args!("{line}")));
    Ok(violations.is_empty())
}

async fn measure_yardstick(plan: &BenchArgs, state: &mut BenchState<'_>) -> Result<u64> {
    let mut database = state.world.connect_database().await?;
    queries::make_bench_table(&mut database).await?;
    let columns = queries::bench_columns(&mut database).await?;
    let script = pgbench::insert_script(&columns);
    queries::flush_dirty_pages(&mut database).await?;
    let mut simple = 0;
    for mode in ["simple", "prepared"] {
        let rate = pgbench::run_pgbench(&state.world.cluster, &script, mode, plan.seconds).await?;
        state.add_row(format!("pgbench, one ballot row, 32 clients, {mode}"), format!("{rate}/s"));
        if mode == "simple" {
            simple = rate;
        }
    }
    Ok(simple)
}

/// Measures how long a ballot takes at half of the peak rate, when the server is busy but not
/// overloaded.
async fn measure_half_load(plan: &BenchArgs, state: &mut BenchState<'_>, peak: LevelResult) {
    let before = state.processor_times();
    let during = Duration::from_secs(plan.long_seconds);
    let run = overload::let_voters_arrive(state, peak.rate / 2, during, 1_024).await;
    let times = run.from_due.outcome_times(Outcome::Acknowledged);
    let [median, p99, p999] =
        [500, 990, 999].map(|share| format_micros(times.per_mille_micros(share)));
    let reached =
        times.total_count() * 1000 / u64::try_from(during.as_millis()).unwrap_or(1).max(1);
    let missing =
        run.from_due.total_count() + run.from_due.not_posted_count() - times.total_count();
    state.add_row("half of the peak, offered", format!("{}/s", peak.rate / 2));
    state.add_row("half of the peak, acknowledged", format!("{reached}/s"));
    state.add_row("half of the peak, not posted or not acknowledged", missing.to_string());
    state.add_row("half of the peak, p50 · p99 · p99.9", format!("{median} · {p99} · {p999}"));
    print_line(format_args!("    {}", state.describe_times_since(before)));
}

/// Runs the closing drill, unless it is skipped, and checks every promise.
async fn finish_benchmark(plan: &BenchArgs, state: &mut BenchState<'_>) -> Result<Vec<Violation>> {
    let (world, journal) = (state.world, state.journal.clone());
    if plan.no_drill {
        let mut database = world.connect_database().await?;
        let parties = (&world.season, &*journal);
        let seen = crate::record::SeenCheckpoints::default();
        let target = world.direct_target();
        let found = check_promises(&mut database, &target, parties, plan.checks, seen).await?;
        return Ok(found.violations);
    }
    let done = drill::rehearse_close(world, &journal, (state.end, DRILL_VOTERS.0)).await?;
    done.lines.iter().for_each(|line| print_line(format_args!("{line}")));
    let p99 = format_micros(done.times.per_mille_micros(990));
    state.add_row("closing drill, acknowledged in the last minute", done.acknowledged.to_string());
    state.add_row("closing drill, p99", p99);
    let violations =
        drill::check_after_drill(world, &journal, plan.checks, done.violations).await?;
    state.add_row("promises broken in the whole run", violations.len().to_string());
    Ok(violations)
}

/// Formats the ratio of two whole numbers with two decimals, as in `1.87`.
#[must_use]
pub fn format_ratio(one: u64, other: u64) -> String {
    let hundredths = one * 100 / other.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn format_result_table(rows: &[(String, String)]) -> Vec<String> {
    let mut lines = vec![String::new(), "| what | came out |".to_owned(), "|---|---|".to_owned()];
    lines.extend(rows.iter().map(|(what, value)| format!("| {what} | {value} |")));
    lines.push(String::new());
    lines
}

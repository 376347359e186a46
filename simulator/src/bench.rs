//! Makes the measurements of docs/performance.md in one run. The yardstick (pgbench) and the
//! measured ballots through HTTP use the same machine, cluster and settings.

pub mod levels;
pub mod overload;
pub mod pgbench;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::check::{Violation, listed};
use crate::drill;
use crate::histogram::shown;
use crate::journal::{Journal, totals};
use crate::process;
use crate::queries;
use crate::say::say;
use crate::target::Outcome;
use crate::trouble::Result;
use crate::verdict::{Checks, verdict};
use crate::world::{Setting, World};
use levels::{Level, Levels};
use overload::Overload;

/// Voters of the drill: those who are in time, and those who come too late.
const DRILL: (u64, u64) = (21_000, 500);

/// Arguments of `hanpyo-sim bench`.
#[derive(Clone, Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    checks: Checks,
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
    /// Skip the closing drill.
    #[arg(long)]
    no_drill: bool,
}

/// State that all phases of the run share.
pub struct Stand<'a> {
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
pub struct Shares {
    program: u64,
    database: u64,
    generator: u64,
}

impl Stand<'_> {
    /// Adds a row to the table and prints it.
    pub fn row(&mut self, what: impl Into<String>, value: impl Into<String>) {
        let (what, value) = (what.into(), value.into());
        say(format_args!("  {what}: {value}"));
        self.rows.push((what, value));
    }

    /// Returns the processor time used so far.
    #[must_use]
    pub fn shares(&self) -> Shares {
        Shares {
            program: self.world.app.pid().map_or(0, process::processor_millis),
            database: self.world.cluster.pid().map_or(0, process::family_millis),
            generator: process::processor_millis(std::process::id()),
        }
    }

    /// Describes how much processor time each one has used since `before`.
    #[must_use]
    pub fn since(&self, before: Shares) -> String {
        let now = self.shares();
        format!(
            "processor time: program {} ms, PostgreSQL {} ms, generator {} ms",
            now.program.saturating_sub(before.program),
            now.database.saturating_sub(before.database),
            now.generator.saturating_sub(before.generator)
        )
    }

    /// Returns the peak memory of the program so far, in MiB.
    fn memory(&self) -> String {
        let kib = self.world.app.pid().and_then(process::most_memory).unwrap_or(0);
        format!("{} MiB", kib / 1024)
    }
}

/// Runs the benchmark and returns true if no promise was broken. It judges no figure: the figures
/// are printed as measured, for the reader to judge.
///
/// # Errors
/// [`crate::trouble::Trouble`] if the run could not be made.
pub async fn run(plan: &Bench) -> Result<bool> {
    overload::enough_files()?;
    say(format_args!("preparing {} voters", plan.voters));
    let world = World::make(&plan.setting, plan.voters).await?;
    let journal = Arc::new(Journal::new(None)?);
    journal.reserve(plan.voters);
    let end = plan.voters.saturating_sub(DRILL.0 + DRILL.1);
    let mut stand =
        Stand { world: &world, journal: journal.clone(), next: 0, end, rows: Vec::new() };
    let simple = yardstick(plan, &mut stand).await?;
    queries::settle(&mut world.database().await?).await?;
    let seconds = Duration::from_secs(plan.seconds);
    let peak = Levels { clients: &plan.clients, seconds }.run(&mut stand).await;
    stand.row("peak through HTTP ÷ pgbench, simple", ratio(peak.rate, simple));
    stand.row("memory after the levels", stand.memory());
    half(plan, &mut stand, peak).await;
    let long = Duration::from_secs(plan.long_seconds);
    Overload { peak: peak.rate, during: long }.run(&mut stand).await;
    stand.row("memory after the overload", stand.memory());
    let violations = end_of(plan, &mut stand).await?;
    stand.row("most memory of the program", stand.memory());
    table(&stand.rows).iter().for_each(|line| say(format_args!("{line}")));
    say(format_args!("{}", totals(&journal.fates())));
    listed(&violations).iter().for_each(|line| say(format_args!("{line}")));
    Ok(violations.is_empty())
}

async fn yardstick(plan: &Bench, stand: &mut Stand<'_>) -> Result<u64> {
    let mut database = stand.world.database().await?;
    queries::make_bench_table(&mut database).await?;
    let columns = queries::bench_columns(&mut database).await?;
    let script = pgbench::script(&columns);
    queries::settle(&mut database).await?;
    let mut simple = 0;
    for mode in ["simple", "prepared"] {
        let rate = pgbench::run(&stand.world.cluster, &script, mode, plan.seconds).await?;
        stand.row(format!("pgbench, one ballot row, 32 clients, {mode}"), format!("{rate}/s"));
        if mode == "simple" {
            simple = rate;
        }
    }
    Ok(simple)
}

/// Measures how long a ballot takes at half of the peak rate, when the server is busy but not
/// overloaded.
async fn half(plan: &Bench, stand: &mut Stand<'_>, peak: Level) {
    let before = stand.shares();
    let during = Duration::from_secs(plan.long_seconds);
    let run = overload::arrive(stand, peak.rate / 2, during, 1_024).await;
    let times = run.from_due.times(Outcome::Acknowledged);
    let [median, p99, p999] = [500, 990, 999].map(|share| shown(times.per_mille(share)));
    let reached = times.count() * 1000 / u64::try_from(during.as_millis()).unwrap_or(1).max(1);
    let missing = run.from_due.total() + run.from_due.not_posted() - times.count();
    stand.row("half of the peak, offered", format!("{}/s", peak.rate / 2));
    stand.row("half of the peak, acknowledged", format!("{reached}/s"));
    stand.row("half of the peak, not posted or not acknowledged", missing.to_string());
    stand.row("half of the peak, p50 · p99 · p99.9", format!("{median} · {p99} · {p999}"));
    say(format_args!("    {}", stand.since(before)));
}

/// Runs the closing drill, unless it is skipped, and checks every promise.
async fn end_of(plan: &Bench, stand: &mut Stand<'_>) -> Result<Vec<Violation>> {
    let (world, journal) = (stand.world, stand.journal.clone());
    if plan.no_drill {
        let mut database = world.database().await?;
        let parties = (&world.season, &*journal);
        let seen = crate::record::Seen::default();
        let target = world.target();
        let found = verdict(&mut database, &target, parties, plan.checks, seen).await?;
        return Ok(found.violations);
    }
    let done = drill::drill(world, &journal, (stand.end, DRILL.0)).await?;
    done.lines.iter().for_each(|line| say(format_args!("{line}")));
    let p99 = shown(done.times.per_mille(990));
    stand.row("closing drill, acknowledged in the last minute", done.acknowledged.to_string());
    stand.row("closing drill, p99", p99);
    let violations = drill::finish(world, &journal, plan.checks, done.violations).await?;
    stand.row("promises broken in the whole run", violations.len().to_string());
    Ok(violations)
}

/// Formats the ratio of two whole numbers with two decimals, as in `1.87`.
#[must_use]
pub fn ratio(one: u64, other: u64) -> String {
    let hundredths = one * 100 / other.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn table(rows: &[(String, String)]) -> Vec<String> {
    let mut lines = vec![String::new(), "| what | came out |".to_owned(), "|---|---|".to_owned()];
    lines.extend(rows.iter().map(|(what, value)| format!("| {what} | {value} |")));
    lines.push(String::new());
    lines
}

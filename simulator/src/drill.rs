//! The closing drill: more and more people vote in the last minute, and some come too late. No
//! ballot that was in time may be refused, and no late ballot may count.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use sqlx::PgConnection;

use crate::check::{Rule, Violation, format_violations};
use crate::error::{Result, SimulatorError};
use crate::histogram::{Histogram, format_micros};
use crate::journal::Journal;
use crate::load::arrivals::{self, ArrivalPlan, ArrivalRun, ArrivalShape};
use crate::load::{LoadGenerator, VoterSupply};
use crate::output::print_line;
use crate::queries;
use crate::record::{RecordLog, SeenCheckpoints};
use crate::target::Outcome;
use crate::verdict::{CheckOptions, check_promises};
use crate::world::{RunSettings, World};

/// Length of the rush before the close.
const LAST_MINUTE: Duration = Duration::from_secs(60);
/// Around the close nobody can say on which side a request was read. This margin covers the time
/// that a request needs to reach the server, and the time between the readings of the two clocks.
const CLOSE_MARGIN: Duration = Duration::from_millis(100);
/// Number of people who come after the close, and for how long they come.
const LATE_VOTERS: (u64, Duration) = (500, Duration::from_secs(3));
/// Longest wait for the close in the record. Ballots that were admitted in time may be stored for
/// two minutes more; then the record closes the poll.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(180);
/// Connections open at the same time.
const LINES: u64 = 1_024;
/// Time span of one row of the table.
const ROW_SPAN: Duration = Duration::from_secs(10);

/// Arguments of `hanpyo-sim drill`.
#[derive(Clone, Debug, Args)]
pub struct DrillArgs {
    #[command(flatten)]
    setting: RunSettings,
    #[command(flatten)]
    checks: CheckOptions,
    /// Number of ballots in the last minute.
    #[arg(long, default_value_t = 21_000)]
    ballots: u64,
}

/// Result of a drill.
pub struct DrillReport {
    /// Broken promises about time.
    pub violations: Vec<Violation>,
    /// The table as lines of text.
    pub lines: Vec<String>,
    /// Number of acknowledged ballots.
    pub acknowledged: usize,
    /// Durations of the acknowledged ballots of the last minute, from the time at which each voter
    /// was due.
    pub times: Histogram,
}

/// Runs the drill with its own cluster and returns true if no promise was broken.
///
/// # Errors
/// [`SimulatorError`] if the run could not be made.
pub async fn run_drill(plan: &DrillArgs) -> Result<bool> {
    let world = World::start_world(&plan.setting, plan.ballots + LATE_VOTERS.0).await?;
    let journal = Arc::new(Journal::with_file(None)?);
    let done = rehearse_close(&world, &journal, (0, plan.ballots)).await?;
    done.lines.iter().for_each(|line| print_line(format_args!("{line}")));
    let violations = check_after_drill(&world, &journal, plan.checks, done.violations).await?;
    format_violations(&violations).iter().for_each(|line| print_line(format_args!("{line}")));
    print_line(format_args!(
        "{}",
        if violations.is_empty() { "drill: in order" } else { "drill: FAILED" }
    ));
    Ok(violations.is_empty())
}

/// Moves the clock to a little more than a minute before the close, and lets `ballots` voters vote,
/// beginning with number `from`. Late voters follow after the close.
///
/// # Errors
/// [`SimulatorError`] if the clock cannot be moved.
pub async fn rehearse_close(
    world: &World,
    journal: &Arc<Journal>,
    (from, ballots): (u64, u64),
) -> Result<DrillReport> {
    let (poll, mut database) = (world.season.poll_id, world.connect_database().await?);
    queries::move_clock_before_close(&mut database, poll, 66).await?;
    let left = queries::micros_until_close(&mut database, poll).await?;
    let left = Duration::from_micros(u64::try_from(left).unwrap_or(0));
    let close = Instant::now() + left;
    if left < LAST_MINUTE {
        return Err(SimulatorError::condition_error("the clock is not before the last minute"));
    }
    let load = |from, count| {
        let supply = VoterSupply::from_range(from, from + count);
        Arc::new(LoadGenerator::new(
            world.direct_target(),
            world.season.clone(),
            journal.clone(),
            supply,
        ))
    };
    let timely = ArrivalPlan {
        during: LAST_MINUTE,
        count: ballots,
        lines: LINES,
        shape: ArrivalShape::Rising,
    };
    let late = ArrivalPlan {
        during: LATE_VOTERS.1,
        count: LATE_VOTERS.0,
        lines: LINES,
        shape: ArrivalShape::Even,
    };
    let (load, load_late) = (load(from, ballots), load(from + ballots, LATE_VOTERS.0));
    let (timely, late) = tokio::join!(
        async {
            tokio::time::sleep_until((close - LAST_MINUTE).into()).await;
            arrivals::run_arrivals(&load, timely).await
        },
        async {
            tokio::time::sleep_until((close + CLOSE_MARGIN).into()).await;
            arrivals::run_arrivals(&load_late, late).await
        }
    );
    Ok(evaluate_drill(close, ballots, &timely, &late))
}

fn evaluate_drill(
    close: Instant,
    ballots: u64,
    timely: &ArrivalRun,
    late: &ArrivalRun,
) -> DrillReport {
    let mut violations = Vec::new();
    let (mut rows, mut acknowledged) = (vec![DrillRow::default(); 7], 0);
    for run in [timely, late] {
        let Some(begun) = run.begun else { continue };
        for arrival in &run.arrivals {
            let sent = begun + arrival.sent;
            let what = || format!("voter {}: {}", arrival.voter, arrival.outcome.journal_word());
            let is_in = arrival.outcome == Outcome::Acknowledged;
            if sent + CLOSE_MARGIN <= close && !is_in {
                violations.push(Violation::broken_rule(Rule::TimelyRefused, what()));
            } else if sent >= close && is_in {
                violations.push(Violation::broken_rule(Rule::LateAcknowledged, what()));
            }
            acknowledged += usize::from(is_in);
            let before = close.saturating_duration_since(sent);
            let row = if sent >= close { 6 } else { 5 - before.as_secs() / ROW_SPAN.as_secs() };
            if let Some(row) = usize::try_from(row).ok().and_then(|at| rows.get_mut(at)) {
                row.count_arrival(arrival.outcome, arrival.answered.saturating_sub(arrival.sent));
            }
        }
        let not_posted = run.from_due.not_posted_count();
        if not_posted > 0 {
            let what = format!("{not_posted} of {ballots} could not be posted");
            violations.push(Violation::broken_rule(Rule::TimelyRefused, what));
        }
    }
    let lines = format_drill_table(&rows);
    let times = timely.from_due.outcome_times(Outcome::Acknowledged).clone();
    DrillReport { violations, lines, acknowledged, times }
}

/// Arrivals of ten seconds.
#[derive(Clone, Default)]
struct DrillRow {
    outcomes: [u64; Outcome::ALL.len()],
    times: Histogram,
}

impl DrillRow {
    fn count_arrival(&mut self, outcome: Outcome, took: Duration) {
        self.outcomes[outcome as usize] += 1;
        self.times.count_duration(took);
    }
}

fn format_drill_table(rows: &[DrillRow]) -> Vec<String> {
    let mut lines = vec![
        "| before the close | arrived | acknowledged | closed | overload | unknown | p50 | p99 |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for (at, row) in rows.iter().enumerate() {
        let name = match at {
            6 => "after it".to_owned(),
            _ => format!("{}–{} s", 60 - 10 * at, 50 - 10 * at),
        };
        let count = |outcome: Outcome| row.outcomes[outcome as usize];
        lines.push(format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} |",
            row.times.total_count(),
            count(Outcome::Acknowledged),
            count(Outcome::Closed),
            count(Outcome::Overload),
            count(Outcome::Unknown),
            format_micros(row.times.per_mille_micros(500)),
            format_micros(row.times.per_mille_micros(990)),
        ));
    }
    lines
}

/// Waits until the record contains the close, and checks every promise.
///
/// # Errors
/// [`SimulatorError`] if the database or the server does not answer.
pub async fn check_after_drill(
    world: &World,
    journal: &Journal,
    checks: CheckOptions,
    mut violations: Vec<Violation>,
) -> Result<Vec<Violation>> {
    let mut database = world.connect_database().await?;
    if !checks.no_record {
        violations.extend(wait_for_close_entry(world, &mut database).await?);
    }
    let parties = (&world.season, journal);
    let found = check_promises(
        &mut database,
        &world.direct_target(),
        parties,
        checks,
        SeenCheckpoints::default(),
    )
    .await?;
    print_line(format_args!(
        "{} ballots stored, {} of them acknowledged; {} lines in the record, {} proofs verified",
        found.stored, found.acknowledged, found.lines, found.proofs
    ));
    violations.extend(found.violations);
    violations.sort_by(|a, b| (a.rule, &a.what).cmp(&(b.rule, &b.what)));
    Ok(violations)
}

async fn wait_for_close_entry(
    world: &World,
    database: &mut PgConnection,
) -> Result<Option<Violation>> {
    let begun = Instant::now();
    while begun.elapsed() < CLOSE_TIMEOUT {
        let lines = queries::newest_lines(database, &world.season.edition).await?;
        if RecordLog::has_close(&lines, &world.season.poll) {
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let what = format!("no close entry within {} s", CLOSE_TIMEOUT.as_secs());
    Ok(Some(Violation::broken_rule(Rule::Record, what)))
}

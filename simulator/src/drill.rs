//! The closing drill: more and more people vote in the last minute, and some come too late. No
//! ballot that was in time may be refused, and no late ballot may count.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use sqlx::PgConnection;

use crate::check::{Rule, Violation, listed};
use crate::histogram::{Histogram, shown};
use crate::journal::Journal;
use crate::load::arrivals::{self, Arrivals, Run, Shape};
use crate::load::{Load, Supply};
use crate::queries;
use crate::record::{Log, Seen};
use crate::say::say;
use crate::target::Outcome;
use crate::trouble::{Result, Trouble};
use crate::verdict::{Checks, verdict};
use crate::world::{Setting, World};

/// Length of the rush before the close.
const MINUTE: Duration = Duration::from_secs(60);
/// Around the close nobody can say on which side a request was read. This margin covers the time
/// that a request needs to reach the server, and the time between the readings of the two clocks.
const MARGIN: Duration = Duration::from_millis(100);
/// Number of people who come after the close, and for how long they come.
const LATE: (u64, Duration) = (500, Duration::from_secs(3));
/// Longest wait for the close in the record. Ballots that were admitted in time may be stored for
/// two minutes more; then the record closes the poll.
const CLOSING: Duration = Duration::from_secs(180);
/// Connections open at the same time.
const LINES: u64 = 1_024;
/// Time span of one row of the table.
const ROW: Duration = Duration::from_secs(10);

/// Arguments of `hanpyo-sim drill`.
#[derive(Clone, Debug, Args)]
pub struct Drill {
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    checks: Checks,
    /// Number of ballots in the last minute.
    #[arg(long, default_value_t = 21_000)]
    ballots: u64,
}

/// Result of a drill.
pub struct Outcomes {
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
/// [`Trouble`] if the run could not be made.
pub async fn run(plan: &Drill) -> Result<bool> {
    let world = World::make(&plan.setting, plan.ballots + LATE.0).await?;
    let journal = Arc::new(Journal::new(None)?);
    let done = drill(&world, &journal, (0, plan.ballots)).await?;
    done.lines.iter().for_each(|line| say(format_args!("{line}")));
    let violations = finish(&world, &journal, plan.checks, done.violations).await?;
    listed(&violations).iter().for_each(|line| say(format_args!("{line}")));
    say(format_args!(
        "{}",
        if violations.is_empty() { "drill: in order" } else { "drill: FAILED" }
    ));
    Ok(violations.is_empty())
}

/// Moves the clock to a little more than a minute before the close, and lets `ballots` voters vote,
/// beginning with number `from`. Late voters follow after the close.
///
/// # Errors
/// [`Trouble`] if the clock cannot be moved.
pub async fn drill(
    world: &World,
    journal: &Arc<Journal>,
    (from, ballots): (u64, u64),
) -> Result<Outcomes> {
    let (poll, mut database) = (world.season.poll_id, world.database().await?);
    queries::close_in(&mut database, poll, 66).await?;
    let left = queries::until_the_close(&mut database, poll).await?;
    let left = Duration::from_micros(u64::try_from(left).unwrap_or(0));
    let close = Instant::now() + left;
    if left < MINUTE {
        return Err(Trouble::wrong("the clock does not stand before the last minute"));
    }
    let load = |from, count| {
        let supply = Supply::new(from, from + count);
        Arc::new(Load::new(world.target(), world.season.clone(), journal.clone(), supply))
    };
    let timely = Arrivals { during: MINUTE, count: ballots, lines: LINES, shape: Shape::Rising };
    let late = Arrivals { during: LATE.1, count: LATE.0, lines: LINES, shape: Shape::Even };
    let (load, load_late) = (load(from, ballots), load(from + ballots, LATE.0));
    let (timely, late) = tokio::join!(
        async {
            tokio::time::sleep_until((close - MINUTE).into()).await;
            arrivals::run(&load, timely).await
        },
        async {
            tokio::time::sleep_until((close + MARGIN).into()).await;
            arrivals::run(&load_late, late).await
        }
    );
    Ok(outcomes(close, ballots, &timely, &late))
}

fn outcomes(close: Instant, ballots: u64, timely: &Run, late: &Run) -> Outcomes {
    let mut violations = Vec::new();
    let (mut rows, mut acknowledged) = (vec![Row::default(); 7], 0);
    for run in [timely, late] {
        let Some(begun) = run.begun else { continue };
        for arrival in &run.arrivals {
            let sent = begun + arrival.sent;
            let what = || format!("voter {}: {}", arrival.voter, arrival.outcome.word());
            let is_in = arrival.outcome == Outcome::Acknowledged;
            if sent + MARGIN <= close && !is_in {
                violations.push(Violation::new(Rule::TimelyRefused, what()));
            } else if sent >= close && is_in {
                violations.push(Violation::new(Rule::LateAcknowledged, what()));
            }
            acknowledged += usize::from(is_in);
            let before = close.saturating_duration_since(sent);
            let row = if sent >= close { 6 } else { 5 - before.as_secs() / ROW.as_secs() };
            if let Some(row) = usize::try_from(row).ok().and_then(|at| rows.get_mut(at)) {
                row.note(arrival.outcome, arrival.answered.saturating_sub(arrival.sent));
            }
        }
        let not_posted = run.from_due.not_posted();
        if not_posted > 0 {
            let what = format!("{not_posted} of {ballots} could not be posted");
            violations.push(Violation::new(Rule::TimelyRefused, what));
        }
    }
    let lines = table(&rows);
    let times = timely.from_due.times(Outcome::Acknowledged).clone();
    Outcomes { violations, lines, acknowledged, times }
}

/// Arrivals of ten seconds.
#[derive(Clone, Default)]
struct Row {
    outcomes: [u64; Outcome::ALL.len()],
    times: Histogram,
}

impl Row {
    fn note(&mut self, outcome: Outcome, took: Duration) {
        self.outcomes[outcome as usize] += 1;
        self.times.note(took);
    }
}

fn table(rows: &[Row]) -> Vec<String> {
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
            row.times.count(),
            count(Outcome::Acknowledged),
            count(Outcome::Closed),
            count(Outcome::Overload),
            count(Outcome::Unknown),
            shown(row.times.per_mille(500)),
            shown(row.times.per_mille(990)),
        ));
    }
    lines
}

/// Waits until the record contains the close, and checks every promise.
///
/// # Errors
/// [`Trouble`] if the database or the server does not answer.
pub async fn finish(
    world: &World,
    journal: &Journal,
    checks: Checks,
    mut violations: Vec<Violation>,
) -> Result<Vec<Violation>> {
    let mut database = world.database().await?;
    if !checks.no_record {
        violations.extend(wait_for_the_close(world, &mut database).await?);
    }
    let parties = (&world.season, journal);
    let found = verdict(&mut database, &world.target(), parties, checks, Seen::default()).await?;
    say(format_args!(
        "{} ballots stored, {} of them acknowledged; {} lines in the record, {} proofs verified",
        found.stored, found.acknowledged, found.lines, found.proofs
    ));
    violations.extend(found.violations);
    violations.sort_by(|a, b| (a.rule, &a.what).cmp(&(b.rule, &b.what)));
    Ok(violations)
}

async fn wait_for_the_close(
    world: &World,
    database: &mut PgConnection,
) -> Result<Option<Violation>> {
    let begun = Instant::now();
    while begun.elapsed() < CLOSING {
        let lines = queries::last_entries(database, &world.season.edition).await?;
        if Log::has_close(&lines, &world.season.poll) {
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let what = format!("no close entry within {} s", CLOSING.as_secs());
    Ok(Some(Violation::new(Rule::Record, what)))
}

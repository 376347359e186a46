//! Chaos: people vote while processes are killed and connections are cut. Afterwards every promise
//! is checked.

pub mod faults;
pub mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::audit;
use crate::check::{Rule, Violation, format_violations};
use crate::error::{Result, SimulatorError};
use crate::journal::{Journal, format_totals};
use crate::load::{LoadGenerator, VoterHabits, VoterSupply};
use crate::output::print_line;
use crate::proxy::Proxy;
use crate::target::Target;
use crate::verdict::{CheckOptions, Verdict, check_promises};
use crate::world::{RunSettings, World, prepare_app};
use faults::{FaultBag, FaultInjector, FaultKind};
use watch::RecordWatcher;

/// Longest time without an acknowledged ballot after a fault was mended.
const STANDSTILL_LIMIT: Duration = Duration::from_secs(60);

/// How long a client rests between two voters when there are enough ballots for now.
const SLOW_PAUSE: Duration = Duration::from_millis(250);
/// How long a client rests between two voters after the close.
const PAUSE_AFTER_CLOSE: Duration = Duration::from_secs(1);
/// With `--close`: seconds until the poll closes.
const CLOSES_IN: i64 = 10;
/// Longest time until the record contains the close: two minutes for ballots that were admitted in
/// time, and time for some repairs.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(240);

/// Arguments of `hanpyo-sim chaos`.
#[derive(Clone, Debug, Args)]
pub struct ChaosArgs {
    #[command(flatten)]
    setting: RunSettings,
    #[command(flatten)]
    checks: CheckOptions,
    /// Minimum number of acknowledged ballots.
    #[arg(long, default_value_t = 100_000)]
    acks: u64,
    /// Minimum number of faults. Clients that hang up do not count as faults.
    #[arg(long, default_value_t = 200)]
    faults: u64,
    /// Clients at the same time.
    #[arg(long, default_value_t = 48)]
    clients: u64,
    /// How long a client waits for an answer, in seconds.
    #[arg(long, default_value_t = 3)]
    patience: u64,
    /// At the end, close the poll while people vote and processes die, and wait until the record
    /// contains the close. This takes two minutes more.
    #[arg(long, conflicts_with = "no_record")]
    close: bool,
    /// File to which the journal is written.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// Path of the auditor, which mirrors and verifies the record. Default: `hanpyo-audit` in the
    /// folder of the server's binary.
    #[arg(long, conflicts_with = "no_record")]
    audit: Option<PathBuf>,
    /// Skip the check by the auditor.
    #[arg(long, conflicts_with = "audit")]
    without_audit: bool,
}

impl ChaosArgs {
    /// Finds the auditor before the long run begins. `None` if the auditor or the record is left
    /// out.
    fn auditor_path(&self) -> Result<Option<PathBuf>> {
        if self.without_audit || self.checks.no_record {
            return Ok(None);
        }
        audit::find_auditor(&self.setting, self.audit.as_deref()).map(Some)
    }

    /// Returns how many voters to prepare: enough for the time that the faults take, and for those
    /// who come too late.
    const fn voter_count(&self) -> u64 {
        self.acks * 3 + 10_000 + if self.close { 300 * self.clients } else { 0 }
    }
}

/// Runs the chaos. Returns true if no promise was broken and enough ballots were acknowledged.
///
/// # Errors
/// [`SimulatorError`] if the run could not be made. That says nothing about the promises.
pub async fn run_chaos(plan: &ChaosArgs) -> Result<bool> {
    let begun = Instant::now();
    let auditor = plan.auditor_path()?;
    let mut world = World::start_world(&plan.setting, plan.voter_count()).await?;
    let spare = prepare_app(&plan.setting, &world.cluster)?;
    let proxy = Proxy::start_proxy().await.map_err(SimulatorError::system_error("the proxy"))?;
    proxy.route_to(&[world.app.listening_address()]);
    let load = build_load(plan, &world, &proxy)?;
    let watch = (!plan.checks.no_record)
        .then(|| RecordWatcher::start_watching(&world, spare.listening_address()));
    print_line(format_args!(
        "{} ballots, {} faults, seed {}",
        plan.acks, plan.faults, plan.setting.seed
    ));
    let clients = tokio::spawn({
        let (load, count) = (load.clone(), plan.clients);
        async move { load.run_clients(count).await }
    });
    let mut faults = FaultInjector::new(&mut world, spare, proxy, plan.setting.seed);
    make_faults(plan, &load, &mut faults).await?;
    if plan.close {
        close_poll(&load, &mut faults).await?;
    }
    load.set_pause(Duration::ZERO);
    load.stop_clients();
    clients
        .await
        .map_err(|error| SimulatorError::condition_error(format!("the clients: {error}")))?;
    let (lines, mut violations) = (faults.summary_lines(), faults.into_violations());
    let seen = match watch {
        Some(watch) => watch.finish_watching(plan.checks.within, &mut violations).await,
        None => watch::WatchReport::default(),
    };
    load.journal.flush_file()?;
    let tally = load.take_tally().summary_lines(begun.elapsed());
    lines.into_iter().chain(tally).for_each(|line| print_line(format_args!("{line}")));
    print_line(format_args!("{}", format_totals(&load.journal.key_histories())));
    let mut database = world.connect_database().await?;
    let parties = (&world.season, &*load.journal);
    let mut found = check_promises(
        &mut database,
        &world.direct_target(),
        parties,
        plan.checks,
        seen.checkpoints,
    )
    .await?;
    violations.append(&mut found.violations);
    if let Some(program) = &auditor {
        audit::run_auditor(program, &world, &mut violations)?;
    }
    Ok(report_result(plan, &found, &violations, begun.elapsed()))
}

fn build_load(plan: &ChaosArgs, world: &World, proxy: &Proxy) -> Result<Arc<LoadGenerator>> {
    let journal = Arc::new(Journal::with_file(plan.journal.as_deref())?);
    let target = Target::new(proxy.listening_address(), &world.season);
    let supply = VoterSupply::from_range(0, world.season.voters);
    let mut load = LoadGenerator::new(target, world.season.clone(), journal, supply);
    load.habits = VoterHabits::BAD_DAY;
    load.patience = Duration::from_secs(plan.patience);
    Ok(Arc::new(load))
}

/// Makes the faults, spread evenly over the ballots.
async fn make_faults(
    plan: &ChaosArgs,
    load: &LoadGenerator,
    faults: &mut FaultInjector<'_>,
) -> Result<()> {
    let mut bag = FaultBag::from_seed(plan.setting.seed);
    let mut made = 0;
    let due = |made: u64| plan.acks * made / plan.faults.max(1);
    while made < plan.faults || load.journal.acknowledged_count() < plan.acks {
        if made < plan.faults {
            run_paced(load, due(made + 2), faults.make_fault(bag.draw_kind())).await?;
            made += 1;
        }
        if made % 20 == 0 && made < plan.faults {
            let acknowledged = load.journal.acknowledged_count();
            print_line(format_args!("{made} faults, {acknowledged} ballots acknowledged"));
        }
        load.set_pause(Duration::ZERO);
        let (mut last, mut changed) = (load.journal.acknowledged_count(), Instant::now());
        while load.journal.acknowledged_count() < due(made) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let now = load.journal.acknowledged_count();
            if now > last {
                (last, changed) = (now, Instant::now());
            } else if changed.elapsed() > STANDSTILL_LIMIT {
                let what = format!("nothing was acknowledged for {} s", STANDSTILL_LIMIT.as_secs());
                faults.violations.push(Violation::broken_rule(Rule::Crash, what));
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Drives `work` while people go on voting. After `limit` acknowledged ballots they vote more
/// slowly, so that the ballots are spread over the faults.
async fn run_paced<T>(load: &LoadGenerator, limit: u64, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_millis(10)) => {
                let slow = load.journal.acknowledged_count() > limit;
                load.set_pause(if slow { SLOW_PAUSE } else { Duration::ZERO });
            }
        }
    }
}

/// Lets the poll close while people vote, and makes faults until the record contains the close.
async fn close_poll(load: &LoadGenerator, faults: &mut FaultInjector<'_>) -> Result<()> {
    print_line(format_args!("the poll closes in {CLOSES_IN} s"));
    faults.close_poll_in(CLOSES_IN).await?;
    // After the close every voter is refused at once, so the clients slow down. Otherwise the run
    // would use up its voters.
    load.set_pause(PAUSE_AFTER_CLOSE);
    let (begun, mut kinds) = (Instant::now(), FaultKind::DEADLY.into_iter().cycle());
    while begun.elapsed() < CLOSE_TIMEOUT {
        if faults.is_poll_closed().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(4)).await;
        if let Some(kind) = kinds.next() {
            faults.make_fault(kind).await?;
        }
    }
    let what = format!("no close entry within {} s", CLOSE_TIMEOUT.as_secs());
    faults.violations.push(Violation::broken_rule(Rule::Record, what));
    Ok(())
}

fn report_result(
    plan: &ChaosArgs,
    found: &Verdict,
    violations: &[Violation],
    took: Duration,
) -> bool {
    let Verdict { stored, acknowledged, lines, proofs, .. } = found;
    print_line(format_args!(
        "{stored} ballots stored, {acknowledged} of them acknowledged; {lines} lines in the \
         record, {proofs} proofs verified; {} s",
        took.as_secs()
    ));
    if plan.checks.no_record {
        print_line(format_args!("The record was left out (--no-record)."));
    } else if plan.without_audit {
        print_line(format_args!("The auditor was left out (--without-audit)."));
    }
    format_violations(violations).iter().for_each(|line| print_line(format_args!("{line}")));
    let enough = u64::try_from(*acknowledged).is_ok_and(|count| count >= plan.acks);
    if !enough {
        print_line(format_args!("Only {acknowledged} of {} ballots were acknowledged.", plan.acks));
    }
    let clean = violations.is_empty() && enough;
    print_line(format_args!(
        "{}",
        if clean { "chaos: no promise was broken" } else { "chaos: FAILED" }
    ));
    clean
}

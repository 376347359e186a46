//! Chaos: people vote while processes are killed and connections are cut. Afterwards every promise
//! is checked.

pub mod faults;
pub mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::audit;
use crate::check::{Rule, Violation, listed};
use crate::journal::{Journal, totals};
use crate::load::{Habits, Load, Supply};
use crate::proxy::Proxy;
use crate::say::say;
use crate::target::Target;
use crate::trouble::{Result, Trouble};
use crate::verdict::{Checks, Verdict, verdict};
use crate::world::{Setting, World, another_app};
use faults::{Bag, Faults, Kind};
use watch::Watch;

/// Longest time without an acknowledged ballot after a fault was mended.
const STANDSTILL: Duration = Duration::from_secs(60);

/// How long a client rests between two voters when there are enough ballots for now.
const SLOW: Duration = Duration::from_millis(250);
/// How long a client rests between two voters after the close.
const SLOWER: Duration = Duration::from_secs(1);
/// With `--close`: seconds until the poll closes.
const CLOSES_IN: i64 = 10;
/// Longest time until the record contains the close: two minutes for ballots that were admitted in
/// time, and time for some repairs.
const CLOSING: Duration = Duration::from_secs(240);

/// Arguments of `hanpyo-sim chaos`.
#[derive(Clone, Debug, Args)]
pub struct Chaos {
    #[command(flatten)]
    setting: Setting,
    #[command(flatten)]
    checks: Checks,
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

impl Chaos {
    /// Finds the auditor before the long run begins. `None` if the auditor or the record is left
    /// out.
    fn auditor(&self) -> Result<Option<PathBuf>> {
        if self.without_audit || self.checks.no_record {
            return Ok(None);
        }
        audit::find(&self.setting, self.audit.as_deref()).map(Some)
    }

    /// Returns how many voters to prepare: enough for the time that the faults take, and for those
    /// who come too late.
    const fn voters(&self) -> u64 {
        self.acks * 3 + 10_000 + if self.close { 300 * self.clients } else { 0 }
    }
}

/// Runs the chaos. Returns true if no promise was broken and enough ballots were acknowledged.
///
/// # Errors
/// [`Trouble`] if the run could not be made. That says nothing about the promises.
pub async fn run(plan: &Chaos) -> Result<bool> {
    let begun = Instant::now();
    let auditor = plan.auditor()?;
    let mut world = World::make(&plan.setting, plan.voters()).await?;
    let spare = another_app(&plan.setting, &world.cluster)?;
    let proxy = Proxy::start().await.map_err(Trouble::system("the proxy"))?;
    proxy.lead_to(&[world.app.address()]);
    let load = load(plan, &world, &proxy)?;
    let watch = (!plan.checks.no_record).then(|| Watch::start(&world, spare.address()));
    say(format_args!("{} ballots, {} faults, seed {}", plan.acks, plan.faults, plan.setting.seed));
    let clients = tokio::spawn({
        let (load, count) = (load.clone(), plan.clients);
        async move { load.run(count).await }
    });
    let mut faults = Faults::new(&mut world, spare, proxy, plan.setting.seed);
    make_faults(plan, &load, &mut faults).await?;
    if plan.close {
        close(&load, &mut faults).await?;
    }
    load.pause(Duration::ZERO);
    load.stop();
    clients.await.map_err(|error| Trouble::wrong(format!("the clients: {error}")))?;
    let (lines, mut violations) = (faults.lines(), faults.end());
    let seen = match watch {
        Some(watch) => watch.end(plan.checks.within, &mut violations).await,
        None => watch::Sightings::default(),
    };
    load.journal.flush()?;
    let tally = load.take_tally().lines(begun.elapsed());
    lines.into_iter().chain(tally).for_each(|line| say(format_args!("{line}")));
    say(format_args!("{}", totals(&load.journal.fates())));
    let mut database = world.database().await?;
    let parties = (&world.season, &*load.journal);
    let mut found =
        verdict(&mut database, &world.target(), parties, plan.checks, seen.checkpoints).await?;
    violations.append(&mut found.violations);
    if let Some(program) = &auditor {
        audit::run(program, &world, &mut violations)?;
    }
    Ok(report(plan, &found, &violations, begun.elapsed()))
}

fn load(plan: &Chaos, world: &World, proxy: &Proxy) -> Result<Arc<Load>> {
    let journal = Arc::new(Journal::new(plan.journal.as_deref())?);
    let target = Target::new(proxy.address(), &world.season);
    let supply = Supply::new(0, world.season.voters);
    let mut load = Load::new(target, world.season.clone(), journal, supply);
    load.habits = Habits::BAD_DAY;
    load.patience = Duration::from_secs(plan.patience);
    Ok(Arc::new(load))
}

/// Makes the faults, spread evenly over the ballots.
async fn make_faults(plan: &Chaos, load: &Load, faults: &mut Faults<'_>) -> Result<()> {
    let mut bag = Bag::new(plan.setting.seed);
    let mut made = 0;
    let due = |made: u64| plan.acks * made / plan.faults.max(1);
    while made < plan.faults || load.journal.acknowledged() < plan.acks {
        if made < plan.faults {
            paced(load, due(made + 2), faults.make(bag.draw())).await?;
            made += 1;
        }
        if made % 20 == 0 && made < plan.faults {
            let acknowledged = load.journal.acknowledged();
            say(format_args!("{made} faults, {acknowledged} ballots acknowledged"));
        }
        load.pause(Duration::ZERO);
        let (mut last, mut changed) = (load.journal.acknowledged(), Instant::now());
        while load.journal.acknowledged() < due(made) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let now = load.journal.acknowledged();
            if now > last {
                (last, changed) = (now, Instant::now());
            } else if changed.elapsed() > STANDSTILL {
                let what = format!("nothing was acknowledged for {} s", STANDSTILL.as_secs());
                faults.violations.push(Violation::new(Rule::Crash, what));
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Drives `work` while people go on voting. After `limit` acknowledged ballots they vote more
/// slowly, so that the ballots are spread over the faults.
async fn paced<T>(load: &Load, limit: u64, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_millis(10)) => {
                let slow = load.journal.acknowledged() > limit;
                load.pause(if slow { SLOW } else { Duration::ZERO });
            }
        }
    }
}

/// Lets the poll close while people vote, and makes faults until the record contains the close.
async fn close(load: &Load, faults: &mut Faults<'_>) -> Result<()> {
    say(format_args!("the poll closes in {CLOSES_IN} s"));
    faults.close_in(CLOSES_IN).await?;
    // After the close every voter is refused at once, so the clients slow down. Otherwise the run
    // would use up its voters.
    load.pause(SLOWER);
    let (begun, mut kinds) = (Instant::now(), Kind::DEADLY.into_iter().cycle());
    while begun.elapsed() < CLOSING {
        if faults.is_closed().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(4)).await;
        if let Some(kind) = kinds.next() {
            faults.make(kind).await?;
        }
    }
    let what = format!("no close entry within {} s", CLOSING.as_secs());
    faults.violations.push(Violation::new(Rule::Record, what));
    Ok(())
}

fn report(plan: &Chaos, found: &Verdict, violations: &[Violation], took: Duration) -> bool {
    let Verdict { stored, acknowledged, lines, proofs, .. } = found;
    say(format_args!(
        "{stored} ballots stored, {acknowledged} of them acknowledged; {lines} lines in the \
         record, {proofs} proofs verified; {} s",
        took.as_secs()
    ));
    if plan.checks.no_record {
        say(format_args!("The record was left out (--no-record)."));
    } else if plan.without_audit {
        say(format_args!("The auditor was left out (--without-audit)."));
    }
    listed(violations).iter().for_each(|line| say(format_args!("{line}")));
    let enough = u64::try_from(*acknowledged).is_ok_and(|count| count >= plan.acks);
    if !enough {
        say(format_args!("Only {acknowledged} of {} ballots were acknowledged.", plan.acks));
    }
    let clean = violations.is_empty() && enough;
    say(format_args!("{}", if clean { "chaos: no promise was broken" } else { "chaos: FAILED" }));
    clean
}

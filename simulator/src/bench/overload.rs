//! Offers five times the peak rate. The server must refuse the rest at once and say when to try
//! again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Stand, ratio};
use crate::histogram::shown;
use crate::load::arrivals::{self, Arrivals, Run};
use crate::load::tally::{Tally, rate};
use crate::load::{Load, Supply};
use crate::process;
use crate::say::say;
use crate::target::Outcome;
use crate::trouble::{Result, Trouble};

/// Connections at the same time. The program refuses when more ballots wait than it stores in a
/// fifth of a second: 3,600 at 18,000/s. With fewer connections it would never refuse. It accepts
/// 4,096 connections; the rest is left for health checks.
const LINES: u64 = 4_000;
/// Generous number of files that generator and program open besides these connections.
const OTHER_FILES: u64 = 200;
/// Length of one sample after the overload.
const LOOK: Duration = Duration::from_millis(500);
/// Recovered after this many good samples in a row.
const GOOD_LOOKS: u32 = 4;
/// A sample is good if every ballot is acknowledged and 99 % of them took at most this long, in
/// microseconds.
const GOOD: u64 = 100_000;
/// Sampling stops after this time.
const LOOKS_END: Duration = Duration::from_secs(60);

/// The plan of an overload.
pub struct Overload {
    /// Peak rate of the server, in ballots per second.
    pub peak: u64,
    /// How long the overload lasts.
    pub during: Duration,
}

/// Checks that the system allows enough open files, before a run of many minutes begins.
///
/// # Errors
/// [`Trouble::Wrong`] if the system allows fewer open files.
pub fn enough_files() -> Result<()> {
    let needed = LINES + OTHER_FILES;
    match process::most_files().filter(|most| *most < needed) {
        Some(most) => Err(Trouble::wrong(format!(
            "{most} files may be open, but the overload needs {needed}: ulimit -n {needed}"
        ))),
        None => Ok(()),
    }
}

/// Returns a load of the voters who have not voted yet.
fn load(stand: &Stand<'_>) -> Arc<Load> {
    let supply = Supply::new(stand.next, stand.end);
    let (season, journal) = (stand.world.season.clone(), stand.journal.clone());
    Arc::new(Load::new(stand.world.target(), season, journal, supply))
}

/// Lets voters arrive at `rate` per second. Voters who were taken from the supply are not used by
/// later phases.
pub async fn arrive(stand: &mut Stand<'_>, rate: u64, during: Duration, lines: u64) -> Run {
    let load = load(stand);
    let run = arrivals::run(&load, Arrivals::even(rate, during, lines)).await;
    stand.next = load.supply.position();
    run
}

impl Overload {
    /// Runs the overload and measures how long the server needs to recover.
    pub async fn run(&self, stand: &mut Stand<'_>) {
        let load = load(stand);
        let lines = arrivals::open(&load, LINES).await;
        let before = stand.shares();
        let plan = Arrivals::even(self.peak * 5, self.during, LINES);
        let run = arrivals::run_over(&load, plan, lines).await;
        stand.next = load.supply.position();
        run.from_due.lines(run.elapsed).iter().for_each(|line| say(format_args!("    {line}")));
        say(format_args!("    {}", stand.since(before)));
        self.posted(stand, plan.count, &run);
        let goodput = rate(run.from_due.count(Outcome::Acknowledged), run.elapsed);
        let share = ratio(goodput, self.peak);
        stand.row("5 × the peak, goodput", format!("{goodput}/s, {share} of the peak"));
        refusals(stand, &run.from_due, &load.take_tally());
        // Voters who still waited at that time are part of the load from which the server has to
        // recover.
        let ended = run.begun.map_or_else(Instant::now, |begun| begun + self.during);
        let recovered = self.recovery(stand, ended).await;
        stand.row("well again after the last arrival of the overload", recovered);
    }

    /// Reports how many arrivals were posted, and why the others were not.
    fn posted(&self, stand: &mut Stand<'_>, due: u64, run: &Run) {
        let tally = &run.from_due;
        let posted = rate(tally.total() - tally.not_sent, self.during);
        let value = format!("{posted}/s of {}/s, over {LINES} lines", self.peak * 5);
        stand.row("5 × the peak, posted", value);
        for (why, count) in [
            ("all lines busy", tally.all_busy),
            ("no connection", tally.not_sent),
            ("the generator was behind", tally.behind),
            ("no voter was left", tally.no_voter),
        ] {
            stand.row(format!("5 × the peak, not posted: {why}"), format!("{count} of {due}"));
        }
    }

    /// Returns the time from the end of the overload until ballots at half of the peak rate are
    /// again all acknowledged in normal time.
    async fn recovery(&self, stand: &mut Stand<'_>, ended: Instant) -> String {
        let (mut good, mut since) = (0, ended.elapsed());
        while ended.elapsed() < LOOKS_END {
            let begun = ended.elapsed();
            let run = arrive(stand, self.peak / 2, LOOK, LINES).await;
            if run.from_due.no_voter > 0 {
                return "not known: no voter was left".to_owned();
            }
            let times = run.from_due.times(Outcome::Acknowledged);
            let all = times.count() == run.from_due.total() && run.from_due.not_posted() == 0;
            if all && times.per_mille(990) <= GOOD {
                good += 1;
            } else {
                good = 0;
            }
            if good == 1 {
                since = begun;
            }
            if good == GOOD_LOOKS {
                return format!("{} ms", since.as_millis());
            }
        }
        format!("not within {} s", LOOKS_END.as_secs())
    }
}

/// Reports how many ballots were refused, how fast, and whether the answers had `Retry-After`.
fn refusals(stand: &mut Stand<'_>, from_due: &Tally, from_post: &Tally) {
    let refused = from_due.count(Outcome::Overload);
    stand.row("5 × the peak, refused: 503 with Retry-After", refused.to_string());
    for (name, tally) in [("since due", from_due), ("since posted", from_post)] {
        let p99 = shown(tally.times(Outcome::Overload).per_mille(990));
        let value = if refused > 0 { p99 } else { "not measured: none was refused".to_owned() };
        stand.row(format!("5 × the peak, refusals' p99, {name}"), value);
    }
    let bare = from_due.without_retry_after;
    stand.row("5 × the peak, answers 503 without Retry-After", bare.to_string());
    let unknown = from_due.count(Outcome::Unknown) - from_due.not_sent;
    stand.row("5 × the peak, posted without a clear answer", unknown.to_string());
}

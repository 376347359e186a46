//! Five times as many as can be served: who is turned away must know at once, and when to come again.

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

/// Lines at the same time. The program refuses when more ballots wait than it stores in a fifth of
/// a second, 3,600 at 18,000/s: with fewer lines it never could. It takes 4,096 connections; the
/// rest is for whoever asks whether it is well.
const LINES: u64 = 4_000;
/// Files that generator and program have open beside their lines, generously.
const OTHER_FILES: u64 = 200;
/// A look at whether the server is well again takes so long.
const LOOK: Duration = Duration::from_millis(500);
/// So many good looks in a row are well.
const GOOD_LOOKS: u32 = 4;
/// A look is good if 99 of 100 ballots took no longer, in microseconds.
const GOOD: u64 = 100_000;
/// After so long it is not looked any more.
const LOOKS_END: Duration = Duration::from_secs(60);

/// The plan of an overload.
pub struct Overload {
    /// What the server can.
    pub peak: u64,
    /// For how long.
    pub during: Duration,
}

/// Whether the lines may be opened at all, asked before a run of many minutes begins.
///
/// # Errors
/// [`Trouble::Wrong`] where the system allows fewer open files.
pub fn enough_files() -> Result<()> {
    let needed = LINES + OTHER_FILES;
    match process::most_files().filter(|most| *most < needed) {
        Some(most) => Err(Trouble::wrong(format!(
            "{most} files may be open, but the overload needs {needed}: ulimit -n {needed}"
        ))),
        None => Ok(()),
    }
}

/// The voters who have not voted yet, to arrive in a phase.
fn load(stand: &Stand<'_>) -> Arc<Load> {
    let supply = Supply::new(stand.next, stand.end);
    let (season, journal) = (stand.world.season.clone(), stand.journal.clone());
    Arc::new(Load::new(stand.world.target(), season, journal, supply))
}

/// So many a second, for a while; the voters who were through are through.
pub async fn arrive(stand: &mut Stand<'_>, rate: u64, during: Duration, lines: u64) -> Run {
    let load = load(stand);
    let run = arrivals::run(&load, Arrivals::even(rate, during, lines)).await;
    stand.next = load.supply.position();
    run
}

impl Overload {
    /// Runs it and looks how long the server needs to be well again.
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
        // Who still waited then is part of what it has to recover from.
        let ended = run.begun.map_or_else(Instant::now, |begun| begun + self.during);
        let recovered = self.recovery(stand, ended).await;
        stand.row("well again after the last arrival of the overload", recovered);
    }

    /// How much of what was asked for has reached the server, and what became of the rest.
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

    /// How long after the overload ballots at half of the peak go through as if nothing had been.
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

/// How many were turned away, how fast, and whether they were told when to come again.
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

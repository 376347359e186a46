//! Five times as many as can be served: who is turned away must know at once, and when to come again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Stand, ratio};
use crate::histogram::shown;
use crate::load::arrivals::{self, Arrivals, Run};
use crate::load::tally::{Tally, rate};
use crate::load::{Load, Supply};
use crate::say::say;
use crate::target::Outcome;

/// Lines at the same time: half of what the program takes.
const LINES: u64 = 2_048;
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

/// So many a second, for a while; the voters who were through are through.
pub async fn arrive(stand: &mut Stand<'_>, rate: u64, during: Duration, lines: u64) -> Run {
    let (run, load) = arrive_with(stand, rate, during, lines).await;
    drop(load);
    run
}

async fn arrive_with(
    stand: &mut Stand<'_>,
    rate: u64,
    during: Duration,
    lines: u64,
) -> (Run, Tally) {
    let supply = Supply::new(stand.next, stand.end);
    let (season, journal) = (stand.world.season.clone(), stand.journal.clone());
    let load = Arc::new(Load::new(stand.world.target(), season, journal, supply));
    let run = arrivals::run(&load, Arrivals::even(rate, during, lines)).await;
    stand.next = load.supply.position();
    (run, load.take_tally())
}

impl Overload {
    /// Runs it and looks how long the server needs to be well again.
    pub async fn run(&self, stand: &mut Stand<'_>) {
        let before = stand.shares();
        let (run, from_post) = arrive_with(stand, self.peak * 5, self.during, LINES).await;
        let ended = Instant::now();
        run.from_due.lines(run.elapsed).iter().for_each(|line| say(format_args!("    {line}")));
        say(format_args!("    {}", stand.since(before)));
        let goodput = rate(run.from_due.count(Outcome::Acknowledged), run.elapsed);
        let posted = rate(run.from_due.total(), run.elapsed);
        stand.row("5 × the peak, posted", format!("{posted}/s of {}/s", self.peak * 5));
        let share = ratio(goodput, self.peak);
        stand.row("5 × the peak, goodput", format!("{goodput}/s, {share} of the peak"));
        for (name, tally) in [("since due", &run.from_due), ("since posted", &from_post)] {
            let times = tally.times(Outcome::Overload);
            let p99 = shown(times.per_mille(990));
            let value = format!("{p99} over {}", times.count());
            stand.row(format!("5 × the peak, refusals' p99, {name}"), value);
        }
        let bare = run.from_due.without_retry_after;
        stand.row("5 × the peak, answers 503 without Retry-After", bare.to_string());
        let recovered = self.recovery(stand, ended).await;
        stand.row("well again after the overload", recovered);
    }

    /// How long after the overload ballots at half of the peak go through as if nothing had been.
    async fn recovery(&self, stand: &mut Stand<'_>, ended: Instant) -> String {
        let (mut good, mut since) = (0, ended.elapsed());
        while ended.elapsed() < LOOKS_END {
            let begun = ended.elapsed();
            let run = arrive(stand, self.peak / 2, LOOK, LINES).await;
            let times = run.from_due.times(Outcome::Acknowledged);
            let all = times.count() == run.from_due.total() && run.from_due.not_tried == 0;
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

//! Strangers: people vote first alone, and then beside thousands of connections that never had a
//! code. Strangers may be slow or refused, but ballots must come through.

pub mod crowd;
pub mod provider;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::bench::format_ratio;
use crate::check::{Rule, Violation, format_violations};
use crate::error::Result;
use crate::histogram::format_micros;
use crate::journal::{Journal, format_totals};
use crate::load::arrivals::{self, ArrivalPlan};
use crate::load::tally::{Tally, rate_per_second};
use crate::load::{LoadGenerator, VoterSupply};
use crate::output::print_line;
use crate::process;
use crate::record::SeenCheckpoints;
use crate::target::Outcome;
use crate::verdict::{CheckOptions, check_promises};
use crate::world::{RunSettings, World, season_with_polls};
use crowd::{Crowd, OIDC_POLL};
use provider::StalledProvider;

/// Most connections of voters at the same time, with `--rate`.
const LINES: u64 = 512;
/// Generous number of files that generator and program open besides the connections of both.
const OTHER_FILES: u64 = 200;
/// With `--clients`: voters prepared for each second. No machine so far stored so many ballots.
const FASTEST_RATE: u64 = 30_000;
/// Voters prepared beyond those who are due.
const SPARE_VOTERS: u64 = 10_000;
/// The aim for the rate beside strangers, in thousandths of the quiet rate.
const RATE_AIM: u64 = 900;
/// The aim for 99 % of the ballots beside strangers, in microseconds.
const P99_AIM_MICROS: u64 = 250_000;

/// Arguments of `hanpyo-sim strangers`.
#[derive(Clone, Debug, Args)]
pub struct StrangersArgs {
    #[command(flatten)]
    setting: RunSettings,
    #[command(flatten)]
    checks: CheckOptions,
    /// Number of strangers, each with one connection.
    #[arg(long, default_value_t = 2_000)]
    strangers: u64,
    /// Milliseconds for which a stranger rests between two requests, on average.
    #[arg(long, default_value_t = 1_000)]
    pause: u64,
    /// Seconds of each of the two measurements.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Real voters who arrive each second. The default is the rate at the end of the closing drill.
    #[arg(long, default_value_t = 700)]
    rate: u64,
    /// Instead of --rate: number of clients at the same time, each voting for one voter after
    /// another, as fast as the server answers.
    #[arg(long, conflicts_with = "rate")]
    clients: Option<u64>,
    /// File to which the journal is written.
    #[arg(long)]
    journal: Option<PathBuf>,
}

/// Real ballots of one measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct BallotSample {
    /// Acknowledged ballots.
    acknowledged: u64,
    /// Acknowledged ballots per second.
    rate: u64,
    /// The middle duration, in microseconds.
    median: u64,
    /// The duration that 99 % do not exceed, in microseconds.
    p99: u64,
}

impl BallotSample {
    fn from_tally(tally: &Tally, elapsed: Duration) -> Self {
        let times = tally.outcome_times(Outcome::Acknowledged);
        let acknowledged = times.total_count();
        let [median, p99] = [500, 990].map(|share| times.per_mille_micros(share));
        Self { acknowledged, rate: rate_per_second(acknowledged, elapsed), median, p99 }
    }

    fn describe_sample(self) -> String {
        let Self { acknowledged, rate, median, p99 } = self;
        let [median, p99] = [median, p99].map(format_micros);
        format!("{acknowledged} acknowledged, {rate}/s, p50 {median}, p99 {p99}")
    }
}

impl StrangersArgs {
    const fn voter_count(&self) -> u64 {
        let rate = match self.clients {
            Some(_) => FASTEST_RATE,
            None => self.rate,
        };
        rate * self.seconds * 2 + SPARE_VOTERS
    }

    /// Lets real voters vote, beginning with number `next`, and measures their ballots.
    async fn measure_ballots(
        &self,
        world: &World,
        journal: &Arc<Journal>,
        next: &mut u64,
    ) -> BallotSample {
        let supply = VoterSupply::from_range(*next, world.season.voters);
        let (target, season) = (world.direct_target(), world.season.clone());
        let load = Arc::new(LoadGenerator::new(target, season, journal.clone(), supply));
        let during = Duration::from_secs(self.seconds);
        let (tally, elapsed) = match self.clients {
            Some(clients) => run_clients_for(&load, clients, during).await,
            None => {
                let plan = ArrivalPlan::evenly_spread(self.rate, during, LINES);
                let run = arrivals::run_arrivals(&load, plan).await;
                (run.from_due, run.elapsed)
            }
        };
        *next = load.supply.first_untaken();
        let lines = tally.summary_lines(elapsed);
        lines.iter().for_each(|line| print_line(format_args!("    {line}")));
        BallotSample::from_tally(&tally, elapsed)
    }
}

async fn run_clients_for(
    load: &Arc<LoadGenerator>,
    clients: u64,
    during: Duration,
) -> (Tally, Duration) {
    let begun = Instant::now();
    let running = tokio::spawn({
        let load = load.clone();
        async move { load.run_clients(clients).await }
    });
    while begun.elapsed() < during && !running.is_finished() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    load.stop_clients();
    let _ = running.await;
    (load.take_tally(), begun.elapsed())
}

/// Measures ballots alone and beside strangers. Returns true if no promise about a ballot was
/// broken; whether the aims of speed were met is only printed.
///
/// # Errors
/// [`crate::error::SimulatorError`] if the run could not be made.
pub async fn run_strangers(plan: &StrangersArgs) -> Result<bool> {
    let lines = plan.clients.unwrap_or(LINES);
    process::require_open_files(plan.strangers + lines + OTHER_FILES)?;
    let provider = StalledProvider::start_provider().await?;
    // A second poll, for those who sign in at the provider.
    let edition = "beside-strangers";
    let season = season_with_polls(edition, [("citizens", "email"), (OIDC_POLL, "oidc")])?;
    let setting = RunSettings { edition: edition.to_owned(), ..plan.setting.clone() };
    let with = (Some(season), provider.serve_flags());
    let mut world = World::start_world_with(&setting, plan.voter_count(), with).await?;
    let journal = Arc::new(Journal::with_file(plan.journal.as_deref())?);
    journal.reserve_keys(plan.voter_count());
    let mut next = 0;
    print_line(format_args!("{} s without strangers", plan.seconds));
    let quiet = plan.measure_ballots(&world, &journal, &mut next).await;
    let pause = Duration::from_millis(plan.pause);
    let (target, season) = (world.direct_target(), world.season.clone());
    let crowd = Crowd::gather_crowd(target, season, (plan.strangers, pause)).await;
    let there = crowd.open_connections();
    print_line(format_args!("{} s beside {there} connections of strangers", plan.seconds));
    let crowded = plan.measure_ballots(&world, &journal, &mut next).await;
    let still_there = crowd.open_connections();
    let lines = crowd.disperse_crowd().await;
    lines.iter().for_each(|line| print_line(format_args!("    {line}")));
    print_line(format_args!("    {still_there} of them were connected at the end"));
    journal.flush_file()?;
    let mut violations = Vec::new();
    if !world.app.is_running() {
        violations.push(Violation::broken_rule(Rule::Crash, "the program has ended by itself"));
    }
    let mut database = world.connect_database().await?;
    let parties = (&world.season, &*journal);
    let (target, seen) = (world.direct_target(), SeenCheckpoints::default());
    let found = check_promises(&mut database, &target, parties, plan.checks, seen).await?;
    violations.extend(found.violations);
    print_line(format_args!("{}", format_totals(&journal.key_histories())));
    print_line(format_args!("alone:            {}", quiet.describe_sample()));
    print_line(format_args!("beside strangers: {}", crowded.describe_sample()));
    compare_samples(quiet, crowded).iter().for_each(|line| print_line(format_args!("{line}")));
    Ok(report_violations(&violations))
}

/// Says how the ballots beside strangers compare with those before, and whether the aims were met.
fn compare_samples(quiet: BallotSample, crowded: BallotSample) -> [String; 2] {
    let is_rate_met = quiet.rate > 0 && crowded.rate * 1000 >= quiet.rate * RATE_AIM;
    let is_p99_met = crowded.acknowledged > 0 && crowded.p99 <= P99_AIM_MICROS;
    let word = |is_met| if is_met { "met" } else { "missed" };
    [
        format!(
            "ratio of the rates: {} (aim {}): {}",
            format_ratio(crowded.rate, quiet.rate),
            format_ratio(RATE_AIM, 1000),
            word(is_rate_met)
        ),
        format!(
            "p99 of real ballots beside strangers: {} (aim {}): {}",
            format_micros(crowded.p99),
            format_micros(P99_AIM_MICROS),
            word(is_p99_met)
        ),
    ]
}

/// Prints the broken promises. Returns true if there is none.
fn report_violations(violations: &[Violation]) -> bool {
    format_violations(violations).iter().for_each(|line| print_line(format_args!("{line}")));
    let clean = violations.is_empty();
    print_line(format_args!(
        "{}",
        if clean { "strangers: no ballot was lost" } else { "strangers: FAILED" }
    ));
    clean
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BallotSample, compare_samples};
    use crate::client_line::PostReply;
    use crate::load::tally::Tally;
    use crate::target::Outcome;

    fn sample(rate: u64, p99: u64) -> BallotSample {
        BallotSample { acknowledged: rate * 20, rate, median: p99 / 2, p99 }
    }

    /// Returns whether each of the two aims is called met.
    fn met(quiet: BallotSample, crowded: BallotSample) -> [bool; 2] {
        compare_samples(quiet, crowded).map(|line| {
            assert!(line.ends_with(": met") || line.ends_with(": missed"), "{line}");
            line.ends_with(": met")
        })
    }

    #[test]
    fn each_aim_is_met_at_its_limit_and_missed_just_beyond() {
        let quiet = sample(1_000, 4_000);
        assert_eq!(met(quiet, sample(900, 250_000)), [true, true]);
        assert_eq!(met(quiet, sample(899, 250_000)), [false, true]);
        assert_eq!(met(quiet, sample(1_000, 250_001)), [true, false]);
        let lines = compare_samples(quiet, sample(950, 10_500));
        assert_eq!(lines[0], "ratio of the rates: 0.95 (aim 0.90): met");
        assert_eq!(lines[1], "p99 of real ballots beside strangers: 10.5 ms (aim 250 ms): met");
    }

    #[test]
    fn no_ballot_at_all_meets_no_aim() {
        assert_eq!(met(sample(1_000, 4_000), BallotSample::default()), [false, false]);
        assert_eq!(met(BallotSample::default(), BallotSample::default()), [false, false]);
    }

    #[test]
    fn only_acknowledged_ballots_count_in_a_sample() {
        let mut tally = Tally::default();
        let reply = |outcome| PostReply { outcome, retry_after: Some(1), status: 303, sent: true };
        for _ in 0..100 {
            tally.count_reply(reply(Outcome::Acknowledged), Duration::from_millis(2));
            tally.count_reply(reply(Outcome::Overload), Duration::from_secs(9));
        }
        let sample = BallotSample::from_tally(&tally, Duration::from_secs(2));
        assert_eq!((sample.acknowledged, sample.rate), (100, 50));
        assert!(sample.p99 < 3_000, "{sample:?}");
    }
}

//! The fraud checks measured: seasons with attacks and look-alikes, played into the detector.
//! The truth stays apart: the detector sees what a server sees.

pub mod attacks;
pub mod cost;
pub mod draw;
pub mod events;
pub mod figures;
pub mod flood;
pub mod lookalikes;
pub mod people;
pub mod scenario;
pub mod score;
pub mod season;
pub mod stage;
pub mod table;
pub mod tally;

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::error::{Result, SimulatorError};
use crate::output::print_line;
use tally::RunTally;

/// Seeds up to this one are for tuning. Scoring never uses them.
const LAST_TUNING_SEED: u64 = 1_000;

/// Arguments of `fraud`.
#[derive(Clone, Debug, Args)]
pub struct FraudArgs {
    /// Number of seasons.
    #[arg(long, default_value_t = 1_000)]
    seasons: u64,
    /// First seed. Seeds from 1 to 1000 are for tuning. Default: drawn anew, for scoring.
    #[arg(long)]
    seed: Option<u64>,
    /// Number of threads that play seasons.
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// Skip the poll of 1.4 million ballots.
    #[arg(long)]
    no_cost: bool,
    /// Play as if the server had no file of networks: every class is unknown.
    #[arg(long)]
    no_classes: bool,
    /// Only write the events of one season to this file, as a server would see them.
    #[arg(long)]
    events: Option<PathBuf>,
    /// With --events: file to which the truth is written.
    #[arg(long, requires = "events")]
    truth: Option<PathBuf>,
}

/// Draws a seed from the operating system that is none of the tuning seeds.
fn draw_scoring_seed() -> u64 {
    loop {
        let seed = RandomState::new().build_hasher().finish() >> 16;
        if seed > LAST_TUNING_SEED {
            return seed;
        }
    }
}

/// Plays the seasons and prints the tables. A missed target is printed, and is no failure of the run.
///
/// # Errors
/// [`crate::error::SimulatorError`] if a file can't be written or a season can't be played.
pub fn measure_fraud(plan: &FraudArgs) -> Result<bool> {
    let seed = plan.seed.unwrap_or_else(draw_scoring_seed);
    if let Some(path) = &plan.events {
        let stage = season::play_season(seed, 0);
        events::write_events(&stage, path)?;
        if let Some(truth) = &plan.truth {
            events::write_truth(&stage, truth)?;
        }
        print_line(format_args!("seed {seed}: {} ballots", stage.ballots.len()));
        return Ok(true);
    }
    if seed <= LAST_TUNING_SEED && seed + plan.seasons > LAST_TUNING_SEED + 1 {
        return Err(SimulatorError::condition_error("the tuning seeds end at 1000"));
    }
    let kind = if seed <= LAST_TUNING_SEED { "tuning" } else { "scoring" };
    // The cost comes first, because the peak memory is that of the whole process.
    let cost = (!plan.no_cost).then(|| cost::measure_cost(seed));
    let begun = Instant::now();
    let tally = play_seasons(seed, plan)?;
    let millis = begun.elapsed().as_millis().max(1);
    let an_hour = u64::try_from(u128::from(plan.seasons) * 3_600_000 / millis).unwrap_or(0);
    let floods: Vec<_> = [(1, 100_000), (50, 100_000), (1_000, 100_000)]
        .map(|(networks, asked)| flood::flood_codes(seed, networks, asked))
        .to_vec();
    let lockouts: Vec<_> = [(1, false), (2, false), (1, true), (2, true), (1_000, true)]
        .map(|(networks, by_text)| flood::lock_contact(networks, 1_000, by_text))
        .to_vec();
    let classes = if plan.no_classes { ", every network of unknown class" } else { "" };
    print_line(format_args!("{} seasons, {kind} seeds from {seed}{classes}\n", plan.seasons));
    let tables = [
        table::attack_table(&tally),
        table::honest_table(&tally),
        table::season_lines(&tally),
        table::flood_table(&floods),
        table::lockout_table(&lockouts),
        table::cost_table(cost.as_ref(), an_hour),
    ];
    for lines in tables {
        lines.iter().for_each(|line| print_line(format_args!("{line}")));
        print_line(format_args!(""));
    }
    Ok(true)
}

/// Plays all seasons, each thread every other one.
fn play_seasons(seed: u64, plan: &FraudArgs) -> Result<RunTally> {
    let threads = plan.threads.max(1);
    let play_share = |first: u64| {
        let mut tally = RunTally::default();
        let mut at = first;
        while at < plan.seasons {
            let mut stage = season::play_season(seed, at);
            if plan.no_classes {
                stage.forget_classes();
            }
            tally.count_season(&stage);
            at += threads;
        }
        tally
    };
    let mut sum = RunTally::default();
    std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..threads).map(|first| scope.spawn(move || play_share(first))).collect();
        for thread in running {
            let tally = thread.join();
            sum.merge_tally(
                &tally.map_err(|_| SimulatorError::condition_error("a season panicked"))?,
            );
        }
        Ok(sum)
    })
}

//! The commands of `hanpyo-sim`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use sqlx::{Connection as _, PgConnection};
use tokio::signal::unix::{SignalKind, signal};

use crate::check::format_violations;
use crate::error::{Result, SimulatorError};
use crate::journal::{Journal, format_totals};
use crate::load::arrivals::{self, ArrivalPlan};
use crate::load::{LoadGenerator, VoterHabits, VoterSupply};
use crate::output::print_line;
use crate::season::PreparedSeason;
use crate::target::Target;
use crate::verdict::{CheckOptions, check_promises};
use crate::world::{RunSettings, prepare_season};
use crate::{bench, chaos, drill, fraud, play, record, strangers};

/// Load, faults and measurements for Hanpyo. For tests only: it opens voters' sessions.
#[derive(Debug, Parser)]
#[command(name = "hanpyo-sim", version, max_term_width = 100)]
pub struct Cli {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The command to run.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the sessions of many voters in a database, for tests only, and write them to a file.
    Prepare(PrepareArgs),
    /// Let prepared voters vote, and keep a journal of every request and answer.
    Load(LoadArgs),
    /// Compare a journal with the stored ballots and the record.
    Check(CheckArgs),
    /// Vote while processes are killed and connections are cut, then check every promise, with a
    /// database of its own.
    Chaos(chaos::ChaosArgs),
    /// Vote alone and then beside thousands of connections of strangers, and compare the rates, with a
    /// database of its own.
    Strangers(strangers::StrangersArgs),
    /// Test the last minute before the close: ballots in time count, late ballots do not.
    Drill(drill::DrillArgs),
    /// Make the measurements of docs/performance.md in one run.
    Bench(bench::BenchArgs),
    /// Play seasons with attacks and look-alikes into the fraud detector, and print what it holds.
    Fraud(fraud::FraudArgs),
    /// Play a small season into a running server over HTTP, with codes read back from mails and texts,
    /// and compare what its fraud detector stored and held with what was played.
    Play(play::PlayArgs),
    /// Write the fraud detector's verdict for each ballot of a file of events.
    Score(fraud::score::ScoreArgs),
}

/// Arguments of `prepare`.
#[derive(Debug, Args)]
pub struct PrepareArgs {
    #[command(flatten)]
    setting: RunSettings,
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// The program's key file.
    #[arg(long, default_value = "var/keys/master.key")]
    key_file: PathBuf,
    /// Number of voters.
    #[arg(long, default_value_t = 10_000)]
    voters: u64,
    /// File to which the season is written. `load` and `check` read it.
    #[arg(long, default_value = "season.json")]
    season: PathBuf,
    /// File to which the cookies are written, one per line, for other tools.
    #[arg(long)]
    tokens: Option<PathBuf>,
}

/// Arguments of `load`.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The season file that `prepare` wrote.
    #[arg(long, default_value = "season.json")]
    season: PathBuf,
    /// Address of the server.
    #[arg(long, default_value = "127.0.0.1:3000")]
    address: SocketAddr,
    /// File to which the journal is written.
    #[arg(long, default_value = "journal.txt")]
    journal: PathBuf,
    /// Number of the first prepared voter who votes.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Number of voters who vote. Default: all.
    #[arg(long)]
    voters: Option<u64>,
    /// Number of clients at the same time, each voting for one voter after another. With --rate:
    /// maximum number of connections.
    #[arg(long, default_value_t = 64)]
    clients: u64,
    /// Voters who arrive each second, no matter how fast the server answers.
    #[arg(long, requires = "seconds")]
    rate: Option<u64>,
    /// With --rate: seconds for which voters arrive.
    #[arg(long)]
    seconds: Option<u64>,
    /// Vote with two tabs, reload, hang up and walk away, as people do.
    #[arg(long)]
    bad_day: bool,
    /// Print the summary as JSON, times in microseconds.
    #[arg(long)]
    json: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    checks: CheckOptions,
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Address of the server.
    #[arg(long, default_value = "127.0.0.1:3000")]
    address: SocketAddr,
    /// The season file that `prepare` wrote.
    #[arg(long, default_value = "season.json")]
    season: PathBuf,
    /// The journal file that `load` wrote.
    #[arg(long, default_value = "journal.txt")]
    journal: PathBuf,
}

/// Runs a command and returns false if it found a broken promise.
///
/// # Errors
/// [`SimulatorError`] if it could not be run.
pub fn run_command(cli: Cli) -> Result<bool> {
    // One thread, because the load must leave the processors to the program under test.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(SimulatorError::system_error("the runtime"))?;
    runtime.block_on(async move {
        // Dropping the command's future kills the processes that it has started.
        tokio::select! {
            done = dispatch_command(cli.command) => done,
            () = wait_for_stop_signal() => Err(SimulatorError::condition_error("stopped before it was done")),
        }
    })
}

async fn dispatch_command(command: Command) -> Result<bool> {
    match command {
        Command::Prepare(plan) => write_season(&plan).await,
        Command::Load(plan) => run_load(&plan).await,
        Command::Check(plan) => check_journal(&plan).await,
        Command::Chaos(plan) => chaos::run_chaos(&plan).await,
        Command::Strangers(plan) => strangers::run_strangers(&plan).await,
        Command::Drill(plan) => drill::run_drill(&plan).await,
        Command::Bench(plan) => bench::run_benchmark(&plan).await,
        Command::Fraud(plan) => fraud::measure_fraud(&plan),
        Command::Play(plan) => play::run_play(&plan).await,
        Command::Score(plan) => fraud::score::score_events(&plan),
    }
}

/// Ends when somebody presses Ctrl-C or sends SIGTERM.
async fn wait_for_stop_signal() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

async fn write_season(plan: &PrepareArgs) -> Result<bool> {
    let (database, key_file) = (&plan.database_url, &plan.key_file);
    let season = prepare_season(database, key_file, &plan.setting, plan.voters).await?;
    season.write_to_file(&plan.season)?;
    if let Some(path) = &plan.tokens {
        let tokens: Vec<String> =
            (0..season.voters).map(|voter| season.session_token(voter)).collect();
        let name = path.display().to_string();
        std::fs::write(path, tokens.join("\n")).map_err(SimulatorError::system_error(name))?;
    }
    print_line(format_args!("{} voters may vote; for tests only", season.voters));
    Ok(true)
}

async fn run_load(plan: &LoadArgs) -> Result<bool> {
    let season = PreparedSeason::read_from_file(&plan.season)?;
    let journal = Arc::new(Journal::with_file(Some(&plan.journal))?);
    let end = plan.voters.map_or(season.voters, |count| season.voters.min(plan.from + count));
    let target = Target::new(plan.address, &season);
    let mut load = LoadGenerator::new(
        target,
        season,
        journal.clone(),
        VoterSupply::from_range(plan.from, end),
    );
    if plan.bad_day {
        load.habits = VoterHabits::BAD_DAY;
    }
    let (load, begun) = (Arc::new(load), Instant::now());
    let tally = if let (Some(rate), Some(seconds)) = (plan.rate, plan.seconds) {
        let during = Duration::from_secs(seconds);
        arrivals::run_arrivals(&load, ArrivalPlan::evenly_spread(rate, during, plan.clients))
            .await
            .from_due
    } else {
        load.run_clients(plan.clients).await;
        load.take_tally()
    };
    journal.flush_file()?;
    if plan.json {
        print_line(format_args!("{}", tally.to_json(begun.elapsed())));
    } else {
        tally
            .summary_lines(begun.elapsed())
            .iter()
            .for_each(|line| print_line(format_args!("{line}")));
        print_line(format_args!("{}", format_totals(&journal.key_histories())));
    }
    Ok(true)
}

async fn check_journal(plan: &CheckArgs) -> Result<bool> {
    let season = PreparedSeason::read_from_file(&plan.season)?;
    let journal = Journal::read_from_file(&plan.journal)?;
    let mut connection = PgConnection::connect(&plan.database_url).await?;
    let target = Target::new(plan.address, &season);
    let seen = record::SeenCheckpoints::default();
    let parties = (&season, &journal);
    let found = check_promises(&mut connection, &target, parties, plan.checks, seen).await?;
    print_line(format_args!("{}", format_totals(&journal.key_histories())));
    print_line(format_args!(
        "{} ballots stored, {} of them acknowledged; {} lines in the record, {} proofs verified",
        found.stored, found.acknowledged, found.lines, found.proofs
    ));
    format_violations(&found.violations).iter().for_each(|line| print_line(format_args!("{line}")));
    Ok(found.violations.is_empty())
}

//! A small season, played into a running server: each voter goes through the real pages, reads the
//! code in the message that the server sent, and casts a ballot. Afterwards the traces and holds of
//! the server are compared with what was played.

pub mod browser;
pub mod compare;
pub mod contacts;
pub mod forms;
pub mod networks;
pub mod postman;
mod queries;
pub mod report;
pub mod site;
pub mod small_season;
pub mod timetable;
pub mod verdicts;
pub mod voters;
pub mod voting;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use domain::fraud::{BallotTrace, TraceChannel, analyse_poll};
use domain::ids::BallotId;
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::error::{Result, SimulatorError};
use crate::fraud::stage::Stage;
use crate::output::print_line;
use crate::queries::move_clock_before_close;
use compare::{TraceComparison, build_stored_trace};
use postman::Postman;
use report::PlayReport;
use site::{PlayedSite, SiteSettings};
use voters::{PlayedVoter, group_by_browser, plan_voters};
use voting::{CastBallot, VoterOutcome, VotingHall, VotingPlace, use_browser};

/// What voters get beyond the planned minutes before the run is given up.
const OVERTIME: Duration = Duration::from_secs(180);
/// How far behind its close the polls are set. The record closes a poll two minutes after it.
const SECONDS_AFTER_CLOSE: i64 = 600;
/// Longest wait for the server's detector.
const DETECTOR_PATIENCE: Duration = Duration::from_secs(120);
/// How often a run looks whether the server's detector is done.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Arguments of `hanpyo-sim play`.
#[derive(Clone, Debug, Args)]
pub struct PlayArgs {
    /// Seed of the season. The same seed plays the same voters with the same waits.
    #[arg(long, default_value_t = 1)]
    season: u64,
    /// Number of ballots: two fifths are attacks, a fifth look-alikes.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(50..=1_000))]
    ballots: u64,
    /// Minutes in which the ballots are cast.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(2..=60))]
    minutes: u64,
    /// Voters who vote at the same time.
    #[arg(long, default_value_t = 128)]
    at_once: usize,
    /// Path of the program under test.
    #[arg(long, default_value = "target/debug/hanpyo")]
    server: PathBuf,
    /// The folder of PostgreSQL's programs, if it is not found automatically.
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
    /// Folder in which the run's folder is created. The run's folder is deleted at the end.
    #[arg(long, default_value = "/tmp")]
    folder: PathBuf,
    /// Maximum number of the program's database connections.
    #[arg(long, default_value_t = 20)]
    database_connections: u32,
}

/// What the server stored about a poll.
struct StoredPoll {
    /// The traces in the order in which they were stored.
    traces: Vec<BallotTrace>,
    /// The number of each trace, by the key under which the ballot was posted.
    by_key: HashMap<Uuid, usize>,
    /// The ballots that the server holds.
    held: BTreeSet<BallotId>,
    /// The groups that it found.
    groups: Vec<verdicts::StoredGroup>,
}

/// Plays a season and returns true if every promise was kept. How much of the attacks was held is only
/// printed.
///
/// # Errors
/// [`SimulatorError`] if the run could not be made.
pub async fn run_play(plan: &PlayArgs) -> Result<bool> {
    let stage = small_season::draw_small_season(plan.season, plan.ballots);
    let voters = plan_voters(&stage, plan.minutes * 60_000)?;
    let settings = SiteSettings {
        server: &plan.server,
        postgres_bin: plan.postgres_bin.as_deref(),
        folder: &plan.folder,
        connections: plan.database_connections,
    };
    let mut site = PlayedSite::start_site(settings).await?;
    let (ballots, season) = (voters.len(), plan.season);
    print_line(format_args!("season {season}: {ballots} ballots in {} minutes", plan.minutes));
    let begun = Instant::now();
    let outcomes = let_voters_vote(plan, &site, &voters).await?;
    let mut report = PlayReport::default();
    let seconds = begun.elapsed().as_secs();
    report.notes.push(format!("voting took {seconds} s, over HTTP, with codes from messages"));
    let polls = read_server(&site, &mut report).await?;
    if !site.app.is_running() {
        report.broken.push("the program has ended by itself".to_owned());
    }
    count_season(&mut report, &stage);
    compare_voters(&mut report, &voters, &outcomes, &polls);
    compare_polls(&mut report, &polls);
    report.format_lines().iter().for_each(|line| print_line(format_args!("{line}")));
    Ok(report.broken.is_empty())
}

/// Lets all voters vote, and returns what became of each.
async fn let_voters_vote(
    plan: &PlayArgs,
    site: &PlayedSite,
    voters: &[PlayedVoter],
) -> Result<BTreeMap<usize, std::result::Result<CastBallot, String>>> {
    let place = |number: usize| VotingPlace {
        slug: site.polls[number].slug.clone(),
        cases: site.polls[number].cases.clone(),
    };
    let hall = Arc::new(VotingHall {
        server: site.app.listening_address(),
        places: [place(0), place(1)],
        postman: Postman::default(),
        seats: Semaphore::new(plan.at_once.max(1)),
        begun: Instant::now(),
    });
    let mut browsers = JoinSet::new();
    for windows in group_by_browser(voters) {
        browsers.spawn(use_browser(hall.clone(), windows));
    }
    let limit = Duration::from_secs(plan.minutes * 60) + OVERTIME;
    let mut outcomes: Vec<VoterOutcome> = Vec::new();
    let vote = async {
        while let Some(done) = browsers.join_next().await {
            let done = done.map_err(|error| SimulatorError::condition_error(error.to_string()))?;
            outcomes.extend(done);
        }
        Ok::<(), SimulatorError>(())
    };
    tokio::select! {
        done = tokio::time::timeout(limit, vote) => done.unwrap_or(Ok(()))?,
        () = hall.postman.deliver_codes(hall.server) => {}
    }
    Ok(outcomes.into_iter().collect())
}

/// Reads the stored traces, closes the polls, waits until the server's detector has looked at them, and
/// reads what it holds. The traces come first: of ballots that are not held they are deleted later.
async fn read_server(site: &PlayedSite, report: &mut PlayReport) -> Result<Vec<StoredPoll>> {
    let mut database = site.connect_database().await?;
    let mut polls = Vec::new();
    for poll in &site.polls {
        polls.push(read_traces(&mut database, poll.id, report).await?);
    }
    let mut open = 0;
    for poll in &site.polls {
        open += queries::held_ballots(&mut database, poll.id).await?.len();
    }
    report.notes.push(format!("{open} ballots were held before the close"));
    move_clock_before_close(&mut database, site.polls[0].id, -SECONDS_AFTER_CLOSE).await?;
    for (poll, stored) in site.polls.iter().zip(&mut polls) {
        wait_for_detector(&mut database, poll.id).await?;
        let held = queries::held_ballots(&mut database, poll.id).await?;
        stored.held = held.into_iter().map(BallotId).collect();
        stored.groups = queries::found_groups(&mut database, poll.id).await?;
    }
    Ok(polls)
}

async fn read_traces(
    database: &mut PgConnection,
    poll: Uuid,
    report: &mut PlayReport,
) -> Result<StoredPoll> {
    let (mut traces, mut by_key) = (Vec::new(), HashMap::new());
    for row in queries::stored_traces(database, poll).await? {
        let told = (row.proof.as_deref(), row.request.as_deref());
        match build_stored_trace(row.ballot, row.cast_at, told) {
            Ok(trace) => {
                by_key.insert(row.key, traces.len());
                traces.push(trace);
            }
            Err(error) => report.broken.push(format!("ballot {}: {error}", row.ballot)),
        }
    }
    Ok(StoredPoll { traces, by_key, held: BTreeSet::new(), groups: Vec::new() })
}

/// Waits until the server's detector has looked at a closed poll.
async fn wait_for_detector(database: &mut PgConnection, poll: Uuid) -> Result<()> {
    let begun = Instant::now();
    while !queries::is_poll_analysed(database, poll).await? {
        if begun.elapsed() > DETECTOR_PATIENCE {
            return Err(SimulatorError::condition_error("the detector did not look at the poll"));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Counts the ballots of the season, and what the detector holds of it as it was drawn, in two polls
/// as on the server.
fn count_season(report: &mut PlayReport, stage: &Stage) {
    for by_text in [false, true] {
        let ballots: Vec<_> = stage
            .ballots
            .iter()
            .filter(|ballot| (ballot.trace.channel == TraceChannel::Sms) == by_text)
            .collect();
        let traces: Vec<BallotTrace> = ballots.iter().map(|ballot| ballot.trace.clone()).collect();
        let analysis = analyse_poll(&traces);
        for ballot in ballots {
            let counts = report.counts_of(ballot.label.0);
            counts.ballots += 1;
            counts.held_in_season += u64::from(analysis.held.contains_key(&ballot.trace.ballot));
        }
    }
}

/// Compares each voter with what the server stored.
fn compare_voters(
    report: &mut PlayReport,
    voters: &[PlayedVoter],
    outcomes: &BTreeMap<usize, std::result::Result<CastBallot, String>>,
    polls: &[StoredPoll],
) {
    let mut comparison = TraceComparison::default();
    let mut asked: [BTreeSet<Uuid>; 2] = Default::default();
    for voter in voters {
        let (name, number) = (voter.scenario.0, voter.number);
        let cast = match outcomes.get(&voter.number) {
            Some(Ok(cast)) => cast,
            failed => {
                let why = failed.and_then(|it| it.as_ref().err());
                let why = why.map_or("not done in time", String::as_str);
                let line = format!("voter {number} ({name}) could not vote: {why}");
                match voter.scenario.is_attack() {
                    true => report.notes.push(line),
                    false => report.broken.push(line),
                }
                continue;
            }
        };
        report.counts_of(voter.scenario).acknowledged += 1;
        asked[voter.poll_index()].insert(cast.key);
        let poll = &polls[voter.poll_index()];
        let Some(stored) = poll.by_key.get(&cast.key).map(|at| &poll.traces[*at]) else {
            report.broken.push(format!("ballot of voter {number} ({name}) is not stored"));
            continue;
        };
        let differences = comparison.find_differences(&voter.planned, cast, stored);
        let counts = report.counts_of(voter.scenario);
        counts.held += u64::from(poll.held.contains(&stored.ballot));
        counts.fitting += u64::from(differences.is_empty());
        if !differences.is_empty() {
            let facts = differences.join(", ");
            report.broken.push(format!("trace of voter {number} ({name}): {facts}"));
        }
    }
    let delay = comparison.largest_delay;
    report.notes.push(format!("stored waits differ from the planned ones by at most {delay} s"));
    for (poll, asked) in polls.iter().zip(asked) {
        let foreign = poll.by_key.keys().filter(|key| !asked.contains(key)).count();
        if foreign > 0 {
            report.notes.push(format!("{foreign} ballots are stored and were not acknowledged"));
        }
    }
}

/// Compares the server's verdicts with those of the detector about the same traces.
fn compare_polls(report: &mut PlayReport, polls: &[StoredPoll]) {
    let (mut same, mut earlier, mut groups) = (0, 0, 0);
    for poll in polls {
        let compared = verdicts::compare_verdicts(&poll.traces, &poll.held, &poll.groups);
        same += compared.same;
        earlier += compared.earlier;
        groups += compared.groups;
        report.broken.extend(compared.differences);
    }
    report.notes.push(format!(
        "verdicts equal to the detector's on the stored traces: {same} ballots, {groups} groups; \
         held since an earlier look: {earlier}"
    ));
}

//! The end of a run: compares the stored ballots and the record with the journal.

use std::time::{Duration, Instant};

use clap::Args;
use sqlx::PgConnection;

use crate::check::{Rule, StoredBallot, Violation, acknowledged_ballots, find_violations};
use crate::error::Result;
use crate::journal::Journal;
use crate::queries;
use crate::random::SeededRandom;
use crate::record::fetch::RecordReader;
use crate::record::{RecordLog, SeenCheckpoints};
use crate::season::PreparedSeason;
use crate::target::Target;
use crate::world::RELEASE_RULES;

/// What is checked at the end.
#[derive(Clone, Copy, Debug, Args)]
pub struct CheckOptions {
    /// Skip the record, for a program that does not keep one.
    #[arg(long)]
    pub no_record: bool,
    /// Number of acknowledged ballots, chosen at random, whose proof is fetched over HTTP. All
    /// acknowledged ballots are looked up in the record, and its root is recomputed.
    #[arg(long, default_value_t = 2_000)]
    pub proofs: usize,
    /// Seconds within which the lines of ballots must be in the record, but for the last ones that
    /// wait for others. These must be there within the same time once the poll is closed.
    #[arg(long, default_value_t = 60)]
    pub within: u64,
}

/// Result of the checks.
pub struct Verdict {
    /// The promises that were broken.
    pub violations: Vec<Violation>,
    /// Number of stored ballots.
    pub stored: usize,
    /// Number of stored ballots that were acknowledged.
    pub acknowledged: usize,
    /// Number of lines of the record.
    pub lines: usize,
    /// Number of proofs that were fetched and verified.
    pub proofs: usize,
}

/// Checks every promise. All voting must have ended.
///
/// # Errors
/// [`crate::error::SimulatorError`] if the database or the server does not answer.
pub async fn check_promises(
    connection: &mut PgConnection,
    target: &Target,
    (season, journal): (&PreparedSeason, &Journal),
    checks: CheckOptions,
    mut seen: SeenCheckpoints,
) -> Result<Verdict> {
    let late: Vec<Violation> = if checks.no_record {
        Vec::new()
    } else {
        let most = i64::from(RELEASE_RULES.0) - 1;
        let first = wait_until_signed(connection, season, checks.within, most).await?;
        // What the close of the poll does: it lets the last lines out.
        queries::set_release_rules(connection, &season.edition, (1, 0, 1)).await?;
        let last = wait_until_signed(connection, season, checks.within, 0).await?;
        first.into_iter().chain(last).collect()
    };
    let stored = queries::stored_ballots(connection, season.poll_id).await?;
    let mut violations = find_violations(season, journal, &stored);
    let outside = queries::ballots_outside_window(connection, season.poll_id).await?;
    let outside =
        outside.iter().map(|id| Violation::broken_rule(Rule::OutsideTheWindow, id.to_string()));
    violations.extend(outside.chain(late));
    let promised = acknowledged_ballots(season, journal, &stored);
    let (mut lines, mut proofs) = (0, 0);
    if !checks.no_record {
        let mut reader = RecordReader::open_record(target).await?;
        seen.insert(reader.fetch_checkpoint().await?, ());
        let (log, faults) =
            RecordLog::read_entries(queries::record_entries(connection, &season.edition).await?);
        violations.extend(faults);
        violations.extend(log.find_forks(&seen));
        violations.extend(log.compare_with_ballots(&season.poll, &stored, &promised));
        lines = log.lines.len();
        for ballot in choose_at_random(&promised, checks.proofs, season.seed) {
            violations.extend(reader.check_proof(ballot.id, &log).await?);
            proofs += 1;
        }
    }
    violations.sort_by(|a, b| (a.rule, &a.what).cmp(&(b.rule, &b.what)));
    let (stored, acknowledged) = (stored.len(), promised.len());
    Ok(Verdict { violations, stored, acknowledged, lines, proofs })
}

/// Waits until at most `most` lines wait for their place in the record and a checkpoint covers all
/// others. Before that they have no proof.
async fn wait_until_signed(
    connection: &mut PgConnection,
    season: &PreparedSeason,
    within: u64,
    most: i64,
) -> Result<Option<Violation>> {
    let begun = Instant::now();
    loop {
        // The order matters: a line that gets its place between the two queries is counted as
        // unsigned.
        let (waiting, oldest) = queries::count_waiting_lines(connection, &season.edition).await?;
        let unsigned = queries::count_unsigned_lines(connection, &season.edition).await?;
        if waiting <= most && unsigned == 0 {
            return Ok(None);
        }
        if begun.elapsed() > Duration::from_secs(within) {
            let oldest = oldest / 1000;
            let what = format!(
                "{waiting} lines wait, the oldest for {oldest} s; {unsigned} are in no checkpoint"
            );
            return Ok(Some(Violation::broken_rule(Rule::NotInTheRecord, what)));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Returns `count` ballots chosen at random, or all if there are fewer.
fn choose_at_random<'a>(
    all: &[&'a StoredBallot],
    count: usize,
    seed: u64,
) -> Vec<&'a StoredBallot> {
    let mut chance = SeededRandom::from_seed(seed);
    let mut left = all.to_vec();
    (0..count.min(all.len())).map(|_| left.swap_remove(chance.draw_index(left.len()))).collect()
}

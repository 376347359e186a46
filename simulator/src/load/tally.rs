//! Counts and durations of a load, as text and as JSON.

use std::time::Duration;

use serde::Serialize;

use crate::client_line::PostReply;
use crate::histogram::{Histogram, format_micros};
use crate::target::Outcome;

/// Counts and durations of the answers, by outcome.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    times: [Histogram; Outcome::ALL.len()],
    /// Answers 503 without `Retry-After`. Their outcome is unknown.
    pub without_retry_after: u64,
    /// Posts whose client hung up.
    pub hung_up: u64,
    /// Posts for which no connection could be opened.
    pub not_sent: u64,
    /// Arrivals that were not posted: each line of the generator was waiting for an answer.
    pub all_busy: u64,
    /// Arrivals that were not posted: the time was over before the generator reached them.
    pub behind: u64,
    /// Arrivals that were not posted: no prepared voter was left.
    pub no_voter: u64,
}

/// One kind of answer in the JSON summary. Times in microseconds.
#[derive(Serialize)]
struct OutcomeRow {
    outcome: &'static str,
    count: u64,
    median: u64,
    p99: u64,
    p999: u64,
    longest: u64,
}

impl Tally {
    /// Counts a reply.
    pub fn count_reply(&mut self, reply: PostReply, took: Duration) {
        self.times[reply.outcome as usize].count_duration(took);
        self.not_sent += u64::from(!reply.sent);
        let silent = reply.status == 503 && reply.retry_after.is_none();
        self.without_retry_after += u64::from(silent);
    }

    /// Returns the durations of one kind of answer.
    #[must_use]
    pub const fn outcome_times(&self, outcome: Outcome) -> &Histogram {
        &self.times[outcome as usize]
    }

    /// Returns how many answers of this kind there were.
    #[must_use]
    pub const fn outcome_count(&self, outcome: Outcome) -> u64 {
        self.times[outcome as usize].total_count()
    }

    /// Returns how many replies of any kind there were.
    #[must_use]
    pub fn total_count(&self) -> u64 {
        self.times.iter().map(Histogram::total_count).sum()
    }

    /// Returns how many arrivals were not posted, for any reason.
    #[must_use]
    pub const fn not_posted_count(&self) -> u64 {
        self.all_busy + self.behind + self.no_voter
    }

    fn outcome_rows(&self) -> Vec<OutcomeRow> {
        let row = |outcome: Outcome| {
            let times = self.outcome_times(outcome);
            OutcomeRow {
                outcome: outcome.journal_word(),
                count: times.total_count(),
                median: times.per_mille_micros(500),
                p99: times.per_mille_micros(990),
                p999: times.per_mille_micros(999),
                longest: times.longest_micros(),
            }
        };
        Outcome::ALL.into_iter().map(row).filter(|row| row.count > 0).collect()
    }

    /// Returns the summary as JSON, with times in microseconds.
    #[must_use]
    pub fn to_json(&self, elapsed: Duration) -> String {
        serde_json::json!({
            "elapsed_ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            "answers": self.outcome_rows(),
            "hung_up": self.hung_up,
            "not_sent": self.not_sent,
            "all_busy": self.all_busy,
            "behind": self.behind,
            "no_voter": self.no_voter,
        })
        .to_string()
    }

    /// Returns the summary as lines of text.
    #[must_use]
    pub fn summary_lines(&self, elapsed: Duration) -> Vec<String> {
        let per_second = |count| rate_per_second(count, elapsed);
        let line = |row: OutcomeRow| {
            format!(
                "{:<13}{:>9}  {:>7}/s   p50 {:>9}   p99 {:>9}   p99.9 {:>9}   longest {:>9}",
                row.outcome,
                row.count,
                per_second(row.count),
                format_micros(row.median),
                format_micros(row.p99),
                format_micros(row.p999),
                format_micros(row.longest),
            )
        };
        let mut lines: Vec<String> = self.outcome_rows().into_iter().map(line).collect();
        for (count, what) in [
            (self.hung_up, "clients hung up"),
            (self.without_retry_after, "answers 503 without Retry-After"),
            (self.not_sent, "found no connection"),
            (self.all_busy, "arrivals not posted: all lines busy"),
            (self.behind, "arrivals not posted: the generator was behind"),
            (self.no_voter, "arrivals not posted: no voter was left"),
        ] {
            if count > 0 {
                lines.push(format!("{count} {what}"));
            }
        }
        lines
    }
}

/// Returns the rate per second of `count` events in the time `elapsed`.
#[must_use]
pub fn rate_per_second(count: u64, elapsed: Duration) -> u64 {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1000) / millis
}

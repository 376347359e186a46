//! The public report: what became of the ballots of closed polls, and whether the doubtful ones
//! decide anything.

mod queries;

use std::collections::HashMap;

use domain::ids::{CaseId, PollId};
use domain::result::ResultDocument;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::editions::Edition;
use crate::record::RecordedPoll;
use crate::{Backend, Result};

/// How a result would differ if other ballots counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankChanges {
    /// Cases with another rank.
    pub ranks: usize,
    /// Cases with another award, or with one only then.
    pub awards: usize,
}

/// How much a result hangs on the ballots that were ever held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankCheck {
    /// If every held and every excluded ballot counted.
    pub all_count: RankChanges,
    /// If no ballot counted that was ever held.
    pub none_counts: RankChanges,
}

/// What the checks did in one poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollReport {
    /// The poll.
    pub poll: PollId,
    /// Whether its ballots were looked at at all.
    pub traced: bool,
    /// What the log says.
    pub recorded: RecordedPoll,
    /// The kinds of evidence for which ballots were held, by the codes of the record.
    pub families: Vec<String>,
    /// Groups whose ballots were held.
    pub held_groups: i64,
    /// Groups that looked alike and were left alone.
    pub cleared_groups: i64,
    /// Ballots that were held and count again.
    pub restored: i64,
    /// Appeals of voters.
    pub appeals: i64,
    /// Appeals with an answer.
    pub answered: i64,
    /// Appeals about ballots that count again.
    pub granted: i64,
}

/// The public report of an edition.
#[derive(Clone, Debug)]
pub struct FraudReport {
    /// The polls that are closed, in their order.
    pub polls: Vec<PollReport>,
    /// With the released result.
    pub ranks: Option<RankCheck>,
}

impl Backend {
    /// Returns the report. It lists no poll before the record has closed it, and the ranks not
    /// before the result is released.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] if the log cannot be read.
    pub async fn fraud_report(&self, edition: &Edition) -> Result<FraudReport> {
        let recorded = self.published_balance(edition).await?;
        let mut connection = self.acquire_connection().await?;
        let mut counts = queries::count_outcomes(&mut connection, edition.id).await?;
        let mut polls = Vec::new();
        for (poll, recorded) in edition.polls.iter().zip(recorded) {
            let Some(count) = counts.remove(&poll.id).filter(|_| recorded.balance.is_some()) else {
                continue;
            };
            polls.push(PollReport {
                poll: poll.id,
                traced: count.traced,
                recorded,
                families: count.families,
                held_groups: count.held_groups,
                cleared_groups: count.cleared_groups,
                restored: count.restored,
                appeals: count.appeals,
                answered: count.answered,
                granted: count.granted,
            });
        }
        let ranks = match edition.results_public() {
            Ok(_) => queries::find_rank_check(&mut connection, edition.id).await?,
            Err(_) => None,
        };
        Ok(FraudReport { polls, ranks })
    }
}

/// Compares a result with what it would be if other ballots counted.
pub(crate) fn compare_ranks(result: &ResultDocument, other: &ResultDocument) -> RankChanges {
    let places = |document: &ResultDocument| -> HashMap<CaseId, (u32, Option<usize>)> {
        document.cases.iter().map(|case| (case.id, (case.rank, case.tier))).collect()
    };
    let others = places(other);
    let mut changes = RankChanges::default();
    for (case, (rank, tier)) in places(result) {
        let other = others.get(&case);
        changes.ranks += usize::from(other.map(|other| other.0) != Some(rank));
        changes.awards += usize::from(other.map(|other| other.1) != Some(tier));
    }
    changes
}

/// Stores how much the announced result hangs on doubtful ballots.
pub(crate) async fn store_rank_check(
    connection: &mut PgConnection,
    edition: &Edition,
    check: &RankCheck,
) -> Result<()> {
    queries::store_rank_check(connection, edition.id, check).await
}

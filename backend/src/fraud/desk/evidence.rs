//! The evidence about a group, as a person reads it: a time line, the shares of devices and
//! networks, and how long the steps took, beside everybody else's. A device or a network has no name
//! here, only a share.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};
use domain::fraud::{BallotTrace, NetworkClass};
use serde_json::json;
use uuid::Uuid;

use super::notes::{GroupNote, read_notes};
use super::{Appeal, COUNT_STEP, FraudGroup, GivenRuling, find_group, queries};
use crate::accounts::Admin;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::editions::{self, Edition};
use crate::fraud::detect;
use crate::fraud::pace::{LatencyKind, Pace, Quartiles};
use crate::{Backend, Result};

/// Slices of the time line.
const SLICES: i32 = 24;
/// Shortest slice, in minutes. Shorter ones of a small group could be held against the logs of mails and
/// text messages.
const LEAST_SLICE_MINUTES: i64 = 15;
/// The most shares that are listed; the others are added up.
const MOST_SHARES: usize = 8;
/// The held ballots of a group that are looked at for its picture.
const PICTURED_BALLOTS: i64 = 20_000;

/// A slice of the time line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeSlice {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The group's ballots in it.
    pub ballots: usize,
}

/// How the ballots are spread over devices or networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// How many different ones there are.
    pub different: usize,
    /// The ballots of the largest ones, largest first.
    pub largest: Vec<usize>,
    /// The ballots of all others.
    pub others: usize,
    /// Ballots of which nothing is known.
    pub unknown: usize,
}

/// How long a step took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatencyRow {
    /// The step.
    pub kind: LatencyKind,
    /// In the group.
    pub group: Option<Quartiles>,
    /// In the whole poll as of the last look; while it is open, as of the last step of voters.
    pub everybody: Option<Quartiles>,
}

/// Everything that the desk knows about a group.
#[derive(Clone, Debug)]
pub struct FraudEvidence {
    /// The group.
    pub group: FraudGroup,
    /// When its ballots came; empty without any.
    pub times: Vec<TimeSlice>,
    /// Its browsers.
    pub devices: Shares,
    /// Its networks.
    pub networks: Shares,
    /// The kinds of its networks, most frequent first.
    pub classes: Vec<(NetworkClass, usize)>,
    /// How long the steps took.
    pub latencies: Vec<LatencyRow>,
    /// Notes of administrators, newest first.
    pub notes: Vec<GroupNote>,
    /// Rulings, newest first.
    pub rulings: Vec<GivenRuling>,
    /// Appeals, those without an answer first.
    pub appeals: Vec<Appeal>,
}

impl Backend {
    /// Opens the evidence about a group, and notes who has opened it: whoever confirms a ruling must
    /// have. `browser` is the secret of the browser.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] without such a group in this edition.
    pub async fn open_fraud_evidence(
        &self,
        admin: &Admin,
        edition: &Edition,
        group: Uuid,
        browser: &str,
    ) -> Result<FraudEvidence> {
        let own_browser = self.browser_hash(edition.id, browser)?;
        let actor = admin.account_id();
        // Before it is read: a proposal that comes meanwhile was not seen with it.
        self.note_evidence_opened(edition, group, actor).await?;
        let mut connection = self.acquire_connection().await?;
        let found = find_group(&mut connection, edition, group).await?;
        let mut own = detect::read_group_traces(&mut connection, group, PICTURED_BALLOTS).await?;
        if !found.exact {
            own.truncate(own.len() - own.len() % usize::from(COUNT_STEP));
        }
        let everybody = queries::find_pace(&mut connection, found.poll).await?;
        let everybody = everybody.unwrap_or_default();
        let mut rulings = queries::read_rulings(&mut connection, group).await?;
        for ruling in &mut rulings {
            ruling.same_browser = ruling.proposed_by != actor
                && !own_browser.is_empty()
                && ruling.proposed_on == own_browser;
        }
        let appeals = queries::read_appeals(&mut connection, group).await?;
        let notes = read_notes(&mut connection, group).await?;
        Ok(FraudEvidence {
            group: found,
            times: slice_times(&own),
            devices: share_out(own.iter().map(|trace| trace.device)),
            networks: share_out(own.iter().map(|trace| trace.network)),
            classes: count_classes(&own),
            latencies: compare_paces(&Pace::of_traces(&own.iter()), &everybody),
            notes,
            rulings,
            appeals,
        })
    }

    async fn note_evidence_opened(
        &self,
        edition: &Edition,
        group: Uuid,
        actor: domain::ids::AccountId,
    ) -> Result<()> {
        // A drill changes nothing.
        if self.is_drill() {
            return Ok(());
        }
        let edition = edition.clone();
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                // After a look of the detector that is under way: its ballots are then seen, too.
                editions::queries::lock_edition(connection, edition.id).await?;
                find_group(connection, &edition, group).await?;
                if !queries::note_view(connection, group, actor).await? {
                    return Ok(());
                }
                let subject = group.to_string();
                let act = NewAuditEvent {
                    actor: Some(actor),
                    edition: Some(edition.id),
                    action: AuditAction::FraudEvidenceOpened,
                    subject: &subject,
                    detail: json!({}),
                };
                audit::record_event(connection, act).await
            })
        })
        .await
    }
}

/// Cuts the time from the first to the last ballot into slices.
fn slice_times(traces: &[BallotTrace]) -> Vec<TimeSlice> {
    let times = traces.iter().filter(|trace| trace.verified);
    let times: Vec<DateTime<Utc>> =
        times.filter_map(|trace| DateTime::from_timestamp_millis(trace.cast_at)).collect();
    let (Some(earliest), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return Vec::new();
    };
    // From a full quarter of an hour: the first ballot's own instant would say whose it is.
    let least = TimeDelta::minutes(LEAST_SLICE_MINUTES);
    let into = earliest.timestamp_millis().rem_euclid(least.num_milliseconds());
    let first = *earliest - TimeDelta::milliseconds(into);
    let width = ((*last - first) / SLICES).max(least);
    let slices = (0..SLICES).map(|at| first + width * at).take_while(|from| from <= last);
    let mut slices: Vec<TimeSlice> = slices.map(|from| TimeSlice { from, ballots: 0 }).collect();
    let most = slices.len().saturating_sub(1);
    for time in &times {
        let at = (*time - first).num_milliseconds() / width.num_milliseconds().max(1);
        slices[usize::try_from(at).unwrap_or_default().min(most)].ballots += 1;
    }
    slices
}

fn share_out<K: Eq + Hash>(keys: impl Iterator<Item = Option<K>>) -> Shares {
    let (mut counts, mut unknown) = (HashMap::new(), 0);
    for key in keys {
        match key {
            Some(key) => *counts.entry(key).or_insert(0) += 1,
            None => unknown += 1,
        }
    }
    let mut largest: Vec<usize> = counts.into_values().collect();
    largest.sort_unstable_by(|one, other| other.cmp(one));
    let different = largest.len();
    let others = largest.split_off(different.min(MOST_SHARES)).into_iter().sum();
    Shares { different, largest, others, unknown }
}

fn count_classes(traces: &[BallotTrace]) -> Vec<(NetworkClass, usize)> {
    let mut counts = HashMap::new();
    for trace in traces {
        *counts.entry(trace.network_class).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    counts
}

fn compare_paces(group: &Pace, everybody: &Pace) -> Vec<LatencyRow> {
    let row = |(at, kind): (usize, LatencyKind)| LatencyRow {
        kind,
        group: group.0[at],
        everybody: everybody.0[at],
    };
    LatencyKind::ALL.into_iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{Shares, share_out};

    #[test]
    fn shares_are_sorted_and_the_small_ones_are_added_up() {
        let keys = (0..12).map(|key| Some(key % 10)).chain([None, None]);
        let shares = share_out(keys);
        let largest = vec![2, 2, 1, 1, 1, 1, 1, 1];
        assert_eq!(shares, Shares { different: 10, largest, others: 2, unknown: 2 });
    }
}

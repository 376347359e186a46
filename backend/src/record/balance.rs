//! What the log says about each poll: when it opened and closed, and what happened to its ballots.

mod queries;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::ids::{BallotId, EditionId};
use domain::record::entry::{HoldReasons, LogEntry, Verdict};
use domain::record::words::{RecordSlug, UtcSecond};

use super::serve::queries::read_signed_size;
use crate::editions::Edition;
use crate::{Backend, Error, Result};

/// What the log says about a poll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedPoll {
    /// When the poll opened.
    pub opened: Option<UtcSecond>,
    /// What happened to its ballots. `None` until the poll is closed.
    pub balance: Option<BallotBalance>,
    /// Held ballots by their reasons. Empty until the poll is closed.
    pub held: BTreeMap<String, u64>,
    /// Excluded ballots by the reason. Empty until the poll is closed.
    pub excluded: BTreeMap<String, u64>,
}

/// What happened to the ballots of a closed poll: received = counted + held + excluded + replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BallotBalance {
    /// When the poll closed.
    pub closed: UtcSecond,
    /// Ballots received.
    pub received: u64,
    /// Ballots that count.
    pub counted: u64,
    /// Ballots that wait for a ruling.
    pub held: u64,
    /// Ballots that two reviewers have excluded.
    pub excluded: u64,
    /// Earlier ballots of voters who changed their mind.
    pub replaced: u64,
}

/// The status of a ballot, according to the lines of the log, and to a hold or a ruling whose line is
/// not in the log yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BallotStatus {
    /// It is in the log, and the poll is not closed.
    Received,
    /// The poll is closed, and it counts.
    Counted,
    /// It waits for a ruling, for these reasons.
    Held(Vec<RecordSlug>),
    /// It does not count, for this reason.
    Excluded(RecordSlug),
    /// A later ballot of the same voter counts in its place.
    Replaced,
}

impl std::fmt::Display for BallotStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Received => f.write_str("received"),
            Self::Counted => f.write_str("counted"),
            Self::Held(reasons) => {
                let reasons: Vec<&str> = reasons.iter().map(RecordSlug::slug_text).collect();
                write!(f, "held {}", reasons.join(","))
            }
            Self::Excluded(reason) => write!(f, "excluded {reason}"),
            Self::Replaced => f.write_str("replaced"),
        }
    }
}

/// The opening and the close of a poll, and the rulings on its ballots that were held.
#[derive(Default)]
struct PollRulings {
    closed: Option<(UtcSecond, u64)>,
    opened: Option<UtcSecond>,
    of_ballot: BTreeMap<BallotId, RuledBallot>,
}

/// The last decision about a ballot that was held.
enum RuledBallot {
    Held(HoldReasons),
    Ruled(Verdict, RecordSlug),
}

/// What the log said about the polls of each edition, with its number of signed lines then. Pages ask for
/// it, and a poll may have many thousand lines about held ballots.
pub(crate) type KnownBalances = Mutex<HashMap<EditionId, (u64, Vec<RecordedPoll>)>>;

impl Backend {
    /// Returns what the log says about each poll of an edition, in the order of the polls. It has
    /// no counts by case, and no counts of ballots before the close.
    ///
    /// # Errors
    /// [`Error::Internal`] if the log cannot be read.
    pub async fn published_balance(&self, edition: &Edition) -> Result<Vec<RecordedPoll>> {
        // Before the lines are read: a line that comes meanwhile is read again the next time.
        let mut connection = self.acquire_connection().await?;
        let size = read_signed_size(&mut connection, edition.id).await?.unwrap_or_default();
        drop(connection);
        let known = || self.balances.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, all)) = known().get(&edition.id).filter(|(then, _)| *then == size) {
            return Ok(all.clone());
        }
        let all = self.read_balance(edition).await?;
        known().insert(edition.id, (size, all.clone()));
        Ok(all)
    }

    async fn read_balance(&self, edition: &Edition) -> Result<Vec<RecordedPoll>> {
        // Use one connection after the other: tasks that each hold one and wait for a second can
        // deadlock.
        let mut rulings = self.rulings_by_poll(edition.id).await?;
        let mut connection = self.acquire_connection().await?;
        let mut all = Vec::with_capacity(edition.polls.len());
        for poll in &edition.polls {
            let slug = super::line_slug(poll.slug())?;
            let PollRulings { opened, closed, of_ballot } =
                rulings.remove(&slug).unwrap_or_default();
            let Some((closed, received)) = closed else {
                all.push(RecordedPoll { opened, ..RecordedPoll::default() });
                continue;
            };
            let ruled: Vec<BallotId> = of_ballot.keys().copied().collect();
            let gone = queries::find_replaced_ballots(&mut connection, edition.id, &ruled).await?;
            let (mut by_hold, mut by_ruling) = (BTreeMap::new(), BTreeMap::new());
            for (_, ruled) in of_ballot.iter().filter(|(id, _)| !gone.contains(id)) {
                match ruled {
                    RuledBallot::Held(why) => *by_hold.entry(why.to_string()).or_insert(0) += 1,
                    RuledBallot::Ruled(Verdict::Exclude, why) => {
                        *by_ruling.entry(why.to_string()).or_insert(0) += 1;
                    }
                    RuledBallot::Ruled(Verdict::Count, _) => {}
                }
            }
            let (held, excluded) = (by_hold.values().sum(), by_ruling.values().sum());
            let replaced = queries::count_replaced_ballots(&mut connection, poll.id).await?;
            let counted = received.checked_sub(held).and_then(|left| left.checked_sub(excluded));
            let counted = counted.and_then(|left| left.checked_sub(replaced));
            let counted =
                counted.ok_or(Error::Internal("a poll with more decisions than ballots"))?;
            let balance = BallotBalance { closed, received, counted, held, excluded, replaced };
            let balance = Some(balance);
            all.push(RecordedPoll { opened, balance, held: by_hold, excluded: by_ruling });
        }
        Ok(all)
    }

    /// Returns what the log says about one ballot; a hold or a ruling is told at once, before its line
    /// is in the log. `None` if neither knows the ballot.
    ///
    /// # Errors
    /// [`Error::Internal`] if the log cannot be read.
    pub async fn ballot_status(
        &self,
        edition: &Edition,
        ballot: BallotId,
    ) -> Result<Option<BallotStatus>> {
        let entry = self.ballot_proof(edition.id, ballot).await?.map(|included| included.entry);
        let mut connection = self.acquire_connection().await?;
        let held = queries::find_hold(&mut connection, edition.id, ballot).await?;
        let Some(LogEntry::Ballot { poll: slug, .. }) = entry else {
            return held.as_ref().map(parse_hold).transpose().map(Option::flatten);
        };
        if !queries::find_replaced_ballots(&mut connection, edition.id, &[ballot]).await?.is_empty()
        {
            return Ok(Some(BallotStatus::Replaced));
        }
        if let Some(status) = held.as_ref().map(parse_hold).transpose()?.flatten() {
            return Ok(Some(status));
        }
        let (mut status, mut closed) = (BallotStatus::Received, false);
        for line in queries::signed_lines_about_ballot(
            &mut connection,
            edition.id,
            slug.slug_text(),
            ballot,
        )
        .await?
        {
            let entry = line.parse().map_err(|_| Error::Internal("a line that cannot be read"))?;
            match entry {
                LogEntry::Close { poll, .. } if poll == slug => closed = true,
                // What the table says is newer than any line.
                LogEntry::Hold { .. } | LogEntry::Ruling { .. } if held.is_some() => {}
                LogEntry::Hold { ballot: held, reasons, .. } if held == ballot => {
                    status = BallotStatus::Held(reasons.reason_codes().to_vec());
                }
                LogEntry::Ruling { ballot: ruled, verdict, reason, .. } if ruled == ballot => {
                    status = match verdict {
                        Verdict::Count => BallotStatus::Received,
                        Verdict::Exclude => BallotStatus::Excluded(reason),
                    };
                }
                _ => {}
            }
        }
        if closed && status == BallotStatus::Received {
            status = BallotStatus::Counted;
        }
        Ok(Some(status))
    }

    async fn rulings_by_poll(
        &self,
        edition: EditionId,
    ) -> Result<BTreeMap<RecordSlug, PollRulings>> {
        let lines =
            queries::signed_lines_without_ballots(&mut *self.acquire_connection().await?, edition)
                .await?;
        let mut rulings: BTreeMap<RecordSlug, PollRulings> = BTreeMap::new();
        for line in lines {
            let entry = line.parse().map_err(|_| Error::Internal("a line that cannot be read"))?;
            match entry {
                LogEntry::Open { poll, at } => rulings.entry(poll).or_default().opened = Some(at),
                LogEntry::Close { poll, at, received } => {
                    rulings.entry(poll).or_default().closed = Some((at, received));
                }
                // A decision of two people remains until they decide again.
                LogEntry::Hold { poll, ballot, reasons, .. } => {
                    let of_poll = &mut rulings.entry(poll).or_default().of_ballot;
                    of_poll.entry(ballot).or_insert(RuledBallot::Held(reasons));
                }
                LogEntry::Ruling { poll, ballot, verdict, reason, .. } => {
                    let ruled = RuledBallot::Ruled(verdict, reason);
                    rulings.entry(poll).or_default().of_ballot.insert(ballot, ruled);
                }
                _ => {}
            }
        }
        Ok(rulings)
    }
}

/// Reads a stored hold; `None` if two people let the ballot count.
fn parse_hold(hold: &queries::StoredHold) -> Result<Option<BallotStatus>> {
    let parse = |code: &str| code.parse().map_err(|_| Error::Internal("a reason's code"));
    match (hold.verdict.as_deref(), hold.reason.as_deref()) {
        (Some("count"), _) => Ok(None),
        (Some(_), Some(reason)) => Ok(Some(BallotStatus::Excluded(parse(reason)?))),
        _ => {
            let codes: Result<Vec<RecordSlug>> = hold.reasons.split(',').map(parse).collect();
            Ok(Some(BallotStatus::Held(codes?)))
        }
    }
}

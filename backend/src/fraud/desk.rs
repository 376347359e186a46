//! The administrators' desk: how many ballots arrive, which are held, and why. It never says for
//! which case a ballot is.

mod evidence;
mod notes;
pub(super) mod queries;
mod rulings;

use chrono::{DateTime, Utc};
use domain::fraud::{EvidenceTerm, RulingReason};
use domain::ids::{AccountId, BallotId, EditionId, PollId};
use uuid::Uuid;

use crate::accounts::Admin;
use crate::editions::Edition;
use crate::fraud::second_proof::SecondWay;
use crate::{Backend, Error, Result};

pub use evidence::{FraudEvidence, LatencyRow, Shares, TimeSlice};
pub use notes::GroupNote;
pub use rulings::RulingProposal;
pub(in crate::fraud) use rulings::lock_before_counts;

/// Groups on one page of the desk.
pub const GROUPS_PER_PAGE: usize = 50;

/// While a poll is open, the desk shows ballots in steps of this many, and no smaller group. Whoever casts
/// or watches one ballot must not see here whether it was stored: that would tell who has voted.
pub const COUNT_STEP: u8 = 5;

/// The ballots that arrived in one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// The first instant of the minute.
    pub minute: DateTime<Utc>,
    /// How many ballots, rounded down to a step of [`COUNT_STEP`].
    pub ballots: i64,
}

/// What became of the held ballots of a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollCounts {
    /// The poll.
    pub poll: PollId,
    /// Whether its ballots are looked at. Polls that opened under an earlier version are not.
    pub traced: bool,
    /// Whether the poll is closed. Otherwise the numbers of ballots are rounded down to a step of
    /// [`COUNT_STEP`].
    pub exact: bool,
    /// Ballots that wait for a ruling.
    pub held: i64,
    /// Ballots that two people excluded.
    pub excluded: i64,
    /// Ballots that two people let count again.
    pub restored: i64,
    /// Groups that looked alike and were left alone.
    pub cleared_groups: i64,
    /// Whether all ballots were looked at once more since the close.
    pub analysed: bool,
}

/// Which groups a page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupFilter {
    /// Held, and some of their ballots wait for a ruling.
    Waiting,
    /// Held, and all of their ballots have a ruling.
    Ruled,
    /// Left alone.
    Cleared,
}

impl GroupFilter {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Ruled, Self::Cleared];

    /// Returns its name in a query.
    #[must_use]
    pub const fn filter_name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ruled => "ruled",
            Self::Cleared => "cleared",
        }
    }

    /// Reads the name in a query; anything else is [`GroupFilter::Waiting`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|filter| filter.filter_name() == name);
        found.unwrap_or(Self::Waiting)
    }
}

/// A group of ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FraudGroup {
    /// Its id.
    pub id: Uuid,
    /// Its poll.
    pub poll: PollId,
    /// What its ballots share: the first part of the detector's name for it, such as `device`.
    pub lens: String,
    /// Whether its ballots were held. Otherwise it looked alike and was left alone.
    pub held: bool,
    /// The sum of the evidence, in tenths of a decibel.
    pub points: i64,
    /// The evidence, the strongest term first.
    pub terms: Vec<EvidenceTerm>,
    /// Whether its numbers of ballots are exact. Those of an open poll are rounded down to a step of
    /// [`COUNT_STEP`], but for ballots that no voter can have cast.
    pub exact: bool,
    /// The ballots that the detector saw in it.
    pub ballots: i64,
    /// When the detector found it first.
    pub found_at: DateTime<Utc>,
    /// Its held ballots that wait for a ruling.
    pub waiting: i64,
    /// Its ballots that are excluded.
    pub excluded: i64,
    /// Its ballots that count again.
    pub restored: i64,
    /// Whether a proposal waits for a second person.
    pub proposed: bool,
    /// Appeals without an answer.
    pub appeals: i64,
    /// Its ballots that were proven again by a second contact.
    pub proven: i64,
}

/// A ruling about a group or about one of its ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRuling {
    /// Its id.
    pub id: Uuid,
    /// The ballot if it is about one alone.
    pub ballot: Option<BallotId>,
    /// The reason, which says whether the ballots count.
    pub reason: RulingReason,
    /// What colleagues should know.
    pub note: String,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// The name of that person; empty if the account is gone.
    pub proposer: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The keyed hash of the browser in which it was proposed.
    pub(crate) proposed_on: Vec<u8>,
    /// Whether it was proposed in the browser that asks now, by another account. Then the two people
    /// may be one.
    pub same_browser: bool,
    /// The name of the second person; `None` while nobody has confirmed it.
    pub confirmer: Option<String>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// What a voter wrote about a held ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Its id.
    pub id: Uuid,
    /// The ballot.
    pub ballot: BallotId,
    /// The text.
    pub message: String,
    /// The day on which it was sent, UTC.
    pub sent_at: DateTime<Utc>,
    /// The number of its text; each new text has the next one.
    pub revision: i32,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The ruling that applies to the ballot: `count` or `exclude`.
    pub verdict: Option<String>,
    /// The kind of contact by which the ballot was proven again.
    pub proven: Option<SecondWay>,
}

/// The desk of an edition.
#[derive(Clone, Debug)]
pub struct FraudBoard {
    /// How many files say which kinds of networks addresses belong to. With fewer than two no kind is
    /// known.
    pub network_files: usize,
    /// The last 60 minutes.
    pub arrivals: Vec<Arrivals>,
    /// The polls, in their order.
    pub polls: Vec<PollCounts>,
    /// How many groups there are of each kind, in the order of [`GroupFilter::ALL`].
    pub totals: [usize; 3],
    /// The groups of this page.
    pub groups: Vec<FraudGroup>,
    /// The number of this page, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

impl Backend {
    /// Returns the desk. It shows no counts by case.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn fraud_board(
        &self,
        _admin: &Admin,
        edition: EditionId,
        filter: GroupFilter,
        page: usize,
    ) -> Result<FraudBoard> {
        let mut connection = self.acquire_connection().await?;
        let arrivals = queries::count_arrivals(&mut connection, edition).await?;
        let polls = queries::count_by_poll(&mut connection, edition).await?;
        let mut totals = [0; 3];
        for (total, kind) in totals.iter_mut().zip(GroupFilter::ALL) {
            let count = queries::count_groups(&mut connection, edition, kind).await?;
            *total = usize::try_from(count).unwrap_or_default();
        }
        let of_kind = GroupFilter::ALL.into_iter().zip(totals).find(|(kind, _)| *kind == filter);
        let total = of_kind.map_or(0, |(_, total)| total);
        let pages = total.div_ceil(GROUPS_PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let most = i64::try_from(GROUPS_PER_PAGE).unwrap_or(i64::MAX);
        let skip = i64::try_from((page - 1) * GROUPS_PER_PAGE).unwrap_or(i64::MAX);
        let rows = queries::read_groups(&mut connection, edition, Some(filter), None, (most, skip));
        let groups = rows.await?.into_iter().map(group_from_row).collect::<Result<_>>()?;
        let network_files = self.networks.file_count();
        Ok(FraudBoard { network_files, arrivals, polls, totals, groups, page, pages })
    }

    /// Returns the keyed hash of a browser's secret. Empty for a browser without one.
    fn browser_hash(&self, edition: EditionId, secret: &str) -> Result<Vec<u8>> {
        if secret.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.keys.edition_key(edition)?;
        Ok(key.compute_mac("desk browser", &[secret.as_bytes()]).to_vec())
    }
}

fn group_from_row(row: queries::GroupRow) -> Result<FraudGroup> {
    let terms = serde_json::from_value(row.terms)
        .map_err(|_| Error::Internal("evidence that cannot be read"))?;
    Ok(FraudGroup {
        id: row.id,
        poll: row.poll,
        lens: row.key.split(':').next().unwrap_or_default().to_owned(),
        held: row.held,
        points: row.points,
        terms,
        exact: row.exact,
        ballots: row.ballots,
        found_at: row.found_at,
        waiting: row.waiting,
        excluded: row.excluded,
        restored: row.restored,
        proposed: row.proposed,
        appeals: row.appeals,
        proven: row.proven,
    })
}

/// Returns a group of this edition.
async fn find_group(
    connection: &mut sqlx::PgConnection,
    edition: &Edition,
    group: Uuid,
) -> Result<FraudGroup> {
    let rows = queries::read_groups(connection, edition.id, None, Some(group), (1, 0)).await?;
    group_from_row(rows.into_iter().next().ok_or(Error::NotFound)?)
}

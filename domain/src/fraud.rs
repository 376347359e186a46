//! Groups of ballots that look as if they were not cast by so many people. The detector reads
//! traces ([`BallotTrace`]) and never a pick: no count is read while anybody can act on it.
//!
//! It gathers ballots that share something (a cookie, a block of phone numbers, a network), weighs
//! every signal in each group, and adds the points by family. A group is held if two independent
//! families reach their mark and the sum is large enough; of its ballots, those that show two of
//! these families themselves. A group with one such family is listed as cleared. A network is one of
//! the two only beside one mail address in four or more spellings. That many ballots came at once,
//! or for one case, is no evidence.
//!
//! Points are integers: tenths of a decibel of log-likelihood. The same ballots give the same
//! groups, whatever the order in which they come.

mod chance;
mod detector;
mod judge;
mod lens;
mod ruling;
mod signals;
mod thresholds;
mod trace;
mod view;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::BallotId;

pub use detector::{PollDetector, analyse_poll};
pub use lens::GroupKey;
pub use ruling::RulingReason;
pub use signals::Signal;
pub use trace::{BallotTrace, MailDomainKind, NetworkClass, TraceChannel, TraceKey};

/// A kind of evidence. The signals of a family are correlated; families are independent of each
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceFamily {
    /// Who voted: contacts, blocks of numbers, verifications.
    Identity,
    /// Browsers.
    Device,
    /// Networks.
    Network,
    /// What happened on the pages, and which requests came.
    Interaction,
    /// When codes and ballots came, and the gaps between them.
    CodeTiming,
}

impl EvidenceFamily {
    /// All families.
    pub const ALL: [Self; 5] =
        [Self::Identity, Self::Device, Self::Network, Self::Interaction, Self::CodeTiming];

    /// Returns the reason code of the record: `[a-z-]`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Device => "device",
            Self::Network => "network",
            Self::Interaction => "interaction",
            Self::CodeTiming => "code-timing",
        }
    }
}

/// What one signal adds to the evidence about a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTerm {
    /// The signal.
    pub signal: Signal,
    /// Tenths of a decibel, before the cap of the family.
    pub points: u32,
    /// The ballots of the group that show it.
    pub count: u32,
    /// The ballots of the group that could have shown it.
    pub of: u32,
}

/// What is proposed for a group. People decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupVerdict {
    /// Its ballots are held until two people have ruled.
    Hold,
    /// It looks alike but lacks a second family or points, and is left alone.
    Cleared,
}

/// A group of ballots with the evidence about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspectGroup {
    /// What its ballots share.
    pub key: GroupKey,
    /// Its ballots, sorted. In a held group: those that show two of the families.
    pub ballots: Vec<BallotId>,
    /// The terms, the strongest first; at most as many as a record's line has reasons.
    pub terms: Vec<EvidenceTerm>,
    /// The sum of the families, each up to its cap.
    pub points: u32,
    /// What is proposed.
    pub verdict: GroupVerdict,
}

/// What the detector says about a whole poll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollAnalysis {
    /// All groups: the held ones first, then by points, size and key.
    pub groups: Vec<SuspectGroup>,
    /// The held ballots, each with the index of its strongest group.
    pub held: BTreeMap<BallotId, usize>,
}

impl PollAnalysis {
    /// Puts groups in their order, and says of which group each held ballot is.
    #[must_use]
    pub fn from_groups(mut groups: Vec<SuspectGroup>) -> Self {
        groups.sort_by(|one, other| {
            let order = |group: &SuspectGroup| {
                (group.verdict, Reverse(group.points), Reverse(group.ballots.len()))
            };
            order(one).cmp(&order(other)).then_with(|| one.key.cmp(&other.key))
        });
        let mut held = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            if group.verdict == GroupVerdict::Hold {
                group.ballots.iter().for_each(|&ballot| _ = held.entry(ballot).or_insert(at));
            }
        }
        Self { groups, held }
    }
}

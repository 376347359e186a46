//! The rulebook as the record fixes it before the first ballot: every rule is explicit, and each
//! poll has its window and its ballot paper. The first line of the record has its SHA-256.

use serde::{Deserialize, Serialize};

use super::{
    BallotPaper, Channel, Eligibility, OpeningsAccess, PanelRules, PicksRule, PointsBasis,
    PollRules, RanksShown, RecordRules, Rulebook, Tier, VoterIdentity,
};
use crate::ids::CaseId;
use crate::result::ResultEdition;
use crate::rulebook::Fraction;
use crate::schedule::{Instant, Window};
use crate::text::Bilingual;

/// The rules of one edition as they were sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedRulebook {
    /// [`SealedRulebook::FORMAT`].
    pub format: String,
    /// Which edition.
    pub edition: ResultEdition,
    /// The public votes in the order in which they are shown.
    pub polls: Vec<SealedPoll>,
    /// The panel of judges.
    pub panel: PanelRules,
    /// The tiers of award, the highest first.
    pub awards: Vec<Tier>,
    /// How the lines of ballots are let out into the record.
    #[serde(default)]
    pub record: RecordRules,
    /// Whose ranks the pages show.
    #[serde(default, skip_serializing_if = "RanksShown::is_usual")]
    pub ranks: RanksShown,
}

/// A poll of a sealed rulebook. Its fields are those of [`PollRules`]. All of them are written; only
/// what older documents lack has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedPoll {
    /// Its short name in addresses and in the record.
    pub slug: String,
    /// Its name; `None` for the only poll of an edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Bilingual>,
    /// How the ballot paper was chosen.
    pub cases: BallotPaper,
    /// How many cases a ballot names.
    pub picks: PicksRule,
    /// What identifies a voter.
    pub identity: VoterIdentity,
    /// Whether all spellings of one mailbox are one voter. Documents from before this rule do not
    /// have it.
    #[serde(default)]
    pub fold_aliases: bool,
    /// The ways to prove it.
    pub channels: Vec<Channel>,
    /// What a voter must state.
    pub eligibility: Eligibility,
    /// The first instant at which a ballot is accepted.
    pub opens: Instant,
    /// The first instant at which a ballot is no longer accepted.
    pub closes: Instant,
    /// The share of this poll's points in the total.
    pub weight: Fraction,
    /// How the votes of a case become points.
    pub basis: PointsBasis,
    /// Whether a later ballot of a voter replaces the earlier one.
    pub may_change: bool,
    /// Who may check the published votes against the record.
    pub openings: OpeningsAccess,
    /// The cases on the ballot paper, sorted by id.
    pub paper: Vec<CaseId>,
}

impl SealedPoll {
    /// Makes a sealed poll from rules, the window in which the poll is open, and the cases on its
    /// paper in any order.
    pub fn from_poll_rules(rules: &PollRules, window: Window, mut paper: Vec<CaseId>) -> Self {
        paper.sort_unstable();
        paper.dedup();
        let mut channels = rules.channels.clone();
        if channels.is_empty() {
            channels.extend(rules.proof_channels());
        }
        Self {
            slug: rules.slug.clone(),
            title: rules.title.clone(),
            cases: rules.cases.clone(),
            picks: rules.picks,
            identity: rules.identity,
            fold_aliases: rules.fold_aliases,
            channels,
            eligibility: rules.eligibility,
            opens: window.opens,
            closes: window.closes,
            weight: rules.weight.clone(),
            basis: rules.basis,
            may_change: rules.may_change,
            openings: rules.openings,
            paper,
        }
    }

    /// Returns the rules without the sealed parts.
    pub fn to_poll_rules(&self) -> PollRules {
        PollRules {
            slug: self.slug.clone(),
            title: self.title.clone(),
            cases: self.cases.clone(),
            picks: self.picks,
            identity: self.identity,
            fold_aliases: self.fold_aliases,
            channels: self.channels.clone(),
            eligibility: self.eligibility,
            window: Some(self.poll_window()),
            weight: self.weight.clone(),
            basis: self.basis,
            may_change: self.may_change,
            openings: self.openings,
        }
    }

    /// Returns the window in which it is open.
    pub fn poll_window(&self) -> Window {
        Window { opens: self.opens, closes: self.closes }
    }

    /// Checks whether the paper has exactly as many cases as the smallest ballot names. Then only
    /// one ballot is possible, and the public list of who has voted tells every choice.
    pub fn leaves_one_ballot(&self) -> bool {
        self.paper.len() == usize::from(self.picks.min_picks())
    }

    /// Checks whether this case is on the ballot paper.
    pub fn has_case(&self, case: CaseId) -> bool {
        self.paper.binary_search(&case).is_ok()
    }
}

impl SealedRulebook {
    /// The format of the document. A new format gets a new name.
    pub const FORMAT: &str = "hanpyo-rulebook/v1";

    /// Makes the sealed rulebook of an edition from its sealed polls and the other rules. `record`
    /// is used if the rules do not say how lines are let out.
    pub fn from_sealed_polls(
        edition: ResultEdition,
        polls: Vec<SealedPoll>,
        rules: &Rulebook,
        record: RecordRules,
    ) -> Self {
        Self {
            format: Self::FORMAT.to_owned(),
            edition,
            polls,
            panel: rules.panel.clone(),
            awards: rules.awards.clone(),
            record: rules.record.unwrap_or(record),
            ranks: rules.ranks,
        }
    }

    /// Returns the rules without the sealed parts.
    pub fn to_rulebook(&self) -> Rulebook {
        Rulebook {
            polls: self.polls.iter().map(SealedPoll::to_poll_rules).collect(),
            panel: self.panel.clone(),
            awards: self.awards.clone(),
            record: Some(self.record),
            ranks: self.ranks,
        }
    }

    /// Finds the poll with this short name.
    pub fn find_sealed_poll(&self, slug: &str) -> Option<&SealedPoll> {
        self.polls.iter().find(|poll| poll.slug == slug)
    }

    /// Returns the given cases whose polls and panel do not weigh exactly 1 together, sorted by id.
    /// No result can be decided with such cases. A case on no paper is one of them, unless the
    /// panel alone decides.
    pub fn unbalanced_cases(&self, cases: impl IntoIterator<Item = CaseId>) -> Vec<CaseId> {
        let rules = self.to_rulebook();
        let is_wrong = |case: &CaseId| {
            let about =
                self.polls.iter().zip(&rules.polls).filter(|(poll, _)| poll.has_case(*case));
            rules.sum_weights_with_panel(about.map(|(_, rules)| rules)) != Fraction::one()
        };
        let mut wrong: Vec<CaseId> = cases.into_iter().filter(is_wrong).collect();
        wrong.sort_unstable();
        wrong
    }

    /// Returns the only text of this document: JSON without blanks, keys in the order of this file,
    /// instants in UTC. This text is hashed and published.
    ///
    /// # Errors
    /// Never fails with these types; the error type is that of `serde_json`.
    pub fn canonical_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads the document. Hash the bytes as received, not as written again.
    ///
    /// # Errors
    /// Returns the error of `serde_json` for everything that is not such a document, also for
    /// another [`Self::FORMAT`].
    pub fn parse_sealed_rulebook(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let sealed: Self = serde_json::from_slice(bytes)?;
        if sealed.format == Self::FORMAT {
            Ok(sealed)
        } else {
            Err(serde::de::Error::custom("this program reads hanpyo-rulebook/v1 only"))
        }
    }
}

#[cfg(test)]
mod tests;

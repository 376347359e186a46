//! Stand-in for `domain::rulebook::SealedRulebook`, to be removed when that is merged.

use domain::ids::CaseId;
use domain::result::ResultEdition;
use domain::rulebook::{PanelRules, PollRules, Rulebook, Tier};
use domain::schedule::{Instant, Window};
use serde::Serialize;

/// The rules of one edition as they are sealed.
#[derive(Serialize)]
pub(super) struct SealedRulebook {
    format: &'static str,
    edition: ResultEdition,
    polls: Vec<SealedPoll>,
    panel: PanelRules,
    awards: Vec<Tier>,
}

/// A poll with its window and its ballot paper.
#[derive(Serialize)]
pub(super) struct SealedPoll {
    #[serde(flatten)]
    rules: PollRules,
    opens: Instant,
    closes: Instant,
    paper: Vec<CaseId>,
}

impl SealedPoll {
    pub(super) fn new(rules: &PollRules, window: Window, mut paper: Vec<CaseId>) -> Self {
        paper.sort_unstable();
        paper.dedup();
        let rules = PollRules { window: None, ..rules.clone() };
        Self { rules, opens: window.opens, closes: window.closes, paper }
    }
}

impl SealedRulebook {
    pub(super) fn new(edition: ResultEdition, polls: Vec<SealedPoll>, rules: &Rulebook) -> Self {
        let (panel, awards) = (rules.panel.clone(), rules.awards.clone());
        Self { format: "hanpyo-rulebook/v1", edition, polls, panel, awards }
    }

    pub(super) fn canonical_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

//! What a citizen decides: a few different cases, in no order of preference.

use serde::{Deserialize, Serialize};

use crate::ids::CaseId;
use crate::limits::MAX_PICKS;
use crate::rulebook::PicksRule;

/// The picks of one ballot: different cases, as many as the rule asks for, sorted by id. The same
/// choice is always the same value, and the order reveals nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Picks(Vec<CaseId>);

/// Why a list of picks is not a valid ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PicksProblem {
    /// Nothing was picked.
    #[error("nothing was picked")]
    None,
    /// More than `max` were picked.
    #[error("more than {max} were picked")]
    TooMany {
        /// The most that the rulebook allows.
        max: u8,
    },
    /// Fewer than `exactly` were picked.
    #[error("fewer than {exactly} were picked")]
    TooFew {
        /// How many the rulebook asks for.
        exactly: u8,
    },
    /// A case is in the list twice.
    #[error("a case was picked twice")]
    Twice,
}

impl Picks {
    /// Checks picks in any order against the rule and sorts them. The backend checks whether the
    /// cases are in the poll.
    ///
    /// # Errors
    /// Returns [`PicksProblem`]. The number of picks is checked before duplicates.
    pub fn from_case_ids(ids: &[CaseId], rule: PicksRule) -> Result<Self, PicksProblem> {
        if ids.is_empty() {
            return Err(PicksProblem::None);
        }
        if ids.len() > usize::from(rule.max_picks()) {
            return Err(PicksProblem::TooMany { max: rule.max_picks() });
        }
        if ids.len() < usize::from(rule.min_picks()) {
            return Err(PicksProblem::TooFew { exactly: rule.min_picks() });
        }
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(PicksProblem::Twice);
        }
        Ok(Self(ids))
    }

    /// Returns the cases, sorted by id.
    pub fn as_slice(&self) -> &[CaseId] {
        &self.0
    }

    /// Returns the only text of this choice: the ids in their order, joined by `;`. Commitments are
    /// made of it. Texts sort in the same order as the picks.
    pub fn canonical_text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
    }

    /// Reads what [`Picks::canonical_text`] writes, and nothing else. Accepts up to [`MAX_PICKS`] picks,
    /// because the limit of the poll is not known here.
    pub fn from_canonical_text(text: &str) -> Option<Self> {
        let ids = text.split(';').take(usize::from(MAX_PICKS) + 1);
        let ids: Vec<CaseId> = ids.map(str::parse).collect::<Result<_, _>>().ok()?;
        Self::from_case_ids(&ids, PicksRule::AtMost(MAX_PICKS))
            .ok()
            .filter(|picks| picks.canonical_text() == text)
    }
}

#[cfg(test)]
mod tests;
